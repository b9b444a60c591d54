"""The due index of all teams: accept, claim, renew, finish, and wait for what comes next."""

import asyncio
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim, Job
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import LONGEST_WAIT, Call, Command, Database, Word
from scrm_bot.store.jobs import member
from scrm_bot.store.records import microseconds, milliseconds, moment, read, written

_ACCEPT = scripts.load("jobs_accept")
_CLAIM = scripts.load("jobs_claim")
_RENEW = scripts.load("jobs_renew")
_FINISH = scripts.load("jobs_finish")
_POSTPONE = scripts.load("jobs_postpone")
_NEXT = scripts.load("jobs_next")

Accepting = tuple[Call, asyncio.Future[bytes | None]]

_HEADS = [Call(_NEXT, [keys.due(shard)]) for shard in range(keys.SHARDS)]
ACK_PATIENCE = 2.0  # seconds to store what a person did; Slack gives up after three
_TICK = 0.1  # seconds by which Redis may answer a blocking read late


@dataclass(frozen=True, slots=True)
class Depth:
    """How much work there is: stored, of it due and not yet claimed, and given up."""

    stored: int
    due: int
    dead: int


class RedisWorkQueue:
    """A claim is known by its attempt and its lease: hand it back as it was handed out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._accepting: list[Accepting] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._next_at = 0.0

    async def accept(self, job: Job, *, dedupe: str, lease: float) -> Claim | None:
        """Calls made in one turn of the loop share one round trip."""
        where = [*keys.work(keys.shard_of(job.team_id)), keys.seen(job.team_id, dedupe)]
        name = member(job.team_id, job.key)
        what: list[Word] = [secrets.token_hex(8), keys.SEEN_LIFE, _us(lease), name, written(job)]
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes | None] = loop.create_future()
        self._accepting.append((Call(_ACCEPT, where, what), answer))
        if len(self._accepting) == 1:
            loop.call_soon(self._send)
        until = await answer
        return Claim(job, 1, moment(int(until))) if until else None

    async def claim(self, *, limit: int, lease: float) -> Sequence[Claim]:
        """What is due, the most overdue shards first, the limit shared out evenly among them."""
        due, now, soonest = await self._heads()
        chosen = due[:limit]
        claims: list[Claim] = []
        if chosen:
            each, more = divmod(limit, len(chosen))
            shares = [(shard, each + (at < more)) for at, shard in enumerate(chosen)]
            steps = [Call(_CLAIM, keys.work(shard), [share, _us(lease)]) for shard, share in shares]
            for until, following, *found in await self._database.do_all(steps):
                claims += _claims(moment(int(until)), found)
                soonest = min(soonest, float(following or inf))
        soonest = now if len(due) > limit else soonest
        self._next_at = asyncio.get_running_loop().time() + (soonest - now) / 1000
        return claims

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
        until_next = self._next_at - asyncio.get_running_loop().time()
        if until_next <= _TICK:
            await asyncio.sleep(max(0.0, min(seconds, until_next)))
            return
        await self._database.pop(keys.WAKE, seconds=min(seconds, until_next - _TICK, LONGEST_WAIT))

    async def depth(self) -> Depth:
        """How much work there is in all shards together."""
        now, _ = await self._database.run(_NEXT, [keys.due(0)])
        steps: list[Call | Command] = []
        for shard in range(keys.SHARDS):
            steps.append(("ZCARD", keys.due(shard)))
            steps.append(("ZCOUNT", keys.due(shard), "-inf", now))
            steps.append(("ZCARD", keys.dead(shard)))
        counts = await self._database.do_all(steps)
        return Depth(stored=sum(counts[0::3]), due=sum(counts[1::3]), dead=sum(counts[2::3]))

    async def _run(self, script: scripts.Script, claim: Claim, *args: Word) -> Any:
        work = keys.work(keys.shard_of(claim.job.team_id))
        return await self._database.run(script, work, *_named(claim), *args)

    async def _end(self, claim: Claim, *, kept: bytes) -> bool:
        shard = keys.shard_of(claim.job.team_id)
        where = [*keys.work(shard), keys.dead(shard)]
        args = (*_named(claim), kept, keys.DEAD_MOST, keys.DEAD_LIFE)
        return bool(await self._database.run(_FINISH, where, *args))

    async def _heads(self) -> tuple[list[int], float, float]:
        """The shards with something due, the most overdue first; Redis' time; when the next is due (ms)."""
        heads = await self._database.do_all(_HEADS)
        now = int(heads[0][0])
        scores = [(float(head), shard) for shard, (_, head) in enumerate(heads) if head]
        due = [shard for score, shard in sorted(scores) if score <= now]
        return due, now, min((score for score, _ in scores if score > now), default=inf)

    def _send(self) -> None:
        batch, self._accepting = self._accepting, []
        task = asyncio.get_running_loop().create_task(self._store(batch))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _store(self, batch: Sequence[Accepting]) -> None:
        """One round trip for all; each gets its own answer, and all of them the same error."""
        try:
            async with asyncio.timeout(ACK_PATIENCE):
                replies = await self._database.do_all([call for call, _ in batch])
        except (StoreUnavailableError, TimeoutError) as error:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(StoreUnavailableError(str(error) or "too slow"))
            return
        for (_, answer), reply in zip(batch, replies, strict=True):
            if not answer.done():
                answer.set_result(reply)


def _us(seconds: float) -> int:
    return round(seconds * 1_000_000)


def _named(claim: Claim) -> tuple[str, str]:
    """The job, and what proves that it is still this claim's."""
    name = member(claim.job.team_id, claim.job.key)
    return name, f"{claim.attempt}:{microseconds(claim.lease_until)}"


def _claims(until: datetime, found: Sequence[bytes]) -> list[Claim]:
    pairs = zip(found[0::2], found[1::2], strict=True)
    return [Claim(read(Job, body), int(attempt), until) for body, attempt in pairs]
