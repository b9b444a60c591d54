"""A request as it is stored, and as people see it: every change of the one reaches the other."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError, SlackRefusedError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.ports import Workspace

TRIES = 5
AGAIN = timedelta(seconds=15)
# Slack's words for "this will never work": the card cannot be brought up to date any more
_GONE = frozenset(
    {
        "channel_not_found",
        "message_not_found",
        "is_archived",
        "not_in_channel",
        "account_inactive",
        "cant_update_message",
    }
)


def no_jobs(_: Approval) -> Sequence[Job]:
    return ()


async def update(
    workspace: Workspace,
    approval_id: str,
    change: Callable[[Approval], Approval],
    *,
    jobs: Callable[[Approval], Sequence[Job]] = no_jobs,
) -> Approval:
    """Store what `change` makes of the newest version. It is called again when someone else was faster."""
    tries = 0
    while True:
        current = await workspace.approvals.get(approval_id)
        changed = change(current)
        if changed == current:
            return current
        try:
            return await workspace.approvals.save(changed, jobs=jobs(changed))
        except ApprovalConflictError:
            tries += 1
            if tries == TRIES:
                raise


async def show(workspace: Workspace, approval: Approval) -> Approval:
    """Bring the card up to date, and again if the request moved meanwhile. Raises `SlackRefusedError`."""
    for _ in range(TRIES):
        latest = await _shown(workspace, approval)
        if _face(latest) == _face(approval):
            return latest
        approval = latest
    return approval


async def show_or_queue(workspace: Workspace, approval: Approval) -> Approval:
    """As `show`; when Slack refuses, a job does it later. What was decided stands either way."""
    try:
        return await show(workspace, approval)
    except SlackRefusedError as refusal:
        await workspace.jobs.put(_render_job(workspace, approval.id, refusal))
        return approval


async def refresh(workspace: Workspace, approval_id: str) -> datetime | None:
    """The job that brings a card up to date. Returns when to try again."""
    try:
        await show(workspace, await workspace.approvals.get(approval_id))
    except ApprovalNotFoundError:
        return None
    except SlackRefusedError as refusal:
        if refusal.code in _GONE:
            return None
        return workspace.clock.now() + _wait(refusal)
    return None


async def tell(workspace: Workspace, approval: Approval, people: Iterable[str]) -> None:
    """Tell each of them where the request stands. The card says the same, so a refusal is no loss."""
    for person in sorted({person for person in people if person}):
        with suppress(SlackRefusedError):
            await workspace.announcer.tell(person, approval)


async def _shown(workspace: Workspace, approval: Approval) -> Approval:
    card = await workspace.announcer.show(approval)
    return await update(workspace, approval.id, lambda current: replace(current, card=card))


def _face(approval: Approval) -> Approval:
    """What a card shows of a request."""
    return replace(approval, version=0, card=None)


def _render_job(workspace: Workspace, approval_id: str, refusal: SlackRefusedError) -> Job:
    due = workspace.clock.now() + _wait(refusal)
    return Job(JobKind.RENDER, f"render:{approval_id}", workspace.team_id, due, {"approval": approval_id})


def _wait(refusal: SlackRefusedError) -> timedelta:
    return AGAIN if refusal.retry_in is None else timedelta(seconds=refusal.retry_in)
