"""A storm of requests, kills and faults: 200, or 1,000 with `make chaos`.

SCRM_CHAOS_APPROVALS makes it longer, SCRM_CHAOS_SEED another.
"""

import asyncio
import os
from random import Random

import pytest

from tests.chaos.breaker import Breaker
from tests.chaos.house import House
from tests.chaos.points import Ledger
from tests.chaos.storm import Storm

APPROVALS = int(os.environ.get("SCRM_CHAOS_APPROVALS") or "200")
LONGEST = 300 + 3 * APPROVALS  # seconds; a quiet machine takes less than a quarter of that
SEED = int(os.environ.get("SCRM_CHAOS_SEED", "1"))

pytestmark = pytest.mark.redis


async def test_a_storm_publishes_exactly_what_was_approved_once_and_every_card_is_true(
    own_house: House, ledger: Ledger
) -> None:
    random = Random(SEED)
    storm = Storm(own_house, random, Breaker(own_house, random))

    async with asyncio.timeout(LONGEST):
        await storm.run(APPROVALS)

    for point, times in storm.points.items():
        ledger.hit(point, times)
    twice, lost, untrue = map(len, (storm.verdicts.twice, storm.verdicts.lost, storm.verdicts.untrue))
    counted = f"{twice} sent twice, {lost} lost, {untrue} told wrongly"
    ledger.notes.append(f"storm {SEED}: {len(storm.requests)} requests, {counted}")
    ledger.notes.extend(storm.verdicts.all)
    ledger.notes.extend(f"{times:7}  {name}" for name, times in sorted(storm.counts.items()))
    assert storm.verdicts.all == []
    assert len(storm.requests) == APPROVALS
    assert await own_house.dead() == 0
    assert own_house.slack.faults == []
