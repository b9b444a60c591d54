"""Approval requests in Redis: every change is a comparison of versions, together with the jobs it causes."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from scrm_bot.domain.approvals import IN_MOTION, OPEN, Approval
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError
from scrm_bot.domain.jobs import Job
from scrm_bot.store import keys, scripts
from scrm_bot.store.connection import Call, Command, Database
from scrm_bot.store.jobs import wake_up, words
from scrm_bot.store.records import milliseconds, read, written

log = logging.getLogger(__name__)

_ADD = scripts.load("approval_add")
_SAVE = scripts.load("approval_save")
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

    async def add(self, approval: Approval, *, jobs: Sequence[Job] = ()) -> Approval:
        first = replace(approval, version=1)
        created = milliseconds(first.created_at)
        return read(Approval, await self._write(_ADD, first, [created], jobs))

    async def save(self, approval: Approval, *, jobs: Sequence[Job] = ()) -> Approval:
        following = replace(approval, version=approval.version + 1)
        closed = following.state not in OPEN | IN_MOTION
        at = following.content.at
        life = [keys.FINAL_LIFE if closed else 0, milliseconds(at) if at else 0]
        outcome = await self._write(_SAVE, following, [milliseconds(following.created_at), *life], jobs)
        if outcome == _FASTER:
            raise ApprovalConflictError(approval.id)
        if outcome == _GONE:
            raise ApprovalNotFoundError(approval.id)
        return following

    async def open(self) -> Sequence[Approval]:
        index = keys.open_approvals(self.team_id)
        ids = [found.decode() for found in await self.database.do("ZREVRANGE", index, 0, -1)]
        steps: list[Call | Command] = [("HGET", keys.approval(self.team_id, each), "body") for each in ids]
        bodies = await self.database.do_all(steps) if steps else []
        lost = [each for each, body in zip(ids, bodies, strict=True) if body is None]
        if lost:
            await self.database.do("ZREM", index, *lost)
        return [found for body in bodies if body is not None and (found := _legible(body))]

    async def latest_for(self, post_id: str) -> Approval | None:
        found = await self.database.do("GET", keys.post_approval(self.team_id, post_id))
        if found is None:
            return None
        body = await self.database.do("HGET", keys.approval(self.team_id, found.decode()), "body")
        return None if body is None else read(Approval, body)

    async def _write(
        self, script: scripts.Script, approval: Approval, more: Sequence[int], jobs: Sequence[Job]
    ) -> Any:
        where = [
            *keys.work(keys.shard_of(self.team_id)),
            keys.approval(self.team_id, approval.id),
            keys.open_approvals(self.team_id),
            keys.post_approval(self.team_id, approval.post_id),
        ]
        write_id, body = secrets.token_hex(8), written(approval)
        what = [approval.id, approval.version, write_id, body, *more, *words(self.team_id, jobs)]
        call = Call(script, where, what)
        return await self.database.commit(call, *(wake_up(self.team_id) if jobs else ()))


def _legible(body: bytes) -> Approval | None:
    """One record that cannot be read must not hide the others."""
    try:
        return read(Approval, body)
    except ValidationError as error:
        log.warning("an approval request cannot be read: %d errors", error.error_count())
        return None
