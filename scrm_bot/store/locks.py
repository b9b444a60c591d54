"""A lock that ends by itself, for what only one process may do at a time."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.scripts import load

_DROP = load("drop_own")


@dataclass(frozen=True, slots=True)
class RedisLocks:
    """Nobody waits: whoever finds a lock taken is told so. `seconds`: its life, should its holder die."""

    database: Database
    seconds: int = 30

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[bool]:
        """True for the one who has it."""
        mine, key = secrets.token_hex(8), keys.lock(name)
        taken = await self.database.do("SET", key, mine, "NX", "EX", self.seconds)
        try:
            yield bool(taken)
        finally:
            if taken:  # only one's own: a life that ran out may have made it somebody else's
                with suppress(StoreUnavailableError):  # it ends by itself, and what was done stands
                    await self.database.run(_DROP, [key], mine)
