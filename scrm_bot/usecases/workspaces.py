"""A workspace's key, its rules, and its pause. All but `zone_for` is for admins."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace

from scrm_bot.domain.approvals import State
from scrm_bot.domain.audit import Deed, Filter
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import is_key
from scrm_bot.domain.hours import spelled
from scrm_bot.domain.jobs import Job
from scrm_bot.domain.rules import NOTHING, merged
from scrm_bot.domain.team import Team
from scrm_bot.domain.when import find_zone
from scrm_bot.domain.workspaces import Connection, Pause, Secret, WorkspaceSettings
from scrm_bot.ports import Workspace
from scrm_bot.usecases import brands, cards, cutoff, live, outcomes, recording
from scrm_bot.usecases.roles import require_admin

_LOOKED_AT = 500  # lines of the log
_Jobs = Callable[[Workspace], Awaitable[list[Job]]]


async def connect(
    workspace: Workspace,
    key: str,
    *,
    by: str,
    probe: Callable[[Secret], Awaitable[None]],
    brand: str = "",
    first: str = "",
) -> Connection:
    """Keep the key, sealed, once a read with it has worked. `probe` makes that read, or raises.

    `brand` and `first` are names, as in `brands.make_room`.
    """
    await require_admin(workspace, by)
    typed = key.strip().strip("\"'`")
    if not is_key(typed):
        raise UsageError("That is no SocialCRM key: one starts with `sk_live_`.", field="api_key")
    secret = Secret(typed)
    await brands.check_target(workspace, brand, first=first)
    await probe(secret)
    target = await brands.make_room(workspace, brand, first=first)
    connection = await target.vault.store(secret, by=by, at=workspace.clock.now())
    await brands.keep_listed(target, brand)
    await _note_key(target, Deed.CONNECTED, by=by, after=f"key ending in {connection.last4}")
    await live.changed(workspace)
    return connection


async def disconnect(workspace: Workspace, *, by: str) -> None:
    await require_admin(workspace, by)
    before = await workspace.vault.connection()
    await workspace.vault.forget()
    await live.changed(workspace)
    if before:
        await _note_key(workspace, Deed.DISCONNECTED, by=by, before=f"key ending in {before.last4}")


async def save_settings(
    workspace: Workspace, settings: WorkspaceSettings, *, by: str, shown: Mapping[str, str] = NOTHING
) -> WorkspaceSettings:
    """Keep new rules for requests to come. The pause, the roles and the brands are not among them.

    `shown`: the rules as they were shown, by their `prints`; what is as it was shown stays as it is stored.
    Raises `OvertakenError` where somebody else has changed the same since.
    """
    await require_admin(workspace, by)
    zone = find_zone(settings.timezone)
    if zone is None:
        sentence = f"“{settings.timezone}” is no time zone: try a city such as `Berlin`, or `Europe/Berlin`."
        raise UsageError(sentence, field="timezone")
    typed = replace(settings, timezone=zone, approvers=_unique(settings.approvers))

    def changed(stored: WorkspaceSettings) -> WorkspaceSettings:
        rules = merged(typed, stored, shown=shown)
        _check_needed(rules)
        _check_hours(rules)
        return rules

    current, kept = await workspace.settings.change(changed)
    names, before, after = recording.changed_rules(current, kept)
    if names:
        await recording.note(workspace, Deed.SETTINGS, by=by, before=before, after=after, detail=names)
    await live.changed(workspace)
    return kept


async def who_changed(workspace: Workspace, names: Collection[str]) -> str:
    """Who last saved one of these rules, "" where the newest lines of the log do not tell."""
    for entry in await workspace.audit.read(Filter(), most=_LOOKED_AT):
        if entry.what is Deed.SETTINGS and set(names) & set(entry.detail.split(", ")):
            return entry.who
    return ""


async def save_team(workspace: Workspace, team: Team, *, by: str) -> WorkspaceSettings:
    """Who has which role from now on. Whoever installed the bot stays an admin in any case."""
    await require_admin(workspace, by)
    current, kept = await workspace.settings.change(lambda stored: replace(stored, team=team))
    if current.team != team:
        told = recording.roles_told
        await recording.note(workspace, Deed.TEAM, by=by, before=told(current.team), after=told(team))
    return kept


async def pause(workspace: Workspace, *, by: str, reason: str = "") -> WorkspaceSettings:
    """Nothing is published or scheduled through the bot from here on."""
    await require_admin(workspace, by)
    paused = Pause(by, reason.strip(), workspace.clock.now())
    settings = await _set_pause(workspace, paused, Deed.PAUSED, by=by)
    await _put_everywhere(workspace, _pause_jobs)
    await live.changed(workspace)
    return settings


async def unpause(workspace: Workspace, *, by: str) -> WorkspaceSettings:
    await require_admin(workspace, by)
    settings = await _set_pause(workspace, None, Deed.UNPAUSED, by=by)
    await _put_everywhere(workspace, _pause_jobs)
    await _put_everywhere(workspace, _waiting_jobs)
    await live.changed(workspace)
    return settings


async def _set_pause(workspace: Workspace, pause: Pause | None, deed: Deed, *, by: str) -> WorkspaceSettings:
    """A deed that is done again, because it was cut off before its end, does not undo what came since."""
    if await cutoff.recall(workspace, "done") is not None:
        return await workspace.settings.load()
    _, settings = await workspace.settings.change(lambda stored: replace(stored, pause=pause))
    await cutoff.keep(workspace, "done", {})
    await recording.note(workspace, deed, by=by, detail=pause.reason if pause else "")
    return settings


async def zone_for(workspace: Workspace, user_id: str) -> str:
    """The zone a person's times are in: their own in Slack, else the workspace's, else UTC."""
    own = find_zone((await workspace.people.get(user_id)).timezone)
    return own or find_zone((await workspace.settings.load()).timezone) or "UTC"


async def _pause_jobs(workspace: Workspace) -> list[Job]:
    """Every open card gets its banner, or loses it."""
    return [cards.render_job(workspace, request.id) for request in await workspace.approvals.open()]


async def _put_everywhere(workspace: Workspace, jobs: _Jobs) -> None:
    """The pause is the team's, and each brand has its own requests."""
    for each in await brands.all_of(workspace):
        await each.jobs.put(*await jobs(each))


