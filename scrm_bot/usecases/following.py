"""What became of a scheduled post: before its time, at its time, and when that has passed."""

from dataclasses import replace
from datetime import timedelta

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
    """The job of a scheduled request, at its time. Returns when it wants to run again, None when done."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return DONE
    if approval.state is not State.SCHEDULED:
        await cards.show_or_queue(workspace, approval)  # the last run may have ended before it could
        return DONE
    try:
        post = await workspace.socialcrm.get_post(approval.post_id)
        return await look(workspace, approval, post, timing)
    except NotFoundError:
        return await outcomes.void(workspace, approval, outcomes.GONE)
    except ApprovalConflictError:
        return workspace.clock.now()
    except outcomes.READING:
        return await _late(workspace, approval, timing)


async def look(workspace: Workspace, approval: Approval, post: Post, timing: Timing) -> Again:
    """Take what was read of a scheduled request's post to its card."""
    match post.status.lower():
        case "published":
            return await outcomes.confirm(workspace, approval, post)
        case "failed":
            return await outcomes.fail(workspace, approval, post.error or "SocialCRM could not publish it.")
        case "draft":
            return await outcomes.void(workspace, approval, _UNSCHEDULED)
        case "scheduled" if post.scheduled_at and post.scheduled_at > workspace.clock.now():
            return await _to_come(workspace, approval, post)
        case _:
            return await _late(workspace, approval, timing)


def is_as_known(approval: Approval, post: Post) -> bool:
    """Whether the card of a scheduled request says all there is to say."""
    return post.status.lower() == "scheduled" and outcomes.as_read(approval, post) == approval


async def _to_come(workspace: Workspace, approval: Approval, post: Post) -> Again:
    """Its time is still to come: the card shows it as it is, and people hear of what they did not approve."""
    found = replace(outcomes.as_read(approval, post), detail="")
    follow = outcomes.follow_job(workspace, found)
    if found != approval:
        jobs = (follow, outcomes.watch_job(workspace))
        stored = await outcomes.store(workspace, found, before=approval, jobs=jobs)
        await cards.tell(workspace, stored, {stored.author, stored.requested_by, *stored.approved_by})
    return follow.due


async def _late(workspace: Workspace, approval: Approval, timing: Timing) -> Again:
    now = workspace.clock.now()
    waited = now - outcomes.due(approval)
    if waited > LATE and approval.detail != _DETAIL:
        late = replace(approval, detail=_DETAIL)
        told = await outcomes.store(workspace, late, before=approval)
        await cards.tell(workspace, told, {told.author, told.requested_by, *told.approved_by})
    if waited > LONGEST:
        return DONE
    return now + (_SLOW if waited > LATE else timing.poll)
