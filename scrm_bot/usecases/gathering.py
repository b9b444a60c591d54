"""What a digest says, from every source. One that does not answer is named; nothing is made up for it."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.besttime import best_time
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import NotConnectedError, ScrmError, UnauthorizedError
from scrm_bot.domain.facts import Facts
from scrm_bot.domain.insights import Metrics, Trend, summed
from scrm_bot.domain.movements import Edition, moves, wanted_days
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import PostReading, Snapshot, Timeline
from scrm_bot.domain.waiting import due_at
from scrm_bot.domain.workspaces import Pause
from scrm_bot.ports import Workspace
from scrm_bot.usecases.choosing import read_accounts

T = TypeVar("T")
FRESH = timedelta(hours=12)  # a day's snapshot is its numbers for as long
SHARED_SECONDS = 300  # for which the digests of one workspace tell the same facts
_DAY = timedelta(days=1)
_LENGTH = {Edition.DAILY: _DAY, Edition.WEEKLY: 7 * _DAY, Edition.MONTHLY: 31 * _DAY}
_WALK = 500
_TRENDS = 3
_MEASURED = 10  # posts whose numbers are read, the newest
_KEY_GONE = (UnauthorizedError, NotConnectedError)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Which digest is wanted: of which local date, in which zone, and what else it has to say."""

    day: date
    zone: str
    edition: Edition = Edition.DAILY
    late: datetime | None = None
    skipped: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the bot itself knows: earlier days (None: not to be had), who waits for whom, and a pause."""

    days: Mapping[date, Snapshot] | None = None
    waiting: tuple[Approval, ...] = ()
    paused: Pause | None = None
    missing: tuple[str, ...] = ()


async def look(workspace: Workspace, edition: Edition = Edition.DAILY) -> Facts:
    """Ask SocialCRM. Raises `UnauthorizedError` or `NotConnectedError`: without a key there is no digest."""
    now, sources = workspace.clock.now(), _Sources()
    accounts, numbers, posts, trends = await asyncio.gather(
        sources.ask("accounts", read_accounts(workspace), ()),
        sources.ask("account numbers", _numbers(workspace), ()),
        sources.ask("posts", _posts(workspace, now), ()),
        sources.ask("trends", _trends(workspace), ()),
    )
    measured = await _measured(workspace, _out(posts, now, max(2 * _DAY, _LENGTH[edition])), sources)
    if sources.key_gone:
        raise sources.key_gone
    missing = tuple(sorted({*sources.missing}))
    return Facts(now, accounts, numbers, posts, measured, trends, missing)


async def shared_look(workspace: Workspace, edition: Edition) -> Facts | None:
    """As `look`, at most once in some minutes for all digests of a workspace. None: another is at it."""
    kept = await workspace.numbers.facts()
    if kept is not None:
        return kept
    if not await workspace.numbers.begin():
        return None
    try:
        found = await look(workspace, edition)
        if not found.missing:  # else the next one may be luckier
            await workspace.numbers.share(found, seconds=SHARED_SECONDS)
    finally:
        await workspace.numbers.end()
    return found


async def preview(workspace: Workspace, *, zone: str, edition: Edition = Edition.DAILY) -> Report:
    """What a digest would say now. Nothing is kept of it: the day's numbers are read at the digest's time."""
    facts = await look(workspace, edition)
    day = facts.at.astimezone(ZoneInfo(zone)).date()
    return await gather(workspace, Occasion(day, zone, edition), facts)


async def remember(workspace: Workspace, facts: Facts, day: date) -> None:
    """Keep the numbers of a day, unless it has some."""
    if facts.snapshot:
        await workspace.numbers.add(day, facts.snapshot)


async def recall(workspace: Workspace, edition: Edition, day: date) -> Recalled:
    """Ask the bot's own memory, all at once."""
    sources = _Sources()
    days, waiting, paused = await asyncio.gather(
        sources.ask("earlier numbers", workspace.numbers.read(wanted_days(edition, day)), None),
        sources.ask("approvals", _waiting(workspace), ()),
        sources.ask("settings", _pause(workspace), None),
    )
    return Recalled(days, waiting, paused, tuple(sources.missing))


