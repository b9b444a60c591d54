"""Turning the list of requests, and approving what was shown: after a typed approval, in a window of all."""

from scrm_bot.domain.bulk import sight
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import deciding, waitings
from scrm_bot.slack.answering import in_modal
from scrm_bot.slack.command import Button, Click, Modal, Submission
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal, Reply, closes
from scrm_bot.usecases import accounts, approvals
from scrm_bot.views import answers
from scrm_bot.views import approvals as views
from scrm_bot.views.blocks import Message
from scrm_bot.views.ids import Action, Callback


async def turn(click: Click, workspace: Workspace) -> Answers:
    """Another page of the list, for those who read the one before."""
    whose, _, rest = click.value.partition(":")
    start, _, shared = rest.partition(":")
    first = int(start[:6]) if start.isdecimal() else 1
    return await waitings.page(
        click.caller,
        workspace,
        everyone=whose == "all",
        start=max(1, first),
        shared=shared == "shared",
        replace=True,
    )


async def confirm(click: Click, workspace: Workspace) -> Answers:
    """What was typed and then shown is approved, if it is still that."""
    return Reply(await _approved(workspace, click.value, by=click.caller.user_id), replace=True)


async def show(click: Click, workspace: Workspace) -> Answers:
    """A window with all of it."""
    approval_id, _, rest = click.value.partition(":")
    request = await workspace.approvals.get(approval_id)
    value = f"{request.id}:{sight(request)}:{rest.partition(':')[2]}"
    about = metadata(about=value, channel=click.caller.channel)
    known = await accounts.known_or_none(workspace)
    return OpenModal(views.seen_whole(request, accounts=known, metadata=about), push=in_modal(click))


async def approve(submission: Submission, workspace: Workspace) -> Answers:
    about = str(submission.metadata["about"])
    return Reply(await _approved(workspace, about, by=submission.caller.user_id))


async def _approved(workspace: Workspace, value: str, *, by: str) -> Message:
    approval_id, seen, reason = await deciding.carried(workspace, value)
    approved = await approvals.approve(
        workspace, approval_id, by=by, undo=workspace.undo, reason=reason, seen=seen or "?"
    )
    return answers.decided(approved)


BUTTONS = (
    Button(Action.APPROVALS_NEXT, turn, role=Role.VIEWER),
    Button(Action.APPROVALS_PREVIOUS, turn, role=Role.VIEWER),
    Button(Action.CONFIRM_APPROVE, confirm, role=Role.NOBODY),
    Button(Action.SHOW_REQUEST, show, role=Role.VIEWER),
)
MODALS = (Modal(Callback.APPROVE, closes, approve, role=Role.NOBODY),)
