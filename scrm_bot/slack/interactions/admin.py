"""Connecting a key, disconnecting it, and the workspace's rules."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    NotPermittedError,
    ScrmError,
    SlackRefusedError,
    UnauthorizedError,
)
from scrm_bot.domain.grammar import Line
from scrm_bot.domain.hours import read_hours
from scrm_bot.domain.shortages import Shortage
from scrm_bot.domain.team import Role
from scrm_bot.domain.workspaces import Secret, WorkspaceSettings
from scrm_bot.ports import SocialCRM, Workspace
from scrm_bot.slack.command import Button, Click, Invocation, Modal, Submission
from scrm_bot.slack.commands import connect as connecting
from scrm_bot.slack.commands import settings as rules
from scrm_bot.slack.reading import metadata, several, words
from scrm_bot.slack.reply import Answers, CloseModal, Reply, ShowErrors, ShowView, SubmissionAck, UpdateModal
from scrm_bot.usecases import accounts, approvals, approvers, brands, repairing, workspaces
from scrm_bot.views import admin, modals, networks, problems, status
from scrm_bot.views.ids import Action, Callback


async def open_connect(click: Click, workspace: Workspace) -> Answers:
    return await connecting.run(Invocation(click.caller, Line("connect")), workspace)


async def open_settings(click: Click, workspace: Workspace) -> Answers:
    return await rules.run(Invocation(click.caller, Line("settings")), workspace)


async def connect(submission: Submission, workspace: Workspace) -> Answers:
    """Try the key with a read, keep it sealed, and tell how it went in the same modal."""
    state, key = submission.state, words(submission.state, Action.API_KEY)
    name, first = words(state, Action.BRAND), words(state, Action.FIRST_BRAND)
    lacking: list[str] = []

    async def probe(secret: Secret) -> None:
        lacking.extend(await _try(workspace.with_key(secret)))

    try:
        connection = await workspaces.connect(
            workspace, key, by=submission.caller.user_id, probe=probe, brand=name, first=first
        )
    except NotPermittedError:
        raise
    except ScrmError as error:
        about = metadata(channel=submission.caller.channel)
        problem = (
            problems.TYPED_KEY_REFUSED if isinstance(error, UnauthorizedError) else problems.sentence(error)
        )
        asks_first = Action.FIRST_BRAND in state
        naming = admin.Naming(name, first, asks_first=asks_first) if Action.BRAND in state else None
        view = admin.connect(naming=naming, problem=problem, metadata=about)
        return UpdateModal(view, submission.view_id)
    target = await brands.make_room(workspace, name, first=first)
    await target.memory.forget(accounts.NAME)
    names = [networks.name_of(account) for account in await accounts.known_or_none(target)]
    label = (await brands.known(workspace)).label(target.brand)
    shown = admin.connected(connection, account_names=names, missing=lacking, brand=label)
    return UpdateModal(shown, submission.view_id)


async def _try(api: SocialCRM) -> list[str]:
    """Make a read. A key that may not do the first is tried with another; the lacking scopes are returned."""
    lacking = []
    try:
        await api.list_posts(limit=1)
    except ForbiddenScopeError as refusal:
        lacking.append(refusal.scope or "posts:read")
        await api.list_accounts(limit=1)
    return lacking


async def disconnect(submission: Submission, workspace: Workspace) -> Answers:
    await workspaces.disconnect(workspace, by=submission.caller.user_id)
    await workspace.memory.forget(accounts.NAME)
    return Reply(status.disconnected())


async def save_settings(submission: Submission, workspace: Workspace) -> Answers:
    """Keep what was chosen; a refusal brings the form back as it was filled in."""
    state, current = submission.state, await workspace.settings.load()
    needed = words(state, Action.NEEDED)
    wanted = replace(
        current,
        approvals_channel=words(state, Action.CHANNEL),
        approvers=several(state, Action.APPROVERS),
        approver_groups=several(state, Action.APPROVER_GROUPS),
        needed=int(needed) if needed.isdecimal() else 1,
        self_approval=words(state, Action.SELF_APPROVAL) == "yes",
        timezone=words(state, Action.TIMEZONE) or current.timezone,
        due_hours=_hours(state, Action.DUE, current.due_hours),
        remind_hours=_hours(state, Action.REMIND, current.remind_hours),
        expire_hours=_hours(state, Action.EXPIRE, current.expire_hours),
        working_hours=read_hours(words(state, Action.WORKING_HOURS)) or current.working_hours,
        escalate_to=several(state, Action.ESCALATE),
    )
    try:
        saved = await workspaces.save_settings(workspace, wanted, by=submission.caller.user_id)
    except NotPermittedError:
        raise
    except ScrmError as error:
        names = await workspace.people.groups() if wanted.approver_groups else {}
        about = metadata(channel=submission.caller.channel)
        view = admin.settings(wanted, group_names=names, problem=problems.sentence(error), metadata=about)
        return UpdateModal(view, submission.view_id)
    told = status.saved(saved, short=await _shortage(workspace, saved))
    return [UpdateModal(modals.notice("Settings", told), submission.view_id), Reply(told)]


async def _shortage(workspace: Workspace, saved: WorkspaceSettings) -> Shortage | None:
    """What the rules leave without an end; they are saved, also where Slack does not say who people are."""
    with suppress(SlackRefusedError):
        return await approvers.shortage(workspace, approvals.rules_of(saved))
    return None


def _hours(state: Mapping[str, Any], name: str, otherwise: int) -> int:
    chosen = words(state, name)
    return int(chosen) if chosen.isdecimal() else otherwise


async def retry_job(click: Click, workspace: Workspace) -> Answers:
    return Reply(status.retried(await repairing.retry(workspace, click.value, by=click.caller.user_id)))


def _checking(submission: Submission) -> SubmissionAck:
    if words(submission.state, Action.API_KEY):
        return ShowView(admin.checking())
    return ShowErrors(((submission.blocks.get(Action.API_KEY, Action.API_KEY), "Paste the key here."),))


def _saving(_: Submission) -> ShowView:
    return ShowView(modals.working("Settings", "Saving…"))


def _close(_: Submission) -> CloseModal:
    return CloseModal()


BUTTONS = (
    Button(Action.CONNECT, open_connect, role=Role.ADMIN),
    Button(Action.SHOW_SETTINGS, open_settings, role=Role.ADMIN),
    Button(Action.RETRY_JOB, retry_job, role=Role.ADMIN),
)
MODALS = (
    Modal(Callback.CONNECT, _checking, connect, role=Role.ADMIN),
    Modal(Callback.DISCONNECT, _close, disconnect, role=Role.ADMIN),
    Modal(Callback.SETTINGS, _saving, save_settings, role=Role.ADMIN),
)
