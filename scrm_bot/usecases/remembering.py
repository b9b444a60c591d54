"""The memory of numbers: SocialCRM tells only how they stand now, so each day's are kept."""

from datetime import date, datetime

from scrm_bot.domain.facts import Facts
from scrm_bot.domain.snapshots import FRESH
from scrm_bot.ports import Workspace


async def remember(workspace: Workspace, facts: Facts, day: date) -> None:
    """Keep the numbers of a day; once more where it has some that were read half a day before."""
    snapshot = facts.snapshot
    if snapshot is None or await workspace.numbers.add(day, snapshot):
        return
    if not await is_remembered(workspace, day, at=snapshot.at):
        await workspace.numbers.add(day, snapshot, again=True)


async def is_remembered(workspace: Workspace, day: date, *, at: datetime) -> bool:
    """Whether the day has numbers that stand for this moment of it too."""
    kept = (await workspace.numbers.read([day])).get(day, ())
    return any(abs(at - each.at) <= FRESH for each in kept)
