"""The worker, on a queue in memory and a clock that jumps."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.jobs import worker as module
from scrm_bot.jobs.worker import Farewell, Worker
from scrm_bot.log import request_id
from tests.fakes.clock import START, FixedClock
from tests.fakes.work import FakeWorkQueue


def job(key: str = "act:apr_1", *, kind: JobKind = JobKind.ACT, due: datetime = START) -> Job:
    return Job(kind, key, "T_ACME", due)


class Handled:
    """A handler that notes what it got, and answers or raises what it was told to, in turn."""

    def __init__(self, *outcomes: datetime | Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.claims: list[Claim] = []
        self.requests: list[str] = []
        self.enough = asyncio.Event()

    async def __call__(self, claim: Claim) -> datetime | None:
        self.claims.append(claim)
        self.requests.append(request_id.get())
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if not self.outcomes:
            self.enough.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Slow:
    """A handler that waits until it is let go."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.let_go = asyncio.Event()
        self.ended = 0
        self.ended_all = asyncio.Event()

    async def __call__(self, claim: Claim) -> None:
        self.begun.set()
        await self.let_go.wait()
        self.ended += 1
        if self.ended == 5:
            self.ended_all.set()


def a_worker(
    queue: FakeWorkQueue,
    handler: Callable[[Claim], Awaitable[datetime | None]],
    *,
    concurrency: int = 4,
    most_attempts: int = 3,
    lease: float = 60.0,
    farewell: Farewell | None = None,
) -> Worker:
    return Worker(
        queue,
        {JobKind.ACT: handler},
        queue.clock,
        lease=lease,
        concurrency=concurrency,
        most_attempts=most_attempts,
        jitter=lambda: 1.0,
        farewells={JobKind.ACT: farewell} if farewell else None,
    )


@asynccontextmanager
async def at_work(worker: Worker) -> AsyncIterator[None]:
    running = asyncio.create_task(worker.run())
    yield
    await worker.stop(1.0)
    async with asyncio.timeout(5):
        await running


async def test_a_due_job_is_run_once_and_is_gone() -> None:
    queue, handled = FakeWorkQueue(), Handled(None)
    queue.put(job())

    async with at_work(a_worker(queue, handled)):
        await handled.enough.wait()

    assert [claim.job for claim in handled.claims] == [job()]
    assert queue.entries == {}


async def test_each_run_has_a_request_id_of_its_own() -> None:
    queue, handled = FakeWorkQueue(), Handled(None, None)
    queue.put(job("a"))
    queue.put(job("b"))

    async with at_work(a_worker(queue, handled)):
        await handled.enough.wait()

    assert len(set(handled.requests)) == 2


async def test_a_handler_says_when_it_wants_to_run_again_and_that_is_no_failure() -> None:
    again = START + timedelta(minutes=5)
    queue, handled = FakeWorkQueue(), Handled(again, None)
    queue.put(job())

    async with at_work(a_worker(queue, handled)):
        await handled.enough.wait()

    assert [claim.attempt for claim in handled.claims] == [1, 1]
    assert queue.clock.now() >= again


async def test_what_fails_is_tried_later_each_time_twice_as_late(caplog: pytest.LogCaptureFixture) -> None:
    queue = FakeWorkQueue()
    times: list[datetime] = []
    handled = Handled(RuntimeError("odd"), RuntimeError("odd"), None)

    async def noted(claim: Claim) -> datetime | None:
        times.append(queue.clock.now())
        return await handled(claim)

    queue.put(job())
    async with at_work(a_worker(queue, noted)):
        await handled.enough.wait()

    assert [claim.attempt for claim in handled.claims] == [1, 2, 3]
    assert [(later - before).total_seconds() for before, later in pairwise(times)] == [2, 4]
    assert "act:apr_1 of T_ACME failed, attempt 1" in caplog.text


async def test_what_fails_too_often_is_given_up_with_its_reason_and_without_secrets() -> None:
    queue = FakeWorkQueue()
    key = "sk_live_" + "a" * 32
    handled = Handled(*[ValueError(f"bad {key}")] * 3)
    queue.put(job())

    async with at_work(a_worker(queue, handled)):
        await handled.enough.wait()

    (dead,) = queue.dead
    assert (dead.job, dead.reason, dead.attempts) == (job(), "ValueError: bad sk_live_****", 3)
    assert queue.entries == {}


async def test_people_hear_of_a_job_that_is_given_up_before_it_is_among_the_dead() -> None:
    queue, handled = FakeWorkQueue(), Handled(*[ValueError()] * 3)
    told: list[tuple[Claim, int]] = []

    async def farewell(claim: Claim) -> None:
        told.append((claim, len(queue.dead)))

    queue.put(job())
    async with at_work(a_worker(queue, handled, farewell=farewell)):
        await handled.enough.wait()

    assert told == [(handled.claims[-1], 0)]
    assert len(queue.dead) == 1


