"""What a person can do where the bot cannot find out whether a call worked."""

from collections.abc import Sequence
from dataclasses import replace

from scrm_bot.domain.approvals import Approval, Attempt, Decision, State, Step
from scrm_bot.domain.errors import NotAnApproverError, SelfApprovalError, TransitionError
from scrm_bot.domain.jobs import Job
from scrm_bot.domain.traces import Seen, is_known
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, outcomes, roles, settling
from scrm_bot.usecases.approvers import approvers_of, require_steerer
from scrm_bot.usecases.outcomes import Timing


async def check_again(
    workspace: Workspace, approval_id: str, *, by: str, timing: Timing | None = None
) -> Approval:
    """Somebody wants to know: read the post once more, and tell what that settles."""
    approval = await workspace.approvals.get(approval_id)
    await require_steerer(workspace, approval, by)
    return await _look(workspace, approval, "check again", timing)


async def publish_anyway(
    workspace: Workspace, approval_id: str, *, by: str, timing: Timing | None = None
) -> Approval:
    """An approver takes it on: unless a last read settles it, the call is made once more, and only once."""
    approval = await workspace.approvals.get(approval_id)
    await _check_approver(workspace, approval, by)
    approval = await _look(workspace, approval, "publish anyway", timing)
    if not approval.needs_person:
        return approval
    post = await workspace.socialcrm.get_post(approval.post_id)
    if outcomes.found(post, approval) not in {Seen.NOT_DONE, Seen.UNCLEAR}:
        raise TransitionError("publish anyway", state=post.status)
    now, known = workspace.clock.now(), approval
    standing = "" if is_known(post.status) else post.status.lower()

    def taken_on(current: Approval) -> Approval:
        if not current.needs_person or current.attempt != known.attempt:
            raise TransitionError("publish anyway", state=current.state)
        decided = (*current.decisions, Decision(by, Step.NOT_APPLIED, now, current.content.hash))
        again = current.put_back(current.attempt or Attempt(Timing().max_attempts, now))
        return replace(again, decisions=decided, act_at=now, standing=standing)

    taken = await cards.update(workspace, approval_id, taken_on, jobs=_act_now)
    return await cards.show_or_queue(workspace, taken)


async def leave(workspace: Workspace, approval_id: str, *, by: str, timing: Timing | None = None) -> Approval:
    """Somebody has looked in SocialCRM and closes it as it is, unless a last read settles it."""
    approval = await workspace.approvals.get(approval_id)
    if not await roles.is_admin(workspace, by):
        await require_steerer(workspace, approval, by)
    approval = await _look(workspace, approval, Step.LEAVE, timing)
    if approval.state is not State.UNKNOWN:
        return approval
    now = workspace.clock.now()
    closed = await cards.update(workspace, approval_id, lambda current: current.left(by, at=now))
    return await cards.show_or_queue(workspace, closed)


async def _look(workspace: Workspace, approval: Approval, step: str, timing: Timing | None) -> Approval:
    """Settle a request whose outcome is unknown, as far as one read can."""
    if approval.state is not State.UNKNOWN:
        raise TransitionError(step, state=approval.state)
    timing = timing or Timing(undo=workspace.undo, settle=workspace.settle)
    again = await settling.settle(workspace, approval, timing)
    if again:
        await workspace.jobs.put(outcomes.act_job(approval, again))
    return await workspace.approvals.get(approval.id)


async def _check_approver(workspace: Workspace, approval: Approval, by: str) -> None:
    person = await workspace.people.get(by)
    approvers = await approvers_of(workspace, approval.policy)
    if not person.is_member(workspace.team_id) or by not in approvers:
        raise NotAnApproverError
    if by not in approval.may_decide(approvers):
        raise SelfApprovalError


def _act_now(approval: Approval) -> Sequence[Job]:
    return (outcomes.act_job(approval, approval.act_at or approval.created_at),)
