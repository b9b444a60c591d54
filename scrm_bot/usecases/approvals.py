"""Deciding about a request, and steering it. Asking is in `asking`."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.bulk import sight
from scrm_bot.domain.errors import (
    ApprovalNotFoundError,
    OutdatedViewError,
    TransitionError,
    UsageError,
    WhenError,
)
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.waiting import expires_at, expiry
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards
from scrm_bot.usecases.approvers import approvers_of, counters, deciders, require_steerer
from scrm_bot.usecases.asking import ask as ask  # noqa: PLC0414  where people look for it
from scrm_bot.usecases.asking import check_running
from scrm_bot.usecases.asking import request_id as request_id  # noqa: PLC0414
from scrm_bot.usecases.asking import rules_of as rules_of  # noqa: PLC0414
from scrm_bot.usecases.expiring import expired, waiting_jobs

UNDO = timedelta(seconds=10)


async def approve(
    workspace: Workspace,
    approval_id: str,
    *,
    by: str,
    undo: timedelta = UNDO,
    reason: str = "",
    seen: str = "",
) -> Approval:
    """Count one approval; the last one needed sets the call going, a publish after `undo`.

    `seen`, here and below, binds the word to the request as it was shown: its `sight`.
    """
    check_running(await workspace.settings.load())
    approval = await workspace.approvals.get(approval_id)
    approvers = await counters(workspace, approval, by)
    now = workspace.clock.now()
    ends = expires_at(approval)
    if approval.is_open and ends and ends <= now:
        await _expire(workspace, approval)
    act_at = now if approval.content.at else now + undo

    def approved(current: Approval) -> Approval:
        return current.approve(by, at=now, approvers=approvers, act_at=act_at, reason=reason)

    return await decide(workspace, approval_id, approved, jobs=_act_job, seen=seen)


async def check_approvable(workspace: Workspace, approval: Approval, *, by: str) -> None:
    """Raises what `approve` would raise, before anything is shown or asked back."""
    check_running(await workspace.settings.load())
    approvers, now = await counters(workspace, approval, by), workspace.clock.now()
    approval.approve(by, at=now, approvers=approvers, act_at=now)


async def check_refusable(workspace: Workspace, approval: Approval, step: Step, *, by: str) -> None:
    """Raises what `reject` or `request_changes` would raise, before anybody writes a reason in vain.

    Whoever clicked on an old card gets a fresh one, as there.
    """
    approvers, now = await deciders(workspace, approval, by), workspace.clock.now()
    try:
        if step is Step.REJECT:
            approval.reject(by, at=now, approvers=approvers, reason="")
        else:
            approval.request_changes(by, at=now, approvers=approvers, reason="")
    except TransitionError:
        await cards.show_or_queue(workspace, approval)
        raise


async def reject(workspace: Workspace, approval_id: str, *, by: str, reason: str, seen: str = "") -> Approval:
    approvers = await deciders(workspace, await workspace.approvals.get(approval_id), by)
    now = workspace.clock.now()

    def rejected(current: Approval) -> Approval:
        return current.reject(by, at=now, approvers=approvers, reason=reason)

    decided = await decide(workspace, approval_id, rejected, seen=seen)
    await cards.notify(workspace, decided, {decided.author, decided.requested_by} - {by})
    return decided


async def request_changes(
    workspace: Workspace, approval_id: str, *, by: str, reason: str, seen: str = ""
) -> Approval:
    approvers = await deciders(workspace, await workspace.approvals.get(approval_id), by)
    now = workspace.clock.now()

    def sent_back(current: Approval) -> Approval:
        return current.request_changes(by, at=now, approvers=approvers, reason=reason)

    decided = await decide(workspace, approval_id, sent_back, seen=seen)
    await cards.say_changes(workspace, decided)
    await cards.notify(workspace, decided, {decided.author, decided.requested_by} - {by})
    return decided


async def steer(
    workspace: Workspace, approval_id: str, step: Step, *, by: str, reason: str = "", seen: str = ""
) -> Approval:
    """Hold, resume, withdraw or undo: for the author, whoever asked, and the approvers."""
    approval = await workspace.approvals.get(approval_id)
    approvers = await require_steerer(workspace, approval, by)
    now = workspace.clock.now()

    def steered(current: Approval) -> Approval:
        return current.steered(step, by, at=now, approvers=approvers, reason=reason)

    return await decide(workspace, approval_id, steered, jobs=waiting_jobs, seen=seen)


async def hold(
    workspace: Workspace, approval_id: str, *, by: str, reason: str = "", seen: str = ""
) -> Approval:
    return await steer(workspace, approval_id, Step.HOLD, by=by, reason=reason, seen=seen)


async def resume(workspace: Workspace, approval_id: str, *, by: str, reason: str = "") -> Approval:
    return await steer(workspace, approval_id, Step.RESUME, by=by, reason=reason)


async def withdraw(workspace: Workspace, approval_id: str, *, by: str, reason: str = "") -> Approval:
    return await steer(workspace, approval_id, Step.WITHDRAW, by=by, reason=reason)


async def undo(workspace: Workspace, approval_id: str, *, by: str, reason: str = "") -> Approval:
    return await steer(workspace, approval_id, Step.UNDO, by=by, reason=reason)


async def request_for(workspace: Workspace, post_id: str) -> Approval:
    """The latest request about a post. Raises `ApprovalNotFoundError`."""
    approval = await workspace.approvals.latest_for(post_id)
    if approval is None:
        raise ApprovalNotFoundError(post_id)
    return approval


async def waiting(workspace: Workspace, *, by: str = "") -> tuple[Approval, ...]:
    """Every request that is not final; with `by` only that person's own and those they may decide."""
    every = await workspace.approvals.open()
    if not by:
        return tuple(every)
    policies = {approval.policy for approval in every}
    approvers = {policy: await approvers_of(workspace, policy) for policy in policies}
    return tuple(
        approval
        for approval in every
        if by in {approval.author, approval.requested_by, *approval.escalated}
        or (approval.is_open and by in approval.may_decide(approvers[approval.policy]))
    )


