"""What became of a call to SocialCRM: told only from what was read back."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import ActionKind, Approval, State, Step
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    NotConnectedError,
    NotFoundError,
    RateLimitedError,
    RecentLapseError,
    ScrmError,
    SocialCRMError,
    VaultError,
)
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.posts import Drift, Post, content_of, drift
from scrm_bot.domain.traces import Seen, seen, word
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards
from scrm_bot.usecases.approvers import approvers_of, members_among
from scrm_bot.usecases.reasons import GONE as GONE  # noqa: PLC0414  one of the things a card may tell

READING = (SocialCRMError, NotConnectedError, BudgetExhaustedError, VaultError)  # why a read may fail
CHANGED = "The post was changed after the request, so what was approved is not what would go out."
NOBODY_KNOWS = "SocialCRM did not say whether the call worked, and reading the post does not settle it."
BROKEN = "SocialCRM could not publish it."
NO_TRACE = "SocialCRM took the call, but the post reads as if there had been none."
STILL_AT_IT = "SocialCRM has been saying for over an hour that it is publishing the post."
_LOOKED_FOR = timedelta(days=7)
_JUST_AFTER = timedelta(seconds=5)
_SAME_TIME = timedelta(minutes=1)

Again = datetime | None  # when a job wants to run again; None: it is done
DONE: Again = None


@dataclass(frozen=True, slots=True)
class Timing:
    """How long to wait for what.

    `undo`: between approval and publishing. `settle`: after a lost answer, before the post is taken as not
    sent; longer than any call takes. `leave`: after an intent, until its call must have left. `poll`: between
    two reads. `paused`: between two looks at the pause. `give_up`: when waiting becomes a person's matter.
    `slow`: between two reads after that. `max_attempts`: calls whose answers were lost. `watch`: between two
    looks at what is scheduled. `stats`: how long after its time a post's numbers are told.
    """

    undo: timedelta = timedelta(seconds=10)
    settle: timedelta = timedelta(seconds=90)
    poll: timedelta = timedelta(seconds=5)
    paused: timedelta = timedelta(seconds=60)
    give_up: timedelta = timedelta(hours=1)
    leave: timedelta = timedelta(seconds=5)
    slow: timedelta = timedelta(minutes=10)
    max_attempts: int = 2
    watch: timedelta = timedelta(seconds=40)
    stats: tuple[timedelta, ...] = (timedelta(hours=1), timedelta(hours=24))


def found(post: Post, approval: Approval) -> Seen:
    """What the post, as read, says about the call of this request."""
    before = approval.attempt.before if approval.attempt else None
    return seen(post, to_schedule=approval.action is ActionKind.SCHEDULE, before=before)


def is_changed(post: Post, approval: Approval) -> bool:
    return content_of(post, at=approval.content.at).hash != approval.content.hash


async def confirm(workspace: Workspace, approval: Approval, post: Post) -> Again:
    """Published or scheduled, at the time SocialCRM itself gives."""
    is_published = word(post) == "published"
    step = Step.CONFIRM_PUBLISHED if is_published else Step.CONFIRM_SCHEDULED
    confirmed = as_read(approval.moved(step), post)
    held = (follow_job(workspace, confirmed), watch_job(workspace))
    jobs = (_report_job(workspace, confirmed),) if is_published else held
    stored = await store(workspace, confirmed, before=approval, jobs=jobs)
    if (stored.drift, stored.changed_body) != (approval.drift, approval.changed_body):
        await cards.tell(workspace, stored, {stored.author, stored.requested_by, *stored.approved_by})
    return DONE


def as_read(approval: Approval, post: Post) -> Approval:
    """The request with what the post is now: its time, and in what it is not what was approved."""
    found = drift(post, approval.content)
    if _is_moved(approval, post):
        found = (*found, Drift.TIME)
    at = post.published_at if word(post) == "published" else post.scheduled_at
    body = post.body if Drift.TEXT in found else None
    return replace(approval, drift=found, changed_body=body, confirmed_at=at)


def due(approval: Approval) -> datetime:
    """The time of a request: as SocialCRM gave it, else as it was asked for."""
    return approval.confirmed_at or approval.content.at or approval.created_at


async def read(
    workspace: Workspace,
    approval: Approval,
    *,
    then: Callable[[Post], Awaitable[Again]],
    unread: Callable[[ScrmError], Awaitable[Again]],
) -> Again:
    """Read the post of a request and go on with it. One that is gone ends the request.

    Where another key is connected than it was asked for or sent with, one that this key does not show is only
    unread.
    """
    try:
        post = await workspace.socialcrm.get_post(approval.post_id)
    except NotFoundError as error:
        if await has_other_key(workspace, approval):
            return await unread(error)
        return await void(workspace, approval, GONE)
    except READING as error:
        return await unread(error)
    return await then(post)


async def has_other_key(workspace: Workspace, approval: Approval) -> bool:
    """Whether its call was made with another key than is connected now, perhaps one of another SocialCRM.

    Without a call: whether it was asked for with another.
    """
    key = (approval.attempt.key if approval.attempt else "") or approval.key
    return bool(key) and key != await key_now(workspace)


async def key_now(workspace: Workspace) -> str:
    """The fingerprint of the key that is connected, "" where none is."""
    found = await workspace.vault.connection()
    return found.fingerprint if found else ""


async def void(workspace: Workspace, approval: Approval, detail: str, *, found: Post | None = None) -> Again:
    """`found`: the post as it is now, where that is why."""
    content = content_of(found, at=approval.content.at) if found else None
    closed = await store(workspace, approval.voided(detail, found=content), before=approval)
    people = {closed.author, closed.requested_by}
    if approval.state is State.SCHEDULED:  # its approval had been acted on
        people |= {*closed.approved_by}
    await cards.tell(workspace, closed, people)
    return DONE


async def fail(
    workspace: Workspace, approval: Approval, detail: str, *, settle: timedelta | None = None
) -> Again:
    """Nothing went out: the author and those who approved are told why.

    `settle`: where that is known only because no call is noted. Raises `RecentLapseError` as for an intent.
    """
    closed = approval.moved(Step.FAIL, detail=detail)
    failed = await store(workspace, closed, before=approval, intent=settle)
    await cards.tell(workspace, failed, {failed.author, failed.requested_by, *failed.approved_by})
    return DONE


async def ask_a_person(workspace: Workspace, approval: Approval, detail: str, timing: Timing) -> Again:
    """The bot cannot find out: from here somebody decides. It only looks now and then what becomes of it."""
    if not approval.needs_person:
        lost = approval if approval.state is State.UNKNOWN else approval.moved(Step.LOSE_TRACK)
        asked = await store(workspace, replace(lost, needs_person=True, detail=detail), before=approval)
        approvers = await members_among(workspace, await approvers_of(workspace, asked.policy))
        await cards.tell(workspace, asked, {asked.author, asked.requested_by, *approvers})
    now = workspace.clock.now()
    return now + timing.slow if now < begun_at(approval) + _LOOKED_FOR else DONE


def begun_at(approval: Approval) -> datetime:
    """Since when there is something to find out."""
    if approval.attempt:
        return approval.attempt.sent_at
    return approval.act_at or approval.created_at


async def store(
    workspace: Workspace,
    approval: Approval,
    *,
    before: Approval,
    jobs: Sequence[Job] = (),
    intent: timedelta | None = None,
) -> Approval:
    """Save the version after `before` and show it. Raises `ApprovalConflictError` where that was moved."""
    if before.state is State.SCHEDULED:  # a look at many, which would not come back to this one from a crash
        jobs = (*jobs, cards.render_job(workspace, approval.id, wait=cards.AGAIN))
    saved = await cards.save(workspace, approval, before=before, jobs=jobs, intent=intent)
    return await cards.show_or_queue(workspace, saved)


def follow_job(workspace: Workspace, approval: Approval) -> Job:
    """Read the scheduled post just after its time."""
    at = approval.confirmed_at or approval.content.at or workspace.clock.now()
    key = f"follow:{approval.id}"
    return Job(JobKind.FOLLOW, key, workspace.team_id, at + _JUST_AFTER, {"approval": approval.id})


def act_job(approval: Approval, due: datetime) -> Job:
    """Publish or schedule what was approved, or settle what became of it."""
    return Job(JobKind.ACT, f"act:{approval.id}", approval.team_id, due, {"approval": approval.id})


def watch_job(workspace: Workspace) -> Job:
    """Look at everything this team has scheduled, now and again until the last has gone out."""
    return Job(JobKind.WATCH, "watch", workspace.team_id, workspace.clock.now())


def _report_job(workspace: Workspace, approval: Approval) -> Job:
    """Tell in the card's thread what becomes of the post."""
    args = {"approval": approval.id}
    return Job(JobKind.REPORT, f"report:{approval.id}", workspace.team_id, workspace.clock.now(), args)


def _is_moved(approval: Approval, post: Post) -> bool:
    """Whether SocialCRM had it for another time than was approved."""
    wanted = approval.content.at
    if wanted is None:
        return False
    if word(post) == "published":
        is_early = post.published_at is not None and post.published_at <= wanted - _SAME_TIME
        return is_early or Drift.TIME in approval.drift
    return post.scheduled_at is not None and abs(post.scheduled_at - wanted) >= _SAME_TIME


def wait_for(error: ScrmError, timing: Timing) -> timedelta:
    """How long to leave SocialCRM alone after a call that did not get through."""
    if isinstance(error, RateLimitedError | BudgetExhaustedError | RecentLapseError):
        return timedelta(seconds=error.retry_in)
    return timing.poll


def later(now: datetime, wait: timedelta) -> datetime:
    """Never at once: a refusal that says "in 0 s" must not become a busy loop."""
    return now + max(wait, timedelta(seconds=1))
