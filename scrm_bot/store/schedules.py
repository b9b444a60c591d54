"""The digests of one workspace, kept in Redis, one per channel, and how far each of a day is."""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Job
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import Call, Database, Step
from scrm_bot.store.jobs import wake_up, words
from scrm_bot.store.records import read, written

log = logging.getLogger(__name__)

_SAVE = scripts.load("schedule_save")
_REVISE = scripts.load("schedule_revise")
_STEP = scripts.load("run_step")
_TRIES = 8
MOST_POSTED = 131_072  # bytes


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
        await self.database.commit(Call(_SAVE, where, what), *wake_up(self.team_id, jobs))

    async def revise(
        self,
        channel: str,
        change: Callable[[DigestSchedule], DigestSchedule],
        *,
        known: DigestSchedule | None = None,
    ) -> DigestSchedule | None:
        where = keys.digests(self.team_id)
        if known and await self._replaced(where, channel, written(known), revised := change(known)):
            return revised
        for _ in range(_TRIES):
            body = await self.database.do("HGET", where, channel)
            if body is None:
                return None
            revised = change(read(DigestSchedule, body))
            if written(revised) == body or await self._replaced(where, channel, body, revised):
                return revised
        raise StoreUnavailableError("a digest's schedule changes all the time")

    async def _replaced(self, where: str, channel: str, body: bytes, revised: DigestSchedule) -> bool:
        """False where it is not what it was read as any more."""
        return bool(await self.database.run(_REVISE, [where], channel, body, written(revised)))

    async def remove(self, channel: str) -> None:
        await self.database.do("HDEL", keys.digests(self.team_id), channel)

    async def run_of(self, channel: str, day: str) -> Run:
        body = await self.database.do("GET", keys.digest_day(self.team_id, channel, day))
        if body is None:
            return Run()
        try:
            return read(Run, body)
        except ValidationError:
            log.warning("a digest's run cannot be read, and counts as sent: %s %s", channel, day)
            return Run(RunState.TOLD)

    async def keep_posted(self, at: CardRef, report: Report) -> None:
        body = written(report)
        if len(body) > MOST_POSTED:
            return  # one that large stays as it was posted
        steps: list[Step] = [("SET", self._posted(at.channel, at.ts), body, "EX", keys.POSTED_LIFE)]
        for approval in report.waiting:
            where = keys.digests_with(self.team_id, approval.id)
            steps.append(("ZADD", where, at.ts, f"{at.channel}/{at.ts}"))
            steps.append(("ZREMRANGEBYRANK", where, 0, -keys.POSTED_MOST - 1))
            steps.append(("EXPIRE", where, keys.POSTED_LIFE))
        await self.database.do_all(steps)

    async def posted_with(self, approval_id: str) -> Sequence[tuple[CardRef, Report]]:
        where = keys.digests_with(self.team_id, approval_id)
        places = [place.decode().split("/") for place in await self.database.do("ZREVRANGE", where, 0, -1)]
        if not places:
            return ()
        bodies = await self.database.do_all([("GET", self._posted(channel, ts)) for channel, ts in places])
        found = zip(places, map(_report, bodies), strict=True)
        return [(CardRef(channel, ts), report) for (channel, ts), report in found if report]

    def _posted(self, channel: str, ts: str) -> str:
        return keys.posted_digest(self.team_id, channel, ts)

    async def step(self, channel: str, day: str, before: Run, after: Run) -> bool:
        where = [keys.digest_day(self.team_id, channel, day)]
        first = b"" if before == Run() else written(before)
        return bool(await self.database.commit(Call(_STEP, where, [first, written(after), keys.DIGEST_LIFE])))


def _report(body: bytes | None) -> Report | None:
    """None where it is kept no more, or was by a version of the bot that knew others."""
    try:
        return read(Report, body) if body else None
    except ValidationError:
        return None
