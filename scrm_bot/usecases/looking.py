"""What SocialCRM tells for digests, asked once for all digests of a workspace that are due together."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from scrm_bot.domain.besttime import SETTLED, settled
from scrm_bot.domain.digests import FURTHEST, OVERLAP
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    NotConnectedError,
    RateLimitedError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.facts import NUMBERS, POSTS, Facts
from scrm_bot.domain.insights import Metrics, Trend, summed, told_apart, whole, with_missing
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import PostReading, days_before
from scrm_bot.domain.traces import out_at, word
from scrm_bot.ports import Workspace
from scrm_bot.usecases.choosing import read_accounts

T = TypeVar("T")
SHARED_SECONDS = 300  # for which the digests of one workspace tell the same facts
_DAY = timedelta(days=1)
_REACH = FURTHEST + OVERLAP
_WALK = 500
_UNREAD = f"posts beyond the first {_WALK} that SocialCRM lists"
_UNTIMED = "when some posts went out"
_TRENDS = 3
_MEASURED = 10  # posts whose numbers are read, the newest
_MEASURED_FOR = 2 * _DAY
KEY_GONE = (UnauthorizedError, NotConnectedError)
# What may well be there some minutes later; a scope, a plan or an address will not.
_PASSING = (BudgetExhaustedError, RateLimitedError, SocialCRMAmbiguousError, SocialCRMUnreachableError)


async def look(workspace: Workspace, since: datetime) -> Facts:
    """Ask SocialCRM. Raises `UnauthorizedError` or `NotConnectedError`: without a key there is no digest."""
    now, sources = workspace.clock.now(), Sources()
    accounts, numbers, posts, trends = await asyncio.gather(
        sources.ask("accounts", read_accounts(workspace), ()),
        sources.ask(NUMBERS, _numbers(workspace), ()),
        sources.ask(POSTS, _posts(workspace, now, sources), ()),
        sources.ask("trends", _trends(workspace), ()),
    )
    measured = await _measured(workspace, went_out(posts, min(since, now - _MEASURED_FOR), now), sources)
    if sources.key_gone:
        raise sources.key_gone
    missing, passing = (tuple(sorted({*names})) for names in (sources.missing, sources.passing))
    numbers = with_missing(whole(numbers, len(accounts)), accounts)
    return Facts(now, accounts, numbers, posts, measured, trends, missing, passing, since)


async def shared_look(workspace: Workspace, since: datetime) -> Facts | None:
    """As `look`, at most once in some minutes for all digests of a workspace. None: another is at it."""
    kept = await workspace.numbers.facts()
    if kept is not None and kept.reach(since):
        return kept
    if not await workspace.numbers.begin():
        return None
    try:
        found = await look(workspace, since)
        if not found.passing:  # else the next one may be luckier
            await workspace.numbers.share(found, seconds=SHARED_SECONDS)
    finally:
        await workspace.numbers.end()
    return found


def went_out(posts: Sequence[Post], since: datetime, until: datetime) -> list[Post]:
    """What was published in that time, newest first."""
    dated = [(post.published_at, post) for post in posts if post.published_at]
    recent = [(at, post) for at, post in dated if since <= at <= until]
    return [post for _, post in sorted(recent, key=lambda each: each[0], reverse=True)]


class Sources:
    """Asks several sources, and remembers which did not answer."""

    def __init__(self) -> None:
        self.missing: list[str] = []
        self.passing: list[str] = []
        self.key_gone: ScrmError | None = None

    async def ask(self, name: str, answer: Awaitable[T], otherwise: T) -> T:
        try:
            return await answer
        except KEY_GONE as error:
            self.key_gone = error
        except ScrmError as error:
            self.missing.append(name)
            self.passing += [name] if isinstance(error, _PASSING) else []
        return otherwise


async def _numbers(workspace: Workspace) -> tuple[Metrics, ...]:
    return told_apart(await workspace.socialcrm.get_account_analytics())


async def _posts(workspace: Workspace, now: datetime, sources: Sources) -> tuple[Post, ...]:
    """Those that matter of the first that are listed, each with the time at which it went out.

    That there may be more of them is said, and that nobody tells when some did.
    """
    listed = [post async for post in workspace.socialcrm.walk_posts(most=_WALK)]
    found = [_timed(post, now) for post in listed]
    if len(found) >= _WALK:
        sources.missing.append(_UNREAD)
    if any(_is_untimed(post, now) for post in found):
        sources.missing.append(_UNTIMED)
    return tuple(post for post in found if _matters(post, now))


def _timed(post: Post, now: datetime) -> Post:
    """With the time at which it went out."""
    return replace(post, published_at=out_at(post, now=now))


def _is_untimed(post: Post, now: datetime) -> bool:
    """Whether it may have gone out lately, and nobody tells when."""
    is_out = word(post) == "published" and post.published_at is None
    return is_out and (post.updated_at or now) >= now - _REACH


def _matters(post: Post, now: datetime) -> bool:
    status = word(post)
    if post.published_at:
        return now - _REACH <= post.published_at <= now
    is_near = post.scheduled_at is not None and now <= post.scheduled_at <= now + 2 * _DAY
    return status == "failed" or (status == "scheduled" and is_near)


async def _trends(workspace: Workspace) -> tuple[Trend, ...]:
    return tuple(await workspace.socialcrm.list_trending(limit=_TRENDS))[:_TRENDS]


async def _measured(workspace: Workspace, posts: Sequence[Post], sources: Sources) -> tuple[PostReading, ...]:
    """The newest few with their numbers, and some before; without any where those do not come."""

    async def read(post: Post) -> PostReading | None:
        found = summed(await workspace.socialcrm.get_post_analytics(post.id))
        return PostReading(post.id, post.published_at, found.values) if found and post.published_at else None

    now = workspace.clock.now()
    chosen = [*posts[:_MEASURED], *await _unsettled(workspace, posts[_MEASURED:], now)]
    readings = await asyncio.gather(*(sources.ask("post numbers", read(post), None) for post in chosen))
    return tuple(reading for reading in readings if reading)


async def _unsettled(workspace: Workspace, posts: Sequence[Post], now: datetime) -> Sequence[Post]:
    """The newest few that were out for a day and not read since.

    Where many go out, what is newest in the morning is never old enough: the afternoon's would be lost.
    """
    old = [(at, post) for post in posts if (at := post.published_at) and now - at >= SETTLED]
    if not old:
        return ()
    first, _ = old[-1]
    days = days_before(now.date() + _DAY, (now - first).days + 2)
    kept = await Sources().ask("earlier numbers", workspace.numbers.read(days), {})
    read = (post for found in kept.values() for snapshot in found for post in settled(snapshot))
    known = {post.post_id for post in read}
    return [post for _, post in old if post.id not in known][:_MEASURED]