async def _expire(workspace: Workspace, approval: Approval) -> None:
    closed = await decide(workspace, approval.id, expired)
    await cards.notify(workspace, closed, {closed.author, closed.requested_by})
    if approval.content.at and approval.content.at <= workspace.clock.now():
        raise WhenError(f"{expiry(approval)} Ask again with a time to come.")
    raise UsageError(f"{expiry(approval)} Ask again if it is still wanted.", field="post")


async def decide(
    workspace: Workspace,
    approval_id: str,
    change: Callable[[Approval], Approval],
    *,
    jobs: Callable[[Approval], Sequence[Job]] = cards.no_jobs,
    seen: str = "",
) -> Approval:
    """Store the step, then the card. Whoever clicked on an old card gets a fresh one.

    A deed that is done again after a crash moves nothing: what others did since, such as Undo, stands.
    """

    def as_seen(current: Approval) -> Approval:
        if current.was_moved_by(workspace.deed):
            return current
        changed = change(current)
        if seen and sight(current) != seen:
            raise OutdatedViewError
        return changed.moved_by(workspace.deed)

    try:
        changed = await cards.update(workspace, approval_id, as_seen, jobs=jobs)
    except TransitionError:
        await cards.show_or_queue(workspace, await workspace.approvals.get(approval_id))
        raise
    return await cards.show_or_queue(workspace, changed)


def _act_job(approval: Approval) -> Sequence[Job]:
    if approval.state is not State.APPROVED or approval.act_at is None:
        return ()
    key = f"act:{approval.id}"
    return (Job(JobKind.ACT, key, approval.team_id, approval.act_at, {"approval": approval.id}),)
