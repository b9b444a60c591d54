"""The words of a message as its author saw them, from the rich text that Slack keeps beside them.

The text is escaped, and people and groups are references in it, as in any text of Slack's: `&amp;`, `<@U1>`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
_PARTS = frozenset({"rich_text_section", "rich_text_preformatted", "rich_text_quote"})
_ID = re.compile(r"[A-Z][A-Z0-9]+")
_REFERENCES = {
    "user": ("user_id", "<@{}>"),
    "usergroup": ("usergroup_id", "<!subteam^{}>"),
    "channel": ("channel_id", "<#{}>"),
}
_CODES = re.compile(r"[0-9a-fA-F]{1,6}(?:-[0-9a-fA-F]{1,6})*")


class _UnknownError(ValueError):
    """Something that only the message's own text tells."""


def said(blocks: Sequence[Any]) -> str | None:
    """The text of one rich_text block (docs: rich-text-block); None where the message's text tells more."""
    if len(blocks) != 1 or blocks[0].get("type") != "rich_text":
        return None
    try:
        return "\n".join(_part(part) for part in blocks[0]["elements"]).strip("\n")
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _part(part: Json) -> str:
    if part["type"] == "rich_text_list":
        return "\n".join(_item(number, part, each) for number, each in enumerate(part["elements"], 1))
    if part["type"] in _PARTS:
        return "".join(_inline(each) for each in part["elements"]).removesuffix("\n")
    raise _UnknownError(part["type"])


def _item(number: int, listed: Json, item: Json) -> str:
    mark = f"{number + int(listed.get('offset') or 0)}." if listed.get("style") == "ordered" else "•"
    return f"{'    ' * int(listed.get('indent') or 0)}{mark} {_part(item)}"


def _inline(element: Json) -> str:
    match element["type"]:
        case "link":
            label, address = str(element.get("text") or ""), str(element["url"]).removeprefix("mailto:")
            return _escaped(address if label in {"", address} else f"{label} ({address})")
        case "emoji":
            return _escaped(_emoji(element))
        case "broadcast":
            return _escaped(f"@{element['range']}")
        case "user" | "usergroup" | "channel" as kind:
            field, written = _REFERENCES[kind]
            return written.format(_known_id(element[field]))
        case other:
            return _escaped(_fallback(element, other))


def _fallback(element: Json, kind: str) -> str:
    """The words of a kind of its own: a text, or a date, a colour or something newer that tells them."""
    said = next((element[name] for name in ("text", "fallback", "value") if name in element), None)
    if not isinstance(said, str):
        raise _UnknownError(kind)
    return said


def _known_id(name: str) -> str:
    if not _ID.fullmatch(name):
        raise _UnknownError("an id")
    return name


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _emoji(element: Json) -> str:
    codes = str(element.get("unicode") or "")
    if not _CODES.fullmatch(codes):
        return f":{element['name']}:"
    return "".join(chr(int(code, 16)) for code in codes.split("-"))
