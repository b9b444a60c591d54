"""A request as it is stored, and as people see it: every change of the one reaches the other."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain import audit, steps
from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError, SlackRefusedError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.waiting import Why
from scrm_bot.ports import Workspace
from scrm_bot.usecases import live

TRIES = 5
AGAIN = timedelta(seconds=15)
MOST_COPIES = 50
# Slack's words for "this will never work": the card cannot be brought up to date any more
GONE = frozenset(
    {
        "channel_not_found",
        "message_not_found",
        "is_archived",
        "not_in_channel",
        "account_inactive",
        "cant_update_message",
    }
)
_PASSING = frozenset(
    {"unreachable", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


def no_jobs(_: Approval) -> Sequence[Job]:
    return ()


async def update(
    workspace: Workspace,
    approval_id: str,
    change: Callable[[Approval], Approval],
    *,
    jobs: Callable[[Approval], Sequence[Job]] = no_jobs,
    by: str = "",
) -> Approval:
    """Store what `change` makes of the newest version. It is called again when someone else was faster.

    `by` is who is behind it, where that is a person and no decision of theirs tells it.
    """
    tries = 0
    while True:
        current = await workspace.approvals.get(approval_id)
        changed = change(current)
        if changed == current:
            return current
        try:
            return await save(workspace, changed, before=current, jobs=jobs(changed), by=by)
        except ApprovalConflictError:
            tries += 1
            if tries == TRIES:
                raise


async def save(
    workspace: Workspace, approval: Approval, *, before: Approval, jobs: Sequence[Job] = (), by: str = ""
) -> Approval:
    """Store the next version of `before`, with its jobs and its lines in the log, as one."""
    now = workspace.clock.now()
    lines = audit.moved(before, approval, at=now, by=by)
    told = steps.following(before, approval, now=now)
    saved = await workspace.approvals.save(approval, jobs=(*jobs, *told), audit=lines)
    await live.changed(workspace)
    return saved


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
        await workspace.jobs.put(render_job(workspace, approval.id, wait=_wait(refusal)))
        return approval


async def refresh(workspace: Workspace, approval_id: str) -> datetime | None:
    """The job that brings a card up to date. Returns when to try again."""
    try:
        await show(workspace, await workspace.approvals.get(approval_id))
    except ApprovalNotFoundError:
        return None
    except SlackRefusedError as refusal:
        if refusal.code in GONE:
            return None
        if not _passes(refusal):
            raise  # tried again less and less often, and given up where an admin sees it
        return workspace.clock.now() + _wait(refusal)
    return None


async def tell(workspace: Workspace, approval: Approval, people: Iterable[str]) -> None:
    """Tell each of them where the request stands. The card says the same, so a refusal is no loss.

    What they get is a copy of the card, which is brought up to date from here on.
    """
    told: list[CardRef] = []
    for person in sorted({person for person in people if person}):
        with suppress(SlackRefusedError):
            told.append(await workspace.announcer.tell(person, approval))
    if not told:
        return
    stored = await update(
        workspace,
        approval.id,
        lambda current: replace(current, copies=(*current.copies, *told)[-MOST_COPIES:]),
    )
    if _face(stored) != _face(approval):  # it moved while they were told
        await workspace.jobs.put(render_job(workspace, approval.id))


def render_job(workspace: Workspace, approval_id: str, *, wait: timedelta = timedelta()) -> Job:
    """Bring the copies of one card up to date."""
    due = workspace.clock.now() + wait
    return Job(JobKind.RENDER, f"render:{approval_id}", workspace.team_id, due, {"approval": approval_id})


async def notify(
    workspace: Workspace, approval: Approval, people: Iterable[str], *, why: Why = Why.NEWS
) -> None:
    """Tell each of them once, with what they can do next. The card says the same, so a refusal is no loss."""
    for person in sorted({person for person in people if person}):
        with suppress(SlackRefusedError):
            await workspace.announcer.notify(person, approval, why=why)


async def say_changes(workspace: Workspace, approval: Approval) -> None:
    """Say under the card what should be different. The card and its author's message say the same."""
    with suppress(SlackRefusedError):
        await workspace.announcer.say_changes(approval)


async def _shown(workspace: Workspace, approval: Approval) -> Approval:
    try:
        card = await workspace.announcer.show(approval)
    except SlackRefusedError:
        with suppress(SlackRefusedError):
            await workspace.announcer.show_copies(approval)
        raise
    shown = await update(workspace, approval.id, lambda current: replace(current, card=card))
    await workspace.announcer.show_copies(approval)
    return shown


def _face(approval: Approval) -> Approval:
    """What a card shows of a request."""
    return replace(approval, version=0, card=None, copies=(), remarks=0)


def _passes(refusal: SlackRefusedError) -> bool:
    """Whether this is Slack's own trouble, which ends by itself."""
    is_garbled = refusal.code in _PASSING or refusal.code.startswith("http_5")
    return refusal.retry_in is not None or is_garbled


def _wait(refusal: SlackRefusedError) -> timedelta:
    return AGAIN if refusal.retry_in is None else timedelta(seconds=refusal.retry_in)
