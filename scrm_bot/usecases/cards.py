"""A request as it is stored, and as people see it: every change of the one reaches the other."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain import audit, steps
from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.cards import CopyKind, Posting
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    ApprovalNotFoundError,
    NoApprovalsChannelError,
    SlackRefusedError,
)
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.team import Role
from scrm_bot.domain.waiting import Why
from scrm_bot.ports import Workspace
from scrm_bot.usecases import live, relisting, roles, slackwords
from scrm_bot.usecases.relisting import face

TRIES = 5
AGAIN = timedelta(seconds=15)
MOST_COPIES = 50


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
    workspace: Workspace,
    approval: Approval,
    *,
    before: Approval,
    jobs: Sequence[Job] = (),
    by: str = "",
    intent: timedelta | None = None,
) -> Approval:
    """Store the next version of `before`, with its jobs and its lines in the log, as one."""
    now = workspace.clock.now()
    lines = audit.moved(before, approval, at=now, by=by)
    told = steps.following(before, approval, now=now)
    saved = await workspace.approvals.save(approval, intent=intent, jobs=(*jobs, *told), audit=lines)
    await live.changed(workspace)
    return saved


async def show(workspace: Workspace, approval: Approval) -> Approval:
    """Bring the card up to date, and again if the request moved meanwhile. Raises `SlackRefusedError`.

    It begins with the newest version: whoever comes with an older one must not turn the card back.
    """
    approval = await workspace.approvals.get(approval.id)
    for _ in range(TRIES):
        latest = await _shown(workspace, approval)
        if face(latest) == face(approval):
            return latest
        approval = latest
    return approval


async def show_or_queue(workspace: Workspace, approval: Approval) -> Approval:
    """As `show`; when Slack refuses, a job does it later. What was decided stands either way."""
    try:
        return await show(workspace, approval)
    except NoApprovalsChannelError:
        return approval  # nobody has said where it could be shown
    except SlackRefusedError as refusal:
        was_told = refusal.code in slackwords.UNREACHABLE and approval.unreachable
        if refusal.code not in slackwords.REVOKED and not was_told:
            await workspace.jobs.put(render_job(workspace, approval.id, wait=wait_after(refusal)))
        return approval


async def tell(workspace: Workspace, approval: Approval, people: Iterable[str]) -> None:
    """Tell each of them where the request stands. The card says the same, so a refusal is no loss.

    What they get is a copy of the card, which is brought up to date from here on.
    """
    told: list[CardRef] = []
    for person in sorted({person for person in people if person}):
        if not await _may_read(workspace, person):
            continue
        with suppress(SlackRefusedError):
            told.append(await workspace.announcer.tell(person, approval))
    await _keep(workspace, approval, told)


async def notify(
    workspace: Workspace, approval: Approval, people: Iterable[str], *, why: Why = Why.NEWS
) -> None:
    """Tell each of them once, with what they can do next. What they get follows the card, too."""
    told: list[CardRef] = []
    for person in sorted({person for person in people if person}):
        if not await _may_read(workspace, person):
            continue
        with suppress(SlackRefusedError):
            told.append(await workspace.announcer.notify(person, approval, why=why))
    await _keep(workspace, approval, told)


async def say_changes(workspace: Workspace, approval: Approval) -> None:
    """Say under the card what should be different. The card and its author's message say the same."""
    with suppress(SlackRefusedError):
        said = await workspace.announcer.say_changes(approval)
        await _keep(workspace, approval, [said] if said else [])


def render_job(workspace: Workspace, approval_id: str, *, wait: timedelta = timedelta()) -> Job:
    """Bring the copies of one card up to date."""
    due = workspace.clock.now() + wait
    return Job(JobKind.RENDER, f"render:{approval_id}", workspace.team_id, due, {"approval": approval_id})


async def catch_up(workspace: Workspace, drawn: Approval) -> None:
    """Where a request has moved since it was drawn so, everything about it is drawn again."""
    with suppress(ApprovalNotFoundError):
        if face(await workspace.approvals.get(drawn.id)) != face(drawn):
            await workspace.jobs.put(render_job(workspace, drawn.id))


