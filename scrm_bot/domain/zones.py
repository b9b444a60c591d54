"""Zones as people write them: abbreviations, offsets, and the words around a name."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_WITH_OFFSET = re.compile(r"(\S.*?) \(([+-]\d{2}:\d{2})\)")  # as `echo` tells a doubled hour
_AROUND = re.compile(r"\((.+)\)|in (.+)|(.+) time", re.IGNORECASE)
# An abbreviation says what the clocks show at a moment, so the zone it stands for must show it then.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "utc": ("UTC",),
    "z": ("UTC",),
    "gmt": ("GMT",),
    **dict.fromkeys(("wet", "west"), ("Europe/Lisbon",)),
    "bst": ("Europe/London",),
    **dict.fromkeys(("cet", "cest"), ("Europe/Berlin",)),
    **dict.fromkeys(("eet", "eest"), ("Europe/Helsinki",)),
    **dict.fromkeys(("et", "est", "edt"), ("America/New_York",)),
    **dict.fromkeys(("ct", "cst", "cdt"), ("America/Chicago",)),
    **dict.fromkeys(("mt", "mst", "mdt"), ("America/Denver",)),
    **dict.fromkeys(("pt", "pst", "pdt"), ("America/Los_Angeles",)),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "jst": ("Asia/Tokyo",),
    **dict.fromkeys(("aest", "aedt"), ("Australia/Sydney",)),
}
ALL_YEAR = frozenset({"utc", "z", "gmt", "et", "ct", "mt", "pt"})  # these agree at any moment
# In lower case these are words of some language, so at the beginning of a text they are that.
_WORDS_TOO = frozenset({"z", "wet", "west", "et", "est", "ct", "mt", "pt", "ist"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clock shows the time that is meant. `name` is the IANA zone to tell it in.

    `says` is an abbreviation or an offset, and "" where any will do: only a moment at which the clocks there
    go by it is meant.
    """

    zone: tzinfo
    name: str
    says: str = ""

    def agrees(self, local: datetime) -> bool:
        return self.says in {"", local.tzname(), offset_text(local)}


def bare(typed: str) -> str:
    """`in Berlin`, `(Berlin)`, `Berlin time` → `Berlin`."""
    name = typed.strip()
    while match := _AROUND.fullmatch(name):
        name = next(part for part in match.groups() if part).strip()
    return name


def offset(name: str) -> tzinfo | None:
    """`+02:00`, `-0800`, `UTC+2`; None for anything else."""
    match = _OFFSET.fullmatch(name)
    if match is None:
        return None
    away = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-away if match[1] == "-" else away) if away < timedelta(hours=24) else None


def parted(name: str) -> tuple[str, str]:
    """`Europe/Berlin (+02:00)` in its two parts; the second is empty where there is none."""
    match = _WITH_OFFSET.fullmatch(name)
    return (match[1], match[2]) if match else (name, "")


def is_abbreviation(name: str, *, strict: bool) -> bool:
    """Whether it is one; `strict` where it may as well be a word of the text that follows."""
    lower = name.casefold()
    return lower in ABBREVIATIONS and (not strict or name.isupper() or lower not in _WORDS_TOO)


def abbreviated(name: str, *, home: str, now: datetime) -> list[Place]:
    """The places that an abbreviation can stand for: the person's own first of all, and then alone."""
    lower = name.casefold()
    found = ABBREVIATIONS.get(lower, ())
    if lower in ALL_YEAR:
        return [Place(ZoneInfo(found[0]), found[0])]
    says = lower.upper()
    if found and says in _spoken(ZoneInfo(home), now):
        return [Place(ZoneInfo(home), home, says)]
    return [Place(ZoneInfo(each), each, says) for each in found]


def offset_text(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:5]}"


def offset_of(place: Place, local: datetime) -> str:
    """The offset that goes with what `place` says, which is not what its clocks go by at `local`."""
    return _spoken(place.zone, local).get(place.says, place.says)


def _spoken(zone: tzinfo, near: datetime) -> dict[str, str]:
    """The abbreviations that a zone goes by in a year, with their offsets."""
    seasons = [datetime(near.year, month, 1, tzinfo=zone) for month in (1, 7)]
    return {str(local.tzname()): offset_text(local) for local in seasons}
