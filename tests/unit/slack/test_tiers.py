"""Slack's tiers: no minute ever holds more than Slack takes."""

from operator import attrgetter

import pytest

from scrm_bot.ports import Lane
from scrm_bot.slack.tiers import LATE, METHODS, MINUTE, TIER_2, Tier, Tiers


@pytest.mark.parametrize("tier", sorted(set(METHODS.values()), key=attrgetter("a_minute")))
def test_a_burst_and_the_minute_after_it_are_no_more_than_the_tier(tier: Tier) -> None:
    every = MINUTE * LATE / (tier.a_minute - tier.burst)

    assert tier.burst + MINUTE * LATE / every == pytest.approx(tier.a_minute)
    assert 0 < tier.reserve < tier.burst


async def test_a_method_that_nobody_listed_counts_as_tier_2() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pace = Tiers(monotonic=lambda: 0.0, sleep=sleep).of("reactions.add")
    for _ in range(TIER_2.burst + 1):
        await pace.turn("T1", "reactions.add")

    assert slept == [pytest.approx(4.4)]


async def test_background_work_waits_for_no_more_than_a_minute_while_others_go_first() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pace = Tiers(monotonic=lambda: 0.0, sleep=sleep).of("usergroups.list")
    for _ in range(4):
        await pace.turn("T1", "usergroups.list")

    assert await pace.turn("T1", "usergroups.list", lane=Lane.BACKGROUND) == 0
    assert slept
    assert sum(slept) <= MINUTE
