"""What the bot keeps, in memory: one instance is one team's."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from scrm_bot.domain.approvals import IN_MOTION, OPEN, Approval, CardRef, State
from scrm_bot.domain.audit import Entry, Filter
from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    ApprovalNotFoundError,
    NotConnectedError,
    RecentLapseError,
)
from scrm_bot.domain.jobs import Job
from scrm_bot.domain.runs import Run
from scrm_bot.domain.workspaces import Connection, Secret, WorkspaceSettings
from tests.fakes.work import FakeJobQueue, FakeWorkQueue

__all__ = [
    "FakeApprovalStore",
    "FakeAudit",
    "FakeJobQueue",
    "FakeKeyVault",
    "FakeMemory",
    "FakeScheduleStore",
    "FakeSettingsStore",
    "FakeWorkQueue",
]


class FakeAudit:
    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def deeds(self) -> list[str]:
        """What was done, in order."""
        return [entry.what for entry in self.entries]

    async def append(self, *entries: Entry) -> None:
        self.entries += entries

    async def read(self, wanted: Filter, *, most: int) -> Sequence[Entry]:
        return [entry for entry in self.entries[::-1] if wanted.takes(entry)][:most]


class FakeApprovalStore:
    """`queue` and `log` get the jobs and the lines that are saved together with a request.

    `forgot_at` is when it may have forgotten, on the queue's clock.
    """

    def __init__(self, queue: FakeJobQueue | None = None, log: FakeAudit | None = None) -> None:
        self.queue = queue or FakeJobQueue()
        self.log = log or FakeAudit()
        self.approvals: dict[str, Approval] = {}
        self.latest: dict[str, str] = {}
        self.forgot_at: datetime | None = None

    @property
    def jobs(self) -> list[Job]:
        return self.queue.put_jobs

    async def get(self, approval_id: str) -> Approval:
        if approval_id not in self.approvals:
            raise ApprovalNotFoundError(approval_id)
        return self.approvals[approval_id]

    async def add(
        self, approval: Approval, *, after: str = "", jobs: Sequence[Job] = (), audit: Sequence[Entry] = ()
    ) -> Approval:
        if approval.id not in self.approvals:
            if self.latest.get(approval.post_id, "") != after:
                raise ApprovalConflictError(approval.id)
            self.approvals[approval.id] = replace(approval, version=1)
            self.latest[approval.post_id] = approval.id
            await self.queue.put(*jobs)
            await self.log.append(*audit)
        return self.approvals[approval.id]

    async def save(
        self,
        approval: Approval,
        *,
        intent: timedelta | None = None,
        jobs: Sequence[Job] = (),
        audit: Sequence[Entry] = (),
    ) -> Approval:
        stored = await self.get(approval.id)
        if stored.version != approval.version:
            raise ApprovalConflictError(approval.id)
        if intent is not None:
            self._begin(approval, intent)
        self.approvals[approval.id] = replace(approval, version=approval.version + 1)
        await self.queue.put(*jobs)
        await self.log.append(*audit)
        return self.approvals[approval.id]

    def _begin(self, approval: Approval, settle: timedelta) -> None:
        if self.latest.get(approval.post_id, approval.id) != approval.id:
            raise ApprovalConflictError(approval.id)
        left = self.forgot_at + settle - self.queue.work.clock.now() if self.forgot_at else timedelta()
        if left > timedelta():
            raise RecentLapseError(retry_in=left.total_seconds())
        self.latest[approval.post_id] = approval.id

    async def open(self) -> Sequence[Approval]:
        return self._newest(OPEN | IN_MOTION)

    async def scheduled(self) -> Sequence[Approval]:
        return self._newest({State.SCHEDULED})

    def _newest(self, states: Collection[State]) -> Sequence[Approval]:
        found = [each for each in self.approvals.values() if each.state in states]
        return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)

    async def latest_for(self, post_id: str) -> Approval | None:
        approval_id = self.latest.get(post_id)
        return self.approvals[approval_id] if approval_id else None


class FakeMemory:
    """Forgets nothing: lives are the real store's business."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}
        self.lists: dict[str, tuple[str, ...]] = {}
        self.kept: dict[str, str] = {}

    async def remember_post(self, user_id: str, post_id: str) -> None:
        self.last[user_id] = post_id

    async def last_post(self, user_id: str) -> str | None:
        return self.last.get(user_id)

    async def remember_list(self, user_id: str, post_ids: Sequence[str]) -> None:
        self.lists[user_id] = tuple(post_ids)

    async def listed_post(self, user_id: str, number: int) -> str | None:
        listed = self.lists.get(user_id, ())
        return listed[number - 1] if 1 <= number <= len(listed) else None

    async def keep(self, name: str, value: Mapping[str, Any], *, seconds: int = 86_400) -> None:
        self.kept[name] = json.dumps(dict(value))

    async def recall(self, name: str) -> dict[str, Any] | None:
        kept = self.kept.get(name)
        value: dict[str, Any] | None = json.loads(kept) if kept else None
        return value

    async def forget(self, name: str) -> None:
        self.kept.pop(name, None)


