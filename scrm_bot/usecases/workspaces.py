"""A workspace's key, its rules, and its pause. All but `zone_for` is for admins."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from scrm_bot.domain.errors import NotPermittedError, UsageError
from scrm_bot.domain.when import find_zone
from scrm_bot.domain.workspaces import Connection, Pause, Secret, WorkspaceSettings
from scrm_bot.ports import Workspace

_KEY = re.compile(r"sk_[A-Za-z]+_[\x21-\x7e]{4,500}")


async def require_admin(workspace: Workspace, user_id: str) -> None:
    """Raises `NotPermittedError` for everybody else."""
    if not await workspace.people.is_admin(user_id):
        raise NotPermittedError("an admin of this workspace")


async def connect(
    workspace: Workspace, key: str, *, by: str, probe: Callable[[Secret], Awaitable[None]]
) -> Connection:
    """Keep the key, sealed, once a read with it has worked. `probe` makes that read, or raises."""
    await require_admin(workspace, by)
    typed = key.strip().strip("\"'`")
    if not _KEY.fullmatch(typed):
        raise UsageError("That is no SocialCRM key: one starts with `sk_live_`.", field="api_key")
    secret = Secret(typed)
    await probe(secret)
    return await workspace.vault.store(secret, by=by, at=workspace.clock.now())


async def disconnect(workspace: Workspace, *, by: str) -> None:
    await require_admin(workspace, by)
    await workspace.vault.forget()


async def save_settings(workspace: Workspace, settings: WorkspaceSettings, *, by: str) -> WorkspaceSettings:
    """Keep new rules for requests to come. The pause is not among them: it stays as it is."""
    await require_admin(workspace, by)
    zone = find_zone(settings.timezone)
    if zone is None:
        sentence = f"“{settings.timezone}” is no time zone: try a city such as `Berlin`, or `Europe/Berlin`."
        raise UsageError(sentence, field="timezone")
    _check_needed(settings)
    pause = (await workspace.settings.load()).pause
    kept = replace(settings, timezone=zone, approvers=_unique(settings.approvers), pause=pause)
    await workspace.settings.save(kept)
    return kept


async def pause(workspace: Workspace, *, by: str, reason: str = "") -> WorkspaceSettings:
    """Nothing is published or scheduled through the bot from here on."""
    await require_admin(workspace, by)
    paused = Pause(by, reason.strip(), workspace.clock.now())
    settings = replace(await workspace.settings.load(), pause=paused)
    await workspace.settings.save(settings)
    return settings


async def unpause(workspace: Workspace, *, by: str) -> WorkspaceSettings:
    await require_admin(workspace, by)
    settings = replace(await workspace.settings.load(), pause=None)
    await workspace.settings.save(settings)
    return settings


async def zone_for(workspace: Workspace, user_id: str) -> str:
    """The zone a person's times are in: their own in Slack, else the workspace's, else UTC."""
    own = find_zone((await workspace.people.get(user_id)).timezone)
    return own or find_zone((await workspace.settings.load()).timezone) or "UTC"


def _check_needed(settings: WorkspaceSettings) -> None:
    if settings.needed < 0:
        raise UsageError("At least one approval is needed.", field="needed")
    people = len(_unique(settings.approvers))
    if people and not settings.approver_groups and settings.needed > people:
        raise UsageError(
            f"{settings.needed} approvals cannot come from {people} approver{'s' * (people > 1)}.",
            field="needed",
        )


def _unique(people: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))
