"""The digest: when a channel gets one, and what it says."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zlib import crc32
from zoneinfo import ZoneInfo

from scrm_bot.domain import scheduling
from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.besttime import BestTime
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import channel_id
from scrm_bot.domain.insights import Account, Metrics, Trend
from scrm_bot.domain.movements import AccountRow, Headline
from scrm_bot.domain.periods import Edition, usual_start
from scrm_bot.domain.posts import Post
from scrm_bot.domain.when import find_zone, first_minute, read_clock
from scrm_bot.domain.workspaces import Pause
from scrm_bot.domain.zones import bare

DAYS = {"daily": frozenset(range(7)), "weekdays": frozenset(range(5)), "weekly": frozenset({0})}
LATEST = timedelta(hours=2)  # later than this a digest is skipped, and said so
LATE = timedelta(minutes=15)  # from here on a digest says that it is late
LISTED = 3  # requests that a digest shows with their buttons
OVERLAP = timedelta(minutes=15)  # in which SocialCRM may tell late that a post went out
FURTHEST = timedelta(days=63)  # that a digest looks back: two months, where the one before was skipped
SPREAD = 30  # seconds over which the workspaces' digests of one minute begin
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Since:
    """Where one digest ends and the next begins: what went out until `at` was told by that of `day`.

    With `is_end` it was sent, and `posts` are those of its last minutes: they are not told again, and one
    that shows up late still is. `failed` are those that failed then.
    """

    at: datetime
    day: date
    posts: tuple[str, ...] = ()
    is_end: bool = False
    failed: tuple[str, ...] = ()

    @property
    def first(self) -> datetime:
        """From when on a post may be untold."""
        return self.at - OVERLAP if self.is_end else self.at


@dataclass(frozen=True, slots=True)
class DigestSchedule:
    """One channel's digest.

    `at` is wall-clock time `HH:MM` in `zone` (IANA); `days` is a key of `DAYS`, or `monthly` (its first day).
    It counts from `since` on. `problem` is a word for what went wrong last, with `problem_day` where it is
    about one date; with `stopped` no digest is sent until somebody starts it again. `skipped` is the last
    date whose digest came too late, until the next digest has said so. `told` is where the last one ended
    that was sent and had all posts; while a new rhythm has sent none yet, `told` is where its whole period
    begins, and `ended` where the last one really ended.
    """

    channel: str
    at: str
    zone: str
    days: str = "daily"
    created_by: str = ""
    muted_until: datetime | None = None
    problem: str = ""
    last_sent: str = ""
    since: datetime | None = None
    stopped: bool = False
    skipped: str = ""
    problem_day: str = ""
    told: Since | None = None
    ended: Since | None = None

    @property
    def edition(self) -> Edition:
        return {"weekly": Edition.WEEKLY, "monthly": Edition.MONTHLY}.get(self.days, Edition.DAILY)


class Trouble(StrEnum):
    """Words of the bot's own for `DigestSchedule.problem`; others are Slack's. Values never change."""

    LATE = "late"  # it came more than two hours too late, and was skipped
    UNSURE = "unsure"  # it may be in the channel: it was not sent again
    KEY_REFUSED = "unauthorized"
    NO_KEY = "not_connected"


@dataclass(frozen=True, slots=True)
class Planned:
    """A schedule, and when its next digest is due; None while it is stopped."""

    schedule: DigestSchedule
    next_run: datetime | None


@dataclass(frozen=True, slots=True)
class Report:
    """What one digest says. `missing` names the sources that did not answer, as people know them.

    `as_of` is when its numbers were read, `since` where its period begins. `failed_before` counts posts that
    failed before it. `late` is when it was due, where it comes late; `skipped` the date
    of an earlier one that was not sent. `unlisted` counts requests that wait beside those in `waiting`.
    `is_planned`: its channel has a digest, whether this is the planned one or not.
    """

    workspace: str
    day: date
    zone: str
    as_of: datetime
    edition: Edition = Edition.DAILY
    accounts: tuple[Account, ...] = ()
    headline: Headline | None = None
    rows: tuple[AccountRow, ...] = ()
    published: tuple[tuple[Post, Metrics | None], ...] = ()
    failed: tuple[Post, ...] = ()
    upcoming: tuple[Post, ...] = ()
    waiting: tuple[Approval, ...] = ()
    unlisted: int = 0
    trends: tuple[Trend, ...] = ()
    missing: tuple[str, ...] = ()
    late: datetime | None = None
    skipped: str = ""
    paused: Pause | None = None
    best_time: BestTime | None = None
    made_at: datetime | None = None
    since: datetime | None = None
    failed_before: int = 0
    is_planned: bool = True

    @property
    def now(self) -> datetime:
        """When it was put together; its numbers may have been read before."""
        return self.made_at or self.as_of

    @property
    def kept(self) -> "Report":
        """What it takes to show it again: the requests that it lists, and how many more there were."""
        left = len(self.waiting) - LISTED
        return replace(self, waiting=self.waiting[:LISTED], unlisted=self.unlisted + max(left, 0))


def next_run(schedule: DigestSchedule, *, after: datetime) -> datetime:
    """The first occurrence later than `after`, in UTC: that wall-clock time on a day the schedule names.

    Where the clocks skip it, the first minute that exists; where they repeat it, the first time.
    """
    day = local_day(schedule, after) - _DAY  # a skipped midnight belongs to the day before
    while True:
        moment = _occurrence(schedule, day)
        if moment and moment > after:
            return moment
        day += _DAY


def run_before(schedule: DigestSchedule, at: datetime) -> datetime:
    """The last occurrence earlier than that moment."""
    day = local_day(schedule, at) + _DAY
    while True:
        moment = _occurrence(schedule, day)
        if moment and moment < at:
            return moment
        day -= _DAY


def begins(schedule: DigestSchedule, at: datetime) -> Since:
    """Where the digest that is due at that moment begins: where the last one ended that was sent.

    So that nothing falls between two, whether one came late, was skipped, or the clocks changed.
    """
    found = schedule.told or _beginning(schedule, at)
    furthest = at - FURTHEST
    return found if found.at >= furthest else Since(furthest, local_day(schedule, furthest))


def usual_since(edition: Edition, at: datetime, zone: str) -> Since:
    """Where a digest of that edition would begin that was not planned: a day, a week or a month before."""
    local = at.astimezone(ZoneInfo(zone))
    day = usual_start(edition, local.date())
    return Since(first_minute(day, (local.hour, local.minute), ZoneInfo(zone)), day)


def last_run(schedule: DigestSchedule, *, before: datetime) -> datetime | None:
    """The latest occurrence before that moment which could still be sent, if there is one."""
    first = before - LATEST
    if schedule.since:
        first = max(first, schedule.since)
    found = next_run(schedule, after=first - timedelta(microseconds=1))
    return found if found < before else None


def first_run(schedule: DigestSchedule, *, after: datetime) -> datetime:
    """As `next_run`, but never twice on one local date."""
    found = next_run(schedule, after=after)
    while local_day(schedule, found).isoformat() <= schedule.last_sent:  # two days, west over the date line
        found = next_run(schedule, after=found)
    return found


def spread(team_id: str) -> timedelta:
    """How much later than its minute a workspace's digest begins: always the same, under `SPREAD` seconds."""
    return timedelta(seconds=crc32(team_id.encode()) % SPREAD)


