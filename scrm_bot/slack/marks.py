"""The mark of a brand on views and messages: put there where they are sent, read where they are used.

It says which brand, and gives no right to anything. What has none is the first brand's.
"""

import json
from collections.abc import Mapping
from typing import Any

from scrm_bot.domain.brands import is_id
from scrm_bot.views.blocks import MOST_METADATA, Block, Message, View

_FIELD = "brand"
_MARK = "|brand:"
_MOST_ID = 255


def marked(said: Message, brand: str) -> Message:
    """A message whose every part that can be used tells which brand it is about."""
    if not brand:
        return said
    return Message(said.text, tuple(_marked(block, n, brand) for n, block in enumerate(said.blocks)))


def marked_view(view: View, brand: str) -> View:
    """A view that tells in its metadata which brand it is about."""
    if not brand:
        return view
    metadata = _object(view.get("private_metadata")) | {_FIELD: brand}
    written = json.dumps(metadata, separators=(",", ":"))
    if len(written) > MOST_METADATA:
        raise ValueError("private_metadata has no room for its brand")
    return view | {"private_metadata": written}


def of_view(metadata: Mapping[str, Any]) -> str:
    """The brand of a view."""
    found = metadata.get(_FIELD)
    return found if isinstance(found, str) and is_id(found) else ""


def of_block(block_id: str) -> tuple[str, str]:
    """The block's own id, and the brand of the message it is in."""
    own, mark, brand = block_id.rpartition(_MARK)
    return (own, brand) if mark and is_id(brand) else (block_id, "")


def _marked(block: Block, number: int, brand: str) -> Block:
    if not _is_used(block):
        return block
    return block | {"block_id": f"{block.get('block_id') or number}{_MARK}{brand}"[-_MOST_ID:]}


def _is_used(part: Any) -> bool:
    """Whether there is something in it to click, or to fill in."""
    if isinstance(part, Mapping):
        return "action_id" in part or any(_is_used(each) for each in part.values())
    return isinstance(part, list | tuple) and any(_is_used(each) for each in part)


def _object(metadata: Any) -> dict[str, Any]:
    try:
        value = json.loads(metadata or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
