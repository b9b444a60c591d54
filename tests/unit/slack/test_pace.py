"""Turns: a burst at once, then one after another."""

import pytest

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
        await pace.turn("C1")

    assert waits.slept == [1.0, 2.0]


async def test_places_do_not_wait_for_each_other(waits: Waits) -> None:
    pace = Pace(1.0, monotonic=lambda: waits.now, sleep=waits.sleep)

    await pace.turn("C1")
    await pace.turn("C2")

    assert waits.slept == []


async def test_quiet_seconds_give_the_burst_back(waits: Waits) -> None:
    pace = Pace(1.0, burst=2, monotonic=lambda: waits.now, sleep=waits.sleep)
    for _ in range(3):
        await pace.turn("C1")
    waits.slept.clear()

    waits.now += 10
    await pace.turn("C1")
    await pace.turn("C1")

    assert waits.slept == []
