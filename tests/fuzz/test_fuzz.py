"""Mutated requests, signed and unsigned: each is answered, none with 5xx, and nothing grows.

`SCRM_FUZZ_REQUESTS` says how many, `SCRM_FUZZ_SEED` which; `make fuzz` sends 100,000.
"""

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.conftest import RedisServer
from tests.fuzz.bot import a_running_bot
from tests.fuzz.mutations import Mutator
from tests.fuzz.shapes import Shapes
from tests.fuzz.visits import visit
from tests.fuzz.wire import Line

REQUESTS = int(os.environ.get("SCRM_FUZZ_REQUESTS", "2000"))
SEED = int(os.environ.get("SCRM_FUZZ_SEED", "1"))
LINES = 16
TOLD = "scrm_bot.slack.performer a handler failed"  # and the person was told so, with the number of the line
TEAMS = tuple(f"T{number:04d}" for number in range(200))
MOST_GROWTH = 24.0  # megabytes from the end of the warm-up, which is the first quarter, to the end
MOST_FILES = 250  # open at once, whatever has come: the pools of connections to Slack, SocialCRM and Redis
MOST_KEYS = 4  # in Redis for one request that was taken
MOST_BYTES = 40_000  # in Redis for one request that was taken


@pytest.mark.redis
async def test_whatever_comes_is_answered_and_nothing_grows(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async with a_running_bot(redis_server, tmp_path, teams=TEAMS[:20]) as bot:
        random = Random(SEED)
        shapes = Shapes(random, teams=TEAMS, response_url=bot.response_url)
        lines, mutator = [Line(bot.port) for _ in range(LINES)], Mutator(random)

        async def send(number: int) -> None:
            shares = [number // LINES + (at < number % LINES) for at in range(LINES)]

            async def drive(line: Line, share: int) -> None:
                try:
                    for _ in range(share):
                        await line.send(mutator.request(shapes.draw()))
                finally:
                    await line.close()

            await asyncio.gather(*map(drive, lines, shares))

        await send(REQUESTS // 4)
        before = (await bot.kept())[0]
        visits = await visit(bot.port, random, REQUESTS // 8)
        written = (await bot.kept())[0] - before
        warm, (keys, used) = await bot.held(), await bot.kept()
        for _ in range(3):  # as much again as before, so that what waits at most is not more than it was then
            await send(REQUESTS // 4)
            end, (more_keys, more_used) = await bot.held(), await bot.kept()

        statuses = sum((line.statuses for line in lines), Counter[str]())
        told = [f"{REQUESTS} requests, seed {SEED}: {dict(statuses)}"]
        told += [f"pages of an installation: {dict(visits)}"]
        told += [f"warm: {warm}", f"end:  {end}"]
        told += [f"Redis: {keys} → {more_keys} keys, {used:.1f} → {more_used:.1f} MB"]
        told += [f"{times} x {line}" for line, times in bot.errors().most_common(10)]
        sys.stdout.write("\n".join(["", *told, ""]))
        assert [found for line in lines for found in line.wrong] == []
        assert {*visits} <= {"200", "302", "400"}
        assert visits["302"]
        assert written <= 0  # what only asks leaves nothing
        assert {*bot.errors()} <= {TOLD}
        assert statuses["200"] > REQUESTS // 4
        assert end.megabytes - warm.megabytes < MOST_GROWTH
        assert end.files < MOST_FILES
        taken = max(1, statuses["200"])
        assert more_keys / taken < MOST_KEYS
        assert more_used * 2**20 / taken < MOST_BYTES
