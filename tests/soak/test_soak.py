"""Mixed load for as long as `SCRM_SOAK_MINUTES` says: nothing unexpected, nothing leaks, memory stays flat.

A few seconds in `make test`, five minutes in `make soak`, an hour with SCRM_SOAK_MINUTES=60.
"""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import aiohttp
import pytest

from tests.conftest import RedisServer
from tests.fuzz.bot import UNEXPECTED, Held, RunningBot, a_running_bot
from tests.soak.day import Day

MINUTES = float(os.environ.get("SCRM_SOAK_MINUTES", "0.12"))
TEAMS = tuple(f"TSOAK{number:03d}" for number in range(4))
EVERY = max(0.5, MINUTES * 60 / 120)  # seconds between two looks
MOST_GROWTH = 6.0  # megabytes from the third quarter to the last, where it ran for minutes
MOST_FILES = 250
_LONG_ENOUGH = 2.0  # minutes, for memory to have settled at all


async def looks(bot: RunningBot, until: float) -> Sequence[tuple[float, Held]]:
    seen, began = [], time.monotonic()
    while time.monotonic() < until:
        await asyncio.sleep(EVERY)
        seen.append((time.monotonic() - began, await bot.seen()))
    return seen


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the line nearest to the points, an hour."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return 3600 * sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


@pytest.mark.redis
async def test_nothing_grows_or_goes_wrong_under_mixed_load(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    settings = {"SCRM_UNDO_SECONDS": "0", "SCRM_SETTLE_SECONDS": "1", "SCRM_LEASE_SECONDS": "5"}
    async with (
        a_running_bot(redis_server, tmp_path, teams=TEAMS, **settings) as bot,
        aiohttp.ClientSession() as session,
    ):
        end = time.monotonic() + MINUTES * 60
        days = [Day(bot, team, session) for team in TEAMS]
        leaves_every = 10 if MINUTES >= _LONG_ENOUGH else 1
        looking = asyncio.create_task(looks(bot, end))
        await asyncio.gather(*(day.live(until_then=end, leaves_every=leaves_every) for day in days))
        seen = await looking
        last, (keys, used) = await bot.held(), await bot.kept()

        memory = [(at, held.megabytes) for at, held in seen]
        half, quarter = memory[len(memory) // 2 :], max(1, len(memory) // 4)
        third, fourth = memory[-2 * quarter : -quarter] or memory, memory[-quarter:]
        growth = mean([y for _, y in fourth]) - mean([y for _, y in third])
        done = sum((day.done for day in days), Counter[str]())
        unexpected = [*chain.from_iterable(day.unexpected for day in days)]
        told = [f"{MINUTES} minutes: {dict(done)}", f"Slack heard {bot.heard['said']} things"]
        told += [f"memory {memory[0][1]:.1f} → {memory[-1][1]:.1f} MB"]
        told += [f"second half: {slope(half):+.1f} MB an hour"]
        told += [f"third quarter to last: {growth:+.1f} MB; {last}; Redis {keys} keys, {used:.1f} MB"]
        told += [f"{times} x {line}" for line, times in bot.errors().most_common(10)]
        sys.stdout.write("\n".join(["", *told, *unexpected[:10], ""]))
        assert unexpected == []
        assert not bot.errors()
        assert bot.heard[UNEXPECTED] == 0
        assert last.tasks == 0
        assert last.files < MOST_FILES
        assert MINUTES < _LONG_ENOUGH or growth < MOST_GROWTH
        assert done["publish"] >= 1
