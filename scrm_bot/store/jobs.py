"""The due index: one team's part of it, and all of it as workers see it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from scrm_bot.domain.jobs import Job
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import Call, Command, Database, Word
from scrm_bot.store.records import milliseconds, written

_PUT = scripts.load("jobs_put")
_CANCEL = scripts.load("jobs_cancel")


def wake_up(team_id: str) -> tuple[Command, ...]:
    """Sent after a job was put: wakes one waiting worker, and says where to look. A lost one costs 2 s."""
    return (
        ("RPUSH", keys.WAKE, keys.shard_of(team_id)),
        ("LTRIM", keys.WAKE, -keys.WAKE_MOST, -1),
        ("EXPIRE", keys.WAKE, keys.WAKE_LIFE),
    )


def member(team_id: str, key: str) -> str:
    """What a job is called in the due index of its shard."""
    return f"{team_id}/{key}"


def words(team_id: str, jobs: Sequence[Job]) -> list[Word]:
    """The jobs as every script takes them: member, due in ms, body."""
    said: list[Word] = []
    for job in jobs:
        if job.team_id != team_id:
            raise ValueError(f"a job of {job.team_id} was put by {team_id}")
        said += member(team_id, job.key), milliseconds(job.due), written(job)
    return said


@dataclass(frozen=True, slots=True)
class RedisJobQueue:
    """This team's part of the due index."""

    database: Database
    team_id: str

    async def put(self, *jobs: Job) -> None:
        if not jobs:
            return
        once = keys.once(self.team_id, secrets.token_hex(8))
        call = Call(
            _PUT,
            [*keys.work(keys.shard_of(self.team_id)), once],
            [keys.ONCE_LIFE, *words(self.team_id, jobs)],
        )
        await self.database.do_all([call, *wake_up(self.team_id)])

    async def cancel(self, key: str) -> None:
        work = keys.work(keys.shard_of(self.team_id))
        await self.database.run(_CANCEL, work, member(self.team_id, key))
