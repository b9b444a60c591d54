from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import Pace, World
from tests.unit.demo.slack.bots import Clock, FakeBot, nothing


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    """Slack's defaults, with retries that do not wait and no rate limits."""
    return World(pace=replace(Pace(), retry_delays=(0.0, 0.0, 0.0), strict_rates=False), clock=clock)


@pytest.fixture
async def slack(world: World) -> AsyncIterator[RunningSlack]:
    running = await serve(world=world)
    yield running
    await running.close()


@pytest.fixture
async def bot(slack: RunningSlack) -> AsyncIterator[FakeBot]:
    """A bot that acknowledges everything, connected over HTTP."""
    listening = FakeBot(nothing)
    await listening.start()
    await slack.connect_bot(listening.url)
    yield listening
    await listening.stop()


@pytest.fixture
def client(slack: RunningSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.world.app.bot_token, base_url=slack.api_url)


@pytest.fixture
def ed(slack: RunningSlack) -> Person:
    return slack.person("editor")


@pytest.fixture
def ana(slack: RunningSlack) -> Person:
    return slack.person("approver")
