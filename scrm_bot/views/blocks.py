"""The parts every view is made of. Slack's limits live here and nowhere else."""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Block = dict[str, Any]
View = dict[str, Any]
Style = Literal["", "primary", "danger"]

# docs.slack.dev/reference/block-kit; counted in UTF-16 units, the strictest way to read "characters"
MOST_SECTION = 3000
MOST_FIELD = 2000
MOST_HEADER = 150
MOST_BUTTON = 75
MOST_VALUE = 2000
MOST_OPTION = 75
MOST_OPTION_VALUE = 150
MOST_OPTIONS = 100
MOST_MENU = 5
MOST_LABEL = 2000
MOST_PLACEHOLDER = 150
MOST_INPUT = 3000
MOST_TITLE = 24
MOST_METADATA = 3000
MOST_ACTIONS = 25
MOST_CONTEXT = 10
MOST_MESSAGE_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
MOST_TEXT = 4000  # Slack's advice for the top-level text
MOST_BODY = 9000  # of one post in one message: Slack refuses about 13,000 characters in all

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufff9-\ufffb\ufeff]")
_BIDI = re.compile(
    r"[\u202a-\u202e\u2066-\u2069]"
)  # overrides, embeddings and isolates reach past their text
_TORN = re.compile(r"(?:&[a-z]{0,3}|<[^<>]*)$")
_FORMATTED = re.compile(
    r"(?<!\w)([*_~`])(?=\S).*?(?<=\S)\1(?!\w)|^>|(?<!\w):(?:[+-]1|100|[a-z][\w+-]*):", re.MULTILINE
)
_SPACE = re.compile(r"\s+")
_SLACK_SYNTAX = re.compile(r"<(?=[!@#])")


@dataclass(frozen=True, slots=True)
class Message:
    """Blocks and the top-level text that says the same, for screen readers and notifications."""

    text: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a menu. `value` comes back from Slack."""

    label: str
    value: str
    hint: str = ""


def message(*blocks: Block) -> Message:
    """These blocks, with their own words as the top-level text."""
    kept = list(blocks)
    if len(kept) > MOST_MESSAGE_BLOCKS:
        kept = [*kept[: MOST_MESSAGE_BLOCKS - 1], context("There is more than fits into one message.")]
    return Message(clip(spoken(kept), MOST_TEXT), tuple(kept))


def spoken(blocks: Iterable[Block]) -> str:
    """What the blocks say, as text in Slack's markup."""
    lines = (text for block in blocks for text in _texts(block))
    return "\n".join(lines) or "…"


def _texts(block: Block) -> list[str]:
    match block["type"]:
        case "header":
            return [escape(block["text"]["text"])]
        case "context":
            return [element["text"] for element in block["elements"]]
        case "section":
            own = [block["text"]["text"]] if "text" in block else []
            return own + [field["text"] for field in block.get("fields", ())]
        case "rich_text":
            return ["".join(_marked(each) for part in block["elements"] for each in part["elements"])]
        case _:
            return []


def _marked(element: Block) -> str:
    """A piece of rich text as it is said where there is none: `~gone~`, `*new*`."""
    text = escape(element["text"])
    sign = {"strike": "~", "bold": "*"}.get(next(iter(element.get("style", ())), ""), "")
    return f"{sign}{text.strip()}{sign}{text[len(text.rstrip()) :]}" if sign and text.strip() else text