def local_day(schedule: DigestSchedule, at: datetime) -> date:
    """The date of an occurrence where the channel lives."""
    return at.astimezone(ZoneInfo(schedule.zone)).date()


def is_muted(schedule: DigestSchedule, at: datetime) -> bool:
    return schedule.muted_until is not None and at.astimezone(UTC) < schedule.muted_until


def running(schedule: DigestSchedule) -> DigestSchedule:
    """The schedule once nothing is wrong with it any more."""
    return replace(schedule, problem="", problem_day="", stopped=False)


def read_schedule(typed: str, *, zone: str, by: str, channel: str = "") -> DigestSchedule:
    """`#channel HH:MM [ZONE] [daily|weekdays|weekly|monthly]`, in any order but the zone's own words.

    `channel` and `zone` stand in for what was not typed. Raises `UsageError`.
    """
    at, days, place = "", "daily", []
    for word in scheduling.words(typed):
        named, clock = channel_id(word), read_clock(word)
        if named:
            channel = named
        elif clock:
            at = clock
        elif word.casefold() in {*DAYS, "monthly"}:
            days = word.casefold()
        elif word.casefold() != "at":
            place.append(word)
    known = find_zone(bare(" ".join(place)) if place else zone)
    if known is None:
        raise UsageError(scheduling.not_a_zone(place or [zone], days=(*DAYS, "monthly")))
    if not (channel and at):
        missing = "a time such as `09:00`" if channel else "a channel, such as `#social`"
        raise UsageError(f"The digest needs {missing}: `/scrm digest on #social 09:00`.")
    return DigestSchedule(channel, at, known, days, by)


def _beginning(schedule: DigestSchedule, at: datetime) -> Since:
    """Of a digest that has told nothing yet, as far as is known: one occurrence before its first."""
    if schedule.last_sent:  # by a version of the bot that kept no more
        day = date.fromisoformat(schedule.last_sent)
        return Since(_minute(schedule, day), day)
    first = next_run(schedule, after=schedule.since) if schedule.since else at
    before = run_before(schedule, min(first, at))
    return Since(before, local_day(schedule, before))


def _occurrence(schedule: DigestSchedule, day: date) -> datetime | None:
    """When the digest of that day is due, in UTC; None on a day that has none."""
    return _minute(schedule, day) if _is_day(schedule, day) else None


def _minute(schedule: DigestSchedule, day: date) -> datetime:
    hour, minute = (int(part) for part in schedule.at.split(":"))
    return first_minute(day, (hour, minute), ZoneInfo(schedule.zone))


def _is_day(schedule: DigestSchedule, day: date) -> bool:
    if schedule.days == "monthly":
        return day.day == 1
    return day.weekday() in DAYS.get(schedule.days, DAYS["daily"])
