"""The approval card: its buttons, its menu, and the modals that ask for a reason."""

from collections.abc import Awaitable, Callable

from scrm_bot.domain.approvals import ActionKind, Approval, CardRef, Step
from scrm_bot.domain.cards import CopyKind
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts, notices
from scrm_bot.slack.command import Button, Click, Modal, Submission
from scrm_bot.slack.reading import metadata, words
from scrm_bot.slack.reply import Answers, OpenModal, Reply, closes
from scrm_bot.usecases import approvals, reassigning, refreshing, roles, taking_on
from scrm_bot.views import answers, request_windows
from scrm_bot.views.ids import Action, Callback, CardEntry, Row, read_menu_value

Handler = Callable[[Click, Workspace], Awaitable[Answers]]
_KINDS: dict[str, CopyKind] = {Row.CARD: CopyKind.CARD, Row.NOTICE: CopyKind.NEWS}


async def approve(click: Click, workspace: Workspace) -> Answers:
    by = click.caller.user_id
    return _told(await approvals.approve(workspace, click.value, by=by, undo=workspace.undo))


async def ask_reason_to_reject(click: Click, workspace: Workspace) -> Answers:
    request = await workspace.approvals.get(click.value)
    await approvals.check_refusable(workspace, request, Step.REJECT, by=click.caller.user_id)
    return OpenModal(request_windows.reject(request, metadata=_about(request, click)))


async def ask_for_changes(click: Click, workspace: Workspace) -> Answers:
    request = await workspace.approvals.get(click.value)
    await approvals.check_refusable(workspace, request, Step.REQUEST_CHANGES, by=click.caller.user_id)
    return OpenModal(request_windows.request_changes(request, metadata=_about(request, click)))


async def reject(submission: Submission, workspace: Workspace) -> Answers:
    about, reason = str(submission.metadata["approval"]), words(submission.state, Action.REASON)
    return _told(await approvals.reject(workspace, about, by=submission.caller.user_id, reason=reason))


async def request_changes(submission: Submission, workspace: Workspace) -> Answers:
    about, reason = str(submission.metadata["approval"]), words(submission.state, Action.REASON)
    by = submission.caller.user_id
    return _told(await approvals.request_changes(workspace, about, by=by, reason=reason))


async def menu(click: Click, workspace: Workspace) -> Answers:
    """The card's overflow menu."""
    try:
        entry, approval_id = read_menu_value(click.value)
    except ValueError:  # an entry of another version of the bot
        return Reply(notices.told(notices.NOTHING_HERE))
    by = click.caller.user_id
    if entry is CardEntry.HOLD:
        return _told(await approvals.hold(workspace, approval_id, by=by))
    if entry is CardEntry.WITHDRAW:
        return _told(await approvals.withdraw(workspace, approval_id, by=by))
    request = await workspace.approvals.get(approval_id)
    if entry is CardEntry.REASSIGN:
        await reassigning.check_reassignable(workspace, request, by=by)
        return OpenModal(request_windows.reassign(request, metadata=_about(request, click)))
    if entry is CardEntry.HISTORY:
        return OpenModal(request_windows.history(request))
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
    return _told(await taking_on.check_again(workspace, click.value, by=click.caller.user_id))


async def publish_anyway(click: Click, workspace: Workspace) -> Answers:
    return _told(await taking_on.publish_anyway(workspace, click.value, by=click.caller.user_id))


async def leave(click: Click, workspace: Workspace) -> Answers:
    """Close it as it is, though nobody knows whether the call worked."""
    return _told(await taking_on.leave(workspace, click.value, by=click.caller.user_id))


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


def _known(run: Handler) -> Handler:
    """A card that is pressed and that nobody knew of follows its request from then on."""

    async def run_known(click: Click, workspace: Workspace) -> Answers:
        caller, kind = click.caller, _KINDS.get(click.block_id)
        if kind and caller.channel and caller.message_ts and not click.view_id:
            about = click.value.rpartition(":")[2]  # behind the menu's entry, where there is one
            found = CardRef(caller.channel, caller.message_ts, kind)
            await refreshing.adopt(workspace, about, found)
        return await run(click, workspace)

    return run_known


BUTTONS = (
    Button(Action.APPROVE, _known(approve), role=Role.NOBODY),
    Button(Action.REJECT, _known(ask_reason_to_reject), role=Role.NOBODY),
    Button(Action.REQUEST_CHANGES, _known(ask_for_changes), role=Role.NOBODY),
    Button(Action.CARD_MENU, _known(menu), role=Role.NOBODY),
    Button(Action.HOLD, _known(hold), role=Role.NOBODY),
    Button(Action.RESUME, _known(resume), role=Role.NOBODY),
    Button(Action.WITHDRAW, _known(withdraw), role=Role.NOBODY),
    Button(Action.UNDO, _known(undo), role=Role.NOBODY),
    Button(Action.CHECK_AGAIN, _known(check_again), role=Role.NOBODY),
    Button(Action.PUBLISH_ANYWAY, _known(publish_anyway), role=Role.NOBODY),
    Button(Action.LEAVE, _known(leave), role=Role.NOBODY),
    Button(Action.ASK_AGAIN, _known(ask_again), role=Role.EDITOR),
)
MODALS = (
    Modal(Callback.REJECT, closes, reject, role=Role.NOBODY),
    Modal(Callback.CHANGES, closes, request_changes, role=Role.NOBODY),
    Modal(Callback.REASSIGN, closes, reassign, role=Role.NOBODY),
)
