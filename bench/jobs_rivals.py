"""One way to put jobs and one way to do them for each queue that `bench/jobs.py` compares.

The libraries are used as their documentation shows, with the workers they ship. All do up to 50 jobs at
once: with its own ten pydocket does 40 a second, since it looks again after 250 ms, and with 100 it runs out
of connections.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from typing import Any

from bench.budget_rivals import library
from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.jobs.worker import Worker
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.work import RedisWorkQueue

TEAMS = 200  # whose jobs lie in all 64 shards
AT_ONCE = 50  # jobs in hand of one worker at the most; also how many are put at once

Do = Callable[[int], Awaitable[None]]
"""Does the job of this number."""


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Queue:
    """`put` stores jobs that are due then, `work` does jobs until it is cancelled."""

    put: Callable[[Sequence[int], datetime], Awaitable[None]]
    work: Callable[[], Awaitable[object]]


Open = Callable[[AsyncExitStack, str, float, Do], Awaitable[Queue]]
"""With Redis' address, the seconds of a lease, and what a job is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`lease` is what it comes with; `schedules` whether it can put a job for later itself."""

    open: Open
    lease: float
    jobs: int
    schedules: bool = True


async def ours(stack: AsyncExitStack, url: str, lease: float, do: Do) -> Queue:
    database = Database(clients(parse(url)))
    stack.push_async_callback(database.close)

    async def put(numbers: Sequence[int], due: datetime) -> None:
        teams: dict[str, list[Job]] = {}
        for number in numbers:
            team, key = f"T{number % TEAMS}", f"bench:{number}"
            job = Job(JobKind.DIGEST, key, team, due, {"number": str(number)})
            teams.setdefault(team, []).append(job)
        await asyncio.gather(*(RedisJobQueue(database, team).put(*jobs) for team, jobs in teams.items()))

    async def handle(claim: Claim) -> None:
        await do(int(claim.job.args["number"]))

    queue = RedisWorkQueue(database)
    worker = Worker(queue, {JobKind.DIGEST: handle}, RealClock(), lease=lease, concurrency=AT_ONCE)
    return Queue(put, worker.run)


async def taskiq(stack: AsyncExitStack, url: str, lease: float, do: Do) -> Queue:
    """Its streams are the broker that acknowledges; a job for later needs a process of its own."""
    redis = library("taskiq_redis", "taskiq-redis")
    receiver = library("taskiq.api", "taskiq")
    broker = redis.RedisStreamBroker(url, consumer_id="0", idle_timeout=round(lease * 1000))
    task = broker.register_task(_typed(do), task_name="job")
    await broker.startup()
    stack.push_async_callback(broker.shutdown)

    async def put(numbers: Sequence[int], due: datetime) -> None:
        del due
        await _in_batches(numbers, task.kiq)

    return Queue(put, lambda: receiver.run_receiver_task(broker, max_async_tasks=AT_ONCE))


async def docket(stack: AsyncExitStack, url: str, lease: float, do: Do) -> Queue:
    library_of = library("docket", "pydocket")
    logging.getLogger("docket").setLevel(logging.WARNING)
    named = _typed(do)
    box = await stack.enter_async_context(library_of.Docket(name="bench", url=url))
    box.register(named)

    async def put(numbers: Sequence[int], due: datetime) -> None:
        await _in_batches(numbers, lambda number: box.add(named, when=due, key=f"job:{number}")(number))

    async def work() -> None:
        redelivery = timedelta(seconds=lease)
        async with library_of.Worker(box, concurrency=AT_ONCE, redelivery_timeout=redelivery) as worker:
            await worker.run_forever()

    return Queue(put, work)


def _typed(do: Do) -> Any:
    """Both libraries look at a function's own name and annotations."""

    async def job(number: int) -> None:
        await do(number)

    return job


async def _in_batches(numbers: Sequence[int], put: Callable[[int], Awaitable[object]]) -> None:
    for at in range(0, len(numbers), AT_ONCE):
        await asyncio.gather(*map(put, numbers[at : at + AT_ONCE]))


QUEUES = {
    "scrm-bot": Kind(ours, lease=60.0, jobs=20_000),
    "taskiq-redis": Kind(taskiq, lease=600.0, jobs=10_000, schedules=False),
    "pydocket": Kind(docket, lease=300.0, jobs=4_000),
}


def version(name: str) -> str:
    """As installed; empty where it is not."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
