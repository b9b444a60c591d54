"""WHEN, as people type it: read into one moment, or answered with a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from scrm_bot.domain import moments, phrases, questions, zones
from scrm_bot.domain.errors import WhenError
from scrm_bot.domain.phrases import Phrase
from scrm_bot.domain.zones import Place

FURTHEST = timedelta(days=5 * 365)
LONGEST = 14  # words of the longest WHEN: "at 9 a.m. in New York time on Tue the 1st of December 2026"
_CITY_AREAS = frozenset({"Africa", "America", "Asia", "Australia", "Europe"})
_FURTHER_CITIES = ("Pacific/Auckland", "Pacific/Honolulu", "Atlantic/Reykjavik", "Indian/Mauritius")
_NOT_CITIES = frozenset({"act", "lhi", "north", "nsw", "south", "virgin", "west"})  # words of ordinary text
_BY_LETTERS = {"utc": "UTC", "z": "UTC", "gmt": "GMT", "cet": "CET", "eet": "EET", "wet": "WET"}


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
    home, words = find_zone(zone) or "UTC", _tidy(text)
    if words.casefold() == "now":
        return When(None, home)
    away = _ahead(words)
    if away is not None:
        return When(_later(words, away, now=now), home)
    if phrases.is_past(words):
        raise WhenError(f"“{words}” has passed. {questions.hint(now)}")
    phrase = phrases.read(words)
    if phrase is None:
        raise WhenError(_unreadable(words, now=now, zone=home))
    clock = phrases.clock(phrase.time)
    if clock is None:
        raise WhenError(f"“{phrase.time}” is not a time of day. {questions.hint(now)}")
    place = _place(phrase, clock, home=home, now=now)
    moment = _moment(phrase, clock, place, now=now)
    if moment <= now:
        raise WhenError(f"{echo(moment, place.name)} has passed. Which time to come did you mean?")
    if moment - now > FURTHEST:
        raise WhenError(f"{echo(moment, place.name)} is more than five years away. Which year did you mean?")
    return When(moment, place.name)


def echo(at: datetime, zone: str) -> str:
    """`Tue 1 Dec 2026, 09:00 Europe/Berlin`; in a doubled hour with the offset, so it has one reading."""
    name = find_zone(zone) or "UTC"
    local = at.astimezone(ZoneInfo(name))
    offset = f" ({zones.offset_text(local)})" if moments.is_doubled(local) else ""
    return f"{moments.day_text(local.date())}, {local:%H:%M} {name}{offset}"


def when_words(words: Sequence[str]) -> int:
    """How many of the first words form a WHEN, as many as possible; 0 when none do."""
    if _is_when(words):
        return len(words)
    for count in range(min(len(words), LONGEST), 0, -1):
        if _is_when(words[:count], strict=True):
            return count
    return 0


def split_when(text: str) -> tuple[str, str]:
    """`POST WHEN` into its two parts; the first is empty when everything is a WHEN."""
    words = text.split()
    if words and _is_when(words):
        return "", " ".join(words)
    return (words[0], " ".join(words[1:])) if words else ("", "")


def read_duration(text: str) -> timedelta:
    """`3d`, `2h30m`, `1 week` as a length of time. Raises `WhenError`."""
    found = phrases.length(" ".join(text.split()))
    if found is None:
        raise WhenError(f"How long is “{text.strip()}”? Try `3d`, `2h` or `1w`.")
    return found


def read_clock(text: str) -> str | None:
    """`9am`, `9:00`, `21.30`, `noon` as `HH:MM`; None when it is no time of day."""
    clock = phrases.time_alone(text.strip())
    return f"{clock[0]:02}:{clock[1]:02}" if clock else None


def find_zone(name: str) -> str | None:
    """The IANA name of a zone people typed: `europe/berlin`, `Berlin`, `new york`, `UTC`; else None."""
    return _zones().get("_".join(name.casefold().split()))


def first_minute(day: date, clock: tuple[int, int], place: ZoneInfo) -> datetime:
    """That wall-clock time in UTC: in a gap the first valid minute after, in a doubled hour the first one."""
    local = datetime(day.year, day.month, day.day, *clock, tzinfo=place)
    while not moments.exists(local):
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
    return {**cities, **names, **_BY_LETTERS}


def _tidy(text: str) -> str:
    """One space between words, and no mark at the end, where a sentence may have one."""
    return " ".join(text.split()).rstrip(" ,;.!")


def _is_when(words: Sequence[str], *, strict: bool = False) -> bool:
    """Whether these words are a WHEN and nothing else; `strict` where the words of a text may follow."""
    if len(words) > LONGEST:
        return False
    text = _tidy(" ".join(words))
    if text.casefold() == "now" or _ahead(text) is not None:
        return True
    phrase = phrases.read(text)
    return phrase is not None and (not phrase.zone or _is_zone(phrase.zone, strict=strict))


def _is_zone(typed: str, *, strict: bool) -> bool:
    name = zones.bare(typed)
    if name.casefold() in zones.ABBREVIATIONS:
        return zones.is_abbreviation(name, strict=strict)
    return zones.offset(name) is not None or find_zone(zones.parted(name)[0]) is not None


def _ahead(words: str) -> timedelta | None:
    """`in 2h` as a length of time; None for what is no such thing."""
    return phrases.length(words) if words.casefold().startswith("in ") else None


def _later(words: str, away: timedelta, *, now: datetime) -> datetime:
    if away > FURTHEST:
        raise WhenError(f"“{words}” is too far away. {questions.hint(now)}")
    if not away:
        raise WhenError(f"“{words}” is not a time to come. {questions.hint(now)}")
    return (now + away).astimezone(UTC).replace(microsecond=0)


def _place(phrase: Phrase, clock: tuple[int, int], *, home: str, now: datetime) -> Place:
    """Where the time is meant. Raises `WhenError` for a zone that is unknown or one of several."""
    if not phrase.zone:
        return Place(ZoneInfo(home), home)
    name = zones.bare(phrase.zone)
    offset = zones.offset(name)
    if offset:
        return Place(offset, home)
    meant = zones.abbreviated(name, home=home, now=now)
    if len(meant) > 1:
        choices = ", ".join(f"`{_typed(phrase.day, clock, place.name)}`" for place in meant)
        raise WhenError(f"“{name}” is the time of several places. Which one: {choices}?")
    if meant:
        return meant[0]
    city, says = zones.parted(name)
    known = find_zone(city)
    if known is None:
        raise WhenError(questions.unknown_zone(name))
    return Place(ZoneInfo(known), known, says)


def _moment(phrase: Phrase, clock: tuple[int, int], place: Place, *, now: datetime) -> datetime:
    today = now.astimezone(place.zone).date()
    try:
        days = phrases.days(phrase.day, today)
        day = moments.first_of(days, clock, place, now=now)
        said = phrases.weekday(phrase.day)
        if said is not None and day.weekday() != said:
            retyped = _typed(day.isoformat(), clock, phrase.zone)
            told = moments.day_text(day)
            raise WhenError(f"“{phrase.day}” is no day, it would be {told}. Did you mean `{retyped}`?")
        last = moments.last_reading(day, clock, place)
        return last if last <= now else moments.exact(day, clock, place)
    except (ValueError, OverflowError):
        raise WhenError(f"There is no day “{phrase.day}”. {questions.hint(now)}") from None


def _typed(day: str, clock: tuple[int, int], zone: str) -> str:
    """A WHEN as one can type it."""
    return " ".join(part for part in (day, f"{clock[0]:02}:{clock[1]:02}", zone) if part)


def _unreadable(words: str, *, now: datetime, zone: str) -> str:
    if not words:
        return f"When? {questions.hint(now)}"
    close = [each for each in questions.guesses(words) if _works(each, now=now, zone=zone)]
    meant = f"Did you mean {' or '.join(f'`{each}`' for each in close)}?" if close else questions.hint(now)
    if phrases.is_day(words):
        meant = f"Try `{close[0]}`." if close else meant
        return f"“{words}” has no time of day. {meant}"
    if words.casefold().startswith("in ") and words[3].isdigit():
        return f"How long is “{words}”? Try `in 3d`, `in 2h` or `in 1w`."
    return f"“{words}” is not a time I can read. {meant}"


def _works(words: str, *, now: datetime, zone: str) -> bool:
    """Whether it can be typed instead: it has the form of a WHEN, and is one to come."""
    if not _is_when(words.split()):
        return False
    try:
        return read_when(words, now=now, zone=zone).at is not None
    except WhenError:
        return False
