"""The calendar: what goes out, day by day, what only waits to, and what gets in the way of what."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo

from scrm_bot.domain.calendar import SHOWN, Calendar, Entry, Mark, Span, Stand
from scrm_bot.domain.clashes import ClashKind
from scrm_bot.domain.insights import Account
from scrm_bot.views import ids, networks
from scrm_bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    clean,
    context,
    header,
    line,
    message,
    section,
)
from scrm_bot.views.words import day, local_time, plural, zone_of

_MOST_EXCERPT = 100
_STANDS = {
    Stand.WAITING: "⏳ *Waits for approval*",
    Stand.HELD: "⏸️ *On hold*",
    Stand.APPROVED: "✅ *Approved*, not handed over yet",
    Stand.SCHEDULED: "🗓️ *Scheduled*",
    Stand.PUBLISHING: "📤 *Publishing*",
    Stand.PUBLISHED: "🟢 *Published*",
    Stand.FAILED: "❌ *Failed*",
}
_DAY, _WEEK = 1, 7


def calendar(shown: Calendar, *, accounts: Iterable[Account]) -> Message:
    """One page: the days that have something, and the way to other days."""
    place, zone = zone_of(shown.span.zone)
    known = tuple(accounts)
    days = _days(shown, known, place)
    return message(
        header(_title(shown)),
        context(f"{_range(shown.span)}. Times are in {zone}."),
        *(days or [section(_nothing(shown))]),
        *[context(told) for told in (" ".join(_more(shown)),) if told],
        actions(*_buttons(shown)),
    )


def _title(shown: Calendar) -> str:
    if shown.span.first != shown.today:
        return "Calendar"
    return "Today" if shown.span.days == _DAY else f"Next {shown.span.days} days"


def _range(span: Span) -> str:
    first, last = _date(span.first), _date(span.last)
    return first if first == last else f"{first} to {last}"


def _date(at: date) -> str:
    return day(datetime(at.year, at.month, at.day))  # noqa: DTZ001 - a date, at no time of day


def _days(shown: Calendar, accounts: Sequence[Account], place: tzinfo) -> list[Block]:
    blocks: list[Block] = []
    last = ""
    for entry in shown.entries[:SHOWN]:
        local = local_time(entry.at, place)
        if day(local) != last:
            last = day(local)
            blocks.append(section(f"*{last}*"))
        blocks.append(_entry(entry, shown.marks.get(entry.post_id, ()), accounts, place))
    return blocks


def _entry(entry: Entry, found: Sequence[Mark], accounts: Sequence[Account], place: tzinfo) -> Block:
    at = local_time(entry.at, place)
    names = networks.names(entry.account_ids, accounts, most=2, told=entry.accounts_told)
    rows = [
        f"*{at:%H:%M}*  {_STANDS[entry.stand]} · {names}",
        line(entry.text, _MOST_EXCERPT) or "_No text._",
    ]
    rows += [f"⚠️ {_mark(mark, at, place)}" for mark in found]
    about = button(
        "Show", ids.Action.SHOW_POST, entry.post_id, says=f"Show the post of {at:%H:%M}: {clean(entry.text)}"
    )
    return section("\n".join(rows), accessory=about)


def _mark(mark: Mark, at: datetime, place: tzinfo) -> str:
    other = local_time(mark.at, place)
    when = f"{other:%H:%M}" if other.date() == at.date() else f"{day(other)}, {other:%H:%M}"
    if mark.kind is ClashKind.SAME_HOUR:
        return f"The same account has another one within the hour, at {when}."
    return f"The same text as at {when}."


def _nothing(shown: Calendar) -> str:
    told = "Nothing is planned for these days." if shown.span.days > 1 else "Nothing is planned for this day."
    if shown.span.last < shown.today:
        return "Nothing went out on these days." if shown.span.days > 1 else "Nothing went out on this day."
    return f"{told} `/scrm schedule POST tomorrow 09:00` asks for approval of a time."


def _more(shown: Calendar) -> list[str]:
    told = [f"{plural(shown.left, 'more post')} on these days."] if shown.left else []
    if shown.untimed:
        told.append(
            f"{plural(shown.untimed, 'request')} without a time: to go out once approved. "
            "`/scrm approvals all` lists them."
        )
    if not shown.is_all:
        told.append(
            f"Looked at the newest {shown.looked:,} posts, and at all that was scheduled through the bot. "
            "Look further goes on with older ones."
        )
    return told


def _buttons(shown: Calendar) -> list[Block]:
    span = shown.span
    other = Span(span.first, _WEEK if span.days == _DAY else _DAY, span.zone)
    buttons = [
        _button("Previous", "previous", written(span.moved(-1))),
        _button("Next", "next", written(span.moved(1))),
    ]
    if shown.left:
        buttons.append(_button("More", "more", written(span, skip=shown.skip + SHOWN, key=shown.key)))
    if not shown.is_all:
        buttons.append(_button("Look further", "further", written(span, key=shown.key, further=True)))
    buttons.append(_button("Week" if span.days == _DAY else "Day", "span", written(other)))
    return buttons


def _button(label: str, which: str, value: str) -> Block:
    return button(label, f"{ids.Action.CALENDAR}:{which}", value)


def written(span: Span, *, skip: int = 0, key: str = "", further: bool = False) -> str:
    """A place in the calendar as a button's value."""
    return f"{span.days}:{span.first.isoformat()}:{skip}:{key}:{'further' if further else ''}"
