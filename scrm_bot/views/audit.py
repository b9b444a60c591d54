"""The audit log: a list for reading, and CSV for keeping, as a file or, where there is none, as text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC

from scrm_bot.domain.audit import Entry, Filter, short
from scrm_bot.views.blocks import Block, Message, code, context, escape, header, line, message, section
from scrm_bot.views.blocks import size as length
from scrm_bot.views.words import channel, group, mention, moment, plural

MOST_LISTED = 20
MOST_CSV = 2500
FILE_NAME = "audit-log.csv"
_MOST_VALUE = 80  # of what a row shows; the CSV has it whole
_MOST_DETAIL = 120
_MOST_RESULT = 60
COLUMNS = tuple(field.name for field in fields(Entry))
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ID = re.compile(r"(?<![\w#@^])(?=\w*\d)[CGSUW][A-Z0-9]{7,}(?![\w…])", re.ASCII)  # words have no digits
_TIME = "%Y-%m-%dT%H:%M:%SZ"

_NAMED = {"C": channel, "G": channel, "S": group, "U": mention, "W": mention}
_NO_FILE = "Slack did not take the log as a file, so here is its beginning as text."
_AGAIN = "The same command tries the file again."
_NO_RIGHT = "For the file, an admin installs the app anew: it lacks the `files:write` permission."
_NOTHING = "Nothing is in the log for this. `/scrm audit` alone shows the newest of all."


def listing(entries: Sequence[Entry], *, wanted: Filter, zone: str, more: bool = False) -> Message:
    """The newest entries, newest first; `more`: there are older ones beyond those given."""
    top = [header("Audit log"), *_narrowed(wanted, zone)]
    if not entries:
        return message(*top, section(_NOTHING))
    rows = [section(_row(entry, zone)) for entry in entries[:MOST_LISTED]]
    return message(*top, *rows, *_left(len(entries) - MOST_LISTED, more=more))


def csv_file(entries: Sequence[Entry]) -> bytes:
    """All of them, newest first. Without its mark, spreadsheets take UTF-8 for something else."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, entries))
    return out.getvalue().encode("utf-8-sig")


def with_file(entries: Sequence[Entry], *, wanted: Filter, more: bool = False) -> Message:
    """What stands above the file."""
    told = f"{plural(len(entries), 'entry', 'entries')} as CSV, the newest first. Times are in UTC."
    spared = "A cell that a spreadsheet would take for a formula begins with an apostrophe."
    top = [header("Audit log"), *_narrowed(wanted, "UTC"), section(f"{told}\n{spared}")]
    return message(*top, *_left(0, more=more))


def without_file() -> Message:
    """In the place of the words above a file that Slack did not take in the end."""
    return message(section("Slack did not take the file of the audit log: `/scrm audit --csv` tries again."))


def handed_over(entries: Sequence[Entry], *, shared: bool = False) -> Message:
    """Where the file is."""
    if not entries:
        return message(section(_NOTHING))
    where = "in this channel" if shared else "in your direct messages with me"
    told = plural(len(entries), "entry", "entries")
    return message(section(f"The audit log is {where}, as {code(FILE_NAME)}: {told}."))


def as_csv(entries: Sequence[Entry], *, more: bool = False, lacks_right: bool = False) -> Message:
    """The newest entries as CSV to copy, where Slack takes no file: as many as one message holds.

    `lacks_right`: because the bot may not send any.
    """
    rows = [_line(COLUMNS)]
    used = length(rows[0])
    for entry in entries:
        row = _line(_cells(entry))
        used += length(_shown(row))
        if used > MOST_CSV:
            break
        rows.append(row)
    text = _shown("".join(rows))
    left = len(entries) - (len(rows) - 1)
    why = section(f"{_NO_FILE} {_NO_RIGHT if lacks_right else _AGAIN}")
    return message(why, section(f"```{text}```"), *_left(left, more=more))


def _row(entry: Entry, zone: str) -> str:
    who = mention(entry.who) if entry.who else "the bot"
    post = f" {code(entry.post_id)}" if entry.post_id else ""
    version = f" {code(short(entry.content_hash))}" if entry.content_hash else ""
    told = f"{moment(entry.at, zone)} {who}: *{line(entry.what.replace('_', ' '), 40)}*{post}{version}"
    return f"{told}{_change(entry)}{_rest(entry)}"


def _change(entry: Entry) -> str:
    if entry.before == entry.after:
        return ""
    before, after = _told(entry.before, _MOST_VALUE), _told(entry.after, _MOST_VALUE)
    return f"\n{before or 'new'} → {after or 'nothing'}"


def _rest(entry: Entry) -> str:
    parts = [] if entry.result == "done" else [line(entry.result, _MOST_RESULT)]
    told = ". ".join(part for part in (*parts, _told(entry.detail, _MOST_DETAIL)) if part)
    return f"\n{told}" if told else ""


def _told(value: str, most: int) -> str:
    """With names for the ids of people, groups and channels, which the CSV keeps."""
    return _ID.sub(lambda found: _NAMED[found[0][0]](found[0]), line(value, most))


def _narrowed(wanted: Filter, zone: str) -> list[Block]:
    parts = [code(wanted.post_id)] if wanted.post_id else []
    parts += [f"by {mention(wanted.who)}"] if wanted.who else []
    parts += [f"since {moment(wanted.since, zone)}"] if wanted.since else []
    return [context(" · ".join(parts))] if parts else []


def _left(count: int, *, more: bool) -> list[Block]:
    if count <= 0 and not more:
        return []
    least = "more than " if more else ""
    told = f"{least}{plural(count, 'older entry', 'older entries')}" if count > 0 else "older entries"
    return [context(f"Left out: {told}. Narrow it down with a post, a person or a time, as in `7d`.")]


def _cells(entry: Entry) -> list[str]:
    told = {
        "at": entry.at.astimezone(UTC).strftime(_TIME),
        "who": entry.who or "bot",
        "content_hash": short(entry.content_hash),
    }
    return [_harmless(told.get(column) or str(getattr(entry, column))) for column in COLUMNS]


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _shown(row: str) -> str:
    """Inside a code block, where three backticks would end it."""
    return escape(row).replace("```", "` ` `")
