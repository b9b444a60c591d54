"""App Home as it changes: drawn anew for those who have it open, at most once in a few seconds."""

import math
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.ports import Workspace

EVERY = timedelta(seconds=3)
OPEN_FOR = timedelta(minutes=15)  # Slack does not tell when somebody looks away
_NEW_FOR = timedelta(hours=1)
_MET_LIFE = 400 * 86_400


async def opened(workspace: Workspace, user_id: str) -> None:
    """Somebody looks: keep what they see up to date for a while."""
    await workspace.viewers.note(user_id, at=workspace.clock.now())


async def viewers(workspace: Workspace) -> Sequence[str]:
    """Those who may still have it open."""
    return await workspace.viewers.since(workspace.clock.now() - OPEN_FOR)


async def changed(workspace: Workspace) -> None:
    """What Home shows is other than it was. Raises nothing: what changed stands either way.

    All changes of a few seconds, in whatever process, are one job.
    """
    with suppress(ScrmError):
        if await viewers(workspace):
            await workspace.jobs.put(_job(workspace))


async def is_new(workspace: Workspace, user_id: str) -> bool:
    """Whether this is the person's first visit, or they are still at it."""
    now, name = workspace.clock.now(), f"met:{user_id}"
    kept = await workspace.memory.recall(name)
    if kept is None:
        await workspace.memory.keep(name, {"at": now.isoformat()}, seconds=_MET_LIFE)
    return kept is None or now < datetime.fromisoformat(kept["at"]) + _NEW_FOR


def _job(workspace: Workspace) -> Job:
    every = EVERY.total_seconds()
    number = math.floor(workspace.clock.now().timestamp() / every) + 1
    due = datetime.fromtimestamp(number * every, UTC)
    return Job(JobKind.HOME, f"home:{number}", workspace.team_id, due)