async def gather(
    workspace: Workspace, occasion: Occasion, facts: Facts, recalled: Recalled | None = None
) -> Report:
    """The report that these facts, and what is remembered, lead to."""
    now, day, edition = workspace.clock.now(), occasion.day, occasion.edition
    known = recalled or await recall(workspace, edition, day)
    timeline = _timeline(known, facts, day)
    published = _published(facts, timeline, now - _LENGTH[edition], now)
    moved = moves(timeline, day, edition, published=published)
    as_of = timeline.on(day)
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
        failed=tuple(post for post in facts.posts if post.status.lower() == "failed"),
        upcoming=_upcoming(facts.posts, now),
        waiting=known.waiting,
        trends=facts.trends,
        missing=tuple(sorted({*facts.missing, *known.missing})),
        late=occasion.late,
        skipped=occasion.skipped,
        paused=known.paused,
        best_time=None if edition is Edition.DAILY else best_time(timeline, zone=occasion.zone),
        made_at=now,
    )


class _Sources:
    """Asks several sources, and remembers which did not answer."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        self.key_gone: ScrmError | None = None

    async def ask(self, name: str, answer: Awaitable[T], otherwise: T) -> T:
        try:
            return await answer
        except _KEY_GONE as error:
            self.key_gone = error
        except ScrmError:
            self.missing.append(name)
        return otherwise


async def _numbers(workspace: Workspace) -> tuple[Metrics, ...]:
    return tuple(await workspace.socialcrm.get_account_analytics())


async def _posts(workspace: Workspace, now: datetime) -> tuple[Post, ...]:
    found = [post async for post in workspace.socialcrm.walk_posts(most=_WALK)]
    return tuple(post for post in found if _matters(post, now))


def _matters(post: Post, now: datetime) -> bool:
    status = post.status.lower()
    if post.published_at:
        return now - _LENGTH[Edition.MONTHLY] <= post.published_at <= now
    is_near = post.scheduled_at is not None and now <= post.scheduled_at <= now + 2 * _DAY
    return status == "failed" or (status == "scheduled" and is_near)


async def _trends(workspace: Workspace) -> tuple[Trend, ...]:
    return tuple(await workspace.socialcrm.list_trending(limit=_TRENDS))[:_TRENDS]


async def _waiting(workspace: Workspace) -> tuple[Approval, ...]:
    """What waits for somebody, the soonest due first."""
    found = [approval for approval in await workspace.approvals.open() if approval.is_open]
    latest = datetime.max.replace(tzinfo=workspace.clock.now().tzinfo)
    return tuple(sorted(found, key=lambda approval: due_at(approval) or latest))


async def _pause(workspace: Workspace) -> Pause | None:
    return (await workspace.settings.load()).pause


async def _measured(
    workspace: Workspace, posts: Sequence[Post], sources: _Sources
) -> tuple[PostReading, ...]:
    """The newest few with their numbers; without any where those do not come."""

    async def read(post: Post) -> PostReading | None:
        found = summed(await workspace.socialcrm.get_post_analytics(post.id))
        return PostReading(post.id, post.published_at, found.values) if found and post.published_at else None

    readings = await asyncio.gather(
        *(sources.ask("post numbers", read(post), None) for post in posts[:_MEASURED])
    )
    return tuple(reading for reading in readings if reading)


def _timeline(known: Recalled, facts: Facts, day: date) -> Timeline:
    """What is remembered of the days before, with this day as it was kept, or as it is now."""
    kept = Timeline(known.days or {})
    today = kept.on(day)
    if facts.snapshot and (today is None or facts.at - today.at > FRESH):
        return kept.with_day(day, facts.snapshot)
    return kept


def _out(posts: Sequence[Post], now: datetime, length: timedelta) -> list[Post]:
    """What was published in that time, newest first."""
    dated = [(post.published_at, post) for post in posts if post.published_at]
    recent = [(at, post) for at, post in dated if now - length <= at <= now]
    return [post for _, post in sorted(recent, key=lambda each: each[0], reverse=True)]


def _published(
    facts: Facts, timeline: Timeline, since: datetime, now: datetime
) -> tuple[tuple[Post, Metrics | None], ...]:
    """What went out since then, each with the last that is known of its numbers."""
    now_read = {reading.post_id: reading for reading in facts.readings}
    readings = {**timeline.posts(), **now_read}
    out = _out(facts.posts, now, now - since)
    return tuple((post, readings[post.id].numbers if post.id in readings else None) for post in out)


def _upcoming(posts: Sequence[Post], now: datetime) -> tuple[Post, ...]:
    soon = [
        post
        for post in posts
        if post.status.lower() == "scheduled" and post.scheduled_at and now <= post.scheduled_at <= now + _DAY
    ]
    return tuple(sorted(soon, key=lambda post: post.scheduled_at or now))
