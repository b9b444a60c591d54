"""What is remembered of one day's numbers: SocialCRM tells only how they stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scrm_bot.domain.insights import JUDGING, LEADING, Metrics

MOST_ACCOUNTS = 50
MOST_METRICS = 12
MOST_POSTS = 25
FRESH = timedelta(hours=12)  # for which a reading is a day's numbers for all of its digests
ALIKE = timedelta(hours=2)  # by which readings of the same time of day may differ
_FIRST = frozenset({*LEADING, *JUDGING})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PostReading:
    """How a post did when it was read. `values` is in the order it came."""

    post_id: str
    published_at: datetime
    values: tuple[tuple[str, float], ...] = ()

    @property
    def numbers(self) -> Metrics:
        return Metrics(self.values)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The numbers of a workspace as they stood at one moment: of every account, and of its recent posts."""

    at: datetime
    accounts: tuple[Metrics, ...] = ()
    posts: tuple[PostReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Snapshots by the local dates they belong to. A day without one is a gap, never a zero."""

    days: Mapping[date, Snapshot]

    def on(self, day: date) -> Snapshot | None:
        return self.days.get(day)

    def nearest(self, day: date, *, back: int) -> date | None:
        """The day itself, or the last one before it that has a snapshot, `back` days away at the most."""
        days = (day - _DAY * step for step in range(back + 1))
        return next((each for each in days if each in self.days), None)

    def in_order(self) -> Sequence[Snapshot]:
        return [self.days[day] for day in sorted(self.days)]

    def posts(self) -> Mapping[str, PostReading]:
        """The last that is known of each post."""
        return {post.post_id: post for snapshot in self.in_order() for post in snapshot.posts}


def timeline(kept: Mapping[date, Sequence[Snapshot]], day: date, now: Snapshot | None) -> Timeline:
    """For each date its reading at about the time of day of `now`, which stands for `day` itself.

    Where a workspace has a digest in the morning and one at night, each is compared with its like.
    """
    if now is None:
        return Timeline({each: found[-1] for each, found in kept.items() if found})
    days = {each: _nearest(found, now.at - (day - each)) for each, found in kept.items() if found}
    return Timeline({**days, day: now})


def has_like(kept: Mapping[date, Sequence[Snapshot]], start: date, snapshot: Snapshot, day: date) -> bool:
    """Whether the date that a period begins with has a reading of about the same time of day."""
    at = snapshot.at - (day - start)
    return any(abs(each.at - at) <= ALIKE for each in kept.get(start, ()))


def _nearest(found: Sequence[Snapshot], at: datetime) -> Snapshot:
    return min(found, key=lambda snapshot: abs(snapshot.at - at))


def bounded(snapshot: Snapshot) -> Snapshot:
    """What is kept of it: enough for a large workspace, and never more."""
    accounts = (replace(row, values=_few(row.values)) for row in snapshot.accounts[:MOST_ACCOUNTS])
    newest = sorted(snapshot.posts, key=lambda post: (post.published_at, post.post_id), reverse=True)
    posts = (replace(post, values=_few(post.values)) for post in newest[:MOST_POSTS])
    return replace(snapshot, accounts=tuple(accounts), posts=tuple(posts))


def with_rest(kept: Snapshot, fresh: Snapshot) -> Snapshot:
    """A reading that was cut when it was kept, with the accounts that there was no room for."""
    if len(kept.accounts) < MOST_ACCOUNTS:
        return kept
    known = {row.account_id for row in kept.accounts}
    rest = (row for row in fresh.accounts if row.account_id not in known)
    return replace(kept, accounts=(*kept.accounts, *rest))


def _few(values: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Those that lead or judge before all others, in the order they came."""
    first = sorted(range(len(values)), key=lambda at: values[at][0] not in _FIRST)
    return tuple(values[at] for at in sorted(first[:MOST_METRICS]))


def days_before(day: date, count: int) -> tuple[date, ...]:
    """That day and those before it, oldest first."""
    return tuple(day - _DAY * step for step in range(count, -1, -1))