class FakeSettingsStore:
    """With `meanwhile`, somebody else is faster by that change, once."""

    def __init__(self, settings: WorkspaceSettings | None = None) -> None:
        self.settings = settings or WorkspaceSettings()
        self.meanwhile: Callable[[WorkspaceSettings], WorkspaceSettings] | None = None

    async def load(self) -> WorkspaceSettings:
        return self.settings

    async def change(
        self, change: Callable[[WorkspaceSettings], WorkspaceSettings]
    ) -> tuple[WorkspaceSettings, WorkspaceSettings]:
        if self.meanwhile:
            change(self.settings)  # in vain: it is asked again of what they have become
            self.settings, self.meanwhile = self.meanwhile(self.settings), None
        before, self.settings = self.settings, change(self.settings)
        return before, self.settings


class FakeScheduleStore:
    """`queue` gets the jobs that are saved together with a schedule."""

    def __init__(self, queue: FakeJobQueue | None = None) -> None:
        self.queue = queue or FakeJobQueue()
        self.schedules: dict[str, DigestSchedule] = {}
        self.runs: dict[tuple[str, str], Run] = {}
        self.posted: dict[CardRef, Report] = {}

    async def all(self) -> Sequence[DigestSchedule]:
        return [self.schedules[channel] for channel in sorted(self.schedules)]

    async def get(self, channel: str) -> DigestSchedule | None:
        return self.schedules.get(channel)

    async def save(self, schedule: DigestSchedule, *, jobs: Sequence[Job] = ()) -> None:
        self.schedules[schedule.channel] = schedule
        await self.queue.put(*jobs)

    async def remove(self, channel: str) -> None:
        self.schedules.pop(channel, None)

    async def revise(
        self,
        channel: str,
        change: Callable[[DigestSchedule], DigestSchedule],
        *,
        known: DigestSchedule | None = None,
    ) -> DigestSchedule | None:
        if channel not in self.schedules:
            return None
        self.schedules[channel] = change(self.schedules[channel])
        return self.schedules[channel]

    async def run_of(self, channel: str, day: str) -> Run:
        return self.runs.get((channel, day), Run())

    async def keep_posted(self, at: CardRef, report: Report) -> None:
        self.posted[at] = report

    async def posted_with(self, approval_id: str) -> Sequence[tuple[CardRef, Report]]:
        listed = [(at, report) for at, report in self.posted.items() if _lists(report, approval_id)]
        return sorted(listed, key=lambda each: float(each[0].ts), reverse=True)

    async def step(self, channel: str, day: str, before: Run, after: Run) -> bool:
        stored = await self.run_of(channel, day)
        if stored not in {before, after}:
            return False
        self.runs[channel, day] = after
        return True


def _lists(report: Report, approval_id: str) -> bool:
    return any(approval.id == approval_id for approval in report.waiting)


class FakeKeyVault:
    """Holds the key in the open, which is what the real one never does."""

    def __init__(self) -> None:
        self.key: Secret | None = None
        self.known: Connection | None = None

    async def connection(self) -> Connection | None:
        return self.known

    async def reveal(self) -> tuple[Secret, str]:
        if self.key is None or self.known is None:
            raise NotConnectedError
        return self.key, self.known.fingerprint

    async def store(self, key: Secret, *, by: str, at: datetime) -> Connection:
        self.key = key
        self.known = Connection(key.last4, f"fingerprint-of-{key.last4}", by, at)
        return self.known

    async def forget(self) -> None:
        self.key = self.known = None