async def test_a_job_of_which_nobody_can_be_told_is_buried_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    queue, handled = FakeWorkQueue(), Handled(*[ValueError()] * 3)

    async def farewell(_: Claim) -> None:
        raise RuntimeError

    queue.put(job())
    async with at_work(a_worker(queue, handled, farewell=farewell)):
        await handled.enough.wait()

    assert len(queue.dead) == 1
    assert "nobody could be told that job act:apr_1 of T_ACME is given up" in caplog.text


async def test_a_job_that_nobody_can_do_is_given_up_and_not_forgotten() -> None:
    queue = FakeWorkQueue()
    buried = asyncio.Event()

    class Watched(FakeWorkQueue):
        async def bury(self, claim: Claim, *, reason: str) -> bool:
            buried.set()
            return await super().bury(claim, reason=reason)

    queue = Watched()
    queue.put(job(kind=JobKind.DIGEST))

    async with at_work(a_worker(queue, Handled())):
        await buried.wait()

    assert [dead.job.kind for dead in queue.dead] == [JobKind.DIGEST]


async def test_no_more_jobs_run_at_once_than_allowed() -> None:
    queue, slow = FakeWorkQueue(), Slow()
    for number in range(5):
        queue.put(job(str(number)))
    worker = a_worker(queue, slow, concurrency=2)

    async with at_work(worker):
        await slow.begun.wait()
        in_hand = worker.running
        slow.let_go.set()
        await slow.ended_all.wait()

    assert in_hand == 2


class Limits(FakeWorkQueue):
    """Remembers how many were asked for each time, once there were some."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    async def claim(self, *, limit: int, lease: float) -> Sequence[Claim]:
        claims = await super().claim(limit=limit, lease=lease)
        if claims:
            self.asked.append(limit)
        return claims


class OneByOne:
    """A handler whose jobs end one after the other, each when it is told to."""

    def __init__(self) -> None:
        self.ends: asyncio.Queue[None] = asyncio.Queue()
        self.claims: list[Claim] = []
        self.begun = asyncio.Condition()

    async def __call__(self, claim: Claim) -> None:
        self.claims.append(claim)
        async with self.begun:
            self.begun.notify_all()
        await self.ends.get()

    async def have_begun(self, number: int) -> None:
        async with asyncio.timeout(5), self.begun:
            await self.begun.wait_for(lambda: len(self.claims) >= number)


@pytest.mark.parametrize(("linger", "taken"), [(60.0, [4, 2]), (0.0, [4, 1, 1])])
async def test_a_busy_worker_takes_a_handful_together_or_what_there_is_after_a_moment(
    monkeypatch: pytest.MonkeyPatch, linger: float, taken: Sequence[int]
) -> None:
    monkeypatch.setattr(module, "_LINGER", linger)
    queue, handled = Limits(), OneByOne()
    for number in range(6):
        queue.put(job(f"act:{number}"))

    async with at_work(a_worker(queue, handled)):
        await handled.have_begun(4)
        handled.ends.put_nowait(None)
        if not linger:
            await handled.have_begun(5)
        handled.ends.put_nowait(None)
        await handled.have_begun(6)
        for _ in range(4):
            handled.ends.put_nowait(None)

    assert queue.asked == taken


async def test_stopping_lets_what_runs_end_and_takes_nothing_new() -> None:
    queue, slow = FakeWorkQueue(), Slow()
    queue.put(job("running"))
    worker = a_worker(queue, slow, concurrency=1)
    running = asyncio.create_task(worker.run())
    await slow.begun.wait()
    queue.put(job("new"))

    stopping = asyncio.create_task(worker.stop(5.0))
    await asyncio.sleep(0)
    slow.let_go.set()
    await stopping
    await running

    assert slow.ended == 1
    assert list(queue.entries) == [("T_ACME", "new")]


async def test_what_does_not_end_in_time_is_given_back_at_once() -> None:
    queue, slow = FakeWorkQueue(), Slow()
    queue.put(job())
    worker = a_worker(queue, slow)
    running = asyncio.create_task(worker.run())
    await slow.begun.wait()

    await worker.stop(0.01)
    await running
    (claim,) = await queue.claim(limit=1, lease=60)

    assert claim.attempt == 2


class Waiting(FakeWorkQueue):
    """A queue that takes its time to end a wait, as a connection does."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.left = False

    async def wait(self, seconds: float) -> None:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            self.left = True


async def test_a_stopped_worker_leaves_no_wait_behind() -> None:
    queue = Waiting()
    worker = a_worker(queue, Handled())
    running = asyncio.create_task(worker.run())
    await queue.begun.wait()

    await worker.stop(1.0)
    await running

    assert queue.left


async def test_a_worker_that_is_cancelled_leaves_no_job_running() -> None:
    queue, slow = FakeWorkQueue(), Slow()
    queue.put(job())
    worker = a_worker(queue, slow)
    running = asyncio.create_task(worker.run())
    await slow.begun.wait()

    running.cancel()
    await asyncio.wait({running})
    await worker.stop(1.0)

    assert worker.running == 0
    assert slow.ended == 0


