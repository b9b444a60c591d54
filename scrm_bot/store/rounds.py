"""Whose digests are to be looked after now: every shard once an hour, by one worker of however many."""

from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.store import keys
from scrm_bot.store.connection import Database, Step


@dataclass(frozen=True, slots=True)
class RedisRounds:
    """`ports.Rounds`. A workspace has digests only once it has had a key."""

    database: Database

    async def take(self, *, seconds: int) -> Sequence[str]:
        teams = sorted(name.decode() for name in await self.database.do("SMEMBERS", keys.CONNECTED))
        shards = sorted({keys.shard_of(team) for team in teams})
        marks: list[Step] = [("SET", keys.digest_round(shard), 1, "NX", "EX", seconds) for shard in shards]
        taken = await self.database.do_all(marks) if marks else []
        mine = {shard for shard, mark in zip(shards, taken, strict=True) if mark}
        return [team for team in teams if keys.shard_of(team) in mine]
