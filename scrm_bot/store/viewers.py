"""Who opened App Home lately, in Redis: the latest few, for as long as it may still be open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.records import milliseconds

MOST = 25


@dataclass(frozen=True, slots=True)
class RedisViewers:
    database: Database
    team_id: str

    async def note(self, user_id: str, *, at: datetime) -> None:
        key = keys.home_viewers(self.team_id)
        noted = ("ZADD", key, milliseconds(at), user_id)
        trimmed = ("ZREMRANGEBYRANK", key, 0, -MOST - 1)
        await self.database.do_all([noted, trimmed, ("EXPIRE", key, keys.VIEWERS_LIFE)])

    async def since(self, at: datetime) -> Sequence[str]:
        """Those who opened it since then, the latest first."""
        found = await self.database.do(
            "ZREVRANGEBYSCORE", keys.home_viewers(self.team_id), "+inf", milliseconds(at)
        )
        return [bytes(each).decode() for each in found]
