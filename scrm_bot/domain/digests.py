"""The daily digest: when a channel gets one, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import channel_id
from scrm_bot.domain.insights import Account, Metrics, Trend
from scrm_bot.domain.posts import Post
from scrm_bot.domain.when import find_zone, first_minute, read_clock
from scrm_bot.domain.workspaces import Pause

DAYS = {"daily": frozenset(range(7)), "weekdays": frozenset(range(5)), "weekly": frozenset({0})}
LATEST = timedelta(hours=2)  # later than this a digest is skipped, and said so


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """One channel's digest.

    `at` is wall-clock time `HH:MM` in `zone` (IANA); `days` is a key of `DAYS`, or `monthly` (its first day).
    """

    channel: str
    at: str
    zone: str
    days: str = "daily"
    created_by: str = ""
    muted_until: datetime | None = None
    problem: str = ""
    last_sent: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What one digest says. `missing` names the sources that did not answer, as people know them."""

    workspace: str
    day: date
    zone: str
    as_of: datetime
    accounts: tuple[Account, ...] = ()
    numbers: tuple[Metrics, ...] = ()
    before: Mapping[str, Metrics] = field(default_factory=dict)
    published: tuple[tuple[Post, Metrics | None], ...] = ()
    failed: tuple[Post, ...] = ()
    upcoming: tuple[Post, ...] = ()
    waiting: tuple[Approval, ...] = ()
    trends: tuple[Trend, ...] = ()
    missing: tuple[str, ...] = ()
    late: bool = False
    paused: Pause | None = None


def next_run(schedule: DigestSchedule, *, after: datetime) -> datetime:
    """The first occurrence later than `after`, in UTC: that wall-clock time on a day the schedule names.

    Where the clocks skip it, the first minute that exists; where they repeat it, the first time.
    """
    place = ZoneInfo(schedule.zone)
    hour, minute = (int(part) for part in schedule.at.split(":"))
    day = after.astimezone(place).date() - timedelta(days=1)  # a skipped midnight belongs to the day before
    while True:
        if _is_day(schedule, day):
            moment = first_minute(day, (hour, minute), place)
            if moment > after:
                return moment
        day += timedelta(days=1)


def local_day(schedule: DigestSchedule, at: datetime) -> date:
    """The date of an occurrence where the channel lives."""
    return at.astimezone(ZoneInfo(schedule.zone)).date()


def is_muted(schedule: DigestSchedule, at: datetime) -> bool:
    return schedule.muted_until is not None and at.astimezone(UTC) < schedule.muted_until


def read_schedule(typed: str, *, zone: str, by: str, channel: str = "") -> DigestSchedule:
    """`#channel HH:MM [ZONE] [daily|weekdays|weekly|monthly]`, in any order but the zone's own words.

    `channel` and `zone` stand in for what was not typed. Raises `UsageError`.
    """
    at, days, place = "", "daily", []
    for word in typed.split():
        named, clock = channel_id(word), read_clock(word)
        if named:
            channel = named
        elif clock:
            at = clock
        elif word.casefold() in {*DAYS, "monthly"}:
            days = word.casefold()
        elif word.casefold() != "at":
            place.append(word)
    known = find_zone(" ".join(place) if place else zone)
    if known is None:
        unknown = " ".join(place) or zone
        raise UsageError(f"“{unknown}” is no time zone: try a city such as `Berlin`, or `Europe/Berlin`.")
    if not (channel and at):
        missing = "a time such as `09:00`" if channel else "a channel, such as `#social`"
        raise UsageError(f"The digest needs {missing}: `/scrm digest on #social 09:00`.")
    return DigestSchedule(channel, at, known, days, by)


def _is_day(schedule: DigestSchedule, day: date) -> bool:
    if schedule.days == "monthly":
        return day.day == 1
    return day.weekday() in DAYS.get(schedule.days, DAYS["daily"])
