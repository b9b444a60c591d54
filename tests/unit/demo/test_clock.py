"""The demo's clock, and Redis on it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrm_bot.demo.clock import MovableClock, embedded_redis

A_WEEK = timedelta(days=7)
SOON = timedelta(minutes=1)


def test_a_moved_clock_goes_on_from_there() -> None:
    clock = MovableClock()

    clock.move(A_WEEK)

    assert timedelta() <= clock.now() - (datetime.now(UTC) + A_WEEK) + SOON < 2 * SOON
    assert clock.seconds() == pytest.approx(clock.now().timestamp(), abs=SOON.total_seconds())


def test_a_clock_is_moved_to_a_moment_unless_it_is_later_already() -> None:
    clock = MovableClock()
    clock.move_to(datetime.now(UTC) + A_WEEK)
    clock.move_to(datetime.now(UTC))

    assert clock.ahead == pytest.approx(A_WEEK, abs=SOON)


def test_a_clock_is_never_moved_back() -> None:
    with pytest.raises(ValueError, match="one way"):
        MovableClock().move(-SOON)


async def test_every_client_of_the_embedded_redis_and_its_scripts_are_on_the_clock() -> None:
    clock = MovableClock()
    make = embedded_redis(clock)
    one: Any = make(blocking=False)
    other: Any = make(blocking=True)
    await other.set("before", "the move")
    clock.move(A_WEEK)

    seconds, micros = await one.execute_command("TIME")
    in_script = await other.execute_command("EVAL", "return redis.call('TIME')[1]", 0)
    kept = await one.get("before")
    await one.aclose()
    await other.aclose()

    assert abs(int(seconds) - clock.seconds()) < SOON.total_seconds()
    assert abs(int(in_script) - clock.seconds()) < SOON.total_seconds()
    assert 0 <= int(micros) < 1_000_000
    assert kept == b"the move"
