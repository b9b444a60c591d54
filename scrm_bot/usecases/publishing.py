"""Publishing and scheduling what was approved: intent first, then the call, then what can be read back.

A lost answer is settled by reading, after a wait, and never by sending again blindly.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from scrm_bot.domain.approvals import IN_MOTION, Approval, Decision, State, Step
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    ApprovalNotFoundError,
    BudgetExhaustedError,
    NotAnApproverError,
    NotConnectedError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
    ScrmError,
    SelfApprovalError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    SocialCRMUnreachableError,
    TransitionError,
    VaultError,
)
from scrm_bot.domain.jobs import Job
from scrm_bot.domain.posts import Post
from scrm_bot.domain.when import echo
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, outcomes, recording
from scrm_bot.usecases.approvals import approvers_of
from scrm_bot.usecases.outcomes import DONE, Again, Seen, Timing

_NOT_SENT = (RateLimitedError, SocialCRMUnreachableError, BudgetExhaustedError)
_MAYBE_SENT = (SocialCRMAmbiguousError, SocialCRMContractError)


async def act(workspace: Workspace, approval_id: str, *, timing: Timing) -> Again:
    """The job of an approved request. Returns when it wants to run again, None when it is done."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return DONE
    try:
        if approval.state is State.APPROVED:
            return await _begin(workspace, approval, timing)
        if approval.state in IN_MOTION:
            return await _settle(workspace, approval, timing)
    except ApprovalConflictError:
        return workspace.clock.now()  # somebody moved it meanwhile: look again
    await cards.show_or_queue(workspace, approval)  # the last run may have ended before it could
    return DONE


async def check_again(
    workspace: Workspace, approval_id: str, *, by: str, timing: Timing | None = None
) -> Approval:
    """Somebody wants to know: read the post once more, and tell what that settles."""
    approval = await workspace.approvals.get(approval_id)
    if by not in {approval.author, approval.requested_by, *await approvers_of(workspace, approval.policy)}:
        raise NotPermittedError("the author or an approver")
    return await _look(workspace, approval, timing or _timing(workspace))


async def publish_anyway(
    workspace: Workspace, approval_id: str, *, by: str, timing: Timing | None = None
) -> Approval:
    """An approver takes it on: unless a last read settles it, the call is made once more."""
    approval = await workspace.approvals.get(approval_id)
    await _check_approver(workspace, approval, by)
    approval = await _look(workspace, approval, timing or _timing(workspace))
    if not approval.needs_person:
        return approval
    post = await workspace.socialcrm.get_post(approval.post_id)
    if outcomes.seen(post, approval.action) is not Seen.NOT_DONE:
        raise TransitionError("publish anyway", state=post.status)
    now = workspace.clock.now()

    def taken_on(current: Approval) -> Approval:
        decided = (*current.decisions, Decision(by, Step.NOT_APPLIED, now, current.content.hash))
        return replace(current.put_back(None), decisions=decided, act_at=now)

    taken = await cards.update(workspace, approval_id, taken_on, jobs=_act_now)
    return await cards.show_or_queue(workspace, taken)


def _timing(workspace: Workspace) -> Timing:
    """As the settings have it, where somebody asks and no job does."""
    return Timing(undo=workspace.undo, settle=workspace.settle)


