"""What became of a scheduled post at its time."""

from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError, NotFoundError
from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, outcomes
from scrm_bot.usecases.outcomes import DONE, Again, Timing

LATE = timedelta(minutes=10)  # from here people are told that it is late
LONGEST = timedelta(hours=24)
_SLOW = timedelta(minutes=5)
_DETAIL = "SocialCRM has not published it yet, though its time has come."
_UNSCHEDULED = "It is not scheduled in SocialCRM any more."


async def follow(workspace: Workspace, approval_id: str, *, timing: Timing) -> Again:
    """The job of a scheduled request. Returns when it wants to run again, None when it is done."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return DONE
    if approval.state is not State.SCHEDULED:
        await cards.show_or_queue(workspace, approval)  # the last run may have ended before it could
        return DONE
    try:
        post = await workspace.socialcrm.get_post(approval.post_id)
        return await _seen(workspace, approval, post, timing)
    except NotFoundError:
        return await outcomes.void(workspace, approval, outcomes.GONE)
    except ApprovalConflictError:
        return workspace.clock.now()
    except outcomes.READING:
        return await _late(workspace, approval, timing)


async def _seen(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    match post.status.lower():
        case "published":
            return await outcomes.confirm(workspace, approval, post)
        case "failed":
            return await outcomes.fail(workspace, approval, post.error or "SocialCRM could not publish it.")
        case "draft":
            return await outcomes.void(workspace, approval, _UNSCHEDULED)
        case "scheduled" if post.scheduled_at and post.scheduled_at > workspace.clock.now():
            return await _moved(workspace, approval, post.scheduled_at)
        case _:
            return await _late(workspace, approval, timing)


async def _moved(workspace: Workspace, approval: Approval, at: datetime) -> datetime:
    """Somebody gave it another time in SocialCRM: the card shows the time as it is."""
    if at != approval.confirmed_at:
        await outcomes.store(workspace, replace(approval, confirmed_at=at))
    return at + timedelta(seconds=5)


async def _late(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    now = workspace.clock.now()
    waited = now - (approval.confirmed_at or approval.content.at or approval.created_at)
    if waited > LATE and approval.detail != _DETAIL:
        told = await outcomes.store(workspace, replace(approval, detail=_DETAIL))
        await cards.tell(workspace, told, {told.author, told.requested_by})
    if waited > LONGEST:
        return DONE
    return now + (_SLOW if waited > LATE else timing.poll)
