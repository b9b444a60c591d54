"""Connecting a key, disconnecting it, and trying again what was given up."""

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    NotPermittedError,
    ScrmError,
    UnauthorizedError,
)
from scrm_bot.domain.grammar import Line
from scrm_bot.domain.team import Role
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import SocialCRM, Workspace
from scrm_bot.slack.command import Button, Click, Invocation, Modal, Submission
from scrm_bot.slack.commands import connect as connecting
from scrm_bot.slack.reading import metadata, words
from scrm_bot.slack.reply import (
    Answers,
    Reply,
    ShowErrors,
    ShowView,
    SubmissionAck,
    UpdateModal,
    closes,
)
from scrm_bot.usecases import accounts, brands, repairing, workspaces
from scrm_bot.views import admin, networks, problems, status
from scrm_bot.views import repairing as views
from scrm_bot.views.ids import Action, Callback


async def open_connect(click: Click, workspace: Workspace) -> Answers:
    return await connecting.run(Invocation(click.caller, Line("connect")), workspace)


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


async def retry_job(click: Click, workspace: Workspace) -> Answers:
    return Reply(views.retried(await repairing.retry(workspace, click.value, by=click.caller.user_id)))


def _checking(submission: Submission) -> SubmissionAck:
    if words(submission.state, Action.API_KEY):
        return ShowView(admin.checking())
    return ShowErrors(((submission.blocks.get(Action.API_KEY, Action.API_KEY), "Paste the key here."),))


BUTTONS = (
    Button(Action.CONNECT, open_connect, role=Role.ADMIN),
    Button(Action.RETRY_JOB, retry_job, role=Role.ADMIN),
)
MODALS = (
    Modal(Callback.CONNECT, _checking, connect, role=Role.ADMIN),
    Modal(Callback.DISCONNECT, closes, disconnect, role=Role.ADMIN),
)