async def _begin(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """Everything that must hold before the call is made."""
    now = workspace.clock.now()
    if approval.act_at and approval.act_at > now:
        return approval.act_at
    if (await workspace.settings.load()).pause:
        return now + timing.paused
    too_late = _too_late(approval, now, timing)
    if too_late:
        return await outcomes.fail(workspace, approval, too_late)
    return await _read_first(workspace, approval, timing)


async def _read_first(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    try:
        post = await workspace.socialcrm.get_post(approval.post_id)
    except NotFoundError:
        return await outcomes.void(workspace, approval, outcomes.GONE)
    except (*_NOT_SENT, SocialCRMAmbiguousError) as error:  # a read: nothing can have happened
        return outcomes.later(workspace.clock.now(), outcomes.wait_for(error, timing))
    except outcomes.READING as error:
        return await outcomes.fail(workspace, approval, outcomes.reason(error))
    return await _compare(workspace, approval, post, timing)


async def _compare(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """Go on only with exactly what was approved."""
    if outcomes.is_changed(post, approval):
        return await outcomes.void(workspace, approval, outcomes.CHANGED, body=post.body)
    if post.status.lower() == "scheduled" and not _same_minute(post.scheduled_at, approval.content.at):
        return await outcomes.void(workspace, approval, _scheduled_elsewhere(post, approval))
    match outcomes.seen(post, approval.action):
        case Seen.DONE:
            return await outcomes.confirm(workspace, approval, post)
        case Seen.RUNNING:
            return workspace.clock.now() + timing.poll
        case _:
            return await _send(workspace, approval, timing)


async def _send(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """The call itself, between its intent and the reading of what it did."""
    intent_at = workspace.clock.now()
    begun = await cards.save(workspace, approval.begun(at=intent_at), before=approval)
    try:
        await _call(workspace, begun, deadline=intent_at + timing.settle / 2)
    except _NOT_SENT as error:
        await outcomes.store(workspace, begun.put_back(approval.attempt), before=begun)
        return outcomes.later(workspace.clock.now(), outcomes.wait_for(error, timing))
    except _MAYBE_SENT:
        return await _settle(workspace, _lost_now(workspace, begun), timing)
    except (SocialCRMError, NotConnectedError, VaultError) as refusal:
        return await _refused(workspace, begun, refusal, timing)
    attempt = replace(begun.attempt, answered=True) if begun.attempt else None
    return await _settle(workspace, replace(begun, attempt=attempt), timing)


def _lost_now(workspace: Workspace, approval: Approval) -> Approval:
    """The settle wait counts from when the answer was lost: the call may have left long after its intent."""
    attempt = approval.attempt
    return replace(approval, attempt=replace(attempt, sent_at=workspace.clock.now()) if attempt else None)


async def _call(workspace: Workspace, approval: Approval, *, deadline: datetime) -> None:
    try:
        if approval.content.at:
            at = approval.content.at
            await workspace.socialcrm.schedule_post(approval.post_id, at=at, deadline=deadline)
        else:
            await workspace.socialcrm.publish_post(approval.post_id, deadline=deadline)
    except ScrmError as error:
        await recording.note_call(workspace, approval, error)
        raise
    await recording.note_call(workspace, approval)


async def _refused(workspace: Workspace, approval: Approval, refusal: ScrmError, timing: Timing) -> Again:
    """A plain no; or the no to a second call, because an earlier one had worked after all."""
    try:
        post = await workspace.socialcrm.get_post(approval.post_id)
    except outcomes.READING as error:
        if approval.attempt and approval.attempt.number > 1 and not isinstance(error, NotFoundError):
            return await _still_unknown(workspace, approval, timing)
        return await outcomes.fail(workspace, approval, outcomes.reason(refusal))
    match outcomes.seen(post, approval.action):
        case Seen.DONE:
            return await outcomes.confirm(workspace, approval, post)
        case Seen.RUNNING:
            return await _still_running(workspace, approval, timing)
        case _:
            return await outcomes.fail(workspace, approval, outcomes.reason(refusal))


async def _settle(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """Read what became of a call that was made, or may have been."""
    try:
        post = await workspace.socialcrm.get_post(approval.post_id)
    except NotFoundError:
        return await outcomes.void(workspace, approval, outcomes.GONE)
    except outcomes.READING:
        return await _still_unknown(workspace, approval, timing)
    match outcomes.seen(post, approval.action):
        case Seen.DONE:
            return await outcomes.confirm(workspace, approval, post)
        case Seen.BROKEN:
            return await outcomes.fail(workspace, approval, post.error or "SocialCRM could not publish it.")
        case Seen.RUNNING:
            return await _still_running(workspace, approval, timing)
        case _:
            return await _not_done(workspace, approval, post, timing)


async def _not_done(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """The post looks untouched: wait until the call can no longer arrive, then decide."""
    attempt = approval.attempt
    if attempt is None or approval.needs_person:
        return await outcomes.ask_a_person(workspace, approval)
    now = workspace.clock.now()
    settled_at = attempt.sent_at + timing.settle
    if now < settled_at:
        await _lose_track(workspace, approval)
        return settled_at
    if outcomes.is_changed(post, approval):
        return await outcomes.void(workspace, approval, outcomes.CHANGED, body=post.body)
    if attempt.answered or attempt.number >= timing.max_attempts:
        return await outcomes.ask_a_person(workspace, approval)
    await outcomes.store(workspace, approval.put_back(attempt), before=approval)
    return now


async def _still_running(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """SocialCRM is at it."""
    if _waited_long(workspace, approval, timing):
        return await outcomes.ask_a_person(workspace, approval)
    waiting = replace(approval, needs_person=False)
    stored = await workspace.approvals.get(approval.id)
    if waiting != stored:
        await outcomes.store(workspace, waiting, before=stored)
    return workspace.clock.now() + timing.poll


async def _still_unknown(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """Not even reading works."""
    if approval.needs_person or _waited_long(workspace, approval, timing):
        return await outcomes.ask_a_person(workspace, approval)
    await _lose_track(workspace, approval)
    return workspace.clock.now() + timing.poll


async def _lose_track(workspace: Workspace, approval: Approval) -> None:
    if approval.state is not State.UNKNOWN:
        await outcomes.store(workspace, approval.moved(Step.LOSE_TRACK), before=approval)


async def _look(workspace: Workspace, approval: Approval, timing: Timing) -> Approval:
    """Settle a request whose outcome is unknown, as far as one read can."""
    if approval.state is not State.UNKNOWN:
        raise TransitionError("check again", state=approval.state)
    again = await _settle(workspace, approval, timing)
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


def _too_late(approval: Approval, now: datetime, timing: Timing) -> str:
    """Why an approved call is no longer wanted, "" when it is."""
    if approval.content.at and approval.content.at <= now:
        at = echo(approval.content.at, approval.zone)
        return f"{at} passed before it could be scheduled. Nothing was sent."
    if approval.act_at and not approval.content.at and now > approval.act_at + timing.give_up:
        return (
            "It could not be published soon after its approval, so it was left. Nothing was sent; ask again."
        )
    return ""


def _waited_long(workspace: Workspace, approval: Approval, timing: Timing) -> bool:
    return approval.attempt is None or workspace.clock.now() > approval.attempt.sent_at + timing.give_up


def _same_minute(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs((one - other).total_seconds()) < 60


def _scheduled_elsewhere(post: Post, approval: Approval) -> str:
    when = f" for {echo(post.scheduled_at, approval.zone)}" if post.scheduled_at else ""
    return f"It has been scheduled in SocialCRM{when} meanwhile."
