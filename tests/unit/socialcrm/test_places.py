"""How many calls of one key are under way at once."""

import asyncio

import pytest

from scrm_bot.domain.errors import BudgetExhaustedError
from scrm_bot.ports import Lane
from scrm_bot.socialcrm.places import Places


class Calls:
    """Calls that hold their places until they are let go."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.go = asyncio.Event()
        self.inside = 0

    async def make(self, key: str, lane: Lane) -> None:
        async with self.places.one(key, lane):
            self.inside += 1
            await self.go.wait()
            self.inside -= 1


async def settled() -> None:
    """Let every task that can run do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_key_has_so_many_places_and_the_next_call_waits() -> None:
    calls = Calls(Places({Lane.PEOPLE: 2, Lane.BACKGROUND: 1}))
    tasks = [asyncio.create_task(calls.make("a", Lane.PEOPLE)) for _ in range(3)]

    await settled()
    under_way = calls.inside
    calls.go.set()
    await asyncio.gather(*tasks)

    assert under_way == 2
    assert calls.inside == 0


async def test_keys_and_lanes_do_not_take_each_others_places() -> None:
    calls = Calls(Places({Lane.PEOPLE: 1, Lane.BACKGROUND: 1}))
    wanted = [("a", Lane.PEOPLE), ("a", Lane.BACKGROUND), ("b", Lane.PEOPLE)]
    tasks = [asyncio.create_task(calls.make(key, lane)) for key, lane in wanted]

    await settled()
    under_way = calls.inside
    calls.go.set()
    await asyncio.gather(*tasks)

    assert under_way == 3


async def test_a_key_that_is_not_used_any_more_is_forgotten() -> None:
    places = Places()

    async with places.one("a", Lane.PEOPLE):
        assert places._rooms
    assert not places._rooms


async def test_whoever_waits_for_a_place_for_too_long_is_sent_away() -> None:
    places = Places({Lane.PEOPLE: 1}, {Lane.PEOPLE: 0.0})

    async with places.one("a", Lane.PEOPLE):
        with pytest.raises(BudgetExhaustedError):
            async with places.one("a", Lane.PEOPLE):
                pass

    assert not places._rooms


async def test_a_key_is_full_while_somebody_would_have_to_wait_for_a_place() -> None:
    places = Places({Lane.PEOPLE: 1, Lane.BACKGROUND: 1})
    seen = [places.is_full("a", Lane.PEOPLE)]

    async with places.one("a", Lane.PEOPLE):
        seen += [places.is_full("a", Lane.PEOPLE), places.is_full("a", Lane.BACKGROUND)]

    assert [*seen, places.is_full("a", Lane.PEOPLE)] == [False, True, False, False]
