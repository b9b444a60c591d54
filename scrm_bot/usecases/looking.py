"""What SocialCRM tells for digests, asked once for all digests of a workspace that are due together."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

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
from scrm_bot.domain.insights import Metrics, Trend, summed, told_apart
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import PostReading
from scrm_bot.domain.traces import word
from scrm_bot.ports import Workspace
from scrm_bot.usecases.choosing import read_accounts

T = TypeVar("T")
SHARED_SECONDS = 300  # for which the digests of one workspace tell the same facts
_DAY = timedelta(days=1)
_WALK = 500
_UNREAD = f"posts beyond the first {_WALK} that SocialCRM lists"
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
    """Those that matter of the first that are listed. That there may be more of them is said."""
    found = [post async for post in workspace.socialcrm.walk_posts(most=_WALK)]
    if len(found) >= _WALK:
        sources.missing.append(_UNREAD)
    return tuple(post for post in found if _matters(post, now))


def _matters(post: Post, now: datetime) -> bool:
    status = word(post)
    if post.published_at:
        return now - FURTHEST - OVERLAP <= post.published_at <= now
    is_near = post.scheduled_at is not None and now <= post.scheduled_at <= now + 2 * _DAY
    return status == "failed" or (status == "scheduled" and is_near)


async def _trends(workspace: Workspace) -> tuple[Trend, ...]:
    return tuple(await workspace.socialcrm.list_trending(limit=_TRENDS))[:_TRENDS]


async def _measured(workspace: Workspace, posts: Sequence[Post], sources: Sources) -> tuple[PostReading, ...]:
    """The newest few with their numbers; without any where those do not come."""

    async def read(post: Post) -> PostReading | None:
        found = summed(await workspace.socialcrm.get_post_analytics(post.id))
        return PostReading(post.id, post.published_at, found.values) if found and post.published_at else None

    readings = await asyncio.gather(
        *(sources.ask("post numbers", read(post), None) for post in posts[:_MEASURED])
    )
    return tuple(reading for reading in readings if reading)
