"""The frame of a modal, and what stands on top of one."""

from collections.abc import Sequence

from scrm_bot.views.blocks import (
    MOST_METADATA,
    MOST_TITLE,
    MOST_VIEW_BLOCKS,
    Block,
    View,
    code,
    context,
    escape,
    plain,
    section,
)


def window(
    callback: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "Close",
    metadata: str = "",
) -> View:
    """A modal. `metadata` comes back with everything done in it, at most 3,000 characters."""
    if len(metadata) > MOST_METADATA:
        raise ValueError("private_metadata is longer than Slack takes")
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, MOST_TITLE),
        "close": plain(close, MOST_TITLE),
        "blocks": list(blocks[:MOST_VIEW_BLOCKS]),
        "private_metadata": metadata,
    }
    return view | {"submit": plain(submit, MOST_TITLE)} if submit else view


def problem(told: str) -> list[Block]:
    """What is wrong, as a sentence in Slack's markup; nothing where nothing is."""
    return [section(f"⚠️ {told}")] if told else []


def which(post_id: str) -> Block:
    """The post that the window is about."""
    return context(code(post_id))


def excerpt(text: str) -> Block:
    """How its text begins."""
    return section(escape(text, 600).strip() or "_No text yet._")