class Gone(FakeWorkQueue):
    """A queue whose Redis is away for the first calls of one method."""

    def __init__(self, method: str, *, times: int = 3, error: Exception | None = None) -> None:
        super().__init__()
        self.method = method
        self.times = times
        self.error = error or StoreUnavailableError("ConnectionError")
        self.back = asyncio.Event()

    def check(self, method: str) -> None:
        if method == self.method and self.times:
            self.times -= 1
            raise self.error
        if method == self.method:
            self.back.set()

    async def claim(self, *, limit: int, lease: float) -> Sequence[Claim]:
        self.check("claim")
        return await super().claim(limit=limit, lease=lease)

    async def wait(self, seconds: float) -> None:
        self.check("wait")
        await super().wait(seconds)

    async def finish(self, claim: Claim) -> bool:
        self.check("finish")
        return await super().finish(claim)

    async def renew(self, claim: Claim, *, lease: float) -> bool:
        self.check("renew")
        return await super().renew(claim, lease=lease)


@pytest.mark.parametrize("method", ["claim", "wait"])
async def test_redis_going_away_is_said_once_and_survived(
    method: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue, handled = Gone(method), Handled(None)

    async with at_work(a_worker(queue, handled)):
        await queue.back.wait()
        queue.put(job(due=queue.clock.now()))
        await handled.enough.wait()

    assert len(handled.claims) == 1
    assert caplog.text.count("no jobs can be taken") == 1
    assert "Traceback" not in caplog.text


class LostOnTheWay(FakeWorkQueue):
    """Its connection breaks at the moment somebody stops waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        self.reached.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise StoreUnavailableError from None


async def test_what_breaks_while_a_worker_stops_is_no_news() -> None:
    heard: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: heard.append(told))
    queue = LostOnTheWay()

    async with at_work(a_worker(queue, Handled(None))):
        await queue.reached.wait()
    gc.collect()

    assert heard == []


async def test_an_error_nobody_expected_is_logged_with_its_trace_and_survived(
    caplog: pytest.LogCaptureFixture,
) -> None:
    queue, handled = Gone("claim", error=RuntimeError("a bug")), Handled(None)
    queue.put(job())

    async with at_work(a_worker(queue, handled)):
        await handled.enough.wait()

    assert "RuntimeError: a bug" in caplog.text


async def test_a_job_done_while_redis_is_away_is_run_again_after_its_lease() -> None:
    queue, handled = Gone("finish", times=1), Handled(None, None)
    queue.put(job())

    async with at_work(a_worker(queue, handled)):
        await handled.enough.wait()

    assert [claim.attempt for claim in handled.claims] == [1, 2]
    assert queue.entries == {}


async def test_a_job_that_outlives_its_lease_keeps_it() -> None:
    queue, slow = Gone("renew", times=0), Slow()
    queue.put(job())

    async with at_work(a_worker(queue, slow, lease=0.03, concurrency=1)):
        await slow.begun.wait()
        await queue.back.wait()
        slow.let_go.set()

    assert slow.ended == 1
    assert queue.entries == {}


async def test_a_lease_that_cannot_be_renewed_is_told_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    queue, slow = Gone("renew", times=1), Slow()
    queue.put(job())

    async with at_work(a_worker(queue, slow, lease=0.03, concurrency=1)):
        await slow.begun.wait()
        await queue.back.wait()
        slow.let_go.set()

    assert "was not renewed" in caplog.text


class Finished(FakeWorkQueue):
    """A renewal reaches it when the job has ended and is gone."""

    def __init__(self, slow: Slow) -> None:
        super().__init__(FixedClock())
        self.slow = slow
        self.gone, self.renewed = asyncio.Event(), asyncio.Event()

    async def renew(self, claim: Claim, *, lease: float) -> bool:
        self.slow.let_go.set()
        await self.gone.wait()
        self.renewed.set()
        return await super().renew(claim, lease=lease)

    async def finish(self, claim: Claim) -> bool:
        finished = await super().finish(claim)
        self.gone.set()
        return finished


async def test_a_lease_that_was_asked_for_while_the_job_ended_is_no_news(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slow = Slow()
    queue = Finished(slow)
    queue.put(job())

    async with at_work(a_worker(queue, slow, lease=0.03, concurrency=1)):
        await queue.renewed.wait()

    assert [line.getMessage() for line in caplog.records if line.levelno > logging.DEBUG] == []


async def test_whoever_was_too_slow_is_told_that_another_has_the_job(
    caplog: pytest.LogCaptureFixture,
) -> None:
    queue, slow = FakeWorkQueue(FixedClock()), Slow()
    queue.put(job())
    worker = a_worker(queue, slow, concurrency=1)

    async with at_work(worker):
        await slow.begun.wait()
        queue.clock.advance(hours=1)
        await queue.claim(limit=1, lease=60)
        slow.let_go.set()

    assert "someone else has it now" in caplog.text
    assert len(queue.entries) == 1
