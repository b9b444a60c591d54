"""What operators see of jobs."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim, JobKind
from scrm_bot.jobs.depths import Depths
from scrm_bot.jobs.metrics import JobMetrics
from scrm_bot.jobs.worker import Worker
from tests.fakes.clock import START
from tests.fakes.work import FakeWorkQueue
from tests.unit.jobs.test_worker import Handled, Slow, at_work, job


@dataclass
class Numbers:
    stored: int = 5
    due: int = 2
    dead: int = 1
    late: float = 7.5


class Queues:
    """Answers with these in turn, and then no more."""

    def __init__(self, *answers: Numbers | StoreUnavailableError) -> None:
        self.answers = list(answers)
        self.enough = asyncio.Event()

    async def depth(self) -> Numbers:
        answer = self.answers.pop(0)
        if not self.answers:
            self.enough.set()
        if isinstance(answer, StoreUnavailableError):
            raise answer
        return answer


def told(registry: CollectorRegistry) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#") and "_bucket" not in line]


async def run(handler: Handled, *, most_attempts: int = 3) -> list[str]:
    """What is told once the handler has given every answer it has."""
    registry, queue = CollectorRegistry(), FakeWorkQueue()
    worker = Worker(
        queue, {JobKind.ACT: handler}, queue.clock, most_attempts=most_attempts, metrics=JobMetrics(registry)
    )
    queue.put(job())
    async with at_work(worker):
        await handler.enough.wait()
    return told(registry)


async def test_a_job_is_counted_by_how_it_ended_each_time_it_ran() -> None:
    lines = await run(Handled(START + timedelta(seconds=1), ValueError(), None))

    assert 'scrm_jobs_total{kind="act",outcome="again"} 1.0' in lines
    assert 'scrm_jobs_total{kind="act",outcome="retry"} 1.0' in lines
    assert 'scrm_jobs_total{kind="act",outcome="ok"} 1.0' in lines
    assert 'scrm_job_seconds_count{kind="act"} 3.0' in lines
    assert 'scrm_job_pickup_seconds_count{kind="act"} 3.0' in lines


async def test_a_job_that_is_given_up_is_counted_as_dead() -> None:
    lines = await run(Handled(ValueError(), ValueError()), most_attempts=2)

    assert 'scrm_jobs_total{kind="act",outcome="dead"} 1.0' in lines


async def test_what_a_stopping_worker_gives_back_is_counted_so() -> None:
    registry, queue, slow = CollectorRegistry(), FakeWorkQueue(), Slow()
    worker = Worker(queue, {JobKind.ACT: slow}, queue.clock, metrics=JobMetrics(registry))
    queue.put(job())
    running = asyncio.create_task(worker.run())
    await slow.begun.wait()
    in_hand = told(registry)
    await worker.stop(0.0)
    await running

    assert "scrm_jobs_running 1.0" in in_hand
    assert 'scrm_jobs_total{kind="act",outcome="Cancelled"} 1.0' in told(registry)


async def test_how_late_a_job_was_taken_is_told() -> None:
    registry = CollectorRegistry()
    metrics = JobMetrics(registry)

    metrics.taken(replace(Claim(job(), 1, START), late=0.5))
    metrics.taken(replace(Claim(job(), 1, START), late=30.0))

    lines = generate_latest(registry).decode().splitlines()
    assert 'scrm_job_pickup_seconds_bucket{kind="act",le="1.0"} 1.0' in lines
    assert 'scrm_job_pickup_seconds_sum{kind="act"} 30.5' in lines


async def test_the_depth_of_the_queues_is_told_while_it_is_known() -> None:
    registry = CollectorRegistry()
    metrics = JobMetrics(registry)
    depths = Depths(Queues(Numbers(), StoreUnavailableError("gone")), metrics)

    await depths.look()
    known = told(registry)
    await depths.look()

    assert 'scrm_jobs_queued{state="due"} 2.0' in known
    assert 'scrm_jobs_queued{state="dead"} 1.0' in known
    assert "scrm_jobs_late_seconds 7.5" in known
    assert not [line for line in told(registry) if "queued" in line or "late" in line]


async def test_the_first_look_is_at_once() -> None:
    queues = Queues(Numbers())
    looking = asyncio.create_task(Depths(queues, JobMetrics()).run())

    await queues.enough.wait()
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)

    assert queues.answers == []
