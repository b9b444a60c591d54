"""The bot as it is run: processes of its own, a real Redis, signals."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
import redis.asyncio

from scrm_bot import app
from scrm_bot.demo.slack import server as slack
from scrm_bot.demo.slack.world import World
from scrm_bot.demo.socialcrm import server as socialcrm
from tests.conftest import RedisServer, free_port
from tests.flow.conftest import House, settings_for

IN_HAND = 20


class Processes:
    """Starts `scrm-bot …` with the same environment each time."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment = {**os.environ, **environment}
        self.folder = folder
        self.started: list[asyncio.subprocess.Process] = []

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        log = (self.folder / f"{arguments[0]}-{len(self.started)}.log").open("wb")
        command = [sys.executable, "-m", "scrm_bot", *arguments]
        with log:
            process = await asyncio.create_subprocess_exec(
                *command, env=self.environment, stdout=log, stderr=asyncio.subprocess.STDOUT
            )
        self.started.append(process)
        return process

    async def stop(self) -> None:
        for process in self.started:
            if process.returncode is None:
                process.kill()
            await process.wait()

    def said(self) -> str:
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("*.log")))


@pytest.fixture
async def processes(redis_server: RedisServer, tmp_path: Path) -> AsyncIterator[tuple[House, Processes]]:
    """A stand-in, a sandbox, a real Redis, and nothing of the bot yet."""
    async with AsyncExitStack() as stack:
        sandbox = await socialcrm.serve()
        stack.push_async_callback(sandbox.close)
        standin = await slack.serve(world=World(manifest=app.manifest()))
        stack.push_async_callback(standin.close)
        settings = settings_for(standin, sandbox)
        port = free_port()
        environment = {
            "SLACK_SIGNING_SECRET": standin.world.app.signing_secret,
            "SLACK_BOT_TOKEN": standin.world.app.bot_token,
            "SLACK_API_URL": standin.api_url,
            "SOCIALCRM_API_URL": sandbox.base_url,
            "REDIS_URL": await emptied(redis_server),
            "SCRM_ENCRYPTION_KEYS": settings.ring[0],
            "SCRM_PORT": str(port),
            "SCRM_UNDO_SECONDS": "0",
            "SCRM_LEASE_SECONDS": "1",
        }
        started = Processes(environment, tmp_path)
        stack.push_async_callback(started.stop)
        key = sandbox.sandbox.create_key(name="Acme")
        await standin.connect_bot(f"http://127.0.0.1:{port}/slack/events")
        yield (
            House(standin, sandbox, app.Bot(AsyncExitStack(), f"http://127.0.0.1:{port}"), settings, key),
            started,
        )


async def emptied(server: RedisServer) -> str:
    """The server's address, with nothing of an earlier test in it."""
    client = redis.asyncio.Redis.from_url(server.url)
    await client.flushdb()
    await client.aclose()
    return server.url


async def ready(house: House) -> None:
    """Return once the bot says that it is."""
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{house.bot.url}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0)  # not listening yet: asked again at once


async def drafted(house: House, words: str, *, count: int) -> int:
    """How many drafts hold the words, as soon as there are `count`."""
    posts = house.socialcrm.sandbox.posts

    def found() -> int:
        return sum(words in post.body for post in posts.by_id.values())

    async with asyncio.timeout(30):
        while found() < count:
            await house.slack.space.hub.changed()
    return found()


@pytest.mark.redis
async def test_web_and_worker_do_the_job_together_and_stop_when_asked(
    processes: tuple[House, Processes],
) -> None:
    house, started = processes
    web, worker = await started.start("web"), await started.start("worker")
    await ready(house)
    await house.connect()
    await house.set_rules()
    post_id = await house.draft("Made by two processes")
    await house.editor.command("/scrm publish last")

    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Published", channel="#approvals")
    web.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGTERM)

    assert [await web.wait(), await worker.wait()] == [0, 0]
    assert house.socialcrm.sandbox.publish_calls(post_id) == 1
    assert house.key not in started.said()
    assert house.slack.world.app.bot_token not in started.said()


@pytest.mark.redis
async def test_what_a_killed_process_had_in_hand_is_done_by_the_next(
    processes: tuple[House, Processes],
) -> None:
    house, started = processes
    web = await started.start("web")
    await ready(house)
    await house.connect()
    house.socialcrm.sandbox.faults.add("delay", method="POST", path="/v1/posts", times=IN_HAND, seconds=60)
    await asyncio.gather(*(house.editor.command(f"/scrm draft Kept {n}") for n in range(IN_HAND)))

    web.kill()
    await web.wait()
    house.socialcrm.sandbox.faults.clear()
    await started.start("worker")

    assert await drafted(house, "Kept", count=IN_HAND) >= IN_HAND


@pytest.mark.redis
async def test_a_repeated_delivery_is_done_once(processes: tuple[House, Processes]) -> None:
    house, started = processes
    await started.start("run")
    await ready(house)
    await house.connect()
    await house.editor.command("/scrm draft Only once")
    await drafted(house, "Only once", count=1)
    parcel = house.slack.deliveries[-1].parcel

    await house.slack.http.deliver(parcel)
    await house.editor.command("/scrm draft And another")
    await drafted(house, "And another", count=1)

    assert await drafted(house, "Only once", count=1) == 1


@pytest.mark.redis
async def test_a_bad_token_for_socket_mode_ends_the_start_with_one_line(
    processes: tuple[House, Processes],
) -> None:
    _, started = processes
    started.environment |= {"SLACK_APP_TOKEN": "xapp-not-this-one", "SCRM_LOG_LEVEL": "warning"}

    ended = await asyncio.wait_for((await started.start("run")).wait(), 20)

    assert ended == 1
    (told,) = started.said().strip().splitlines()
    assert told.startswith("SLACK_APP_TOKEN: Slack refuses it (invalid_auth): copy the app-level token")


@pytest.mark.redis
async def test_a_bot_that_waits_for_slack_stops_when_asked(processes: tuple[House, Processes]) -> None:
    house, started = processes
    started.environment |= {
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/",
    }
    run = await started.start("run")
    await ready(house)
    run.send_signal(signal.SIGTERM)

    assert await asyncio.wait_for(run.wait(), 20) == 0
    assert "Traceback" not in started.said()


@pytest.mark.redis
async def test_socket_mode_tells_nothing_of_a_delivery_even_when_everything_is_told(
    processes: tuple[House, Processes],
) -> None:
    house, started = processes
    app_token = house.slack.world.app.app_token
    started.environment |= {"SLACK_APP_TOKEN": app_token, "SCRM_LOG_LEVEL": "debug"}
    await started.start("run")
    async with asyncio.timeout(30):
        while not house.slack.sockets.connected:
            await house.slack.space.hub.changed()
    await house.editor.command("/scrm ideas a plan that is nobody's business")
    await house.editor.wait_for_message("An admin connects one", channel="#social")

    said = started.said()
    assert "scrm_bot" in said
    assert "nobody's business" not in said
    assert app_token not in said
    assert "FileInstallationStore" not in said
