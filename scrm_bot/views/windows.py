"""The frame of a modal."""

from collections.abc import Sequence

from scrm_bot.views.blocks import MOST_METADATA, MOST_TITLE, MOST_VIEW_BLOCKS, Block, View, plain


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
