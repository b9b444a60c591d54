"""Publishing and scheduling what was approved: intent first, then the call, then what can be read back."""

from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import IN_MOTION, Approval, State, Step
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    ApprovalNotFoundError,
    BudgetExhaustedError,
    NotConnectedError,
    NotFoundError,
    RateLimitedError,
    RecentLapseError,
    ScrmError,
    SocialCRMError,
    SocialCRMUnreachableError,
    VaultError,
)
from scrm_bot.domain.posts import Post
from scrm_bot.domain.traces import Seen, is_known, trace_of, word
from scrm_bot.domain.when import echo
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, changing, outcomes, reasons, recording, settling
from scrm_bot.usecases.asking import REPLACED
from scrm_bot.usecases.outcomes import DONE, Again, Timing

_NOT_SENT = (RateLimitedError, SocialCRMUnreachableError, BudgetExhaustedError)
_MOMENT = timedelta(seconds=4)  # a wait that nobody needs to be told of


async def act(workspace: Workspace, approval_id: str, *, timing: Timing, is_repeat: bool = False) -> Again:
    """The job of an approved request. Returns when it wants to run again, None when it is done.

    `is_repeat`: its last run did not come to its end, and may have stored what no card shows.
    """
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return DONE
    if is_repeat and approval.state in IN_MOTION:  # from here only what changes is drawn
        approval = await cards.show_or_queue(workspace, approval)
    try:
        if approval.state is State.APPROVED:
            return await _begin(workspace, approval, timing)
        if approval.state in IN_MOTION:
            return await settling.settle(workspace, approval, timing)
    except ApprovalConflictError:
        return workspace.clock.now()  # somebody moved it meanwhile: look again
    await cards.show_or_queue(workspace, approval)  # the last run may have ended before it could
    return DONE


