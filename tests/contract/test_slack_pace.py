"""Two processes' worth of messengers on one Redis, before a Slack that counts as strictly as Slack says."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.world import ANA, ED, Pace, World
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Lane
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.tiers import TIER_4, Tiers
from scrm_bot.slack.webapi import open_session
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.pace import RedisPace
from tests.conftest import RedisServer

FASTER = 12.0  # times: Slack's minute takes five seconds here, for the stand-in and for the pace
TEAM = World().team_id

pytestmark = pytest.mark.redis


@dataclass(frozen=True, slots=True)
class Two:
    """Two messengers that share nothing but Redis, and the Slack they call."""

    one: Messenger
    other: Messenger
    slack: slack.RunningSlack

    def refused(self) -> int:
        return sum(call.answer.get("error") == "ratelimited" for call in self.slack.calls)


@pytest.fixture
async def two(redis_server: RedisServer) -> AsyncIterator[Two]:
    async with AsyncExitStack() as stack:
        world = World(pace=Pace(strict_rates=True), clock=lambda: time.time() * FASTER)
        running = await slack.serve(world=world)
        stack.push_async_callback(running.close)

        async def find(team_id: str) -> Installation:
            return Installation(team_id, Secret(world.app.bot_token))

        async def a_messenger() -> Messenger:
            database = Database(clients(parse(redis_server.url)))
            stack.push_async_callback(database.close)
            await database.do("FLUSHALL")
            session = await stack.enter_async_context(open_session())
            return Messenger(
                session=session,
                installations=Installations(find),
                base_url=running.api_url,
                tiers=Tiers(shared=RedisPace(database), minute=60 / FASTER),
            )

        yield Two(await a_messenger(), await a_messenger(), running)


async def ask(messenger: Messenger) -> None:
    await messenger.call(TEAM, "users.info", {"user": ED.id}, verb="GET")


async def test_two_processes_stay_below_the_tier_together(two: Two) -> None:
    calls = TIER_4.a_minute + 5

    await asyncio.gather(*(ask((two.one, two.other)[number % 2]) for number in range(calls)))

    assert two.refused() == 0
    assert len([call for call in two.slack.calls if call.method == "users.info"]) == calls


async def test_a_person_goes_before_the_background_work_of_another_process(two: Two) -> None:
    behind = two.other.in_lane(Lane.BACKGROUND)
    background = [asyncio.create_task(ask(behind)) for _ in range(60)]
    await asyncio.wait(background, return_when=asyncio.FIRST_COMPLETED)

    await ask(two.one)
    done = sum(task.done() for task in background)
    await asyncio.gather(*background)

    assert done < 60
    assert two.refused() == 0


async def test_what_slack_wants_of_one_process_the_other_keeps_too(two: Two) -> None:
    for _ in range(TIER_4.a_minute):
        two.slack.space.rates.count("views.publish")
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    with pytest.raises(SlackRefusedError):  # the stand-in's minute in real seconds is more than a call waits
        await two.one.publish_home(TEAM, ANA.id, home)
    refused = two.refused()

    with pytest.raises(SlackRefusedError) as later:
        await two.other.publish_home(TEAM, ANA.id, home)

    assert later.value.retry_in
    assert later.value.retry_in > 1
    assert two.refused() == refused
