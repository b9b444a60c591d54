"""What moved, since when, against what, and what explains most of it: computed from snapshots, never guessed.

SocialCRM's numbers of an account are running totals, as far as anybody knows. What a day brought is the
difference of two of them; on the first day there is none, and a total is told as a total.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from math import isfinite

from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import Timeline, days_before

LEADING = ("impressions", "reach", "views", "engagements", "followers")
LEVELS = frozenset({"followers"})  # asked for as they stand, not for what they gained
CATCH_UP = 3  # days by which a period may begin earlier, where a snapshot is missing
MOST_OF_IT = 0.5
_DAY = timedelta(days=1)
_BARS = {"daily": 14, "weekly": 14, "monthly": 31}


class Edition(StrEnum):
    """How long a digest looks back."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """From the snapshot of one day to that of another, and the equal period it is compared with."""

    start: date
    end: date
    prior_start: date
    prior_end: date


@dataclass(frozen=True, slots=True)
class Moved:
    """One metric of one account.

    `value` is how it stands; `gained` is what the period brought, None for a level and where the beginning
    is not known. `before` is what it is compared with: the gain of the prior period, or the level back then.
    """

    metric: str
    value: float
    gained: float | None = None
    before: float | None = None

    @property
    def told(self) -> float:
        return self.value if self.gained is None else self.gained


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account: what moved, and its leading metric day by day, oldest first."""

    account_id: str
    moved: tuple[Moved, ...] = ()
    past: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """What explains most of the headline's change: an account or a post, and how much of it."""

    moved: float
    total: float
    account_id: str = ""
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Headline:
    """The number that leads.

    `since` is None where nothing earlier is known; `is_gain` tells a gain from a level. `counted` of `of`
    accounts have it.
    """

    metric: str
    value: float
    counted: int
    of: int
    is_gain: bool = False
    before: float | None = None
    since: datetime | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """Everything that moved: the number that leads, and every account."""

    headline: Headline | None = None
    rows: tuple[AccountRow, ...] = ()


def month_before(day: date) -> date:
    """The same day of the month before, or that month's last."""
    last = day.replace(day=1) - _DAY
    return last.replace(day=min(day.day, last.day))


def wanted_days(edition: Edition, day: date) -> tuple[date, ...]:
    """Every day whose snapshot a digest of this edition may look at."""
    return days_before(day, 15 if edition is Edition.DAILY else 66)


def period(edition: Edition, day: date, timeline: Timeline) -> Period | None:
    """What a digest of that day looks back on; None where it would have no beginning or no end.

    A missing first snapshot is replaced by an earlier one, and then the prior period begins as much earlier.
    """
    wanted = {
        Edition.DAILY: day - _DAY,
        Edition.WEEKLY: day - 7 * _DAY,
        Edition.MONTHLY: month_before(day),
    }[edition]
    start = timeline.nearest(wanted, back=CATCH_UP)
    if start is None or timeline.on(day) is None:
        return None
    earlier = wanted - start
    if edition is Edition.MONTHLY:
        return Period(start, day, month_before(month_before(day)) - earlier, month_before(day))
    week = 7 * _DAY
    return Period(start, day, start - week, day - week)


def moves(
    timeline: Timeline,
    day: date,
    edition: Edition,
    *,
    published: Sequence[tuple[Post, Metrics | None]] = (),
) -> Moves:
    """What a digest of that day tells. `published` is what went out in its period, with its numbers."""
    now = timeline.on(day)
    if now is None:
        return Moves()
    table, span = _Table.of(timeline), period(edition, day, timeline)
    lead = leading(now.accounts)
    days = days_before(day, _BARS[edition])
    rows = tuple(
        AccountRow(
            row.account_id,
            tuple(table.moved(row, metric, span) for metric in _metrics(row, lead)),
            table.past(days, row.account_id, lead) if lead else (),
        )
        for row in now.accounts
    )
    return Moves(_headline(table, rows, lead, span, published) if lead else None, rows)


def leading(accounts: Sequence[Metrics]) -> str:
    """The first of the leading metrics that any account has; empty when none has any."""
    present = {name for row in accounts for name, value in row.values if isfinite(value)}
    return next((metric for metric in LEADING if metric in present), "")


