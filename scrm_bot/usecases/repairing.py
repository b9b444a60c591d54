"""Jobs that were given up: what an admin sees of them, and putting one back."""

from collections.abc import Sequence

from scrm_bot.domain.audit import Deed
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.jobs import DeadJob
from scrm_bot.ports import Workspace
from scrm_bot.usecases import recording, roles

_GONE = "That job is not among the dead any more: somebody has put it back, or it was too old to keep."


async def dead(workspace: Workspace, *, by: str) -> Sequence[DeadJob]:
    """The latest first; nothing for who is no admin."""
    return await workspace.jobs.dead() if await roles.is_admin(workspace, by) else ()


async def retry(workspace: Workspace, dead_id: str, *, by: str) -> DeadJob:
    """Run one again, from its first attempt on. A job reads before it acts, so nothing is done twice."""
    await roles.require_admin(workspace, by)
    found = next((each for each in await workspace.jobs.dead() if each.id == dead_id), None)
    if found is None or not await workspace.jobs.revive(found, due=workspace.clock.now()):
        raise UsageError(_GONE)
    await recording.note(workspace, Deed.RETRIED, by=by, detail=f"{found.job.kind} {found.job.key}")
    return found
