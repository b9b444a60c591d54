"""The stores of a team on each backend: in memory, on fakeredis, and on a real server."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from fakeredis import FakeAsyncRedis, FakeServer

from scrm_bot.domain.jobs import Claim
from scrm_bot.ports import (
    ApprovalStore,
    Audit,
    JobQueue,
    KeyVault,
    Memory,
    Numbers,
    ScheduleStore,
    SettingsStore,
    WorkQueue,
)
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.audit import RedisAudit
from scrm_bot.store.connection import Client, ClientFactory, Database
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.memory import RedisMemory
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.store.settings import RedisSettingsStore
from scrm_bot.store.snapshots import RedisNumbers
from scrm_bot.store.vault import Fingerprints, RedisKeyVault, Ring, new_key
from scrm_bot.store.work import RedisWorkQueue
from tests.fakes.clock import FixedClock
from tests.fakes.numbers import FakeNumbers
from tests.fakes.stores import (
    FakeApprovalStore,
    FakeAudit,
    FakeJobQueue,
    FakeKeyVault,
    FakeMemory,
    FakeScheduleStore,
    FakeSettingsStore,
    FakeWorkQueue,
)


def embedded() -> ClientFactory:
    """Clients of one fakeredis of its own."""
    server = FakeServer()

    def make(*, blocking: bool) -> Client:
        client: Any = FakeAsyncRedis(server=server)
        return client  # type: ignore[no-any-return]

    return make


class Backend(Protocol):
    @property
    def work(self) -> WorkQueue: ...

    def now(self) -> datetime: ...
    def approvals(self, team_id: str) -> ApprovalStore: ...
    def memory(self, team_id: str) -> Memory: ...
    def settings(self, team_id: str) -> SettingsStore: ...
    def schedules(self, team_id: str) -> ScheduleStore: ...
    def vault(self, team_id: str) -> KeyVault: ...
    def jobs(self, team_id: str) -> JobQueue: ...
    def audit(self, team_id: str) -> Audit: ...
    def numbers(self, team_id: str) -> Numbers: ...


class InMemory:
    """Fakes that share one queue, as the real ones share one Redis."""

    def __init__(self) -> None:
        self.clock = FixedClock()
        self.work = FakeWorkQueue(self.clock)
        self.stores: dict[tuple[Callable[..., Any], str], Any] = {}

    def one(self, kind: Callable[..., Any], team_id: str, *args: Any) -> Any:
        """The team's own, the same each time."""
        name = (kind, team_id)
        if name not in self.stores:
            self.stores[name] = kind(*args)
        return self.stores[name]

    def now(self) -> datetime:
        return self.clock.now()

    def approvals(self, team_id: str) -> ApprovalStore:
        queue, log = FakeJobQueue(team_id, self.work), self.audit(team_id)
        store: ApprovalStore = self.one(FakeApprovalStore, team_id, queue, log)
        return store

    def memory(self, team_id: str) -> Memory:
        store: Memory = self.one(FakeMemory, team_id)
        return store

    def settings(self, team_id: str) -> SettingsStore:
        store: SettingsStore = self.one(FakeSettingsStore, team_id)
        return store

    def schedules(self, team_id: str) -> ScheduleStore:
        store: ScheduleStore = self.one(FakeScheduleStore, team_id, FakeJobQueue(team_id, self.work))
        return store

    def vault(self, team_id: str) -> KeyVault:
        store: KeyVault = self.one(FakeKeyVault, team_id)
        return store

    def jobs(self, team_id: str) -> JobQueue:
        return FakeJobQueue(team_id, self.work)

    def audit(self, team_id: str) -> Audit:
        store: Audit = self.one(FakeAudit, team_id)
        return store

    def numbers(self, team_id: str) -> Numbers:
        store: Numbers = self.one(FakeNumbers, team_id)
        return store


class InRedis:
    def __init__(self, factory: ClientFactory) -> None:
        self.database = Database(factory)
        self.work = RedisWorkQueue(self.database)
        self.ring = Ring([new_key()])
        self.fingerprints = Fingerprints(self.database, self.ring)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def approvals(self, team_id: str) -> ApprovalStore:
        return RedisApprovalStore(self.database, team_id)

    def memory(self, team_id: str) -> Memory:
        return RedisMemory(self.database, team_id)

    def settings(self, team_id: str) -> SettingsStore:
        return RedisSettingsStore(self.database, team_id)

    def schedules(self, team_id: str) -> ScheduleStore:
        return RedisScheduleStore(self.database, team_id)

    def vault(self, team_id: str) -> KeyVault:
        return RedisKeyVault(self.database, self.ring, self.fingerprints, team_id)

    def jobs(self, team_id: str) -> JobQueue:
        return RedisJobQueue(self.database, team_id)

    def audit(self, team_id: str) -> Audit:
        return RedisAudit(self.database, team_id)

    def numbers(self, team_id: str) -> Numbers:
        return RedisNumbers(self.database, team_id)


async def claim_next(work: WorkQueue, *, limit: int = 10, lease: float = 60.0) -> Sequence[Claim]:
    """What is due next, however long the queue itself says to wait for it."""
    for _ in range(100):
        claims = await work.claim(limit=limit, lease=lease)
        if claims:
            return claims
        await work.wait(2.0)
    raise AssertionError("nothing became due")
