"""The due index: one team's part of it, and all of it as workers see it."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from scrm_bot.domain.brands import parts
from scrm_bot.domain.jobs import BRAND, DeadJob, Job, JobKind
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import LONGEST_WAIT, Call, Command, Database, Word
from scrm_bot.store.records import milliseconds, moment, read, written

_PUT = scripts.load("jobs_put")
_CANCEL = scripts.load("jobs_cancel")
_DEAD = scripts.load("jobs_dead")
_REVIVE = scripts.load("jobs_revive")

_BRANDED = re.compile(r"[a-z0-9]{1,32}/")  # the id of a brand before the key
_LOOKED_AT = timedelta(seconds=2 * LONGEST_WAIT)  # later than the longest nap of a worker


def wake_up(team_id: str, jobs: Sequence[Job]) -> tuple[Command, ...]:
    """Sent after jobs were put: wakes one waiting worker, and says where to look. A lost one costs 2 s.

    Nothing where none is due before every worker has looked by itself.
    """
    if not any(job.due < datetime.now(UTC) + _LOOKED_AT for job in jobs):
        return ()
    return (
        ("RPUSH", keys.WAKE, keys.shard_of(team_id)),
        ("LTRIM", keys.WAKE, -keys.WAKE_MOST, -1),
        ("EXPIRE", keys.WAKE, keys.WAKE_LIFE),
    )


def member(team_id: str, key: str) -> str:
    """What a job is called in the due index of its shard."""
    return f"{team_id}/{key}"


def lost(name: str, at: datetime) -> Job | None:
    """What tells an admin of a job that nobody can read; None where nobody can be told, or it was that."""
    team, _, rest = name.partition("/")
    brand, _, key = rest.partition("/") if _BRANDED.match(rest) else ("", "", rest)
    if not (team and key) or key.startswith(JobKind.GIVEN_UP):
        return None
    about = {"key": key, BRAND: brand} if brand else {"key": key}
    return Job(JobKind.GIVEN_UP, f"{JobKind.GIVEN_UP}:{rest}", team, at, about)


def words(team_id: str, jobs: Sequence[Job]) -> list[Word]:
    """The jobs as every script takes them: member, due in ms, body. Those of a brand say whose they are."""
    said: list[Word] = []
    team, brand = parts(team_id)
    for job in jobs:
        if job.team_id != team:
            raise ValueError(f"a job of {job.team_id} was put by {team_id}")
        kept = replace(job, key=f"{brand}/{job.key}", args={**job.args, BRAND: brand}) if brand else job
        said += member(team, kept.key), milliseconds(kept.due), written(kept)
    return said


@dataclass(frozen=True, slots=True)
class RedisJobQueue:
    """This team's part of the due index, or that of one of its brands."""

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
        await self.database.do_all([call, *wake_up(self.team_id, jobs)])

    async def cancel(self, key: str) -> None:
        work = keys.work(keys.shard_of(self.team_id))
        await self.database.run(_CANCEL, work, member(self.team_id, key))

    async def has(self, key: str) -> bool:
        stored = keys.jobs(keys.shard_of(self.team_id))
        return bool(await self.database.do("HEXISTS", stored, member(self.team_id, key)))

    async def dead(self) -> Sequence[DeadJob]:
        return [found for found, _ in await self._dead()]

    async def revive(self, dead: DeadJob, *, due: datetime) -> bool:
        kept = next((kept for found, kept in await self._dead() if found.id == dead.id), None)
        if kept is None:
            return False
        shard = keys.shard_of(self.team_id)
        where = [*keys.work(shard), keys.dead(shard), keys.once(self.team_id, secrets.token_hex(8))]
        name = member(dead.job.team_id, dead.job.key)
        again = replace(dead.job, due=due)
        what: list[Word] = [keys.ONCE_LIFE, kept, name, milliseconds(due), written(again)]
        wake = wake_up(self.team_id, [again])
        revived, *_ = await self.database.do_all([Call(_REVIVE, where, what), *wake])
        return bool(revived)

    async def _dead(self) -> list[tuple[DeadJob, bytes]]:
        """This team's part of its shard's dead list, each with what the list keeps of it."""
        listed = await self.database.run(_DEAD, [keys.dead(keys.shard_of(self.team_id))])
        pairs = zip(listed[::2], listed[1::2], strict=True)
        found = [(_dead_job(kept, int(float(at))), kept) for kept, at in pairs]
        return [(dead, kept) for dead, kept in found if dead and dead.job.team_id == parts(self.team_id)[0]]


def buried_job(told: Mapping[str, Any]) -> Job | None:
    """The job of a record on the dead list; one of another version must not hide the others."""
    try:
        return read(Job, json.dumps(told["job"])) if "job" in told else None
    except ValidationError:
        return None


def _dead_job(kept: bytes, at_ms: int) -> DeadJob | None:
    """None for a record that nobody could read: it can only be looked at in Redis."""
    told = json.loads(kept)
    job = buried_job(told)
    if job is None:
        return None
    name = hashlib.sha256(kept).hexdigest()[:20]
    return DeadJob(name, job, told["reason"], told["attempt"], moment(at_ms * 1000))