async def _begin(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """Everything that must hold before the call is made."""
    now = workspace.clock.now()
    if approval.act_at and approval.act_at > now:
        return approval.act_at
    if (await workspace.settings.load()).pause:
        return await _paused(workspace, approval, timing)
    if approval.act_at is None:
        approval = await cards.save(workspace, replace(approval, act_at=now), before=approval)
    latest = await workspace.approvals.latest_for(approval.post_id)
    if latest and latest.id != approval.id:
        closed = approval.moved(Step.WITHDRAW, detail=REPLACED)
        await outcomes.store(workspace, closed, before=approval)
        return DONE
    if await changing.is_under_way(workspace, approval.post_id):
        return now + timing.poll
    return await _read_first(workspace, approval, timing)


async def _paused(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """The time of a pause does not count as waiting: that begins anew when it ends, however long it was."""
    if approval.act_at:
        await cards.save(workspace, replace(approval, act_at=None), before=approval)
    return workspace.clock.now() + timing.paused


async def _read_first(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    return await outcomes.read(
        workspace,
        approval,
        then=lambda post: _compare(workspace, approval, post, timing),
        unread=lambda error: _unread(workspace, approval, error, timing),
    )


async def _unread(workspace: Workspace, approval: Approval, error: ScrmError, timing: Timing) -> Again:
    """A read failed: nothing can have happened by it, and what stands in SocialCRM is not known."""
    now = workspace.clock.now()
    too_late = _too_late(approval, now, timing)
    passes = isinstance(error, (*_NOT_SENT, *changing.MAYBE_SENT))
    if passes and not too_late:
        return await _wait(workspace, approval, error, timing)
    if approval.attempt:  # an earlier call was made
        why = f"The post could not be read again: {reasons.of_reading(error)}."
        return await outcomes.ask_a_person(workspace, approval, why, timing)
    why = reasons.of_unsent(error) if not passes else f"{too_late} {reasons.of_no_call(error)}"
    try:
        return await outcomes.fail(workspace, approval, why, settle=timing.settle)
    except RecentLapseError:
        return await outcomes.ask_a_person(workspace, approval, reasons.of_forgetting(error), timing)


async def _wait(
    workspace: Workspace,
    approval: Approval,
    error: ScrmError,
    timing: Timing,
    *,
    begun: Approval | None = None,
) -> Again:
    """Nothing left for SocialCRM: the card says what it waits for, where that takes more than a moment."""
    again = outcomes.later(workspace.clock.now(), outcomes.wait_for(error, timing))
    is_long = again >= workspace.clock.now() + _MOMENT
    told = reasons.of_waiting(error, echo(again, approval.zone)) if is_long else ""
    before = begun or approval
    waiting = replace(begun.put_back(approval.attempt) if begun else approval, detail=told)
    if waiting != before:
        await outcomes.store(workspace, waiting, before=before)
    return again


async def _compare(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """Go on only with exactly what was approved."""
    if outcomes.is_changed(post, approval):
        return await outcomes.void(workspace, approval, outcomes.CHANGED, found=post)
    if word(post) == "scheduled" and not _same_minute(post.scheduled_at, approval.content.at):
        return await outcomes.void(workspace, approval, _scheduled_elsewhere(post, approval))
    return await _judged(workspace, approval, post, timing)


async def _judged(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    match outcomes.found(post, approval):
        case Seen.DONE:
            return await outcomes.confirm(workspace, approval, post)
        case Seen.RUNNING:
            return await _somebody_elses(workspace, approval, timing)
        case Seen.UNCLEAR if not (is_known(post.status) or word(post) == approval.standing):
            return await outcomes.void(workspace, approval, _says(post))
        case Seen.BROKEN if approval.attempt:  # the call before has arrived after all
            return await outcomes.fail(workspace, approval, post.error or outcomes.BROKEN)
        case _:
            return await _go(workspace, approval, post, timing)


async def _somebody_elses(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """It is being published, and not by the bot."""
    now = workspace.clock.now()
    if _too_late(approval, now, timing):
        return await outcomes.ask_a_person(workspace, approval, outcomes.STILL_AT_IT, timing)
    return now + timing.poll


async def _go(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    too_late = _too_late(approval, workspace.clock.now(), timing)
    try:
        if too_late:
            sent = "Nothing more was sent" if approval.attempt else "Nothing was sent"
            why = f"{too_late} {sent}; ask again."
            return await outcomes.fail(workspace, approval, why, settle=timing.settle)
        return await _send(workspace, approval, post, timing)
    except RecentLapseError as error:  # before anything is sent, or told as not sent
        return await _wait(workspace, approval, error, timing)


async def _send(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """The call itself, between its intent and the reading of what it did."""
    key, intent_at = await outcomes.key_now(workspace), workspace.clock.now()
    intent = approval.begun(at=intent_at, before=trace_of(post), key=key)
    begun = await cards.save(workspace, intent, before=approval, intent=timing.settle)
    given_way = await _gives_way(workspace, approval, begun, timing)
    if given_way:
        return given_way
    try:
        answer = await _call(workspace, begun, deadline=intent_at + min(timing.leave, timing.settle / 2))
    except _NOT_SENT as error:
        return await _wait(workspace, approval, error, timing, begun=begun)
    except changing.MAYBE_SENT:
        return await settling.settle(workspace, _lost_now(workspace, begun), timing)
    except (SocialCRMError, NotConnectedError, VaultError) as refusal:
        return await _refused(workspace, begun, refusal, timing)
    attempt = replace(begun.attempt, answered=True) if begun.attempt else None
    return await settling.settle(workspace, replace(begun, attempt=attempt), timing, answer=answer)


async def _gives_way(workspace: Workspace, approval: Approval, begun: Approval, timing: Timing) -> Again:
    """To a change or a pause that came since the look before. None where neither did.

    The intent is stored first and the look comes second: who looks for an intent after that misses none.
    """
    is_changing = await changing.is_under_way(workspace, approval.post_id)
    if not (is_changing or (await workspace.settings.load()).pause):
        return None
    waiting = await outcomes.store(workspace, begun.put_back(approval.attempt), before=begun)
    return workspace.clock.now() + timing.poll if is_changing else await _paused(workspace, waiting, timing)


def _lost_now(workspace: Workspace, approval: Approval) -> Approval:
    """The settle wait counts from when the answer was lost: the call may have left long after its intent."""
    attempt = approval.attempt
    return replace(approval, attempt=replace(attempt, sent_at=workspace.clock.now()) if attempt else None)


async def _call(workspace: Workspace, approval: Approval, *, deadline: datetime) -> Post:
    try:
        if approval.content.at:
            at = approval.content.at
            answer = await workspace.socialcrm.schedule_post(approval.post_id, at=at, deadline=deadline)
        else:
            answer = await workspace.socialcrm.publish_post(approval.post_id, deadline=deadline)
    except ScrmError as error:
        await recording.note_call(workspace, approval, error)
        raise
    await recording.note_call(workspace, approval)
    return answer


async def _refused(workspace: Workspace, approval: Approval, refusal: ScrmError, timing: Timing) -> Again:
    """A plain no; or the no to a second call, because an earlier one had worked after all."""
    was_first = approval.attempt is None or approval.attempt.number == 1
    try:
        post = await workspace.socialcrm.get_post(approval.post_id)
    except outcomes.READING as error:
        is_gone = isinstance(error, NotFoundError)
        if not (was_first or is_gone):
            return await settling.unread(workspace, approval, error, timing)
        both = is_gone and isinstance(refusal, NotFoundError)
        return await outcomes.fail(workspace, approval, outcomes.GONE if both else reasons.of_call(refusal))
    match outcomes.found(post, approval):
        case Seen.DONE:
            return await outcomes.confirm(workspace, approval, post)
        case Seen.RUNNING:
            return await settling.running(workspace, approval, timing)
        case Seen.UNCLEAR if not was_first:
            return await settling.unclear(workspace, approval, post, timing)
        case _:
            return await outcomes.fail(workspace, approval, reasons.of_call(refusal))


def _too_late(approval: Approval, now: datetime, timing: Timing) -> str:
    """Why an approved call is no longer wanted, "" when it is."""
    if approval.content.at and approval.content.at <= now:
        return f"{echo(approval.content.at, approval.zone)} passed before it could be scheduled."
    if approval.act_at and not approval.content.at and now > approval.act_at + timing.give_up:
        return "It could not be published soon after its approval, so it was left."
    return ""


def _same_minute(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs((one - other).total_seconds()) < 60


def _scheduled_elsewhere(post: Post, approval: Approval) -> str:
    when = f" for {echo(post.scheduled_at, approval.zone)}" if post.scheduled_at else ""
    return f"It has been scheduled in SocialCRM{when} meanwhile."


def _says(post: Post) -> str:
    return f"SocialCRM says “{post.status}” of the post by now, a word that nobody was asked about."
