"""Anyone installs the bot, it leads them to Connect, and forgets them when they remove it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import pytest
from yarl import URL

from scrm_bot.demo.slack.world import ADA
from tests.flow.conftest import House
from tests.flow.open_to_all import open_to_all


@pytest.fixture
async def street() -> AsyncIterator[House]:
    async with open_to_all() as house:
        yield house


async def install(house: House) -> str:
    """As Ada does it in her browser; the page she ends on."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{house.bot.url}/slack/install", allow_redirects=False) as answer:
            consent = URL(answer.headers["Location"])
        assert str(consent).startswith(house.slack.url)
        async with browser.get(consent.update_query(user=ADA.id)) as answer:
            assert answer.status == 200
            return await answer.text()


class Listener(logging.Handler):
    """Waits for the log to say that a workspace was forgotten."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("forgot "):
            self.heard.set()


@contextmanager
def forgetting() -> Iterator[Listener]:
    listener, logger = Listener(), logging.getLogger("scrm_bot.departures")
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    yield listener
    logger.removeHandler(listener)
    logger.setLevel(logging.NOTSET)


async def remove(house: House) -> None:
    """Remove the bot, and wait until it has heard of it."""
    with forgetting() as listener:
        house.slack.uninstall()
        async with asyncio.timeout(20):
            await listener.heard.wait()


async def everything_in_redis(house: House) -> list[str]:
    """Every key with what it holds."""
    assert house.redis
    client = house.redis(blocking=False)
    found: list[str] = []
    held: object
    async for key in client.scan_iter():
        match await client.type(key):
            case b"string":
                held = await client.get(key)
            case b"hash":
                held = await client.hgetall(key)
            case b"set":
                held = await client.smembers(key)
            case b"stream":
                held = await client.xrange(key)
            case b"list":
                held = await client.lrange(key, 0, -1)
            case b"zset":
                held = await client.zrange(key, 0, -1)
            case _:
                continue  # it has ended meanwhile
        found.append(f"{key.decode()} {held!r}")
    await client.aclose()
    return found


async def test_an_installation_leads_to_connect_and_to_work(street: House) -> None:
    page = await install(street)
    assert "Installed" in page
    assert "/scrm connect" in page

    await street.admin.wait_for_message("SocialCRM in Slack", channel="scrm-bot")
    await street.admin.click("Connect")
    await street.admin.fill({"API key": street.key})
    await street.admin.submit()
    await street.admin.wait_for_modal("Connected")
    await street.admin.close(clear=True)
    await street.set_rules()
    made = await street.draft("The first post of a new team")

    assert made in street.socialcrm.sandbox.posts.by_id


async def test_whoever_removes_the_bot_is_forgotten(street: House) -> None:
    await install(street)
    await street.connect()
    await street.set_rules()
    await street.draft("A post that will be somebody else's")
    team = street.slack.world.team_id
    assert any(team in line for line in await everything_in_redis(street))

    await remove(street)

    left = [line for line in await everything_in_redis(street) if team in line]
    assert all("purge:again" in line or ":once:" in line for line in left), left
    assert left  # the last look, when every other process has forgotten them, too
    assert not any(street.key[-4:] in line for line in left)


async def test_who_comes_back_begins_anew(street: House) -> None:
    await install(street)
    await street.connect()
    await remove(street)

    await install(street)
    await street.editor.command("/scrm posts")

    assert await street.editor.wait_for_message("an admin connects", channel="#social")
