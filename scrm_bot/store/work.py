"""The due index of all teams: accept, claim, renew, finish, and wait for what comes next."""

import asyncio
import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Any

from pydantic import ValidationError

from scrm_bot.domain.jobs import Claim, Job
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import LONGEST_WAIT, Call, Command, Database, Word
from scrm_bot.store.jobs import RedisJobQueue, buried_job, lost, member
from scrm_bot.store.records import microseconds, milliseconds, moment, read, written

log = logging.getLogger(__name__)

_ACCEPT = scripts.load("jobs_accept")
_WITHDRAW = scripts.load("jobs_withdraw")
_CLAIM = scripts.load("jobs_claim")
_RENEW = scripts.load("jobs_renew")
_FINISH = scripts.load("jobs_finish")
_POSTPONE = scripts.load("jobs_postpone")
_NEXT = scripts.load("jobs_next")

_HEADS = [Call(_NEXT, [keys.due(shard)]) for shard in range(keys.SHARDS)]
_FRESH = 0.25  # seconds for which a busy worker believes what it knows
_TICK = 0.1  # seconds by which Redis may answer a blocking read late


@dataclass(frozen=True, slots=True)
class Depth:
    """How much work there is: stored, of it due and not yet claimed, and given up.

    `late` is for how many seconds the first of them has been due.
    """

    stored: int
    due: int
    dead: int
    late: float = 0.0