def clean(text: str) -> str:
    """Without control characters and without marks that change the direction of what comes after."""
    if text.isprintable():  # Python's own word for having none of them, and nearly every text
        return text
    return _BIDI.sub("", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def hides_something(text: str) -> bool:
    """True when `clean` takes more than line ends out of `text`."""
    return clean(text) != text.replace("\r\n", "\n").replace("\r", "\n")


def escape(text: str, most: int | None = None) -> str:
    """Text from outside for Slack's markup: no mention, link or command in it comes alive."""
    safe = html.escape(clean(text), quote=False)
    return safe if most is None else clip(safe, most)


def line(text: str, most: int) -> str:
    """Text from outside as one escaped line."""
    return escape(_SPACE.sub(" ", text).strip(), most)


def bold(text: str, most: int = 150) -> str:
    """Text from outside as one bold line."""
    return f"*{line(text, most).replace('*', '∗') or '…'}*"  # noqa: RUF001 - the look of an asterisk, no markup


def code(text: str, most: int = 60) -> str:
    """Text from outside as one line to copy."""
    return f"`{line(text, most).replace('`', 'ˋ') or '…'}`"  # noqa: RUF001 - looks like one, ends nothing


def size(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, most: int) -> str:
    """At most `most` long, with an ellipsis where something is left out; markup is not torn."""
    if size(text) <= most:
        return text
    return _TORN.sub("", _cut(text, most - 1)).rstrip(" \n\u200d\ufe0f") + "…"


def _cut(text: str, most: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")


def split(escaped: str, most: int = MOST_SECTION) -> list[str]:
    """Escaped text in pieces of at most `most`, parted at a line or a word where there is one."""
    pieces = []
    while size(escaped) > most:
        piece = _TORN.sub("", _cut(escaped, most))
        end = max(piece.rfind("\n"), piece.rfind(" ")) + 1
        piece = piece[:end] if end > len(piece) // 2 else piece
        pieces.append(piece)
        escaped = escaped[len(piece) :]
    return [*pieces, escaped]


def plain(text: str, most: int) -> Block:
    """A plain_text object from text of any origin: one line, nothing in it alive."""
    single = _SPACE.sub(" ", _dead(clean(text))).strip()
    cut = single if size(single) <= most else _cut(single, most - 1) + "…"
    return {"type": "plain_text", "text": cut or "…", "emoji": True}


def _dead(text: str) -> str:
    """No bracket opens anything: none that is closed further on, and none of Slack's own words."""
    inside, closing, rest = text.rpartition(">")
    sign = "‹"  # noqa: RUF001 - shown, not read
    return inside.replace("<", sign) + closing + _SLACK_SYNTAX.sub(sign, rest)


def mrkdwn(text: str, most: int = MOST_SECTION) -> Block:
    """A mrkdwn object; verbatim, so that Slack makes no link or mention of plain words."""
    return {"type": "mrkdwn", "text": clip(text, most) if text.strip() else "…", "verbatim": True}


def section(text: str, *, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def sections(text: str) -> list[Block]:
    """As many sections as the text needs."""
    return [section(piece) for piece in split(text)]


def fields(*texts: str) -> Block:
    """Up to ten texts in two columns."""
    return {"type": "section", "fields": [mrkdwn(text, MOST_FIELD) for text in texts[:10]]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, MOST_HEADER)}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:MOST_CONTEXT]]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block, block_id: str = "") -> Block:
    block: Block = {"type": "actions", "elements": list(elements[:MOST_ACTIONS])}
    return block | {"block_id": block_id} if block_id else block


def button(
    text: str,
    action: str,
    value: str = "",
    *,
    style: Style = "",
    confirm: Block | None = None,
    says: str = "",
) -> Block:
    """A button. `says` is what a screen reader hears where the label alone does not tell what it is about."""
    block: Block = {"type": "button", "text": plain(text, MOST_BUTTON), "action_id": action}
    if value:
        block["value"] = _cut(clean(value), MOST_VALUE) or "-"
    if style:
        block["style"] = style
    if confirm:
        block["confirm"] = confirm
    if says:
        block["accessibility_label"] = plain(says, MOST_BUTTON)["text"]
    return block


def confirm(title: str, text: str, *, yes: str, no: str = "Keep it", danger: bool = False) -> Block:
    """The small dialog that asks back before a button acts."""
    dialog = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }
    return dialog | {"style": "danger"} if danger else dialog


def option(entry: Option) -> Block:
    block = {
        "text": plain(entry.label, MOST_OPTION),
        "value": _cut(clean(entry.value), MOST_OPTION_VALUE) or "-",
    }
    return block | {"description": plain(entry.hint, MOST_OPTION)} if entry.hint else block


def overflow(action: str, entries: Sequence[Option]) -> Block:
    options = [option(entry) for entry in entries[:MOST_MENU]]
    return {"type": "overflow", "action_id": action, "options": options}


def body(text: str, *, most: int = MOST_BODY) -> list[Block]:
    """A post's text in full where it fits; says so where it does not, or does not look as it will go out."""
    shown = escape(text, most)
    blocks = sections(shown) if shown.strip() else [section("_No text yet._")]
    if size(escape(text)) > most:
        count = len(html.unescape(shown)) - 1
        blocks.append(
            context(f"The first {count:,} of {len(text):,} characters. The rest does not fit here.")
        )
    if _FORMATTED.search(text):
        blocks.append(
            context(
                "Asterisks, underscores and the like show as Slack's formatting here; they go out as typed."
            )
        )
    if hides_something(text):
        blocks.append(context("⚠️ This text holds invisible control characters that are not shown here."))
    return blocks
