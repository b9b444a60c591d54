"""What is remembered of one day's numbers: SocialCRM tells only how they stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scrm_bot.domain.insights import Metrics

MOST_ACCOUNTS = 50
MOST_METRICS = 12
MOST_POSTS = 25
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

    def with_day(self, day: date, snapshot: Snapshot) -> "Timeline":
        return replace(self, days={**self.days, day: snapshot})


def bounded(snapshot: Snapshot) -> Snapshot:
    """What is kept of it: enough for a large workspace, and never more."""
    accounts = (replace(row, values=row.values[:MOST_METRICS]) for row in snapshot.accounts[:MOST_ACCOUNTS])
    newest = sorted(snapshot.posts, key=lambda post: (post.published_at, post.post_id), reverse=True)
    posts = (replace(post, values=post.values[:MOST_METRICS]) for post in newest[:MOST_POSTS])
    return replace(snapshot, accounts=tuple(accounts), posts=tuple(posts))


def days_before(day: date, count: int) -> tuple[date, ...]:
    """That day and those before it, oldest first."""
    return tuple(day - _DAY * step for step in range(count, -1, -1))
