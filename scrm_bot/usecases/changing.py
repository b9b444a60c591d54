"""A post that is being changed through the bot: as long as a change may still arrive, nothing of it is sent.

Whoever changes marks the post first and looks for a call second; whoever calls stores the intent first and
looks for a mark second. So at least one of the two sees the other, and gives way.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from scrm_bot.domain.errors import ScrmError, SocialCRMAmbiguousError
from scrm_bot.ports import Workspace


@dataclass(slots=True)
class Mark:
    """`lasts`: a call without an answer may still arrive, so the mark stays until it cannot any more."""

    lasts: bool = False


@asynccontextmanager
async def mark(workspace: Workspace, post_id: str) -> AsyncIterator[Mark]:
    """Marked until the change is answered; a process that dies leaves a mark that ends by itself."""
    name, mine, made = _name(post_id), {"by": secrets.token_hex(8)}, Mark()
    made.lasts = await is_under_way(workspace, post_id)  # of two at once, neither knows when the other ends
    await workspace.memory.keep(name, mine, seconds=max(1, round(workspace.settle.total_seconds())))
    try:
        yield made
    except SocialCRMAmbiguousError:
        raise
    except ScrmError:
        await _end(workspace, name, mine, made)
        raise
    await _end(workspace, name, mine, made)


async def is_under_way(workspace: Workspace, post_id: str) -> bool:
    return await workspace.memory.recall(_name(post_id)) is not None


async def _end(workspace: Workspace, name: str, mine: dict[str, str], made: Mark) -> None:
    if not made.lasts and await workspace.memory.recall(name) == mine:
        await workspace.memory.forget(name)


def _name(post_id: str) -> str:
    return f"changing:{post_id}"
