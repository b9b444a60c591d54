"""The strict stand-in of Slack, and a session to reach it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import Pace, World


@pytest.fixture
async def slack() -> AsyncIterator[RunningSlack]:
    running = await serve(world=World(pace=replace(Pace(), strict_rates=False)))
    yield running
    await running.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
