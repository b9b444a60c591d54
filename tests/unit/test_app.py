"""The composition root: what is started with which settings, and given back."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import fakeredis
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from scrm_bot import app
from scrm_bot.settings import Settings, SettingsError, load
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.store import keys
from tests.conftest import free_port


def embedded(*, away: bool = False) -> Callable[..., Any]:
    """Clients of one Redis inside this process; or of one that is down."""
    server = fakeredis.FakeServer(version=(7, 4))
    server.connected = not away

    def make(*, blocking: bool) -> fakeredis.FakeAsyncRedis:
        return fakeredis.FakeAsyncRedis(server=server)

    return make


def settings(**changes: Any) -> Settings:
    given = {
        "slack_signing_secret": "s" * 32,
        "slack_bot_token": "xoxb-1",
        "slack_api_url": f"http://127.0.0.1:{free_port()}/api/",
        "encryption_keys": app.new_key(),
        "port": 0,
    }
    return load(**(given | changes))


@pytest.fixture
async def bots() -> AsyncIterator[Callable[..., Any]]:
    """Starts bots, and closes them at the end."""
    async with AsyncExitStack() as stack:

        async def start(given: Settings, **how: Any) -> app.Bot:
            bot = await app.start(given, **({"redis": embedded()} | how))
            stack.push_async_callback(bot.close)
            return bot

        yield start


async def status_of(url: str, method: str = "GET") -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, allow_redirects=False) as response,
    ):
        return response.status


async def test_a_bot_says_that_it_lives_and_is_ready(bots: Callable[..., Any]) -> None:
    bot = await bots(settings())

    assert await status_of(f"{bot.url}/healthz") == 200
    assert await status_of(f"{bot.url}/readyz") == 200
    assert await status_of(f"{bot.url}/metrics") == 200


async def test_a_bot_without_redis_lives_but_is_not_ready(bots: Callable[..., Any]) -> None:
    bot = await bots(settings(), work=False, redis=embedded(away=True))

    assert await status_of(f"{bot.url}/healthz") == 200
    assert await status_of(f"{bot.url}/readyz") == 503


async def test_a_bot_does_not_start_on_a_redis_that_a_newer_one_has_used() -> None:
    redis = embedded()
    client = redis(blocking=False)
    await client.set(keys.SCHEMA, 99)
    await client.aclose()

    with pytest.raises(SettingsError, match="schema 99, and this version knows 1 at the most"):
        await app.start(settings(), redis=redis)


async def test_what_is_not_signed_is_refused(bots: Callable[..., Any]) -> None:
    bot = await bots(settings())

    assert 400 <= await status_of(f"{bot.url}/slack/events", "POST") < 500


async def test_a_worker_serves_nothing(bots: Callable[..., Any]) -> None:
    bot = await bots(settings(), web=False)

    assert bot.url == ""


async def test_only_with_a_client_id_can_it_be_installed(bots: Callable[..., Any]) -> None:
    one = await bots(settings(), work=False)
    many = await bots(
        settings(
            slack_bot_token=None,
            slack_client_id="1.2",
            slack_client_secret=SecretStr("s"),
            public_url="https://bot.example",
        ),
        work=False,
    )

    assert await status_of(f"{one.url}/slack/install") == 404
    assert await status_of(f"{many.url}/slack/install") == 302


async def test_after_closing_nothing_answers(bots: Callable[..., Any]) -> None:
    bot = await app.start(settings(), redis=embedded())

    await bot.close()

    with pytest.raises(aiohttp.ClientConnectorError):
        await status_of(f"{bot.url}/healthz")


async def test_a_port_that_is_taken_leaves_nothing_behind(bots: Callable[..., Any]) -> None:
    first = await bots(settings())
    taken = int(first.url.rpartition(":")[2])

    with pytest.raises(OSError, match="address already in use"):
        await app.start(settings(port=taken), redis=embedded())


def test_the_manifest_is_the_one_that_ships() -> None:
    (command,) = app.manifest()["features"]["slash_commands"]

    assert command["command"] == "/scrm"


def test_autocompletion_knows_every_verb_in_the_order_of_help() -> None:
    assert [known["verb"] for known in app.verbs()] == [command.verb for command in COMMANDS if command.verb]
    assert all(known["summary"] for known in app.verbs())


async def test_a_worker_is_scraped_on_a_port_of_its_own(bots: Callable[..., Any]) -> None:
    bot = await bots(settings(metrics_port=0), web=False)

    async with aiohttp.ClientSession() as session, session.get(f"{bot.metrics_url}/metrics") as response:
        told = await response.text()
    assert bot.url == ""
    assert response.status == 200
    assert "scrm_jobs_running 0.0" in told
    assert await status_of(f"{bot.metrics_url}/healthz") == 200
    assert await status_of(f"{bot.metrics_url}/readyz") == 200


async def test_metrics_with_a_port_of_their_own_are_nowhere_else(bots: Callable[..., Any]) -> None:
    bot = await bots(settings(metrics_port=0), work=False)

    assert await status_of(f"{bot.url}/metrics") == 404
    assert await status_of(f"{bot.url}/readyz") == 200
    assert await status_of(f"{bot.metrics_url}/metrics") == 200


async def test_a_port_for_metrics_that_is_taken_is_named(bots: Callable[..., Any]) -> None:
    first = await bots(settings(metrics_port=0), web=False)
    taken = int(first.metrics_url.rpartition(":")[2])

    with pytest.raises(SettingsError, match="SCRM_METRICS_PORT"):
        await bots(settings(metrics_port=taken), web=False)


async def test_traces_go_to_the_collector_that_was_set(bots: Callable[..., Any]) -> None:
    bodies: list[bytes] = []

    async def collect(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response()

    application = web.Application()
    application.router.add_post("/v1/traces", collect)
    async with TestServer(application) as collector:
        bot = await bots(settings(otlp_endpoint=str(collector.make_url("/"))))
        assert await status_of(f"{bot.url}/readyz") == 200
        await bot.close()

    assert b"redis PING" in b"".join(bodies)


WITHOUT_THE_EXTRA = """
import sys
sys.modules["opentelemetry"] = None
from scrm_bot import app, instruments, settings
print(instruments.tracing(settings.load()))
try:
    instruments.tracing(settings.load(otlp_endpoint="http://127.0.0.1:4318"))
except settings.SettingsError as error:
    print(error)
print("scrm_bot.telemetry.otel" in sys.modules)
"""


def test_without_the_extra_the_bot_runs_and_says_what_traces_need() -> None:
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_EXTRA], capture_output=True, text=True, check=True
    )

    nothing, sentence, imported = told.stdout.splitlines()
    assert (nothing, imported) == ("None", "False")
    assert sentence.startswith("OTEL_EXPORTER_OTLP_ENDPOINT: ")
    assert "scrm-bot[otel]" in sentence
