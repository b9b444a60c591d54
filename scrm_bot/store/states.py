"""One-time words for the installation's round trip through Slack."""

import secrets
from dataclasses import dataclass

from scrm_bot.store import keys
from scrm_bot.store.connection import Database


@dataclass(frozen=True, slots=True)
class RedisStates:
    database: Database

    async def issue(self, *, seconds: int) -> str:
        """A word nobody can guess, good for `seconds`."""
        state = secrets.token_urlsafe(24)
        await self.database.do("SET", keys.oauth_state(state), "1", "EX", seconds)
        return state

    async def consume(self, state: str) -> bool:
        """True once for a word that was issued and has not run out."""
        return bool(await self.database.do("DEL", keys.oauth_state(state)) == 1)
