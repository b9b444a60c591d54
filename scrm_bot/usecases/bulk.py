"""Deciding about several requests: each by the same steps as alone, and none at the cost of another."""

from collections.abc import Iterable, Mapping

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.bulk import Choice, Outcome, Wish
from scrm_bot.domain.errors import ScrmError, TransitionError
from scrm_bot.domain.policies import Policy
from scrm_bot.ports import Workspace
from scrm_bot.usecases import approvals
from scrm_bot.usecases.approvers import approvers_of, may_steer


async def decidable(workspace: Workspace, requests: Iterable[Approval], *, by: str) -> tuple[Approval, ...]:
    """Those of the requests that wait for this person's word."""
    if not (await workspace.people.get(by)).is_member(workspace.team_id):
        return ()
    pending = [each for each in requests if each.state is State.PENDING and by not in each.approved_by]
    approvers = await _approvers(workspace, pending)
    return tuple(each for each in pending if by in each.may_decide(approvers[each.policy]))


async def steerable(workspace: Workspace, requests: Iterable[Approval], *, by: str) -> tuple[Approval, ...]:
    """Those of the open requests that this person may withdraw."""
    waiting = [each for each in requests if each.is_open]
    approvers = await _approvers(workspace, waiting)
    return tuple([each for each in waiting if await may_steer(workspace, each, by, approvers[each.policy])])


async def waiting(workspace: Workspace, *, by: str) -> tuple[Approval, ...]:
    """Everything that waits for this person's word, newest first."""
    return await decidable(workspace, await workspace.approvals.open(), by=by)


async def _approvers(workspace: Workspace, requests: Iterable[Approval]) -> Mapping[Policy, frozenset[str]]:
    """Who decides under each of their rules, which many of them share."""
    policies = {request.policy for request in requests}
    return {policy: await approvers_of(workspace, policy) for policy in policies}


async def carry_out(workspace: Workspace, wish: Wish, *, by: str, reason: str = "") -> Outcome:
    """One wish, by its own use case. A delivery that comes twice finds its word there: that is no failure."""
    try:
        return Outcome(wish, await _step(workspace, wish, by, reason))
    except ScrmError as error:
        current = await _current(workspace, wish.approval_id)
        done = current is not None and isinstance(error, TransitionError) and _is_own(current, wish, by)
        return Outcome(wish, current, None if done else error)


async def _step(workspace: Workspace, wish: Wish, by: str, reason: str) -> Approval:
    about, seen = wish.approval_id, wish.seen
    match wish.choice:
        case Choice.APPROVE:
            return await approvals.approve(workspace, about, by=by, undo=workspace.undo, seen=seen)
        case Choice.REJECT:
            return await approvals.reject(workspace, about, by=by, reason=reason, seen=seen)
        case Choice.CHANGES:
            return await approvals.request_changes(workspace, about, by=by, reason=reason, seen=seen)
        case Choice.HOLD:
            return await approvals.hold(workspace, about, by=by, seen=seen)
        case _:
            return await workspace.approvals.get(about)


async def _current(workspace: Workspace, approval_id: str) -> Approval | None:
    try:
        return await workspace.approvals.get(approval_id)
    except ScrmError:
        return None


def _is_own(approval: Approval, wish: Wish, by: str) -> bool:
    """Whether what stands is this very word of this person."""
    if wish.choice is Choice.APPROVE:
        return by in approval.approved_by
    last = approval.decisions[-1] if approval.decisions else None
    return last is not None and (last.by, last.step) == (by, wish.choice.step)
