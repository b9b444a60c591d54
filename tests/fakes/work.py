"""The due index of all teams, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from anyio.lowlevel import checkpoint

from scrm_bot.domain.jobs import Claim, DeadJob, Job
from tests.fakes.clock import FixedClock

Address = tuple[str, str]


@dataclass(slots=True)
class Entry:
    """A stored job: when it is next due, how often it was claimed, and who has it (None: nobody)."""

    job: Job
    due: datetime
    attempt: int = 0
    holder: Claim | None = None
    following: Job | None = None


class FakeWorkQueue:
    """Behaves as the one in Redis does, on a clock of the test's own."""

    def __init__(self, clock: FixedClock | None = None) -> None:
        self.clock = clock or FixedClock()
        self.entries: dict[Address, Entry] = {}
        self.seen: set[Address] = set()
        self.withdrawn: set[Address] = set()
        self.dead: list[DeadJob] = []
        self.buried = 0
        self.waits: list[float] = []

    def put(self, job: Job) -> None:
        entry = self.entries.get(_address(job))
        if entry and entry.holder:
            entry.following = job
        else:
            self.entries[_address(job)] = Entry(job, job.due)

    def cancel(self, team_id: str, key: str) -> None:
        self.entries.pop((team_id, key), None)

    async def accept(self, job: Job, *, dedupe: str, lease: float) -> Claim | None:
        if (job.team_id, dedupe) in self.seen:
            return None
        self.seen.add((job.team_id, dedupe))
        self.entries[_address(job)] = Entry(job, job.due)
        return self._claim(self.entries[_address(job)], lease)

    async def withdraw(self, job: Job, *, dedupe: str) -> bool:
        entry = self.entries.get(_address(job))
        if entry and (entry.job != job or entry.attempt != 1 or entry.holder is None):
            return False
        if entry is None and (job.team_id, dedupe) in self.seen - self.withdrawn:
            return False
        self.seen.add((job.team_id, dedupe))
        self.withdrawn.add((job.team_id, dedupe))
        if entry:
            self._settle(entry)
        return True

    async def claim(self, *, limit: int, lease: float) -> Sequence[Claim]:
        due = [entry for entry in self.entries.values() if entry.due <= self.clock.now()]
        return [self._claim(entry, lease) for entry in sorted(due, key=_due)[:limit]]

    async def renew(self, claim: Claim, *, lease: float) -> bool:
        entry = self._held(claim)
        if entry:
            entry.due = self.clock.now() + timedelta(seconds=lease)
        return entry is not None

    async def finish(self, claim: Claim) -> bool:
        if _address(claim.job) not in self.entries:
            return True
        entry = self._held(claim)
        if entry is None:
            return False
        self._settle(entry)
        return True

    async def postpone(self, claim: Claim, *, due: datetime, failed: bool = False) -> bool:
        entry = self._held(claim)
        if entry is None:
            return False
        if entry.following:
            self._settle(entry)
        else:
            entry.due, entry.holder = due, None
            entry.attempt = entry.attempt if failed else 0
        return True

    async def bury(self, claim: Claim, *, reason: str) -> bool:
        if _address(claim.job) not in self.entries:
            return True
        entry = self._held(claim)
        if entry is None:
            return False
        self.buried += 1
        dead = DeadJob(f"dead_{self.buried}", entry.job, reason, claim.attempt, self.clock.now())
        self.dead.append(dead)
        self._settle(entry)
        return True

    async def wait(self, seconds: float) -> None:
        """Waiting takes no time: it moves the clock to what is due next, `seconds` on at the most."""
        self.waits.append(seconds)
        until = self.clock.now() + timedelta(seconds=seconds)
        nearest = min((entry.due for entry in self.entries.values()), default=until)
        self.clock.at = max(self.clock.now(), min(nearest, until))
        await checkpoint()

    def _claim(self, entry: Entry, lease: float) -> Claim:
        entry.attempt += 1
        entry.due = self.clock.now() + timedelta(seconds=lease)
        entry.holder = Claim(entry.job, entry.attempt, entry.due)
        return entry.holder

    def _held(self, claim: Claim) -> Entry | None:
        entry = self.entries.get(_address(claim.job))
        return entry if entry and entry.holder == claim else None

    def _settle(self, entry: Entry) -> None:
        """Remove the job, unless it was put again while it ran."""
        address = _address(entry.job)
        if entry.following:
            self.entries[address] = Entry(entry.following, entry.following.due)
        else:
            del self.entries[address]


class FakeJobQueue:
    """One team's part. `put_jobs` is every job ever put, in order; `jobs` what is stored now."""

    def __init__(self, team_id: str = "T_ACME", work: FakeWorkQueue | None = None) -> None:
        self.team_id = team_id
        self.work = work or FakeWorkQueue()
        self.put_jobs: list[Job] = []
        self.cancelled: list[str] = []

    @property
    def jobs(self) -> dict[str, Job]:
        entries = self.work.entries.items()
        return {key: entry.job for (team_id, key), entry in entries if team_id == self.team_id}

    async def put(self, *jobs: Job) -> None:
        for job in jobs:
            assert job.team_id == self.team_id, "a queue takes only its own team's jobs"
            self.put_jobs.append(job)
            self.work.put(job)

    async def cancel(self, key: str) -> None:
        self.cancelled.append(key)
        self.work.cancel(self.team_id, key)

    async def has(self, key: str) -> bool:
        return (self.team_id, key) in self.work.entries

    async def dead(self) -> Sequence[DeadJob]:
        mine = [each for each in self.work.dead if each.job.team_id == self.team_id]
        return mine[::-1]

    async def revive(self, dead: DeadJob, *, due: datetime) -> bool:
        if dead not in await self.dead():
            return False
        self.work.dead.remove(dead)
        self.work.put(replace(dead.job, due=due))
        return True


def _address(job: Job) -> Address:
    return job.team_id, job.key


def _due(entry: Entry) -> datetime:
    return entry.due
