"""The forms of a WHEN: which of its words are the day, the time and the zone, and what they say."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?"
    r"|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NUMBER = r"(?:the )?\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:{_NUMBER}(?: of)? {_MONTH}|{_MONTH} {_NUMBER})(?:,? \d{{4}})?|\d{{4}}-\d{{1,2}}-\d{{1,2}}"
_DAY = rf"(?:{_WEEKDAY},? )?(?:{_DATE})|today|tomorrow|(?:(?:next|this) )?{_WEEKDAY}"
_TIME = (
    r"\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?"
    r"|\d{1,2} ?[ap]\.?m\.?|(?:12 )?(?:noon|midnight)"
)
_GLUED = r"(?P<glued>z|[+-]\d{2}:?\d{2})?"
_CLOCK = rf"(?:(?:at |@ ?)?(?P<time>{_TIME})|at (?P<hour>\d{{1,2}})){_GLUED}"
_ZONE = r"(?:,? (?P<zone>\S.*))?"
_UNIT = r"(?:w(?:ee)?ks?|w|d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?)"
_ONE = r"(?:an?|one|half an?) (?:week|day|hour|minute)"
_PART = rf"(?:\d{{1,5}} ?{_UNIT}|{_ONE})"
_LENGTH = re.compile(rf"(?:in )?{_PART}(?:(?: |, | and )?{_PART})*", re.IGNORECASE)
_COUNTED = re.compile(rf"(?:(\d{{1,5}}) ?|\b(half an?|an?|one) )({_UNIT})", re.IGNORECASE)
_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_LONGEST = timedelta(weeks=99_999)  # beyond every use, and within what dates can be moved by
_IN_DAYS = r"in (?:\d{1,4} ?(?:d(?:ays?)?|w(?:ee)?ks?|w)|(?:an?|one) (?:day|week))"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<day>\d{{4}}-\d{{2}}-\d{{2}})t(?P<time>\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?){_GLUED}{_ZONE}",
        rf"{_CLOCK}(?:,? (?P<before>\S.*?))??,? (?:on )?(?P<day>{_DAY}){_ZONE}",
        rf"(?:on )?(?:(?P<day>{_DAY}),? )?{_CLOCK}{_ZONE}",
        rf"(?P<day>{_IN_DAYS}),? {_CLOCK}{_ZONE}",
    )
)
_DAY_ALONE = re.compile(rf"(?:on )?(?:{_DAY})", re.IGNORECASE)
_TIME_ALONE = re.compile(_TIME, re.IGNORECASE)
_PAST = re.compile(
    rf"(?:.* )?yesterday\b.*|(?:.* )?last (?:{_WEEKDAY}|{_MONTH}|week|month|year|night)\b.*"
    rf"|{_PART}(?:(?: |, | and )?{_PART})* ago",
    re.IGNORECASE,
)
_RECENT = timedelta(days=90)  # a date without a year that is no longer ago was meant, and has passed


@dataclass(frozen=True, slots=True)
class Phrase:
    """A WHEN in its parts, as they were typed; "" for those that were not."""

    day: str
    time: str
    zone: str


def read(words: str) -> Phrase | None:
    """The parts of these words where they have the form of a WHEN, whatever they say."""
    for form in _FORMS:
        match = form.fullmatch(words)
        if match:
            parts = match.groupdict(default="")
            zones = [parts.get(name, "") for name in ("before", "glued", "zone")]
            zone = " ".join(each for each in zones if each)
            return Phrase(parts["day"], parts["time"] or parts["hour"], zone)
    return None


def is_day(words: str) -> bool:
    """Whether it is a day without a time."""
    return _DAY_ALONE.fullmatch(words) is not None


def is_past(words: str) -> bool:
    """Whether they name a time that has gone by, which no form of a WHEN does."""
    return _PAST.fullmatch(words) is not None


def clock(text: str) -> tuple[int, int] | None:
    """Hour and minute of `9am`, `21.30`, `09:00:00`, `noon`, `9`; None for what no clock shows."""
    lower = text.casefold()
    if lower.endswith(("noon", "midnight")):
        return (12 if lower.endswith("noon") else 0), 0
    digits = [int(part) for part in re.findall(r"\d+", text)]
    hour, minute, second = (*digits, 0, 0)[:3]
    half = re.search(r"[ap]", lower)
    if minute > 59 or second > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    return hour, minute


def time_alone(text: str) -> tuple[int, int] | None:
    """As `clock`, for a text that is nothing but a time of day."""
    return clock(text) if _TIME_ALONE.fullmatch(text) else None


def length(words: str) -> timedelta | None:
    """`3d`, `2h30m`, `in 1 week`, `half an hour` as a length of time."""
    if not _LENGTH.fullmatch(words):
        return None
    total = timedelta()
    for number, word, unit in _COUNTED.findall(words):
        count = int(number) if number else 0.5 if word[0] in "hH" else 1
        total = min(total + count * _UNITS[unit[0].casefold()], _LONGEST)
    return total


def weekday(day: str) -> int | None:
    """The day of the week that it names, from 0 for Monday."""
    return _named(WEEKDAYS, _words(day))


def days(day: str, today: date) -> tuple[date, ...]:
    """The days that it can mean, of which the first one to come is meant; a day with a date has just one.

    Raises `ValueError` or `OverflowError` for a day that does not exist.
    """
    words = _words(day)
    if not words:
        return today, today + timedelta(days=1)
    if words[0] == "in":
        return (today + (length(day) or timedelta()),)
    if words[0] in {"today", "tomorrow"}:
        return (today + timedelta(days=words[0] == "tomorrow"),)
    if words[-1].isdigit() or _named(MONTHS, words) is not None:
        return (_date(words, today),)
    ahead = (weekday(day) or 0) - today.weekday()
    if words[0] == "next":
        return (today + timedelta(days=ahead + 7),)
    nearest = today + timedelta(days=ahead % 7)
    return nearest, nearest + timedelta(days=7)


def _date(words: list[str], today: date) -> date:
    """A date by its numbers or its month; without a year the next one, or one that has just passed."""
    month = _named(MONTHS, words)
    numbers = [word for word in words if word.isdigit()]
    if month is None:
        return date(*(int(number) for number in numbers))
    years = [int(number) for number in numbers if len(number) == 4]
    number = next(int(number) for number in numbers if len(number) < 4)
    if years:
        return date(years[0], month + 1, number)
    for year in range(today.year - 1, today.year + 9):  # there is a 29 Feb in any nine years
        if 1 <= number <= monthrange(year, month + 1)[1]:
            found = date(year, month + 1, number)
            if found >= today - _RECENT:
                return found
    raise ValueError("no such day in any year")


def _words(day: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+", day.casefold())


def _named(names: tuple[str, ...], words: list[str]) -> int | None:
    """Which of the names one of the words begins with."""
    found = [names.index(word[:3]) for word in words if word[:3] in names]
    return found[0] if found else None
