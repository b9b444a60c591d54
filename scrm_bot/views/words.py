"""Times, people, numbers and counts, as they are said everywhere."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from math import isfinite
from zoneinfo import ZoneInfo

from scrm_bot.domain.hours import ALWAYS, WorkingHours
from scrm_bot.views.blocks import escape

_MOST_PERCENT = 1e6
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def mention(user: str) -> str:
    """A live mention of a Slack user; an id that is none is shown as text."""
    return f"<@{user}>" if user.isalnum() and user.isascii() else escape(user, 80) or "someone"


def mentions(users: Sequence[str], most: int = 10) -> str:
    """`<@A>, <@B> and <@C>`, with a count of those left out."""
    names = [mention(user) for user in users[:most]]
    if len(users) > most:
        names.append(f"{len(users) - most} more")
    return listed(names) or "nobody"


def group(group_id: str) -> str:
    return f"<!subteam^{group_id}>" if group_id.isalnum() and group_id.isascii() else escape(group_id, 80)


def channel(channel_id: str) -> str:
    known = channel_id.isalnum() and channel_id.isascii()
    return f"<#{channel_id}>" if known else escape(channel_id, 80) or "no channel"


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


def zone_of(name: str) -> tuple[tzinfo, str]:
    """The zone and its name, UTC where the name means nothing."""
    if not _ZONE.fullmatch(name):
        return UTC, "UTC"
    try:
        return ZoneInfo(name), name
    except (KeyError, ValueError, OSError):  # unknown, no zone, a folder
        return UTC, "UTC"


def day(at: datetime) -> str:
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}"


def weekday(at: date) -> str:
    return _DAYS[at.weekday()]


def short_day(at: date) -> str:
    """`Tue 24 Nov`, where the year is plain."""
    return f"{weekday(at)} {at.day} {_MONTHS[at.month - 1]}"


def when(at: datetime, zone: str = "UTC") -> str:
    """`Tue 1 Dec 2026, 09:00 Europe/Berlin`."""
    place, name = zone_of(zone)
    local = local_time(at, place)
    return f"{day(local)}, {local:%H:%M} {name if local.tzinfo is place else 'UTC'}"


def local_time(at: datetime, place: tzinfo) -> datetime:
    """The same moment there; unchanged at the ends of the calendar, which no zone can shift."""
    try:
        return at.astimezone(place)
    except OverflowError:
        return at


def moment(at: datetime, zone: str = "UTC") -> str:
    """A time that Slack shows in each reader's own zone."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{when(at, zone)}>"


def hours_told(hours: WorkingHours) -> str:
    """`Weekdays, 09:00 to 18:00`."""
    if hours == ALWAYS:
        return "At any time"
    return f"{'Weekdays' if hours.weekdays else 'Every day'}, {hours.start} to {hours.end}"


def sentence(text: str) -> str:
    """With a full stop where it has no end of its own; empty stays empty."""
    told = text.strip()
    return told if not told or told[-1] in ".!?…" else f"{told}."


def plural(count: int, one: str, many: str = "") -> str:
    """`1 post`, `2 posts`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def number(value: float | None) -> str:
    """`1,234`, `4.2`; `n/a` where there is none."""
    if value is None or not isfinite(value):
        return "n/a"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    said = f"{value:.{2 if abs(value) >= 1 else 4}f}".rstrip("0").rstrip(".")
    return said if float(said) else "almost 0"


def signed(value: float) -> str:
    """`+1,234`, `−5`, `0`: what came or went."""  # noqa: RUF002 - a minus sign
    if not isfinite(value):
        return "n/a"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"  # noqa: RUF001 - a minus sign


def change(now: float | None, before: float | None) -> str:
    """`+12%`, `+0.3%`; empty where there is nothing to compare with, or where a percentage says nothing."""
    if now is None or before is None or not before > 0 or not isfinite(now):
        return ""
    percent = (now - before) / before * 100
    if not abs(percent) < _MOST_PERCENT:
        return ""
    said = f"{percent:+.0f}%" if abs(percent) >= 1 else f"{percent:+.1f}%"
    return said.replace("-", "−") if round(percent, 1) else "no change"  # noqa: RUF001 - a minus sign


def wait(seconds: float) -> str:
    """`40 seconds`, `3 minutes`: rounded up, since sooner would be a promise."""
    whole = max(1, -int(-seconds // 1))
    return plural(whole, "second") if whole < 100 else plural(-(-whole // 60), "minute")
