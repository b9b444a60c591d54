"""Flags that a verb does not take: named and given back, so that nothing is done that was not meant."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from scrm_bot.domain.grammar import SWITCHES, WITH_VALUE, Line
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.slack.seen import as_seen
from scrm_bot.views import answers
from scrm_bot.views.blocks import code, message, section
from scrm_bot.views.words import listed

_ANYWHERE = ("share", "brand")
_LITERAL = re.compile(r"(?<!\S)--(?!\S).*", re.DOTALL)  # after a bare `--` everything is text
_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab][^\"\u201c\u201d\u201e\u00ab\u00bb]*[\"\u201c\u201d\u00bb]")
_FLAG_LIKE = re.compile(r"(?<!\S)--([A-Za-z][\w-]*)")
_DASHED = re.compile(r"(?<!\S)[\u2014\u2013]([A-Za-z][\w-]*)")  # a phone's dash, or a dash before a word
_HAS_DASH = re.compile("--|[\u2014\u2013]")
_LIKE = 0.75


def checked(command: Command, line: Line) -> Command:
    """The command; in its place one that only says what was not understood, where there is such a thing."""
    if not (line.flags or _HAS_DASH.search(line.given)):
        return command
    wrong = _wrong(command, line)
    if not wrong:
        return command

    async def refuse(call: Invocation, workspace: Workspace) -> Answers:
        typed = await as_seen(f"/scrm {call.line.verb} {call.line.given}".strip(), workspace)
        return Reply(answers.given_back(message(section(wrong)), typed))

    return replace(command, run=refuse, instant=False)


def _wrong(command: Command, line: Line) -> str:
    """What is wrong with the flags, "" where nothing is."""
    if strays := _strays(command, line):
        return _told(command, strays)
    empty = [name for name, value in line.flags.items() if name in WITH_VALUE and not value.strip()]
    return _empty_told(empty) if empty else ""


def _strays(command: Command, line: Line) -> list[str]:
    """Flags that the verb does not take; where its words are no text of a post, also what looks like one."""
    taken = {*_ANYWHERE, *command.takes}
    known = [name for name in line.flags if name not in taken]
    return known if command.is_free_text else [*known, *_flag_like(line)]


def _flag_like(line: Line) -> list[str]:
    typed = _QUOTED.sub("", _LITERAL.sub("", line.given))
    known = {*SWITCHES, *WITH_VALUE, *line.flags}
    found = [name for name in _FLAG_LIKE.findall(typed) if name.casefold() not in known]
    near = [name for name in _DASHED.findall(typed) if name.casefold() not in known]
    return [*found, *(name for name in near if get_close_matches(name.casefold(), known, cutoff=_LIKE))]


def _told(command: Command, strays: Sequence[str]) -> str:
    verb = f"`/scrm {command.verb}`"
    takes = listed([f"`--{name}`" for name in (*command.takes, "share")])
    wrong = listed([code(f"--{name}") for name in strays])
    return (
        f"{verb} does not take {wrong}, so nothing was done. It takes {takes}. Send it again without "
        f"{'that' if len(strays) == 1 else 'those'}; what comes after a bare `--` is read as plain text."
    )


def _empty_told(empty: Sequence[str]) -> str:
    named = listed([f"`--{name}`" for name in empty])
    behind = "has nothing behind it" if len(empty) == 1 else "have nothing behind them"
    return (
        f"{named} {behind}, so nothing was done. Say what is meant, or leave it out; what comes after a bare "
        "`--` is read as plain text."
    )