@dataclass(frozen=True, slots=True)
class _Table:
    """The snapshots as they are looked up: when each was made, its numbers by account, and what ever fell."""

    at: Mapping[date, datetime]
    numbers: Mapping[date, Mapping[str, Mapping[str, float]]]
    fallen: frozenset[str]

    @classmethod
    def of(cls, timeline: Timeline) -> "_Table":
        numbers = {
            day: {row.account_id: dict(row.values) for row in snapshot.accounts}
            for day, snapshot in sorted(timeline.days.items())
        }
        fallen = {metric for one, other in pairwise(numbers.values()) for metric in _fallen(one, other)}
        return cls({day: each.at for day, each in timeline.days.items()}, numbers, frozenset(fallen))

    def is_total(self, metric: str) -> bool:
        """Whether it is a running total: not known as a level, and it never fell."""
        return metric not in LEVELS and not metric.endswith("rate") and metric not in self.fallen

    def value(self, day: date, account_id: str, metric: str) -> float | None:
        return self.numbers.get(day, {}).get(account_id, {}).get(metric)

    def gain(self, start: date, end: date, account_id: str, metric: str) -> float | None:
        first, last = (self.value(day, account_id, metric) for day in (start, end))
        return None if first is None or last is None else last - first

    def moved(self, row: Metrics, metric: str, span: Period | None) -> Moved:
        value = dict(row.values)[metric]
        if span is None:
            return Moved(metric, value)
        if not self.is_total(metric):
            return Moved(metric, value, before=self.value(span.prior_end, row.account_id, metric))
        gained = self.gain(span.start, span.end, row.account_id, metric)
        prior = self.gain(span.prior_start, span.prior_end, row.account_id, metric)
        return Moved(metric, value, gained, prior if gained is not None and self.is_equal(span) else None)

    def past(self, days: Sequence[date], account_id: str, metric: str) -> tuple[float | None, ...]:
        """Day by day: what each brought of a running total, or how a level stood."""
        if not self.is_total(metric):
            return tuple(self.value(day, account_id, metric) for day in days[1:])
        return tuple(self.gain(one, other, account_id, metric) for one, other in pairwise(days))

    def is_equal(self, span: Period) -> bool:
        """Whether the prior period is about as long: a twentieth more or less; of months an eighth."""
        first, last = self.at.get(span.prior_start), self.at.get(span.prior_end)
        if first is None or last is None:
            return False
        now = self.at[span.end] - self.at[span.start]
        most = now / 8 if now > 25 * _DAY else now / 20
        return abs((last - first) - now) <= most


def _fallen(
    one: Mapping[str, Mapping[str, float]], other: Mapping[str, Mapping[str, float]]
) -> Iterator[str]:
    for account_id, after in other.items():
        before = one.get(account_id, {})
        yield from (name for name, value in after.items() if value < before.get(name, value))


def _metrics(row: Metrics, lead: str) -> list[str]:
    """The leading metric first, whatever SocialCRM tells first; followers are never left out."""
    names = [name for name, value in row.values if isfinite(value)]
    first = [name for name in (lead, "followers") if name in names]
    return [*dict.fromkeys([*first, *names])]


def _headline(
    table: _Table,
    rows: Sequence[AccountRow],
    lead: str,
    span: Period | None,
    published: Sequence[tuple[Post, Metrics | None]],
) -> Headline:
    found = {row.account_id: row.moved[0] for row in rows if row.moved and row.moved[0].metric == lead}
    is_total = table.is_total(lead)
    counted = {name: moved for name, moved in found.items() if moved.gained is not None or not is_total}
    if span is None or not counted:
        return Headline(lead, sum(moved.value for moved in found.values()), len(found), len(rows))
    known = [moved.before for moved in counted.values() if moved.before is not None]
    before = sum(known) if len(known) == len(counted) else None
    since = table.at[span.start] if is_total else table.at.get(span.prior_end)
    return Headline(
        lead,
        sum(moved.told for moved in counted.values()),
        len(counted),
        len(rows),
        is_total,
        before,
        since,
        _cause(counted, before, _best(published, lead) if is_total else None),
    )


def _cause(
    counted: Mapping[str, Moved], before: float | None, best: tuple[Post, float] | None
) -> Cause | None:
    """The post that brought most of a rise, else the account that moved most the way the whole did."""
    if before is None and all(moved.gained is None for moved in counted.values()):
        return None  # a level that is compared with nothing did not move
    change = sum(moved.told for moved in counted.values()) - (before or 0.0)
    if best and change > 0 and best[1] >= MOST_OF_IT * change:
        return Cause(best[1], change, post=best[0])
    steps = {
        name: moved.told - (moved.before or 0.0 if before is not None else 0.0)
        for name, moved in counted.items()
    }
    account_id, most = max(steps.items(), key=lambda step: step[1] if change > 0 else -step[1])
    return Cause(most, change, account_id) if change else None


def _best(published: Sequence[tuple[Post, Metrics | None]], metric: str) -> tuple[Post, float] | None:
    found = [
        (post, value) for post, row in published if row and (value := row.get(metric)) and isfinite(value)
    ]
    return max(found, key=lambda pair: pair[1], default=None)