def with_copies(approval: Approval, *fresh: CardRef, without: Collection[CardRef] = ()) -> Approval:
    """The newest messages about a request are those that are brought up to date."""
    kept = [copy for copy in approval.copies if copy not in without]
    added = [copy for copy in fresh if not approval.is_shown_at(copy)]
    return replace(approval, copies=tuple([*kept, *added][-MOST_COPIES:]))


async def _shown(workspace: Workspace, approval: Approval) -> Approval:
    try:
        shown = await _placed(workspace, approval)
    except SlackRefusedError as refusal:
        if refusal.code not in slackwords.REVOKED:
            with suppress(SlackRefusedError):
                await _elsewhere(workspace, approval)
        raise
    await _elsewhere(workspace, shown)
    return shown


async def _elsewhere(workspace: Workspace, approval: Approval) -> None:
    """Bring the copies up to date, and the digests that list it."""
    try:
        await workspace.announcer.show_copies(approval)
    finally:
        await relisting.refresh(workspace, approval)


async def _placed(workspace: Workspace, approval: Approval) -> Approval:
    """The request once its card is up to date: in its place or, where it has none, in a new one."""
    if approval.card:
        try:
            card = await workspace.announcer.show(approval)
        except SlackRefusedError as refusal:
            if refusal.code not in slackwords.LOST:
                raise
        else:
            return await update(workspace, approval.id, lambda current: _put(current, card))
    channel = await _channel(workspace, approval)
    at = workspace.clock.now()
    posting = await update(
        workspace, approval.id, lambda current: _about_to_post(current, approval.card, channel, at)
    )
    card = await workspace.announcer.show(posting)
    return await update(workspace, approval.id, lambda current: _put(current, card))


async def _channel(workspace: Workspace, approval: Approval) -> str:
    if approval.card:
        return approval.card.channel
    channel = (await workspace.settings.load()).approvals_channel
    if not (approval.posting or channel):
        raise NoApprovalsChannelError
    return channel


def _about_to_post(current: Approval, lost: CardRef | None, channel: str, at: datetime) -> Approval:
    """Noted before the card is posted, for who comes after a crash."""
    if current.card != lost:
        return current  # somebody else has posted it meanwhile
    before = current.posting
    posting = replace(before, tries=before.tries + 1) if before else Posting(channel, at)
    return replace(current, card=None, posting=posting)


def _put(current: Approval, card: CardRef) -> Approval:
    """Of two that were posted at once, the first that is noted stays the card and the other is a copy."""
    if current.card is None or current.card == card:
        return replace(current, card=card, posting=None, unreachable="")
    return with_copies(current, card)


async def _may_read(workspace: Workspace, person: str) -> bool:
    """Texts go to full members, and to guests as long as the team's lists give them a role here.

    Where Slack does not say just now who somebody is, they are told: most are who they were.
    """
    with suppress(SlackRefusedError):
        known = await workspace.people.get(person)
        if not known.is_member(workspace.team_id):
            has_role = (await roles.role_of(workspace, person)).includes(Role.VIEWER)
            return has_role and not known.is_outsider(workspace.team_id)
    return True


async def _keep(workspace: Workspace, approval: Approval, fresh: Collection[CardRef]) -> None:
    """Remember what people were told. Of several nudges to one person, the last is the one to read."""
    if not fresh:
        return
    nudged = {copy.channel for copy in fresh if copy.kind is CopyKind.NUDGE}
    older = [copy for copy in approval.copies if copy.kind is CopyKind.NUDGE and copy.channel in nudged]
    retired = [copy for copy in older if await _retired(workspace, approval, copy)]
    stored = await update(
        workspace, approval.id, lambda current: with_copies(current, *fresh, without=retired)
    )
    if face(stored) != face(approval):  # it moved while they were told
        await workspace.jobs.put(render_job(workspace, approval.id))


async def _retired(workspace: Workspace, approval: Approval, copy: CardRef) -> bool:
    try:
        await workspace.announcer.retire(copy, approval)
    except SlackRefusedError as refusal:
        return refusal.code in slackwords.GONE
    return True


def wait_after(refusal: SlackRefusedError) -> timedelta:
    """How long to leave Slack alone after this."""
    if refusal.code in slackwords.UNREACHABLE:
        return timedelta()
    return AGAIN if refusal.retry_in is None else timedelta(seconds=refusal.retry_in)