async def _note_key(workspace: Workspace, what: Deed, *, by: str, before: str = "", after: str = "") -> None:
    """A key that came or went, with the name of its brand where there are several."""
    name = (await brands.known(workspace)).label(workspace.brand)
    await recording.note(workspace, what, by=by, before=before, after=after, detail=name)


async def _waiting_jobs(workspace: Workspace) -> list[Job]:
    """What was approved and waits only for the pause to end is taken up now."""
    now = workspace.clock.now()
    waiting = [each for each in await workspace.approvals.open() if each.state is State.APPROVED]
    return [outcomes.act_job(request, max(now, request.act_at or now)) for request in waiting]


def _check_needed(settings: WorkspaceSettings) -> None:
    if settings.needed < 0:
        raise UsageError("At least one approval is needed.", field="needed")
    people = len(_unique(settings.approvers))
    if people and not settings.approver_groups and settings.needed > people:
        raise UsageError(
            f"{settings.needed} approvals cannot come from {people} approver{'s' * (people > 1)}.",
            field="needed",
        )


def _check_hours(settings: WorkspaceSettings) -> None:
    due, end = settings.due_hours, settings.expire_hours
    if min(due, end, settings.remind_hours) < 0:
        raise UsageError("A time after the request cannot come before it.", field="due")
    if end and due > end:
        raise UsageError(
            f"A request would expire after {spelled(end)}, before it is due after {spelled(due)}.",
            field="due",
        )


def _unique(people: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))
