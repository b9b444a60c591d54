"""The digests of one workspace, kept in Redis, one per channel."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.jobs import Job
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import Call, Database
from scrm_bot.store.jobs import wake_up, words
from scrm_bot.store.records import read, written

_SAVE = scripts.load("schedule_save")
_TAKE = scripts.load("take_once")


@dataclass(frozen=True, slots=True)
class RedisScheduleStore:
    database: Database
    team_id: str

    async def all(self) -> Sequence[DigestSchedule]:
        bodies = await self.database.do("HVALS", keys.digests(self.team_id))
        return sorted((read(DigestSchedule, body) for body in bodies), key=lambda each: each.channel)

    async def get(self, channel: str) -> DigestSchedule | None:
        body = await self.database.do("HGET", keys.digests(self.team_id), channel)
        return None if body is None else read(DigestSchedule, body)

    async def save(self, schedule: DigestSchedule, *, jobs: Sequence[Job] = ()) -> None:
        once = keys.once(self.team_id, secrets.token_hex(8))
        where = [*keys.work(keys.shard_of(self.team_id)), once, keys.digests(self.team_id)]
        what = [keys.ONCE_LIFE, schedule.channel, written(schedule), *words(self.team_id, jobs)]
        await self.database.commit(Call(_SAVE, where, what), *(wake_up(self.team_id) if jobs else ()))

    async def remove(self, channel: str) -> None:
        await self.database.do("HDEL", keys.digests(self.team_id), channel)

    async def claim_day(self, channel: str, day: str) -> bool:
        key = keys.digest_day(self.team_id, channel, day)
        take = Call(_TAKE, [key], [secrets.token_hex(8), keys.DIGEST_LIFE])
        return bool(await self.database.commit(take))
