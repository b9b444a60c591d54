"""Cursors, as every listing method has them."""

import base64
import binascii
from collections.abc import Sequence

from scrm_bot.demo.slack.arguments import Arguments
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.wire import Json

LARGEST = 1000


def page(items: Sequence[Json], args: Arguments, *, default: int = 100) -> tuple[list[Json], Json]:
    """One page of the items, and the metadata with the next cursor (empty on the last)."""
    limit = args.number("limit", default=default) or default
    if not 0 < limit <= LARGEST:
        raise RefusalError("invalid_limit")
    start = _start(args.text("cursor"))
    rest = len(items) > start + limit
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if rest else ""
    return list(items[start : start + limit]), {"next_cursor": cursor}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (ValueError, binascii.Error) as error:
        raise RefusalError("invalid_cursor") from error
