"""What is asked where a WHEN cannot be read: hints of which each can be typed instead."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from difflib import get_close_matches

from scrm_bot.domain.phrases import WEEKDAYS

_MOST_ZONE_WORDS = 3  # Port of Spain
_DAY_WORDS = (
    *("today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *WEEKDAYS,
)
_BARE_HOUR = re.compile(r"(|.+ )(\d{1,2})")


def hint(now: datetime) -> str:
    """What can be typed instead, of which nothing has passed."""
    date = (now + timedelta(days=30)).date()
    return f"Try `tomorrow 09:00`, `fri 5pm`, `in 2h30m`, `{date} 09:00` or `now`."


def unknown_zone(name: str) -> str:
    if len(name.split()) > _MOST_ZONE_WORDS:
        return f"What is “{name}” behind the time? Only a zone can be there, such as `Berlin` or `+02:00`."
    return (
        f"Which time zone is “{name}”? Name a city such as `Berlin` or `New York`, "
        "a zone such as `Europe/Berlin`, or an offset such as `+02:00`."
    )


def guesses(words: str) -> Iterator[str]:
    """What may be meant: a length of time, an hour without `am` or `pm`, a day alone or misspelt."""
    first, _, rest = words.partition(" ")
    near = get_close_matches(first.casefold(), _DAY_WORDS, n=1, cutoff=0.8)
    hour = _BARE_HOUR.fullmatch(words)
    yield f"in {words}"
    if hour and int(hour[2]) < 24:
        yield f"{hour[1]}{int(hour[2]):02}:00"
    if hour and 1 <= int(hour[2]) < 12:
        yield f"{hour[1]}{int(hour[2])}pm"
    yield f"{words} 09:00"
    if near:
        yield f"{near[0]} {rest or '09:00'}"
