"""Work in the background is kept alive, ended, and left to others when there is no time."""

import asyncio
import logging

import pytest
from anyio.lowlevel import checkpoint

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.slack import background as module
from scrm_bot.slack.background import Background
from tests.fakes.clock import START
from tests.fakes.work import FakeWorkQueue


async def claimed(queue: FakeWorkQueue, key: str = "in:1") -> Claim:
    claim = await queue.accept(Job(JobKind.INTERACTION, key, "T1", START), dedupe=key, lease=30)
    assert claim
    return claim


async def test_a_deed_is_done_and_its_record_removed() -> None:
    queue, done = FakeWorkQueue(), asyncio.Event()
    background = Background(queue, lease=30)

    async def work() -> None:
        done.set()

    background.start_claimed(await claimed(queue), work)
    await asyncio.wait_for(done.wait(), 5)
    left = await background.drain(5)

    assert (left, len(background), queue.entries) == (0, 0, {})


async def test_deeds_start_although_deliveries_never_stop() -> None:
    queue, done = FakeWorkQueue(), asyncio.Event()
    background = Background(queue, lease=30)

    async def work() -> None:
        done.set()

    with background:
        background.start_claimed(await claimed(queue), work)
        await asyncio.wait_for(done.wait(), 5)

    assert done.is_set()
    await background.drain(5)


async def test_leases_are_renewed_while_the_work_goes_on() -> None:
    renewed, over = asyncio.Event(), asyncio.Event()

    class Watched(FakeWorkQueue):
        failures = 1

        async def renew(self, claim: Claim, *, lease: float) -> bool:
            if self.failures:
                self.failures -= 1
                raise StoreUnavailableError
            renewed.set()
            return True

    queue = Watched()
    background = Background(queue, lease=0.003)

    async def work() -> None:
        await over.wait()

    background.start_claimed(await claimed(queue), work)
    await asyncio.wait_for(renewed.wait(), 5)
    over.set()

    assert await background.drain(5) == 0


async def test_what_is_not_done_in_time_keeps_its_record() -> None:
    queue = FakeWorkQueue()
    background = Background(queue, lease=30)

    async def work() -> None:
        await asyncio.Event().wait()

    background.start_claimed(await claimed(queue), work)

    assert await background.drain(0.01) == 1
    assert len(queue.entries) == 1
    assert len(background) == 0


async def test_a_failure_is_logged_and_keeps_its_record(caplog: pytest.LogCaptureFixture) -> None:
    queue = FakeWorkQueue()
    background = Background(queue, lease=30)

    async def fail() -> None:
        await checkpoint()
        raise ZeroDivisionError

    background.start_claimed(await claimed(queue), fail)
    background.start(fail())
    await background.drain(5)

    assert [record.message for record in caplog.records] == ["background work failed"] * 2
    assert len(queue.entries) == 1


class Gone(FakeWorkQueue):
    """Does not answer so many of those who say that a job is done."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def finish(self, claim: Claim) -> bool:
        self.times -= 1
        if self.times >= 0:
            raise StoreUnavailableError
        return await super().finish(claim)


@pytest.mark.parametrize(("times", "left", "said"), [(2, 0, []), (3, 1, [logging.WARNING])])
async def test_a_record_is_removed_as_soon_as_the_store_answers_or_left_without_a_failure(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    times: int,
    left: int,
    said: list[int],
) -> None:
    monkeypatch.setattr(module, "_FINISH_AGAIN", (0.0, 0.0))
    queue = Gone(times)
    background = Background(queue, lease=30)
    background.start_claimed(await claimed(queue), checkpoint)
    await background.drain(5)

    assert [record.levelno for record in caplog.records] == said
    assert len(queue.entries) == left


async def test_more_than_fits_is_left_to_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_MOST_WAITING", 1)
    queue = FakeWorkQueue()
    background = Background(queue, lease=30)
    done: list[str] = []

    async def first() -> None:
        done.append("first")

    background.start_claimed(await claimed(queue, "in:1"), first)
    background.start_claimed(await claimed(queue, "in:2"), first)
    await background.drain(5)

    assert done == ["first"]
    assert len(queue.entries) == 1
    assert "too much" in caplog.text
