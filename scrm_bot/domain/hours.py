"""Working hours: when somebody may be nudged, in their own zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scrm_bot.domain.when import find_zone, first_minute

_WORDS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00) (weekdays|daily)")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """From `start` until before `end`, as wall-clock times; `end` may be 24:00."""

    start: str = "09:00"
    end: str = "18:00"
    weekdays: bool = True

    def __str__(self) -> str:
        """As `read_hours` reads it."""
        return f"{self.start}-{self.end} {'weekdays' if self.weekdays else 'daily'}"

    def first(self, at: datetime, *, zone: str) -> datetime:
        """`at` itself where people work then, else when they next begin. An unknown zone counts as UTC."""
        place = ZoneInfo(find_zone(zone) or "UTC")
        today = at.astimezone(place).date()
        days = (today + timedelta(days=ahead) for ahead in range(8))
        spans = (self._span(day, place) for day in days if not self._is_free(day))
        return next(max(at, begin) for begin, end in spans if at < end)

    def _span(self, day: date, place: ZoneInfo) -> tuple[datetime, datetime]:
        over = self.end == "24:00"
        end = first_minute(day + timedelta(days=over), _clock("00:00" if over else self.end), place)
        return first_minute(day, _clock(self.start), place), end

    def _is_free(self, day: date) -> bool:
        return self.weekdays and day.weekday() >= _SATURDAY


OFFICE = WorkingHours()
ALWAYS = WorkingHours("00:00", "24:00", weekdays=False)


def read_hours(text: str) -> WorkingHours | None:
    """`09:00-18:00 weekdays` or `08:00-24:00 daily`; None for anything else, as an end before the start."""
    match = _WORDS.fullmatch(text)
    if match is None:
        return None
    start, end = f"{match[1]}:{match[2]}", match[3]
    return WorkingHours(start, end, match[4] == "weekdays") if start < end else None


def spelled(hours: int) -> str:
    """`1 hour`, `36 hours`, `7 days`."""
    whole_days = hours >= 48 and hours % 24 == 0
    number, unit = (hours // 24, "day") if whole_days else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _clock(text: str) -> tuple[int, int]:
    hour, minute = text.split(":")
    return int(hour), int(minute)
