"""What a digest says, from every source. One that does not answer is named; nothing is made up for it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.besttime import best_time
from scrm_bot.domain.digests import OVERLAP, DigestSchedule, Report, Since, begins, usual_since
from scrm_bot.domain.facts import POSTS, Facts
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.movements import moves
from scrm_bot.domain.periods import Edition, wanted_days
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import FRESH, Snapshot, Timeline, has_like, timeline, with_rest
from scrm_bot.domain.traces import word
from scrm_bot.domain.waiting import due_at
from scrm_bot.domain.workspaces import Pause
from scrm_bot.ports import Workspace
from scrm_bot.usecases.looking import Sources, look, went_out

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which digest is wanted: of which local date, in which zone, since when, and what else it has to say."""

    day: date
    zone: str
    edition: Edition = Edition.DAILY
    late: datetime | None = None
    skipped: str = ""
    name: str = ""
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the bot itself knows: earlier days (None: not to be had), who waits for whom, and a pause."""

    days: Mapping[date, Sequence[Snapshot]] | None = None
    waiting: tuple[Approval, ...] = ()
    paused: Pause | None = None
    missing: tuple[str, ...] = ()


async def preview(workspace: Workspace, *, zone: str, schedule: DigestSchedule | None = None) -> Report:
    """What a digest would say now. Nothing is kept of it: the day's numbers are read at the digest's time."""
    now, edition = workspace.clock.now(), schedule.edition if schedule else Edition.DAILY
    usual = usual_since(edition, now, zone)
    since = min(usual, begins(schedule, now) if schedule else usual, key=lambda each: each.at)
    facts = await look(workspace, since.first)
    day = facts.at.astimezone(ZoneInfo(zone)).date()
    report = await gather(workspace, Occasion(day, zone, edition, since=since), facts)
    return replace(report, is_planned=schedule is not None)


async def recall(workspace: Workspace, edition: Edition, day: date, since: date) -> Recalled:
    """Ask the bot's own memory, all at once."""
    sources, days = Sources(), wanted_days(edition, day, since)
    kept, waiting, paused = await asyncio.gather(
        sources.ask("earlier numbers", workspace.numbers.read(days), None),
        sources.ask("approvals", _waiting(workspace), ()),
        sources.ask("settings", _pause(workspace), None),
    )
    return Recalled(kept, waiting, paused, tuple(sources.missing))


async def gather(
    workspace: Workspace, occasion: Occasion, facts: Facts, recalled: Recalled | None = None
) -> Report:
    """The report that these facts, and what is remembered, lead to."""
    now, day, edition = workspace.clock.now(), occasion.day, occasion.edition
    since = occasion.since or usual_since(edition, facts.at, occasion.zone)
    known = recalled or await recall(workspace, edition, day, since.day)
    remembered = _timeline(known, facts, day, since.day)
    published = _published(facts, remembered, since)
    moved = moves(remembered, day, edition, since=since.day, published=published)
    as_of = remembered.on(day)
    failed = [post for post in facts.posts if word(post) == "failed"]
    recent = tuple(post for post in failed if _is_news(post, since, facts.at))
    return Report(
        workspace=occasion.name or workspace.name or workspace.team_id,
        day=day,
        zone=occasion.zone,
        as_of=as_of.at if as_of else facts.at,
        edition=edition,
        accounts=facts.accounts,
        headline=moved.headline,
        rows=moved.rows,
        published=published,
        failed=recent,
        upcoming=_upcoming(facts.posts, now),
        waiting=known.waiting,
        trends=facts.trends,
        missing=tuple(sorted({*facts.missing, *known.missing})),
        late=occasion.late,
        skipped=occasion.skipped,
        paused=known.paused,
        best_time=None if edition is Edition.DAILY else best_time(remembered, zone=occasion.zone),
        made_at=now,
        since=since.at,
        failed_before=len(failed) - len(recent),
    )


def ended(report: Report, facts: Facts, before: Since) -> Since:
    """Where the next digest begins once this one is sent: here, unless it had to do without the posts."""
    if POSTS in facts.missing:
        return before
    last = facts.at - OVERLAP
    out = [post.id for post, _ in report.published if post.published_at and post.published_at >= last]
    earlier = before.posts if before.at >= last else ()
    failed = [post for post in facts.posts if word(post) == "failed"]
    just_now = tuple(post.id for post in failed if _failed_at(post, facts.at) >= last)
    return Since(facts.at, report.day, (*out, *earlier), is_end=True, failed=just_now)


async def _waiting(workspace: Workspace) -> tuple[Approval, ...]:
    """What waits for somebody, the soonest due first."""
    found = [approval for approval in await workspace.approvals.open() if approval.is_open]
    latest = datetime.max.replace(tzinfo=workspace.clock.now().tzinfo)
    return tuple(sorted(found, key=lambda approval: due_at(approval) or latest))


async def _pause(workspace: Workspace) -> Pause | None:
    return (await workspace.settings.load()).pause


def _timeline(known: Recalled, facts: Facts, day: date, start: date) -> Timeline:
    """What is remembered of the days before, with this day as it was kept, or as it is now.

    What was kept half a day ago gives way, unless it alone can be compared with the day that comes first.
    """
    kept = known.days or {}
    today, fresh = next(reversed(kept.get(day, ())), None), facts.snapshot
    if today is None or fresh is None:
        return timeline(kept, day, today or fresh)
    today = with_rest(today, fresh)
    is_alike = has_like(kept, start, today, day) and not has_like(kept, start, fresh, day)
    is_still_good = facts.at - today.at <= FRESH or is_alike
    return timeline(kept, day, today if is_still_good else fresh)


def _published(facts: Facts, remembered: Timeline, since: Since) -> tuple[tuple[Post, Metrics | None], ...]:
    """What went out since then and was not told, each with the last that is known of its numbers."""
    now_read = {reading.post_id: reading for reading in facts.readings}
    readings = {**remembered.posts(), **now_read}
    out = [post for post in went_out(facts.posts, since.first, facts.at) if post.id not in since.posts]
    return tuple((post, readings[post.id].numbers if post.id in readings else None) for post in out)


def _is_news(post: Post, since: Since, now: datetime) -> bool:
    """Whether it failed since then; also one that was told before and has failed once more."""
    was_told = post.id in since.failed and _failed_at(post, since.at) <= since.at
    return not was_told and _failed_at(post, now) >= since.first


def _failed_at(post: Post, now: datetime) -> datetime:
    """About when; where nobody tells, it counts as new."""
    return post.updated_at or post.scheduled_at or post.created_at or now


def _upcoming(posts: Sequence[Post], now: datetime) -> tuple[Post, ...]:
    soon = [
        post
        for post in posts
        if word(post) == "scheduled" and post.scheduled_at and now <= post.scheduled_at <= now + _DAY
    ]
    return tuple(sorted(soon, key=lambda post: post.scheduled_at or now))
