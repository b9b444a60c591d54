"""Who answers for a brand's key: named where it lacks a scope, told where it is refused."""

from contextlib import suppress
from datetime import datetime

from scrm_bot.domain.errors import ScrmError, SocialCRMError, UnauthorizedError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.workspaces import Connection
from scrm_bot.ports import Workspace
from scrm_bot.usecases import telling

_TOLD_SECONDS = 30 * 86_400  # for which nobody is told of the same key again


async def note(workspace: Workspace, error: SocialCRMError, fingerprint: str) -> None:
    """Write into a refusal whose key it was about, and have an admin told of one that is no longer accepted.

    Raises nothing: the refusal itself matters more. Of a key that has been replaced meanwhile there is
    nothing to say.
    """
    with suppress(ScrmError):
        found = await workspace.vault.connection()
        if found is None or found.fingerprint != fingerprint:
            return
        error.connected_by = found.connected_by
        if not isinstance(error, UnauthorizedError):
            return
        if await workspace.memory.recall(_told(found)) is None:
            key = f"key_refused:{fingerprint}"  # many calls may be refused at once, and one of them tells
            await workspace.jobs.put(Job(JobKind.KEY_REFUSED, key, workspace.team_id, workspace.clock.now()))
        error.admin_told = True


async def tell(workspace: Workspace) -> datetime | None:
    """Tell the first admin who can be told. Returns when to try again."""
    found = await workspace.vault.connection()
    if found is None or await workspace.memory.recall(_told(found)) is not None:
        return None

    async def say(user: str) -> None:
        await workspace.announcer.say_key_refused(user, found)

    again = await telling.first_admin(workspace, say)
    if again:
        return again
    await workspace.memory.keep(_told(found), {}, seconds=_TOLD_SECONDS)  # `/scrm status` says it in any case
    return None


def _told(found: Connection) -> str:
    """The same key connected once more is news again."""
    return f"key_refused:{found.fingerprint}:{found.connected_at.isoformat()}"
