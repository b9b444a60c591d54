"""What moved, since when, against what, and what explains most of it: computed from snapshots, never guessed.

SocialCRM's numbers of an account are running totals, as far as anybody knows. What a day brought is the
difference of two of them; on the first day there is none, and a total is told as a total.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import isfinite

from scrm_bot.domain.insights import LEADING, Metrics, is_of_one, told_apart
from scrm_bot.domain.periods import Edition, Period, period, wanted_start
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import Timeline, days_before
from scrm_bot.domain.standings import Standings

MOST_OF_IT = 0.5
_WORTH_NAMING = 1 / 3  # of a change; an account that moved less explains nothing
_OPPOSED = 2.0  # times the change: others moved the other way, and one of them alone explains nothing
Published = Sequence[tuple[Post, Metrics | None]]
_BARS = {Edition.DAILY: 14, Edition.WEEKLY: 14, Edition.MONTHLY: 31}


class Gap(StrEnum):
    """Why nothing earlier stands beside the number that leads. Values are stored with posted digests."""

    FIRST = "first"  # nothing is remembered of the day on which the period begins, or before
    BROKEN = "broken"  # what is remembered before it is too far back
    NEW = "new"  # no account that has it now had it ever before
    ABSENT = "absent"  # none had it when the period began, though one had it before
    LEVEL = "level"  # it is told as it stands, and how it stood then is not known


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
    """One account: what moved, and its leading metric day by day, oldest first.

    `is_total` tells that each day of `past` is what it brought, not how the number stood.
    """

    account_id: str
    moved: tuple[Moved, ...] = ()
    past: tuple[float | None, ...] = ()
    is_total: bool = False


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

    `is_gain` tells a gain from a level. `counted` of `of` accounts have it. `before` is what it is compared
    with; where only `compared` of those can be, `alike` is what these brought. Where nothing earlier is
    known, `gap` says why, with `last`, the latest day that is remembered; of a level, the day that is not.
    """

    metric: str
    value: float
    counted: int
    of: int
    is_gain: bool = False
    before: float | None = None
    since: datetime | None = None
    cause: Cause | None = None
    compared: int | None = None
    alike: float | None = None
    gap: Gap | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """Everything that moved: the number that leads, and every account."""

    headline: Headline | None = None
    rows: tuple[AccountRow, ...] = ()


def moves(
    timeline: Timeline,
    day: date,
    edition: Edition,
    *,
    since: date | None = None,
    published: Published = (),
) -> Moves:
    """What a digest of that day tells, after one of `since`. `published` is what went out in its period."""
    now = timeline.on(day)
    if now is None:
        return Moves()
    accounts, table = told_apart(now.accounts), Standings.of(timeline)
    lead, days = leading(accounts), days_before(day, _BARS[edition])
    span = period(edition, day, timeline, since)
    rows = tuple(_row(table, row, lead, days, span) for row in accounts)
    if not lead:
        return Moves(None, rows)
    found = {row.account_id: row for row in rows if row.moved and row.moved[0].metric == lead}
    if span is None:
        return Moves(_first(table, found, lead, len(rows), wanted_start(edition, day, since)), rows)
    return Moves(_headline(table, found, lead, len(rows), span=span, published=published), rows)


def leading(accounts: Sequence[Metrics]) -> str:
    """The first of the leading metrics that any account has; empty when none has any."""
    present = {name for row in accounts for name, value in row.values if isfinite(value)}
    return next((metric for metric in LEADING if metric in present), "")


def _row(table: Standings, row: Metrics, lead: str, days: Sequence[date], span: Period | None) -> AccountRow:
    values, is_equal = dict(row.values), span is not None and table.is_equal(span)
    moved = tuple(
        _moved(table, row.account_id, (metric, values[metric]), span, is_equal=is_equal)
        for metric in _metrics(row, lead)
    )
    if not lead:
        return AccountRow(row.account_id, moved)
    past, is_total = table.past(days, row.account_id, lead), table.is_total(row.account_id, lead)
    return AccountRow(row.account_id, moved, past, is_total)


