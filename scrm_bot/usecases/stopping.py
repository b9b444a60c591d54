"""The end of a digest that nobody could read, and who hears of it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.errors import ScrmError, SlackRefusedError
from scrm_bot.ports import Workspace
from scrm_bot.usecases import planning


async def stop(workspace: Workspace, schedule: DigestSchedule, problem: str) -> None:
    """No digest until somebody starts it again; whoever set it up is told, and an admin, each once."""

    def end(stored: DigestSchedule) -> DigestSchedule:
        return replace(stored, stopped=True, problem=problem, problem_day="")

    stopped = await workspace.schedules.revise(schedule.channel, end)
    if stopped is None:
        return
    await planning.unplan(workspace, stopped)
    creator, admins = stopped.created_by, await admins_of(workspace)
    is_told = await _tell_first(workspace, [creator], stopped)
    if not (is_told and creator in admins):
        await _tell_first(workspace, [user for user in admins if user != creator], stopped)


async def admins_of(workspace: Workspace) -> tuple[str, ...]:
    """Whoever connected the key, and those whom the team's roles name; as far as is known."""
    with suppress(ScrmError):
        key, settings = await workspace.vault.connection(), await workspace.settings.load()
        return ((key.connected_by,) if key else ()) + settings.team.admins.people
    return ()


async def _tell_first(workspace: Workspace, people: Iterable[str], stopped: DigestSchedule) -> bool:
    """The first of them who can be told is; `status` says it in any case."""
    for user in filter(None, people):
        with suppress(SlackRefusedError):
            await workspace.newsdesk.tell(user, stopped)
            return True
    return False
