"""What somebody says to the bot in a message, as they would type it after /scrm."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from scrm_bot.domain.grammar import parse

Json = Mapping[str, Any]
_NAME = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
# Commas, formatting and dashes around a name; a colon that begins an :emoji: is not one of them.
_MARKS = r"(?:[\s,;.!?*_~]|:(?![\w+-]+:)|[-\u2013\u2014](?=\s))*"
_BEFORE_WORDS = re.compile(rf"{_MARKS}(?:/scrm(?![\w-]))?{_MARKS}", re.IGNORECASE)


def bots(body: Json) -> frozenset[str]:
    """The ids that people call the bot by (docs: Events API, authorizations); none where Slack tells none."""
    told = body.get("authorizations")
    found = [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []
    return frozenset(str(each.get("user_id")) for each in found if each.get("is_bot"))


def line_of(text: str, names: Collection[str]) -> str:
    """The text without the bot's name, wherever it stands, and without what people put around it.

    Where words stand on both sides of it ("hey @scrm approvals"), those behind it count alone if they begin
    with a verb and those before do not.
    """
    name = _name_in(text, names)
    if name is None:
        return _bare(text)
    opened = text[: name.start()].strip()
    before, after = _bare(opened), _bare(text[name.end() :])
    if opened and not before:
        after = after.removesuffix(opened)  # *@scrm approvals*
    if not before or (_begins_with_verb(after) and not _begins_with_verb(before)):
        return after
    return f"{before} {after}".rstrip()


def _name_in(text: str, names: Collection[str]) -> re.Match[str] | None:
    """The bot's name; where its id is not known, or not in the text, a name that stands first."""
    own = next((match for match in _NAME.finditer(text) if match[1] in names), None)
    return own or _NAME.match(text, len(text) - len(text.lstrip()))


def _bare(text: str) -> str:
    match = _BEFORE_WORDS.match(text)
    return text[match.end() if match else 0 :].strip()


def _begins_with_verb(text: str) -> bool:
    from scrm_bot.slack.commands import COMMANDS  # noqa: PLC0415  which read deeds, and this makes them

    verb = parse(text).verb
    return any(verb and verb in {known.verb, *known.aliases} for known in COMMANDS)
