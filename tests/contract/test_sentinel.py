"""A failover: what was confirmed is there, the budget holds, and nothing has to be started again."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scrm_bot.domain.approvals import State, Step
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.jobs.worker import Worker
from scrm_bot.ports import Lane
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.tenancy import SystemClock
from tests.contract.backends import InRedis
from tests.contract.servers import Watched, watched
from tests.contract.test_approval_store import act, request

pytestmark = pytest.mark.redis

TEAM = "T_ACME"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Watched]:
    with watched(tmp_path) as made:
        yield made


@asynccontextmanager
async def opened(pair: Watched) -> AsyncIterator[InRedis]:
    backend = InRedis(clients(parse(pair.url)))
    try:
        yield backend
    finally:
        await backend.database.close()


async def again(ask: Callable[[], Awaitable[object]]) -> int:
    """Ask until there is an answer; how often there was none."""
    refused = 0
    async with asyncio.timeout(30):
        while True:
            try:
                await ask()
            except StoreUnavailableError:
                refused += 1
            else:
                return refused


@dataclass(slots=True)
class Approving:
    """Somebody who approves one request after the other, and notes what was confirmed."""

    backend: InRedis
    confirmed: set[str] = field(default_factory=set)
    refused: int = 0
    halfway: asyncio.Event = field(default_factory=asyncio.Event)

    async def all(self, count: int) -> None:
        for number in range(count):
            self.refused += await again(lambda at=number: self.one(f"apr_{at}"))  # type: ignore[misc]
            if number == count // 3:
                self.halfway.set()

    async def one(self, approval_id: str) -> None:
        store = self.backend.approvals(TEAM)
        added = await store.add(request(approval_id, post_id=f"post_{approval_id}"))
        if added.state is State.PENDING:
            await store.save(added.moved(Step.APPROVE), jobs=[act(self.backend, key=f"act:{approval_id}")])
        self.confirmed.add(approval_id)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_what_was_approved_around_a_failover_is_all_there_and_is_done(
    pair: Watched, number: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    assert pair.primary.process
    async with opened(pair) as backend:
        assert (await backend.database.capabilities()).replicas == 1
        people = Approving(backend)
        approving = asyncio.create_task(people.all(90))
        await people.halfway.wait()

        pair.primary.process.send_signal(number)
        await approving

        assert len(people.confirmed) == 90
        assert people.refused
        assert pair.leader() == pair.replica.port
        stored = await backend.approvals(TEAM).open()
        assert {found.id for found in stored if found.state is State.APPROVED} == people.confirmed
        assert await all_done(backend, 90) == {f"act:{each}" for each in people.confirmed}
    pair.primary.process.send_signal(signal.SIGKILL)
    assert "refused a command" not in caplog.text


async def all_done(backend: InRedis, count: int) -> set[str]:
    """What a worker has done when it has done so much."""
    done: list[str] = []
    enough = asyncio.Event()

    async def handle(claim: Claim) -> None:
        done.append(claim.job.key)
        if len(done) == count:
            enough.set()

    worker = Worker(RedisWorkQueue(backend.database), {JobKind.ACT: handle}, SystemClock(), lease=30)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(30):
        await enough.wait()
    await worker.stop(5.0)
    await running
    assert len(done) == len(set(done))
    return set(done)


async def test_a_worker_that_waits_during_a_failover_goes_on(pair: Watched) -> None:
    async with opened(pair) as backend:
        working = asyncio.create_task(all_done(backend, 1))
        await backend.database.do("PING")
        pair.primary.stop()

        job = Job(JobKind.ACT, "act:1", TEAM, backend.now())
        refused = await again(lambda: backend.jobs(TEAM).put(job))

        assert refused
        assert await working == {"act:1"}


async def test_an_old_primary_that_comes_back_is_not_written_to(pair: Watched) -> None:
    async with opened(pair) as backend:
        await backend.database.do("SET", "scrm:told", "before")
        pair.primary.stop()
        await again(lambda: backend.database.do("SET", "scrm:told", "after"))
        pair.primary.start()

        assert await backend.database.do("GET", "scrm:told") == b"after"
        assert [key async for key in backend.database.scan("scrm:to*")] == ["scrm:told"]
        await backend.approvals(TEAM).add(request())
    assert pair.leader() == pair.replica.port


async def test_no_window_sees_more_turns_than_the_limit_over_a_failover(pair: Watched) -> None:
    limit, window = 120, 4.0
    taken: list[float] = []
    underway = asyncio.Event()
    async with opened(pair) as backend:
        budget = RedisBudget(backend.database, limit=limit, window=window)

        async def calls() -> None:
            for _ in range(30):
                await again(lambda: budget.take("f" * 32, Lane.PEOPLE))
                taken.append(asyncio.get_running_loop().time())
                if len(taken) == 60:
                    underway.set()

        people = asyncio.gather(*(calls() for _ in range(6)))
        async with asyncio.timeout(30):
            await underway.wait()
        pair.primary.stop()
        await people

    assert len(taken) == 180
    assert max(sum(at <= other < at + window for other in taken) for at in taken) <= limit
