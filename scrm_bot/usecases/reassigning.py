"""Handing a request to somebody else, who decides about it from then on."""

from scrm_bot.domain.approvals import Approval, Step
from scrm_bot.domain.errors import NotPermittedError, TransitionError, UsageError
from scrm_bot.domain.waiting import Why
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, roles
from scrm_bot.usecases.approvals import decide, rules_of
from scrm_bot.usecases.approvers import approvers_of, may_steer

_ONLY_TO_APPROVERS = (
    "You may hand this to one of the approvers only, whom `/scrm team` names: to anybody else, an approver "
    "of it or an admin hands it. Nothing was changed."
)


async def reassign(workspace: Workspace, approval_id: str, *, to: str, by: str) -> Approval:
    """`to` may decide about this request. Approvers hand over their own place, admins and authors add one.

    Whom an author names must be an approver by today's settings: else authors would choose their judges.
    Whoever has approved points other approvers to it, and adds none: two approvals are two people's.
    """
    approval = await workspace.approvals.get(approval_id)
    approvers = await approvers_of(workspace, approval.policy)
    await _check_giver(workspace, approval, approvers, to=to, by=by)
    await _check_taker(workspace, approval, to=to)
    now = workspace.clock.now()

    def reassigned(current: Approval) -> Approval:
        return current.reassigned(to, by, at=now, approvers=approvers)

    handed = await decide(workspace, approval_id, reassigned)
    await cards.notify(workspace, handed, {to} - {by}, why=Why.HANDED_OVER)
    return handed


async def check_reassignable(workspace: Workspace, approval: Approval, *, by: str) -> None:
    """Raises what `reassign` would raise whoever were named, before anybody is asked for a name.

    Whoever clicked on an old card gets a fresh one, as there.
    """
    approvers = await approvers_of(workspace, approval.policy)
    await _may_name_anyone(workspace, approval, approvers, by=by)
    try:
        approval.moved(Step.REASSIGN)
    except TransitionError:
        await cards.show_or_queue(workspace, approval)
        raise


async def _may_name_anyone(
    workspace: Workspace, approval: Approval, approvers: frozenset[str], *, by: str
) -> bool:
    """False for whoever may only name one of the approvers. Raises `NotPermittedError` for all others."""
    is_member = (await workspace.people.get(by)).is_member(workspace.team_id)
    if is_member and (by in approval.may_decide(approvers) or await roles.is_admin(workspace, by)):
        return True
    if not await may_steer(workspace, approval, by, approvers):
        raise NotPermittedError("the author, an approver or an admin")
    return False


async def _check_giver(
    workspace: Workspace, approval: Approval, approvers: frozenset[str], *, to: str, by: str
) -> None:
    if await _may_name_anyone(workspace, approval, approvers, by=by):
        return
    named = await approvers_of(workspace, rules_of(await workspace.settings.load()))
    if to not in named | approvers:
        raise UsageError(_ONLY_TO_APPROVERS, field="person")


async def _check_taker(workspace: Workspace, approval: Approval, *, to: str) -> None:
    if not (await workspace.people.get(to)).is_member(workspace.team_id):
        raise UsageError("Only a full member of this workspace can approve. Name another.", field="person")
    if to in approval.approved_by:
        raise UsageError("They have approved this already: name somebody else.", field="person")
    if to not in approval.may_decide({to}):
        raise UsageError("Nobody approves a post of their own: hand it to somebody else.", field="person")