def _moved(
    table: Standings, name: str, number: tuple[str, float], span: Period | None, *, is_equal: bool
) -> Moved:
    metric, value = number
    if span is None:
        return Moved(metric, value)
    if not table.is_total(name, metric):
        return Moved(metric, value, before=table.value(span.prior_end, name, metric))
    gained = table.gain(span.start, span.end, name, metric)
    prior = table.gain(span.prior_start, span.prior_end, name, metric)
    return Moved(metric, value, gained, prior if gained is not None and is_equal else None)


def _metrics(row: Metrics, lead: str) -> list[str]:
    """The leading metric first, whatever SocialCRM tells first; followers are never left out."""
    names = [name for name, value in row.values if isfinite(value)]
    first = [name for name in (lead, "followers") if name in names]
    return [*dict.fromkeys([*first, *names])]


def _first(table: Standings, found: Mapping[str, AccountRow], lead: str, of: int, wanted: date) -> Headline:
    """The number as it stands, where the beginning of the period is not known."""
    value = sum(row.moved[0].value for row in found.values())
    last = table.last_with(lead, wanted)
    gap = Gap.FIRST if last is None else Gap.BROKEN
    return Headline(lead, value, len(found), of, gap=gap, last=last)


def _absent(table: Standings, found: Mapping[str, AccountRow], lead: str, of: int, span: Period) -> Headline:
    """The same, where it is known, and none of the accounts that have it now had it then."""
    value = sum(row.moved[0].value for row in found.values())
    gap = Gap.ABSENT if table.ever(found, lead, before=span.end) else Gap.NEW
    return Headline(lead, value, len(found), of, gap=gap)


def _headline(
    table: Standings,
    found: Mapping[str, AccountRow],
    lead: str,
    of: int,
    *,
    span: Period,
    published: Published,
) -> Headline:
    """Gains, of the accounts whose number is a running total; levels, where none is."""
    is_gain = any(row.is_total for row in found.values())
    moved = {name: row.moved[0] for name, row in found.items() if row.is_total == is_gain}
    counted = {name: each for name, each in moved.items() if each.gained is not None or not is_gain}
    if not counted:
        return _absent(table, found, lead, of, span)
    alike = {name: each for name, each in counted.items() if each.before is not None}
    is_part = 0 < len(alike) < len(counted)
    best = _best(published, lead, counted, until=table.at[span.end]) if is_gain else None
    gap = None if is_gain or alike else Gap.LEVEL
    return Headline(
        lead,
        sum(each.told for each in counted.values()),
        len(counted),
        of,
        is_gain,
        sum(each.before or 0.0 for each in alike.values()) if alike else None,
        table.at[span.start] if is_gain else table.at.get(span.prior_end),
        _cause(counted, alike, best),
        compared=len(alike) if is_part else None,
        alike=sum(each.told for each in alike.values()) if is_part else None,
        gap=gap,
        last=span.prior_end if gap else None,
    )


def _cause(
    counted: Mapping[str, Moved], alike: Mapping[str, Moved], best: tuple[Post, float] | None
) -> Cause | None:
    """The post that brought most of a gain that rose, else the account that moved most of the change."""
    if not alike and all(moved.gained is None for moved in counted.values()):
        return None  # a level that is compared with nothing did not move
    steps = {name: moved.told - (moved.before or 0.0) for name, moved in (alike or counted).items()}
    change, gain = sum(steps.values()), sum(moved.told for moved in counted.values())
    if best and change > 0 and MOST_OF_IT * gain <= best[1] <= gain:
        return Cause(best[1], gain, post=best[0])
    if not change:
        return None
    account_id, most = max(steps.items(), key=lambda step: step[1] / change)
    return Cause(most, change, account_id) if _WORTH_NAMING <= most / change <= _OPPOSED else None


def _best(
    published: Published, metric: str, counted: Collection[str], *, until: datetime
) -> tuple[Post, float] | None:
    """Of those that can have brought it: out when the numbers were read, and on accounts that are counted."""
    found = [
        (post, value)
        for post, row in published
        if row and (value := row.get(metric)) and isfinite(value)
        if post.published_at and post.published_at <= until and _is_within(post, counted)
    ]
    return max(found, key=lambda pair: pair[1], default=None)


def _is_within(post: Post, counted: Collection[str]) -> bool:
    """Whether all it brought is in the sum, as far as rows say whose they are."""
    return not all(map(is_of_one, counted)) or {*post.account_ids} <= {*counted}
