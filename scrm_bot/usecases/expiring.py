"""The end of a request that nobody approved in time, and the jobs an open one waits for."""

from collections.abc import Sequence
from datetime import datetime

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.errors import ApprovalNotFoundError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.waiting import expires_at, expiry, first_look
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards

_TIMES = {JobKind.REMIND: first_look, JobKind.EXPIRE: expires_at}


def waiting_jobs(approval: Approval) -> Sequence[Job]:
    """To be stored with a request that is open from now on. Once it is decided they find nothing to do."""
    if not approval.is_open:
        return ()
    times = ((kind, time_of(approval)) for kind, time_of in _TIMES.items())
    about = {"approval": approval.id}
    return tuple(
        Job(kind, f"{kind}:{approval.id}", approval.team_id, due, about) for kind, due in times if due
    )


def expired(approval: Approval) -> Approval:
    return approval.moved(Step.EXPIRE, detail=expiry(approval))


async def expire(workspace: Workspace, approval_id: str) -> datetime | None:
    """The job that ends a request. Returns when it wants to run again, None when it is done."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return None
    ends = expires_at(approval)
    if not approval.is_open or ends is None:
        if approval.state is State.EXPIRED:
            await cards.show_or_queue(workspace, approval)  # the last run may have ended before it could
        return None
    if workspace.clock.now() < ends:
        return ends
    closed = await cards.update(workspace, approval_id, _expired_if_open)
    await cards.show_or_queue(workspace, closed)
    if closed.state is State.EXPIRED:
        await cards.notify(workspace, closed, {closed.author, closed.requested_by})
    return None


def _expired_if_open(current: Approval) -> Approval:
    return expired(current) if current.is_open else current
