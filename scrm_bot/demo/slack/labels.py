"""Finding what a person means by a label: buttons, fields, options, texts."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from scrm_bot.demo.slack.forms import Field, fields
from scrm_bot.demo.slack.wire import Block, Json, as_object, as_text, walk

EMOJI_CODE = re.compile(r":[a-z0-9_+\-]+:")
Found = TypeVar("Found")


def plain(label: str) -> str:
    """The label without case, emoji and punctuation."""
    words = EMOJI_CODE.sub(" ", html.unescape(label))
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" else " " for each in words)
    return " ".join(kept.casefold().split())


def matches(label: str, wanted: str) -> int:
    """2 when they are the same, 1 when the label goes on after it, else 0."""
    have, want = plain(label), plain(wanted)
    if have == want:
        return 2
    return 1 if want and have.startswith(want + " ") else 0


def best(candidates: Iterable[tuple[str, Found]], wanted: str) -> Found | None:
    """The candidate whose label matches best; the first of equals."""
    ranked = [(matches(label, wanted), thing) for label, thing in candidates]
    good = [(rank, thing) for rank, thing in ranked if rank]
    return max(good, key=lambda pair: pair[0])[1] if good else None


def text_of(value: object) -> str:
    """The text of a text object."""
    return as_text(as_object(value).get("text"))


def buttons(blocks: Sequence[Block]) -> Iterator[tuple[str, tuple[Field, Json]]]:
    """Every label a person can click, with its element and what the click sends."""
    for field in fields(blocks):
        element = field.element
        if field.kind in {"button", "icon_button"}:
            yield text_of(element.get("text")), (field, {})
        elif field.kind == "overflow":
            for option in element.get("options", []):
                yield text_of(option.get("text")), (field, {"selected_option": option})


def inputs(blocks: Sequence[Block]) -> Iterator[tuple[str, Field]]:
    """Every field that holds a value, by its label, placeholder or the text beside it."""
    for field in fields(blocks):
        if not field.keeps_state:
            continue
        names = (
            text_of(field.block.get("label")),
            text_of(field.block.get("text")),
            text_of(field.element.get("placeholder")),
            field.action_id,
        )
        yield from ((name, field) for name in names if name)


def said(message: Json) -> str:
    """All the words in a message or view, as a person reads them."""
    words = [as_text(message.get("text"))]
    for part in walk([message.get("title"), message.get("blocks"), message.get("attachments")]):
        words.extend(as_text(part.get(key)) for key in ("text", "alt_text", "fallback"))
    unique = dict.fromkeys(word for word in words if word)
    return html.unescape("\n".join(unique))


def says(message: Json, wanted: str) -> bool:
    return wanted.casefold() in said(message).casefold()


def clip(text: str, *, limit: int = 300) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def describe(state: Json) -> str:
    """What is on the person's screen, for errors."""
    lines = [f"{state['me']['real_name']} sees"]
    for view in state["views"]:
        lines.append(f"  modal {text_of(view.get('title'))!r}: {clip(said(view))}")
        lines.append(f"    buttons {[label for label, _ in buttons(view['blocks'])]}")
        lines.append(f"    fields {sorted({label for label, _ in inputs(view['blocks'])})}")
    for channel in state["channels"]:
        for message in channel["messages"][-4:]:
            only = " (only you)" if message["ephemeral"] else ""
            labels = [label for label, _ in buttons(message.get("blocks") or [])]
            lines.append(f"  #{channel['name']}{only}: {clip(said(message))} {labels or ''}")
    return "\n".join(lines)
