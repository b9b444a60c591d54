"""Approval requests in Redis: every change compares versions, and takes its jobs and its log lines along."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from scrm_bot.domain.approvals import IN_MOTION, OPEN, Approval, State
from scrm_bot.domain.audit import Entry
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError, RecentLapseError
from scrm_bot.domain.jobs import Job
from scrm_bot.store import keys, scripts
from scrm_bot.store.audit import lines
from scrm_bot.store.connection import Call, Command, Database, Word
from scrm_bot.store.jobs import wake_up, words
from scrm_bot.store.records import milliseconds, read, written

log = logging.getLogger(__name__)

_ADD = scripts.load("approval_add")
_SAVE = scripts.load("approval_save")
_DROP = scripts.load("drop_own")
_FASTER, _GONE = 0, -1


@dataclass(frozen=True, slots=True)
class RedisApprovalStore:
    database: Database
    team_id: str

    async def get(self, approval_id: str) -> Approval:
        body = await self.database.do("HGET", keys.approval(self.team_id, approval_id), "body")
        if body is None:
            raise ApprovalNotFoundError(approval_id)
        return read(Approval, body)

    async def add(
        self, approval: Approval, *, after: str = "", jobs: Sequence[Job] = (), audit: Sequence[Entry] = ()
    ) -> Approval:
        first = replace(approval, version=1)
        what = [after, *lines(audit), *words(self.team_id, jobs)]
        stored = await self._write(_ADD, first, len(audit), what, wake=wake_up(self.team_id, jobs))
        if stored == _FASTER:
            raise ApprovalConflictError(approval.id)
        return read(Approval, stored)

    async def save(
        self,
        approval: Approval,
        *,
        intent: timedelta | None = None,
        jobs: Sequence[Job] = (),
        audit: Sequence[Entry] = (),
    ) -> Approval:
        following = replace(approval, version=approval.version + 1)
        closed = following.state not in OPEN | IN_MOTION
        at = following.content.at
        life = [keys.FINAL_LIFE if closed else 0, milliseconds(at) if at else 0]
        is_scheduled = int(following.state is State.SCHEDULED)
        flags: list[Word] = [is_scheduled, "" if intent is None else intent // timedelta(microseconds=1)]
        what = [*life, *flags, *lines(audit), *words(self.team_id, jobs)]
        outcome = await self._write(_SAVE, following, len(audit), what, wake=wake_up(self.team_id, jobs))
        if isinstance(outcome, bytes):
            raise RecentLapseError(retry_in=int(outcome) / 1_000_000)
        if outcome == _FASTER:
            raise ApprovalConflictError(approval.id)
        if outcome == _GONE:
            raise ApprovalNotFoundError(approval.id)
        return following

    async def open(self) -> Sequence[Approval]:
        return await self._listed(keys.open_approvals(self.team_id))

    async def scheduled(self) -> Sequence[Approval]:
        return await self._listed(keys.scheduled_approvals(self.team_id))

    async def _listed(self, index: str) -> Sequence[Approval]:
        ids = [found.decode() for found in await self.database.do("ZREVRANGE", index, 0, -1)]
        steps: list[Call | Command] = [("HGET", keys.approval(self.team_id, each), "body") for each in ids]
        bodies = await self.database.do_all(steps) if steps else []
        lost = [each for each, body in zip(ids, bodies, strict=True) if body is None]
        if lost:
            await self.database.do("ZREM", index, *lost)
        return [found for body in bodies if body is not None and (found := _legible(body))]

    async def latest_for(self, post_id: str) -> Approval | None:
        key = keys.post_approval(self.team_id, post_id)
        found = await self.database.do("GET", key)
        if found is None:
            return None
        body = await self.database.do("HGET", keys.approval(self.team_id, found.decode()), "body")
        if body is None:  # it has come to the end of its life: nothing stands in the way of the next
            await self.database.run(_DROP, [key], found)
            return None
        return read(Approval, body)

    async def _write(
        self,
        script: scripts.Script,
        approval: Approval,
        entries: int,
        more: Sequence[Word],
        *,
        wake: Sequence[Command],
    ) -> Any:
        shard = keys.shard_of(self.team_id)
        where = [
            *keys.work(shard),
            keys.approval(self.team_id, approval.id),
            keys.open_approvals(self.team_id),
            keys.post_approval(self.team_id, approval.post_id),
            keys.scheduled_approvals(self.team_id),
            keys.audit(self.team_id),
            keys.history(shard),
        ]
        this_one: list[Word] = [approval.id, approval.version, secrets.token_hex(8), written(approval)]
        what = [*this_one, keys.AUDIT_MOST, entries, milliseconds(approval.created_at), *more]
        call = Call(script, where, what)
        return await self.database.commit(call, *wake)


def _legible(body: bytes) -> Approval | None:
    """One record that cannot be read must not hide the others."""
    try:
        return read(Approval, body)
    except ValidationError as error:
        log.warning("an approval request cannot be read: %d errors", error.error_count())
        return None
