"""What a digest looks back on, by the local dates whose numbers are remembered."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from scrm_bot.domain.snapshots import Timeline, days_before

CATCH_UP = 3  # days by which a period may begin earlier, where a snapshot is missing
DAY = timedelta(days=1)
WEEK = 7 * DAY
_BARS = 15  # days that a line of the last ones takes, with the one before
_READ = 66  # and the two months of a monthly digest, or the posts of a best time


class Edition(StrEnum):
    """How long a digest looks back."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Period:
    """From the snapshot of one day to that of another, and the period it is compared with."""

    start: date
    end: date
    prior_start: date
    prior_end: date


def month_before(day: date) -> date:
    """The same day of the month before, or that month's last."""
    last = day.replace(day=1) - DAY
    return last.replace(day=min(day.day, last.day))


def usual_start(edition: Edition, day: date) -> date:
    """The date on which the digest before this one is due."""
    return {
        Edition.DAILY: day - DAY,
        Edition.WEEKLY: day - WEEK,
        Edition.MONTHLY: month_before(day),
    }[edition]


def wanted_start(edition: Edition, day: date, since: date | None) -> date:
    """The date of the digest before this one, `since`, where there was one."""
    return usual_start(edition, day) if since is None else min(since, day - DAY)


def wanted_days(edition: Edition, day: date, since: date | None = None) -> tuple[date, ...]:
    """Every day whose snapshot a digest of this edition may look at."""
    prior_start, _ = _prior(edition, wanted_start(edition, day, since), day)
    least = _BARS if edition is Edition.DAILY else _READ
    return days_before(day, max(least, (day - prior_start).days + CATCH_UP))


def period(edition: Edition, day: date, timeline: Timeline, since: date | None = None) -> Period | None:
    """What a digest of that day looks back on; None where it would have no beginning or no end.

    A missing first snapshot is replaced by an earlier one, and then the prior period begins as much earlier.
    """
    wanted = wanted_start(edition, day, since)
    start = timeline.nearest(wanted, back=CATCH_UP)
    if start is None or timeline.on(day) is None:
        return None
    prior_start, prior_end = _prior(edition, wanted, day)
    return Period(start, day, prior_start - (wanted - start), prior_end)


def _prior(edition: Edition, start: date, day: date) -> tuple[date, date]:
    """The same weekdays before, as many weeks away as it takes; of a month, the month before it."""
    if edition is Edition.MONTHLY and start == month_before(day):
        return month_before(start), start
    away = WEEK * max(1, -(-(day - start).days // 7))
    return start - away, day - away
