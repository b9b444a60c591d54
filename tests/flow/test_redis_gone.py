"""Redis slow or gone: people read a sentence, nothing goes around the budget, recovery needs no restart."""

import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.world import World
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from tests.chaos.running import until
from tests.conftest import RedisServer
from tests.flow.conftest import House, settings_for

pytestmark = pytest.mark.redis

NOT_NOTED = "could not note this down"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[House, RedisServer]]:
    """A connected workspace on a real Redis that a test may kill."""
    async with AsyncExitStack() as stack:
        server = RedisServer(tmp_path)
        server.start()
        stack.callback(server.stop)
        sandbox = await socialcrm.serve(config=SandboxConfig())
        stack.push_async_callback(sandbox.close)
        standin = await slack.serve(world=World(manifest=app.manifest()))
        stack.push_async_callback(standin.close)
        settings = settings_for(standin, sandbox, redis_url=server.url)
        bot = await app.start(settings)
        stack.push_async_callback(bot.close)
        await standin.connect_bot(f"{bot.url}/slack/events", verify=True)
        house = House(standin, sandbox, bot, settings, sandbox.sandbox.create_key(name="Acme"))
        await house.connect()
        yield house, server


async def is_ready(house: House) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"{house.bot.url}/readyz") as answer:
        return answer.status == 200


async def told_by_a_redis_that_hangs(house: House, server: RedisServer) -> None:
    """A draft is asked for; afterwards Redis goes on, with whatever lay in its sockets."""
    assert server.process
    server.process.send_signal(signal.SIGSTOP)
    try:
        await house.editor.command("/scrm draft Not made --to all")
        await house.editor.wait_for_message(NOT_NOTED, channel="#social")
    finally:
        server.process.send_signal(signal.SIGCONT)


async def test_without_redis_people_read_a_sentence_and_nothing_is_sent(
    place: tuple[House, RedisServer],
) -> None:
    house, server = place
    await house.draft("Kept in SocialCRM")
    posts = dict(house.socialcrm.sandbox.posts.by_id)
    server.stop()

    await house.editor.command("/scrm draft Never sent --to all")
    told = await house.editor.wait_for_message(NOT_NOTED, channel="#social")

    assert told["ephemeral"]
    assert house.socialcrm.sandbox.posts.by_id == posts
    assert not await is_ready(house)


async def test_when_redis_is_back_everything_works_without_a_restart(
    place: tuple[House, RedisServer],
) -> None:
    house, server = place
    await house.draft("Kept over the restart")
    server.stop()
    await house.editor.command("/scrm posts")
    await house.editor.wait_for_message(NOT_NOTED, channel="#social")

    server.start()
    await house.draft("Made after it")
    await house.editor.command("/scrm posts")

    await house.editor.wait_for_message("Kept over the restart", channel="#social")
    assert await is_ready(house)


async def test_a_redis_that_hangs_is_told_in_time_too(place: tuple[House, RedisServer]) -> None:
    house, server = place
    await told_by_a_redis_that_hangs(house, server)

    await house.draft("Made when it moved again")
    assert not house.slack.faults
    assert not any(post.body == "Not made" for post in house.socialcrm.sandbox.posts.by_id.values())


async def test_what_was_told_not_to_be_done_is_not_done_when_redis_goes_on(
    place: tuple[House, RedisServer],
) -> None:
    """The record lies in the socket of a Redis that hangs, and is made as soon as it goes on."""
    house, server = place
    await told_by_a_redis_that_hangs(house, server)

    async with Redis.from_url(server.url, decode_responses=True) as redis:

        async def taken_back() -> bool:
            marks = [each async for each in redis.scan_iter("scrm:*:seen:*")]
            return "withdrawn" in await redis.mget(marks)

        await until(taken_back, what="the record to be taken back")
        kept = [each async for each in redis.scan_iter("scrm:*:jobs")]
        stored = [name for key in kept for name in await redis.hkeys(key)]

    assert not [name for name in stored if "/in:" in name]
    assert not any(post.body == "Not made" for post in house.socialcrm.sandbox.posts.by_id.values())


async def test_a_wait_of_more_than_a_second_is_told(place: tuple[House, RedisServer]) -> None:
    house, _ = place
    house.socialcrm.sandbox.faults.add("429", path="/v1/posts", seconds=2)

    await house.editor.command("/scrm posts")
    queued = await house.editor.wait_for_message("Queued, about", channel="#social")
    answer = await house.editor.wait_for_message("Posts", channel="#social")

    assert queued["ephemeral"]
    assert answer["ephemeral"]
