"""What became of a call that was made, or may have been: found out by reading, never by sending blindly."""

from dataclasses import replace

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.posts import Post
from scrm_bot.domain.traces import UNTOLD, Seen, with_answer, word
from scrm_bot.ports import Workspace
from scrm_bot.usecases import outcomes, reasons
from scrm_bot.usecases.outcomes import Again, Timing


async def settle(
    workspace: Workspace, approval: Approval, timing: Timing, *, answer: Post | None = None
) -> Again:
    """Read the post. `answer` is what the call itself was answered, for what the reading leaves out."""
    return await outcomes.read(
        workspace,
        approval,
        then=lambda post: _judged(workspace, approval, with_answer(post, answer), timing),
        unread=lambda error: unread(workspace, approval, error, timing),
    )


async def _judged(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    match outcomes.found(post, approval):
        case Seen.DONE:
            return await outcomes.confirm(workspace, approval, post)
        case Seen.BROKEN:
            return await outcomes.fail(workspace, approval, post.error or outcomes.BROKEN)
        case Seen.RUNNING:
            return await running(workspace, approval, timing)
        case Seen.UNCLEAR:
            return await unclear(workspace, approval, post, timing)
        case _:
            return await _not_done(workspace, approval, post, timing)


async def running(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """SocialCRM is at it."""
    if _waited_long(workspace, approval, timing):
        return await outcomes.ask_a_person(workspace, approval, outcomes.STILL_AT_IT, timing)
    await _keep(workspace, replace(approval, needs_person=False))
    return workspace.clock.now() + timing.poll


async def unclear(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """Nobody can say from this whether the call worked: it is read again, and never sent again."""
    status = word(post)
    told = _says(post) if status != UNTOLD else outcomes.NOBODY_KNOWS
    if approval.needs_person:
        if outcomes.is_changed(post, approval):
            return await outcomes.void(workspace, approval, outcomes.CHANGED, found=post)
        return await outcomes.ask_a_person(workspace, approval, told, timing)
    settled_at = outcomes.begun_at(approval) + timing.settle
    tells_nothing = status == UNTOLD and workspace.clock.now() >= settled_at
    if tells_nothing or _waited_long(workspace, approval, timing):
        return await outcomes.ask_a_person(workspace, approval, told, timing)
    if approval.attempt and approval.attempt.answered:
        await _keep(workspace, approval)
    else:
        await _lose_track(workspace, approval)
    return workspace.clock.now() + timing.poll


async def unread(workspace: Workspace, approval: Approval, error: ScrmError, timing: Timing) -> Again:
    """Not even reading works."""
    if approval.needs_person or _waited_long(workspace, approval, timing):
        why = f"The post could not be read back for over an hour: {reasons.of_reading(error)}."
        return await outcomes.ask_a_person(workspace, approval, why, timing)
    await _lose_track(workspace, approval)
    return workspace.clock.now() + timing.poll


async def _not_done(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """The post looks untouched: wait until the call can no longer arrive, then decide."""
    attempt, now = approval.attempt, workspace.clock.now()
    settled_at = attempt.sent_at + timing.settle if attempt else now
    if now < settled_at and not approval.needs_person:
        await _lose_track(workspace, approval)
        return settled_at
    if outcomes.is_changed(post, approval):
        return await outcomes.void(workspace, approval, outcomes.CHANGED, found=post)
    if attempt is None or approval.needs_person or attempt.answered or attempt.number >= timing.max_attempts:
        why = outcomes.NO_TRACE if attempt and attempt.answered else outcomes.NOBODY_KNOWS
        return await outcomes.ask_a_person(workspace, approval, why, timing)
    await outcomes.store(workspace, approval.put_back(attempt), before=approval)
    return now


async def _keep(workspace: Workspace, approval: Approval) -> None:
    """Store what the call was answered, and that it is the bot that looks: once, while it lasts."""
    stored = await workspace.approvals.get(approval.id)
    if approval != stored:
        await outcomes.store(workspace, approval, before=stored)


async def _lose_track(workspace: Workspace, approval: Approval) -> None:
    if approval.state is not State.UNKNOWN:
        await outcomes.store(workspace, approval.moved(Step.LOSE_TRACK), before=approval)


def _says(post: Post) -> str:
    return f"SocialCRM says “{post.status}” of the post, which does not tell whether it went out."


def _waited_long(workspace: Workspace, approval: Approval, timing: Timing) -> bool:
    until = outcomes.begun_at(approval) + timing.give_up
    return approval.attempt is None or workspace.clock.now() > until
