"""The approval card: its buttons, its menu, and the modals that ask for a reason."""

from scrm_bot.domain.approvals import ActionKind, Approval
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts
from scrm_bot.slack.command import Button, Click, Modal, Submission
from scrm_bot.slack.reading import metadata, words
from scrm_bot.slack.reply import Answers, CloseModal, OpenModal, Reply
from scrm_bot.usecases import approvals, publishing, reassigning, roles
from scrm_bot.views import answers, modals
from scrm_bot.views.ids import Action, Callback, CardEntry, read_menu_value


async def approve(click: Click, workspace: Workspace) -> Answers:
    by = click.caller.user_id
    return _told(await approvals.approve(workspace, click.value, by=by, undo=workspace.undo))


async def ask_reason_to_reject(click: Click, workspace: Workspace) -> Answers:
    request = await workspace.approvals.get(click.value)
    return OpenModal(modals.reject(request, metadata=_about(request, click)))


async def ask_for_changes(click: Click, workspace: Workspace) -> Answers:
    request = await workspace.approvals.get(click.value)
    return OpenModal(modals.request_changes(request, metadata=_about(request, click)))


async def reject(submission: Submission, workspace: Workspace) -> Answers:
    about, reason = str(submission.metadata["approval"]), words(submission.state, Action.REASON)
    return _told(await approvals.reject(workspace, about, by=submission.caller.user_id, reason=reason))


async def request_changes(submission: Submission, workspace: Workspace) -> Answers:
    about, reason = str(submission.metadata["approval"]), words(submission.state, Action.REASON)
    by = submission.caller.user_id
    return _told(await approvals.request_changes(workspace, about, by=by, reason=reason))


async def menu(click: Click, workspace: Workspace) -> Answers:
    """The card's overflow menu."""
    entry, approval_id = read_menu_value(click.value)
    by = click.caller.user_id
    if entry is CardEntry.HOLD:
        return _told(await approvals.hold(workspace, approval_id, by=by))
    if entry is CardEntry.WITHDRAW:
        return _told(await approvals.withdraw(workspace, approval_id, by=by))
    request = await workspace.approvals.get(approval_id)
    if entry is CardEntry.REASSIGN:
        return OpenModal(modals.reassign(request, metadata=_about(request, click)))
    if entry is CardEntry.HISTORY:
        return OpenModal(modals.history(request))
    await roles.require(workspace, by, Role.EDITOR)
    post = await workspace.socialcrm.get_post(request.post_id)
    return await drafts.open_edit(click.caller, workspace, post)


async def reassign(submission: Submission, workspace: Workspace) -> Answers:
    about, to = str(submission.metadata["approval"]), words(submission.state, Action.PERSON)
    handed = await reassigning.reassign(workspace, about, to=to, by=submission.caller.user_id)
    return Reply(answers.handed_over(handed, to))


async def resume(click: Click, workspace: Workspace) -> Answers:
    return _told(await approvals.resume(workspace, click.value, by=click.caller.user_id))


async def withdraw(click: Click, workspace: Workspace) -> Answers:
    return _told(await approvals.withdraw(workspace, click.value, by=click.caller.user_id))


async def hold(click: Click, workspace: Workspace) -> Answers:
    return _told(await approvals.hold(workspace, click.value, by=click.caller.user_id))


async def undo(click: Click, workspace: Workspace) -> Answers:
    return _told(await approvals.undo(workspace, click.value, by=click.caller.user_id))


async def check_again(click: Click, workspace: Workspace) -> Answers:
    return _told(await publishing.check_again(workspace, click.value, by=click.caller.user_id))


async def publish_anyway(click: Click, workspace: Workspace) -> Answers:
    return _told(await publishing.publish_anyway(workspace, click.value, by=click.caller.user_id))


async def ask_again(click: Click, workspace: Workspace) -> Answers:
    """A new request for the post as it stands now, for the same time."""
    caller = click.caller
    earlier = await workspace.approvals.get(click.value)
    at = earlier.content.at if earlier.action is ActionKind.SCHEDULE else None
    asked = await approvals.ask(
        workspace,
        earlier.post_id,
        at=at,
        by=caller.user_id,
        key=caller.trigger_id or click.value,
        zone=earlier.zone,
        note=earlier.note,
    )
    settings = await workspace.settings.load()
    return Reply(answers.asked(asked, approvals_channel=settings.approvals_channel))


def _told(request: Approval) -> Reply:
    return Reply(answers.decided(request))


def _about(request: Approval, click: Click) -> str:
    return metadata(approval=request.id, channel=click.caller.channel)


def _close(_: Submission) -> CloseModal:
    return CloseModal()


BUTTONS = (
    Button(Action.APPROVE, approve, role=Role.NOBODY),
    Button(Action.REJECT, ask_reason_to_reject, role=Role.NOBODY),
    Button(Action.REQUEST_CHANGES, ask_for_changes, role=Role.NOBODY),
    Button(Action.CARD_MENU, menu, role=Role.NOBODY),
    Button(Action.HOLD, hold, role=Role.NOBODY),
    Button(Action.RESUME, resume, role=Role.NOBODY),
    Button(Action.WITHDRAW, withdraw, role=Role.NOBODY),
    Button(Action.UNDO, undo, role=Role.NOBODY),
    Button(Action.CHECK_AGAIN, check_again, role=Role.NOBODY),
    Button(Action.PUBLISH_ANYWAY, publish_anyway, role=Role.NOBODY),
    Button(Action.ASK_AGAIN, ask_again, role=Role.EDITOR),
)
MODALS = (
    Modal(Callback.REJECT, _close, reject, role=Role.NOBODY),
    Modal(Callback.CHANGES, _close, request_changes, role=Role.NOBODY),
    Modal(Callback.REASSIGN, _close, reassign, role=Role.NOBODY),
)
