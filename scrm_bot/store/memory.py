"""What the bot remembers of one person and of one modal, for days."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scrm_bot.store import keys
from scrm_bot.store.connection import Database


@dataclass(frozen=True, slots=True)
class RedisMemory:
    database: Database
    team_id: str

    async def remember_post(self, user_id: str, post_id: str) -> None:
        await self._keep(keys.last_post(self.team_id, user_id), post_id, seconds=keys.LAST_LIFE)

    async def last_post(self, user_id: str) -> str | None:
        post_id: str | None = await self._recall(keys.last_post(self.team_id, user_id))
        return post_id

    async def remember_list(self, user_id: str, post_ids: Sequence[str]) -> None:
        await self._keep(keys.listed_posts(self.team_id, user_id), [*post_ids], seconds=keys.LIST_LIFE)

    async def listed_post(self, user_id: str, number: int) -> str | None:
        listed: list[str] = await self._recall(keys.listed_posts(self.team_id, user_id)) or []
        return listed[number - 1] if 1 <= number <= len(listed) else None

    async def keep(self, name: str, value: Mapping[str, Any], *, seconds: int = 86_400) -> None:
        await self._keep(keys.kept(self.team_id, name), dict(value), seconds=seconds)

    async def recall(self, name: str) -> dict[str, Any] | None:
        value: dict[str, Any] | None = await self._recall(keys.kept(self.team_id, name))
        return value

    async def forget(self, name: str) -> None:
        await self.database.do("DEL", keys.kept(self.team_id, name))

    async def _keep(self, key: str, value: Any, *, seconds: int) -> None:
        await self.database.do("SET", key, json.dumps(value), "EX", seconds)

    async def _recall(self, key: str) -> Any:
        body = await self.database.do("GET", key)
        return None if body is None else json.loads(body)
