"""What became of a scheduled post: before its time, at its time, and when that has passed."""

from dataclasses import replace
from datetime import timedelta

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError, ScrmError
from scrm_bot.domain.posts import Post
from scrm_bot.domain.traces import word
from scrm_bot.domain.when import echo
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, outcomes, reasons
from scrm_bot.usecases.outcomes import DONE, Again, Timing

LATE = timedelta(minutes=10)  # from here people are told that it is late, or that nobody can tell
LONG = timedelta(hours=24)
LONGEST = timedelta(days=7)
_SLOW = timedelta(minutes=5)
_SLOWER = timedelta(hours=1)
_LATE = "SocialCRM has not published it yet, though its time has come."
_UNREAD = "The post could not be read since"
_UNSCHEDULED = "It is not scheduled in SocialCRM any more."
_STOPPED = "The bot has stopped looking a week after its time: see in SocialCRM whether it went out."


async def follow(workspace: Workspace, approval_id: str, *, timing: Timing) -> Again:
    """The job of a scheduled request, at its time. Returns when it wants to run again, None when done."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return DONE
    if approval.state is not State.SCHEDULED:
        await cards.show_or_queue(workspace, approval)  # the last run may have ended before it could
        return DONE
    try:
        return await _read(workspace, approval, timing)
    except ApprovalConflictError:
        return workspace.clock.now()


async def look(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """Take what was read of a scheduled request's post to its card."""
    match word(post):
        case "published":
            return await outcomes.confirm(workspace, _readable(approval), post)
        case "failed":
            return await outcomes.fail(workspace, approval, post.error or outcomes.BROKEN)
        case "draft":
            return await outcomes.void(workspace, approval, _UNSCHEDULED)
        case "scheduled" if post.scheduled_at and post.scheduled_at > workspace.clock.now():
            return await _to_come(workspace, approval, post)
        case _:
            return await _late(workspace, approval, timing)


def is_as_known(approval: Approval, post: Post) -> bool:
    """Whether the card of a scheduled request says all there is to say."""
    return word(post) == "scheduled" and _found(approval, post) == approval


async def _read(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    return await outcomes.read(
        workspace,
        approval,
        then=lambda post: look(workspace, approval, post, timing),
        unread=lambda error: _unread(workspace, approval, error, timing),
    )


def _readable(approval: Approval) -> Approval:
    return replace(approval, unread_since=None)


def _found(approval: Approval, post: Post) -> Approval:
    return replace(_readable(outcomes.as_read(approval, post)), detail="")


async def _to_come(workspace: Workspace, approval: Approval, post: Post) -> Again:
    """Its time is still to come: the card shows it as it is, and people hear of what they did not approve."""
    found = _found(approval, post)
    follow = outcomes.follow_job(workspace, found)
    if found != approval:
        jobs = (follow, outcomes.watch_job(workspace))
        stored = await outcomes.store(workspace, found, before=approval, jobs=jobs)
        await cards.tell(workspace, stored, {stored.author, stored.requested_by, *stored.approved_by})
    return follow.due


async def _late(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    """It was read, and is neither out nor to come."""
    waited = workspace.clock.now() - outcomes.due(approval)
    late = _readable(approval)
    if waited > LATE:
        late = replace(late, detail=_LATE)
    return await _noted(workspace, late, approval, timing)


async def _unread(workspace: Workspace, approval: Approval, error: ScrmError, timing: Timing) -> Again:
    """Nobody can tell whether it went out. People are told once that has lasted, and why."""
    now = workspace.clock.now()
    since = approval.unread_since or now
    unread = replace(approval, unread_since=since)
    if now > since + LATE and not approval.detail.startswith(_UNREAD):
        why = f"{_UNREAD} {echo(since, approval.zone)}: {reasons.of_reading(error)}"
        unread = replace(unread, detail=f"{why}. Whether it went out is not known.")
    return await _noted(workspace, unread, approval, timing)


async def _noted(workspace: Workspace, noted: Approval, before: Approval, timing: Timing) -> Again:
    """Keep what is new, tell it where there are words for it, and look again, less and less often."""
    now = workspace.clock.now()
    waited = now - outcomes.due(before)
    if waited > LONGEST:
        noted = replace(noted, detail=_STOPPED)
    if noted.detail != before.detail:
        told = await outcomes.store(workspace, noted, before=before)
        await cards.tell(workspace, told, {told.author, told.requested_by, *told.approved_by})
    elif noted != before:
        await cards.save(workspace, noted, before=before)
    if waited > LONGEST:
        return DONE
    if waited > LONG:
        return now + _SLOWER
    return now + (_SLOW if waited > LATE else timing.poll)
