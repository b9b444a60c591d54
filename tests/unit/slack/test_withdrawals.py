"""What was told not to be done is taken back, as soon as the store answers."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.slack import withdrawals as module
from scrm_bot.slack.command import Caller
from scrm_bot.slack.withdrawals import Doubtful, Withdrawals
from tests.fakes.clock import START
from tests.fakes.work import FakeWorkQueue

CALLER = Caller(team_id="T1", user_id="U1")
CLICK = Doubtful(Job(JobKind.INTERACTION, "in:1", "T1", START), "1", CALLER)


class Away(FakeWorkQueue):
    """Does not answer so many withdrawals."""

    def __init__(self, times: int = 0) -> None:
        super().__init__()
        self.times = times

    async def withdraw(self, job: Job, *, dedupe: str) -> bool:
        if self.times:
            self.times -= 1
            raise StoreUnavailableError
        return await super().withdraw(job, dedupe=dedupe)


@dataclass
class Bench:
    """Withdrawals, and what became of them."""

    queue: FakeWorkQueue
    slept: list[float] = field(default_factory=list)
    told: list[Caller] = field(default_factory=list)
    running: list[asyncio.Task[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.withdrawals = Withdrawals(
            self.queue, sleep=self._sleep, start=self._start, too_late=self._too_late
        )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self.running.append(asyncio.get_running_loop().create_task(work))

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def _too_late(self, caller: Caller) -> None:
        self.told.append(caller)

    async def ended(self) -> None:
        await asyncio.gather(*self.running)


async def test_a_record_that_was_made_all_the_same_is_gone() -> None:
    bench = Bench(FakeWorkQueue())
    await bench.queue.accept(CLICK.job, dedupe="1", lease=30)

    bench.withdrawals.add(CLICK)
    await bench.ended()

    assert bench.queue.entries == {}
    assert not bench.withdrawals.pass_over(CLICK.job)
    assert (bench.told, bench.slept) == ([], [])


async def test_it_is_asked_until_the_store_answers_ever_less_often() -> None:
    bench = Bench(Away(times=6))

    bench.withdrawals.add(CLICK)
    await bench.ended()

    assert bench.slept == [0.25, 0.5, 1.0, 2.0, 2.0, 2.0]
    assert bench.queue.withdrawn == {("T1", "1")}


async def test_all_of_them_share_one_task_and_a_new_one_starts_afterwards() -> None:
    bench = Bench(Away(times=1))
    second = replace(CLICK, job=replace(CLICK.job, key="in:2"), dedupe="2")

    bench.withdrawals.add(CLICK)
    bench.withdrawals.add(second)
    await bench.ended()
    assert len(bench.running) == 1

    bench.withdrawals.add(CLICK)
    await bench.ended()
    assert len(bench.running) == 2
    assert bench.queue.withdrawn == {("T1", "1"), ("T1", "2")}


async def test_who_was_told_that_nothing_was_done_hears_when_it_was() -> None:
    bench = Bench(FakeWorkQueue())
    claim = await bench.queue.accept(CLICK.job, dedupe="1", lease=30)
    assert claim
    await bench.queue.finish(claim)

    bench.withdrawals.add(CLICK)
    await bench.ended()

    assert bench.told == [CALLER]


async def test_what_a_worker_passed_over_and_put_away_was_not_done() -> None:
    bench = Bench(FakeWorkQueue())
    claim = await bench.queue.accept(CLICK.job, dedupe="1", lease=30)
    assert claim

    bench.withdrawals.add(CLICK)
    assert bench.withdrawals.pass_over(CLICK.job)
    await bench.queue.finish(claim)
    await bench.ended()

    assert bench.told == []


async def test_more_than_memory_should_hold_is_left_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_MOST", 1)
    bench = Bench(FakeWorkQueue())
    second = replace(CLICK, job=replace(CLICK.job, key="in:2"), dedupe="2")

    with caplog.at_level(logging.ERROR):
        bench.withdrawals.add(CLICK)
        bench.withdrawals.add(second)
    await bench.ended()

    assert "in:2 may be done later" in caplog.text
    assert bench.queue.withdrawn == {("T1", "1")}
