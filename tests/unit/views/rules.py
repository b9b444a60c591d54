"""What every message and view must hold to, whatever is in it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from scrm_bot.demo.slack import blockkit
from scrm_bot.views.blocks import Block, Message, View, size

MOST_CHARACTERS = 13_000  # of all texts in one message: Slack then answers msg_blocks_too_long
LIVE = re.compile(r"<[^>]*>")
OUR_MARKUP = re.compile(
    r"<@[A-Za-z0-9]+>|<#[A-Za-z0-9]+>|<!subteam\^[A-Za-z0-9]+>"
    r"|<!date\^-?\d+\^\{date_short_pretty\} \{time\}\|[^<>|]*>",
    re.ASCII,
)
BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
MOST = {
    "header.text": 150,
    "section.text": 3000,
    "section.field": 2000,
    "context.element": 3000,
    "button.text": 75,
    "option.text": 75,
    "option.description": 75,
    "confirm.title": 100,
    "confirm.text": 300,
    "confirm.confirm": 30,
    "confirm.deny": 30,
    "placeholder": 150,
    "label": 2000,
    "hint": 2000,
    "title": 24,
    "submit": 24,
    "close": 24,
}
PARTS = sorted({name.rpartition(".")[2] for name in MOST} - {"field", "element"})


def complaints(shown: Message | View) -> list[str]:
    """Everything that is wrong with what a view made; empty when it is fine."""
    if isinstance(shown, Message):
        refused = blockkit.problems(list(shown.blocks), "message")
        return [*map(str, refused), *_message(shown), *_content(shown.blocks)]
    refused = blockkit.problems(shown, "home" if shown["type"] == "home" else "modal")
    return [*map(str, refused), *_frame(shown), *_content(shown["blocks"]), *_named(shown, "view")]


def texts(thing: Any) -> Iterator[str]:
    """Every text that somebody reads; what a field holds to be edited is not among them."""
    if isinstance(thing, dict):
        if isinstance(thing.get("text"), str) and "type" in thing:
            yield thing["text"]
        for value in thing.values():
            yield from texts(value)
    if isinstance(thing, list | tuple):
        for value in thing:
            yield from texts(value)


def _message(shown: Message) -> Iterator[str]:
    if not shown.text.strip() or size(shown.text) > 4000:
        yield f"top-level text of {size(shown.text)}"
    if len(shown.blocks) > 50:
        yield f"{len(shown.blocks)} blocks"
    total = sum(size(text) for text in texts(shown.blocks))
    if total > MOST_CHARACTERS:
        yield f"{total} characters in all"
    yield from _reading(shown.text)


def _frame(view: View) -> Iterator[str]:
    if len(view["blocks"]) > 100 or not view["blocks"]:
        yield f"{len(view['blocks'])} blocks"
    if any(block["type"] == "input" for block in view["blocks"]) and "submit" not in view:
        yield "inputs without submit"
    if len(view.get("private_metadata", "")) > 3000:
        yield "private_metadata"


def _content(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block)
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    yield from (f"block_id {name} twice" for name, count in ids.items() if count > 1)
    for block in blocks:
        read = _unmarked if block["type"] == "rich_text" else _reading
        for text in texts(block):
            yield from read(text)


def _unmarked(text: str) -> Iterator[str]:
    """Of rich text, in which nothing is read as markup."""
    if not text or BIDI.search(text) or CONTROL.search(text):
        yield f"nothing, or control characters, in {text[:60]!r}"


def _reading(text: str) -> Iterator[str]:
    if BIDI.search(text) or CONTROL.search(text):
        yield f"control characters in {text[:60]!r}"
    rest = OUR_MARKUP.sub("", text)
    if LIVE.search(rest) or "<!" in rest or "<@" in rest:
        yield f"live markup in {text[:60]!r}"


def _block(block: Block) -> Iterator[str]:
    yield from _named(block, block["type"])
    elements = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
    for element in filter(None, elements):
        yield from _named(element, element["type"])
        if "value" in element and not 0 < size(element["value"]) <= 2000:
            yield "button value"
        for option in [*element.get("options", ()), *element.get("initial_options", ())]:
            yield from _named(option, "option")
            if not 0 < size(option["value"]) <= 150:
                yield "option value"
        yield from _named(element.get("confirm", {}), "confirm")
        if size(element.get("initial_value", "")) > 3000:
            yield "initial_value"
    actions = Counter(element["action_id"] for element in block.get("elements", ()) if "action_id" in element)
    yield from (f"action_id {name} twice in a block" for name, count in actions.items() if count > 1)


def _named(thing: dict[str, Any], kind: str) -> Iterator[str]:
    for name in (
        "text",
        "description",
        "title",
        "confirm",
        "deny",
        "placeholder",
        "label",
        "hint",
        "submit",
        "close",
    ):
        part = thing.get(name)
        most = MOST.get(f"{kind}.{name}") or MOST.get(name)
        if isinstance(part, dict) and "text" in part and most and not 0 < size(part["text"]) <= most:
            yield f"{kind}.{name} of {size(part['text'])}"
    for field in thing.get("fields", ()):
        if not 0 < size(field["text"]) <= MOST["section.field"]:
            yield "section.field"
