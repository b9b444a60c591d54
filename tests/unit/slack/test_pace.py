"""Turns: a burst at once, then one after another."""

import asyncio
from contextlib import suppress
from math import inf

import pytest
from anyio.lowlevel import checkpoint

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.slack.pace import Pace


class Waits:
    """A clock that stands still, and what was slept."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))


@pytest.fixture
def waits() -> Waits:
    return Waits()


async def test_a_burst_goes_at_once_and_the_rest_in_turn(waits: Waits) -> None:
    pace = Pace(1.0, burst=3, monotonic=lambda: waits.now, sleep=waits.sleep)

    for _ in range(5):
        await pace.turn("T1", "C1")

    assert waits.slept == [1.0, 2.0]


async def test_places_do_not_wait_for_each_other(waits: Waits) -> None:
    pace = Pace(1.0, monotonic=lambda: waits.now, sleep=waits.sleep)

    await pace.turn("T1", "C1")
    await pace.turn("T1", "C2")

    assert waits.slept == []


async def test_quiet_seconds_give_the_burst_back(waits: Waits) -> None:
    pace = Pace(1.0, burst=2, monotonic=lambda: waits.now, sleep=waits.sleep)
    for _ in range(3):
        await pace.turn("T1", "C1")
    waits.slept.clear()

    waits.now += 10
    await pace.turn("T1", "C1")
    await pace.turn("T1", "C1")

    assert waits.slept == []


class Elsewhere:
    """The shared turns, as another process left them; `gone` while they cannot be reached."""

    def __init__(self, *, wait: float = 0.0, gone: bool = False) -> None:
        self.wait = wait
        self.gone = gone
        self.held: list[tuple[str, str, float]] = []

    async def turn(self, team_id: str, place: str, *, every: float, burst: int, within: float = inf) -> float:
        if self.gone:
            raise StoreUnavailableError("gone")
        return self.wait

    async def hold(self, team_id: str, place: str, *, every: float, burst: int, seconds: float) -> None:
        if self.gone:
            raise StoreUnavailableError("gone")
        self.held.append((team_id, place, seconds))


async def test_what_other_processes_said_counts_too(waits: Waits) -> None:
    pace = Pace(1.0, shared=Elsewhere(wait=7.0), monotonic=lambda: waits.now, sleep=waits.sleep)

    await pace.turn("T1", "C1")

    assert waits.slept == [7.0]


async def test_without_the_store_each_process_keeps_its_own_pace(waits: Waits) -> None:
    shared = Elsewhere()
    pace = Pace(1.0, shared=shared, monotonic=lambda: waits.now, sleep=waits.sleep)
    await pace.turn("T1", "C1")
    shared.gone = True

    await pace.turn("T1", "C1")

    assert waits.slept == [1.0]


@pytest.mark.parametrize("gone", [False, True])
async def test_a_pause_that_slack_wants_is_kept_here_and_told_elsewhere(waits: Waits, gone: bool) -> None:  # noqa: FBT001
    shared = Elsewhere(gone=gone)
    pace = Pace(1.0, burst=3, shared=shared, monotonic=lambda: waits.now, sleep=waits.sleep)

    await pace.hold("T1", "C1", 30.0)

    assert shared.held == ([] if gone else [("T1", "C1", 30.0)])
    shared.gone = True
    await pace.turn("T1", "C1")
    assert waits.slept == [30.0]


@pytest.mark.parametrize("told", [99_999.0, inf])
async def test_a_pause_that_nobody_could_lift_ends_after_an_hour(waits: Waits, told: float) -> None:
    shared = Elsewhere()
    pace = Pace(1.0, shared=shared, monotonic=lambda: waits.now, sleep=waits.sleep)

    await pace.hold("T1", "C1", told)

    assert shared.held == [("T1", "C1", 3600.0)]
    assert pace._next["T1", "C1"] == waits.now + 3600.0


async def test_a_pause_without_others_is_kept_here(waits: Waits) -> None:
    pace = Pace(1.0, monotonic=lambda: waits.now, sleep=waits.sleep)

    await pace.hold("T1", "C1", 2.0)
    await pace.turn("T1", "C1")

    assert waits.slept == [2.0]


class Gate:
    """Sleeps end when it opens; `asleep` are those who sleep."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.asleep = 0

    async def sleep(self, _: float) -> None:
        self.asleep += 1
        await self.open.wait()


async def cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def reached(gate: Gate, asleep: int) -> None:
    while gate.asleep < asleep:
        await checkpoint()


async def test_an_update_that_is_given_up_leaves_the_newest_to_who_waits_with_it(waits: Waits) -> None:
    gate, sent = Gate(), list[str]()
    pace = Pace(5.0, monotonic=lambda: waits.now, sleep=gate.sleep)
    await pace.turn("T1", "chat.update")

    async def send(message: str) -> None:
        sent.append(message)

    def update(message: str) -> "asyncio.Task[None]":
        return asyncio.create_task(pace.newest("T1", "chat.update", "1.0", message, send))

    first = update("one")
    await reached(gate, 1)
    others = [update("two"), update("three")]
    await checkpoint()
    await cancelled(first)
    gate.open.set()
    await asyncio.gather(*others)

    assert sent == ["three"]
    assert gate.asleep == 1  # on the turn that the first had taken
    assert pace._waiting == {}


async def test_an_update_that_everybody_gave_up_is_forgotten(waits: Waits) -> None:
    gate = Gate()
    pace = Pace(5.0, monotonic=lambda: waits.now, sleep=gate.sleep)
    await pace.turn("T1", "chat.update")

    async def send(message: str) -> None:
        raise AssertionError(message)

    only = asyncio.create_task(pace.newest("T1", "chat.update", "1.0", "one", send))
    await reached(gate, 1)
    await cancelled(only)

    assert pace._waiting == {}


async def test_who_waits_for_an_update_that_was_given_up_on_its_way_is_told(waits: Waits) -> None:
    gate, on_its_way = Gate(), asyncio.Event()
    pace = Pace(5.0, monotonic=lambda: waits.now, sleep=gate.sleep)
    await pace.turn("T1", "chat.update")

    async def send(_: str) -> None:
        on_its_way.set()
        await asyncio.Event().wait()

    first, second = (
        asyncio.create_task(pace.newest("T1", "chat.update", "1.0", message, send)) for message in "ab"
    )
    await reached(gate, 1)
    gate.open.set()
    await on_its_way.wait()
    await cancelled(first)

    with pytest.raises(TimeoutError, match="given up"):
        await second
