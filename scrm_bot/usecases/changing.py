"""A post that is being changed through the bot: as long as a change may still arrive, nothing of it is sent.

Whoever changes marks the post first and looks for a call second; whoever calls stores the intent first and
looks for a mark second. So at least one of the two sees the other, and gives way.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from scrm_bot.domain.errors import ScrmError, SocialCRMAmbiguousError, SocialCRMContractError
from scrm_bot.ports import Workspace

MAYBE_SENT = (SocialCRMAmbiguousError, SocialCRMContractError)


@dataclass(slots=True)
class Mark:
    """`lasts`: a call without an answer may still arrive, so the mark stays until it cannot any more."""

    workspace: Workspace
    post_id: str
    lasts: bool = False
    _own: dict[str, str] = field(default_factory=lambda: {"by": secrets.token_hex(8)})

    async def set(self) -> None:
        """From now on, for as long as a call that leaves now may arrive."""
        life = max(1, round(self.workspace.settle.total_seconds()))
        await self.workspace.memory.keep(_name(self.post_id), self._own, seconds=life)

    async def renew(self) -> None:
        """Before each call: those before it, and the wait for its turn, have taken their time."""
        self.lasts = self.lasts or await self._stored() != self._own  # somebody else's stands there
        await self.set()

    async def end(self) -> None:
        """One that lasts does so from now, when the last answer was lost."""
        if self.lasts:
            await self.set()
        elif await self._stored() == self._own:
            await self.workspace.memory.forget(_name(self.post_id))

    async def _stored(self) -> object:
        return await self.workspace.memory.recall(_name(self.post_id))


@asynccontextmanager
async def mark(workspace: Workspace, post_id: str) -> AsyncIterator[Mark]:
    """Marked until the change is answered; a process that dies leaves a mark that ends by itself."""
    made = Mark(workspace, post_id)
    made.lasts = await is_under_way(workspace, post_id)  # of two at once, neither knows when the other ends
    await made.set()
    try:
        yield made
    except ScrmError as error:
        made.lasts = made.lasts or isinstance(error, MAYBE_SENT)
        await made.end()
        raise
    await made.end()


async def is_under_way(workspace: Workspace, post_id: str) -> bool:
    return await workspace.memory.recall(_name(post_id)) is not None


def _name(post_id: str) -> str:
    return f"changing:{post_id}"
