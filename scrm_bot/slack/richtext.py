"""The words of a message as its author saw them, from the rich text that Slack keeps beside them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
_PARTS = frozenset({"rich_text_section", "rich_text_preformatted", "rich_text_quote"})
_CODES = re.compile(r"[0-9a-fA-F]{1,6}(?:-[0-9a-fA-F]{1,6})*")


class _UnknownError(ValueError):
    """Something that only the message's own text tells, such as the name of a person."""


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
        case "text":
            return str(element["text"])
        case "link":
            label, address = str(element.get("text") or ""), str(element["url"]).removeprefix("mailto:")
            return address if label in {"", address} else f"{label} ({address})"
        case "emoji":
            return _emoji(element)
        case "broadcast":
            return f"@{element['range']}"
        case other:
            raise _UnknownError(other)


def _emoji(element: Json) -> str:
    codes = str(element.get("unicode") or "")
    if not _CODES.fullmatch(codes):
        return f":{element['name']}:"
    return "".join(chr(int(code, 16)) for code in codes.split("-"))