class RedisWorkQueue:
    """A claim is known by its attempt and its lease: hand it back as it was handed out.

    One for a process: it remembers when each shard's next job is due, so that one that was just put is found
    with a single script, and looks at all shards only when it knows of nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._due_at = [inf] * keys.SHARDS  # on the event loop's clock
        self._fell_due_at = [-inf] * keys.SHARDS  # in ms, on Redis' clock
        self._looked_at = -inf
        self._woken = False
        self._has_enough = False  # to fill the hands of this process, as of its last claim

    async def accept(self, job: Job, *, dedupe: str, lease: float) -> Claim | None:
        where = (*keys.work(keys.shard_of(job.team_id)), keys.seen(job.team_id, dedupe))
        name, request = member(job.team_id, job.key), secrets.token_hex(8)
        args = (request, keys.SEEN_LIFE, _us(lease), name, written(job))
        until = await self._database.run(_ACCEPT, where, *args)
        return Claim(job, 1, moment(int(until))) if until else None

    async def withdraw(self, job: Job, *, dedupe: str) -> bool:
        where = (*keys.work(keys.shard_of(job.team_id)), keys.seen(job.team_id, dedupe))
        name = member(job.team_id, job.key)
        return bool(await self._database.run(_WITHDRAW, where, keys.SEEN_LIFE, name, written(job)))

    async def claim(self, *, limit: int, lease: float) -> Sequence[Claim]:
        """What is due, the most overdue shards first, the limit shared out evenly among them.

        Where more is due than can be taken, a quarter of what is taken now and then is what fell due last:
        what somebody has just approved must not wait for thousands of digests.
        """
        now = _now()
        age = now - self._looked_at
        believed = _FRESH if min(self._due_at) <= now else 0.0
        fresh = max(1, limit // 4) if self._has_enough and age > _FRESH else 0
        if fresh or age > (LONGEST_WAIT if self._woken else believed):
            await self._look()
        self._woken = False
        steps = [*self._freshest(fresh, lease), *self._most_overdue(limit - fresh, lease)]
        claims: list[Claim] = []
        replies = await self._database.do_all([step for _, step in steps]) if steps else []
        for (shard, _), (until, redis_now, following, *found) in zip(steps, replies, strict=True):
            self._note(shard, following, redis_now)
            claims += await self._read(moment(int(until)), found, now=float(redis_now))
        self._has_enough = len(claims) >= limit
        return claims

    def _most_overdue(self, limit: int, lease: float) -> list[tuple[int, Call]]:
        chosen = sorted(range(keys.SHARDS), key=self._due_at.__getitem__)[:limit]
        chosen = [shard for shard in chosen if self._due_at[shard] <= _now()]
        each, more = divmod(limit, len(chosen) or 1)
        shares = [(shard, each + (at < more)) for at, shard in enumerate(chosen)]
        return [(shard, Call(_CLAIM, keys.work(shard), [share, _us(lease), ""])) for shard, share in shares]

    def _freshest(self, limit: int, lease: float) -> list[tuple[int, Call]]:
        chosen = sorted(range(keys.SHARDS), key=self._fell_due_at.__getitem__, reverse=True)[:limit]
        return [(shard, Call(_CLAIM, keys.work(shard), [1, _us(lease), "freshest"])) for shard in chosen]

    async def renew(self, claim: Claim, *, lease: float) -> bool:
        return bool(await self._run(_RENEW, claim, _us(lease)))

    async def finish(self, claim: Claim) -> bool:
        """Also True when the job is no more, so that it may be said twice."""
        return await self._end(claim, kept=b"")

    async def postpone(self, claim: Claim, *, due: datetime, failed: bool = False) -> bool:
        """Give it back until `due`. Its attempts go on counting when this one `failed`."""
        going_on = claim.attempt if failed else 0
        return bool(await self._run(_POSTPONE, claim, milliseconds(due), going_on))

    async def bury(self, claim: Claim, *, reason: str) -> bool:
        kept = {"reason": reason, "attempt": claim.attempt, "job": json.loads(written(claim.job))}
        return await self._end(claim, kept=json.dumps(kept).encode())

    async def wait(self, seconds: float) -> None:
        """Return when work was put or falls due, at the latest after `seconds`, and after two at any rate."""
        until_next = min(self._due_at) - _now()
        if until_next <= _TICK:
            await asyncio.sleep(max(0.0, min(seconds, until_next)))
            return
        shard = await self._database.pop(keys.WAKE, seconds=min(seconds, until_next - _TICK, LONGEST_WAIT))
        if shard is not None:
            self._due_at[int(shard)] = 0.0
            self._woken = True

    async def depth(self) -> Depth:
        """How much work there is in all shards together."""
        now, *_ = await self._database.run(_NEXT, [keys.due(0)])
        steps: list[Call | Command] = []
        for shard in range(keys.SHARDS):
            steps.append(("ZCARD", keys.due(shard)))
            steps.append(("ZCOUNT", keys.due(shard), "-inf", now))
            steps.append(("ZCARD", keys.dead(shard)))
            steps.append(_HEADS[shard])
        found = await self._database.do_all(steps)
        late = max(float(at) - float(head) if head else 0.0 for at, head, _ in found[3::4]) / 1000
        return Depth(sum(found[0::4]), sum(found[1::4]), sum(found[2::4]), max(0.0, late))

    async def given_up(self, most: int) -> Sequence[tuple[Job, str]]:
        """The latest of each shard that were given up, and why; those that can be read."""
        steps = [("ZREVRANGE", keys.dead(shard), 0, most - 1) for shard in range(keys.SHARDS)]
        kept = [json.loads(each) for shard in await self._database.do_all(steps) for each in shard]
        told = [(job, each["reason"]) for each in kept if (job := buried_job(each))]
        return told[:most]

    async def _run(self, script: scripts.Script, claim: Claim, *args: Word) -> Any:
        work = keys.work(keys.shard_of(claim.job.team_id))
        return await self._database.run(script, work, *_named(claim), *args)

    async def _end(self, claim: Claim, *, kept: bytes) -> bool:
        shard = keys.shard_of(claim.job.team_id)
        where = [*keys.work(shard), keys.dead(shard)]
        args = (*_named(claim), kept, keys.DEAD_MOST, keys.DEAD_LIFE)
        return bool(await self._database.run(_FINISH, where, *args))

    async def _look(self) -> None:
        """See when the next job of every shard is due, and the last of those that are."""
        for shard, (redis_now, head, freshest) in enumerate(await self._database.do_all(_HEADS)):
            self._note(shard, head, redis_now)
            self._fell_due_at[shard] = float(freshest or -inf)
        self._looked_at = _now()

    def _note(self, shard: int, due: bytes, redis_now: bytes) -> None:
        self._due_at[shard] = _now() + (float(due) - float(redis_now)) / 1000 if due else inf

    async def _read(self, until: datetime, found: Sequence[bytes], *, now: float) -> list[Claim]:
        claims = []
        columns = (found[at::4] for at in range(4))
        for name, body, attempt, due in zip(*columns, strict=True):
            try:
                late = max(0.0, now - float(due)) / 1000
                claims.append(Claim(read(Job, body), int(attempt), until, late))
            except ValidationError:
                await self._set_aside(name, body, f"{int(attempt)}:{microseconds(until)}")
        return claims

    async def _set_aside(self, name: bytes, body: bytes, mine: str) -> None:
        """One record that nobody can read must not stop the others."""
        log.error("a job cannot be read and goes to the dead list: %s", name.decode())
        team_id = name.decode().partition("/")[0]
        shard = keys.shard_of(team_id)
        kept = json.dumps({"team_id": team_id, "reason": "unreadable", "body": body.decode(errors="replace")})
        news = lost(name.decode(), datetime.now(UTC))
        if news:  # before it is set aside, so that a crash in between leads to another try
            await RedisJobQueue(self._database, news.team_id).put(news)
        where = (*keys.work(shard), keys.dead(shard))
        await self._database.run(_FINISH, where, name, mine, kept, keys.DEAD_MOST, keys.DEAD_LIFE)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _us(seconds: float) -> int:
    return round(seconds * 1_000_000)


def _named(claim: Claim) -> tuple[str, str]:
    """The job, and what proves that it is still this claim's."""
    name = member(claim.job.team_id, claim.job.key)
    return name, f"{claim.attempt}:{microseconds(claim.lease_until)}"
