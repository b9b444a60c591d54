"""WHEN, as people type it: read into one moment, or answered with a question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from scrm_bot.domain.errors import WhenError

HINT = "Try `tomorrow 09:00`, `fri 5pm`, `in 2h30m`, `2026-12-01 09:00` or `now`."
FURTHEST = timedelta(days=5 * 365)
LONGEST = 8  # words of the longest WHEN: "in 1 day 2 hours and 30 minutes"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = (
    r"today|tomorrow|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?"
    r"|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
_TIME = r"\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?"
_CLOCK = re.compile(
    rf"(?:on )?(?:(?P<day>{_DAY}|{_DATE}),? )?(?:at )?(?P<time>{_TIME})(?: (?P<zone>\S.*))?", re.IGNORECASE
)
_STAMP = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})t(?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(?P<zone>z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_UNIT = r"(\d{1,5}) ?(w(?:ee)?ks?|w|d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?)"
_IN = re.compile(rf"(?:in )?({_UNIT}(?:(?: |, | and )?{_UNIT})*)", re.IGNORECASE)
_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_CITY_AREAS = frozenset({"Africa", "America", "Asia", "Australia", "Europe"})
_FURTHER_CITIES = ("Pacific/Auckland", "Pacific/Honolulu", "Atlantic/Reykjavik", "Indian/Mauritius")
_NOT_CITIES = frozenset({"act", "lhi", "north", "nsw", "south", "virgin", "west"})  # words of ordinary text
_ABBREVIATIONS = {"utc": "UTC", "z": "UTC", "gmt": "GMT", "cet": "CET", "eet": "EET", "wet": "WET"}


@dataclass(frozen=True, slots=True)
class When:
    """A moment in UTC, None for "now", and the zone it should be told in (an IANA name)."""

    at: datetime | None
    zone: str


def parse_when(text: str, *, now: datetime, zone: str) -> datetime | None:
    """The moment `text` means, in UTC; None for `now`. Raises `WhenError` with a question."""
    return read_when(text, now=now, zone=zone).at


def read_when(text: str, *, now: datetime, zone: str) -> When:
    """As `parse_when`, with the zone the person named, else `zone`."""
    home = find_zone(zone) or "UTC"
    words = " ".join(text.split())
    if words.casefold() == "now":
        return When(None, home)
    if words.casefold().startswith("in "):
        return When(_later(words, now=now), home)
    match = _STAMP.fullmatch(words) or _CLOCK.fullmatch(words)
    if match is None:
        raise WhenError(_unreadable(words))
    named = match["zone"] or ""
    place = _zone_or_question(named) if named else ZoneInfo(home)
    shown = place.key if isinstance(place, ZoneInfo) else home
    day = (match["day"] or "").casefold()
    moment = _moment(day, _clock_time(match["time"]), place=place, now=now)
    if moment <= now:
        raise WhenError(f"{echo(moment, shown)} has passed. Which time to come did you mean?")
    if moment - now > FURTHEST:
        raise WhenError(f"{echo(moment, shown)} is more than five years away. Which year did you mean?")
    return When(moment, shown)


def echo(at: datetime, zone: str) -> str:
    """`Tue 1 Dec 2026, 09:00 Europe/Berlin`; in a doubled hour with the offset, so it has one reading."""
    name = find_zone(zone) or "UTC"
    local = at.astimezone(ZoneInfo(name))
    offset = f" ({_offset_text(local)})" if _is_doubled(local) else ""
    return f"{_day_text(local.date())}, {local:%H:%M} {name}{offset}"


def when_words(words: Sequence[str]) -> int:
    """How many of the first words form a WHEN, as many as possible; 0 when none do."""
    for count in range(min(len(words), LONGEST), 0, -1):
        if _has_shape(" ".join(words[:count])):
            return count
    return 0


def split_when(text: str) -> tuple[str, str]:
    """`POST WHEN` into its two parts; the first is empty when everything is a WHEN."""
    words = text.split()
    if words and when_words(words) == len(words):
        return "", " ".join(words)
    return (words[0], " ".join(words[1:])) if words else ("", "")


def read_duration(text: str) -> timedelta:
    """`3d`, `2h30m`, `1 week` as a length of time. Raises `WhenError`."""
    match = _IN.fullmatch(" ".join(text.split()))
    if match is None:
        raise WhenError(f"How long is “{text.strip()}”? Try `3d`, `2h` or `1w`.")
    parts = re.findall(_UNIT, match[1], re.IGNORECASE)
    return sum((int(number) * _UNITS[unit[0].casefold()] for number, unit in parts), timedelta())


def read_clock(text: str) -> str | None:
    """`9am`, `9:00`, `21.30` as `HH:MM`; None when it is no time of day."""
    if not re.fullmatch(_TIME, text.strip(), re.IGNORECASE):
        return None
    try:
        hour, minute = _clock_time(text.strip())
    except WhenError:
        return None
    return f"{hour:02}:{minute:02}"


def find_zone(name: str) -> str | None:
    """The IANA name of a zone people typed: `europe/berlin`, `Berlin`, `new york`, `UTC`; else None."""
    return _zones().get("_".join(name.casefold().split()))


def first_minute(day: date, clock: tuple[int, int], place: ZoneInfo) -> datetime:
    """That wall-clock time in UTC: in a gap the first valid minute after, in a doubled hour the first one."""
    local = datetime(day.year, day.month, day.day, *clock, tzinfo=place)
    while not _exists(local):
        local = (local.replace(tzinfo=None) + timedelta(minutes=1)).replace(tzinfo=place)
    return local.astimezone(UTC)


@cache
def _zones() -> dict[str, str]:
    names = {name.casefold(): name for name in available_timezones() if "/" in name}
    cities = {}
    for name in sorted(names.values(), reverse=True):
        area, _, city = name.partition("/")
        known = (area in _CITY_AREAS and "/" not in city) or name in _FURTHER_CITIES
        if known and city.casefold() not in _NOT_CITIES:
            cities[city.casefold()] = name
    return {**cities, **names, **_ABBREVIATIONS}


def _zone_or_question(name: str) -> tzinfo:
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        if away < timedelta(hours=24):
            return timezone(sign * away)
    known = find_zone(name)
    if known is None:
        raise WhenError(
            f"Which time zone is “{name}”? Name a city such as `Berlin` or `New York`, "
            "a zone such as `Europe/Berlin`, or an offset such as `+02:00`."
        )
    return ZoneInfo(known)


def _has_shape(words: str) -> bool:
    if words.casefold() == "now" or _STAMP.fullmatch(words):
        return True
    if words.casefold().startswith("in "):
        return _IN.fullmatch(words) is not None
    match = _CLOCK.fullmatch(words)
    zone = match["zone"] if match else None
    return match is not None and (zone is None or bool(_OFFSET.fullmatch(zone) or find_zone(zone)))


def _later(words: str, *, now: datetime) -> datetime:
    length = read_duration(words)
    if length > FURTHEST:
        raise WhenError(f"“{words}” is too far away. {HINT}")
    if not length:
        raise WhenError(f"“{words}” is not a time to come. {HINT}")
    return (now + length).astimezone(UTC).replace(microsecond=0)


def _clock_time(text: str) -> tuple[int, int]:
    digits = [int(part) for part in re.findall(r"\d+", text)]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    half = re.search(r"[ap]", text.casefold())
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise WhenError(f"“{text}” is not a time of day. {HINT}")
    if half:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    return hour, minute


def _moment(day: str, clock: tuple[int, int], *, place: tzinfo, now: datetime) -> datetime:
    today = now.astimezone(place).date()
    try:
        if day[:1].isdigit():
            year, month, number = (int(part) for part in day.split("-"))
            return _exact(date(year, month, number), clock, place)
        if day in {"today", "tomorrow"}:
            return _exact(today + timedelta(days=day == "tomorrow"), clock, place)
        step = 1 if not day else 7
        ahead = 0 if not day else (_WEEKDAYS.index(day[:3]) - today.weekday()) % 7
        nearest = today + timedelta(days=ahead)
        local = datetime(nearest.year, nearest.month, nearest.day, *clock, tzinfo=place)
        past = local.replace(fold=1).astimezone(UTC) <= now
        return _exact(nearest + timedelta(days=step * past), clock, place)
    except (ValueError, OverflowError):
        raise WhenError(f"There is no day “{day}”. {HINT}") from None


def _exact(day: date, clock: tuple[int, int], place: tzinfo) -> datetime:
    """That wall-clock time in UTC, when it happens exactly once."""
    local = datetime(day.year, day.month, day.day, *clock, tzinfo=place)
    typed = f"{local:%H:%M}"
    if not _exists(local):
        later = local.astimezone(UTC).astimezone(place)
        raise WhenError(
            f"{typed} does not exist on {_day_text(day)} in {place}: the clocks go forward over it. "
            f"Did you mean `{later:%Y-%m-%d %H:%M}`?"
        )
    if _is_doubled(local):
        first, second = (
            f"`{local:%Y-%m-%d %H:%M} {_offset_text(local.replace(fold=fold))}`" for fold in (0, 1)
        )
        raise WhenError(
            f"{typed} happens twice on {_day_text(day)} in {place}, since the clocks go back. "
            f"Which one: {first} (the first) or {second} (the second)?"
        )
    return local.astimezone(UTC)


def _exists(local: datetime) -> bool:
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _is_doubled(local: datetime) -> bool:
    return _exists(local) and local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _offset_text(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:5]}"


def _day_text(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()].title()} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _unreadable(words: str) -> str:
    if not words:
        return f"When? {HINT}"
    if re.fullmatch(rf"(?:on )?(?:{_DAY}|{_DATE})", words, re.IGNORECASE):
        return f"“{words}” has no time of day. {HINT}"
    return f"“{words}” is not a time I can read. {HINT}"
