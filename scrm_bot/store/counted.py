"""The stores that count what becomes of requests and digests, where it is written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from prometheus_client import CollectorRegistry

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.audit import Entry
from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.jobs import Job
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.telemetry.counts import Tallies, Tally

LATE, SKIPPED = "late", "skipped"
_ENDS = {RunState.SENT: "sent", RunState.TOLD: "sent", RunState.UNSURE: "ambiguous"}


class Counted:
    """What this process wrote, over all workspaces: which ones must not stand in a label."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.requests = Tally(
            "scrm_approvals", "Approval requests by the state they came into", labels=("state",)
        )
        self.digests = Tally("scrm_digests", "Digests by what became of them", labels=("outcome",))
        Tallies(registry, self.requests, self.digests)

    def late(self) -> None:
        """A digest was sent that came late."""
        self.digests.add(LATE)

    def moved(self, entries: Sequence[Entry]) -> None:
        """What the log says of a write, which has just been made."""
        for entry in entries:
            if entry.approval_id and entry.after and entry.after != entry.before:
                self.requests.add(entry.after)


@dataclass(frozen=True, slots=True)
class CountedApprovals(RedisApprovalStore):
    counted: Counted = field(default_factory=Counted)

    async def add(
        self, approval: Approval, *, after: str = "", jobs: Sequence[Job] = (), audit: Sequence[Entry] = ()
    ) -> Approval:
        stored = await RedisApprovalStore.add(self, approval, after=after, jobs=jobs, audit=audit)
        self.counted.moved(audit)
        return stored

    async def save(
        self,
        approval: Approval,
        *,
        intent: timedelta | None = None,
        jobs: Sequence[Job] = (),
        audit: Sequence[Entry] = (),
    ) -> Approval:
        stored = await RedisApprovalStore.save(self, approval, intent=intent, jobs=jobs, audit=audit)
        self.counted.moved(audit)
        return stored


@dataclass(frozen=True, slots=True)
class CountedSchedules(RedisScheduleStore):
    counted: Counted = field(default_factory=Counted)

    async def step(self, channel: str, day: str, before: Run, after: Run) -> bool:
        done = await RedisScheduleStore.step(self, channel, day, before, after)
        if done and before.state is RunState.POSTING and after.state in _ENDS:
            self.counted.digests.add(_ENDS[after.state])
        return done

    async def revise(
        self,
        channel: str,
        change: Callable[[DigestSchedule], DigestSchedule],
        *,
        known: DigestSchedule | None = None,
    ) -> DigestSchedule | None:
        before: list[DigestSchedule] = []

        def changed(stored: DigestSchedule) -> DigestSchedule:
            before[:] = [stored]
            return change(stored)

        revised = await RedisScheduleStore.revise(self, channel, changed, known=known)
        if revised and revised.skipped and revised.skipped != before[0].skipped:
            self.counted.digests.add(SKIPPED)
        return revised
