"""The composition root: settings in, a running bot out."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp

from scrm_bot import installing, instruments, manifests, serving, working
from scrm_bot import log as logs
from scrm_bot.departures import Departures
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.drawing.painter import Painter
from scrm_bot.instruments import Instruments
from scrm_bot.ports import Clock
from scrm_bot.settings import Settings, SettingsError
from scrm_bot.slack import app as slack_app
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.files import Downloads
from scrm_bot.slack.identity import Identity
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.people import PeopleCache
from scrm_bot.slack.surface import Surface
from scrm_bot.slack.uploads import Uploads
from scrm_bot.slack.web import WebConfig
from scrm_bot.slack.webapi import open_session
from scrm_bot.socialcrm.http import Http
from scrm_bot.socialcrm.metering import MeteredBudget
from scrm_bot.store.address import parse, place
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import ClientFactory, Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.pace import RedisPace
from scrm_bot.store.purging import Purge
from scrm_bot.store.schema import Schema, SchemaGuard
from scrm_bot.store.vault import Fingerprints, Ring
from scrm_bot.store.vault import new_key as new_key  # noqa: PLC0414  the demo makes one, too
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.telemetry.spans import Spans
from scrm_bot.tenancy import SystemClock, TeamWorkspaces

log = logging.getLogger(__name__)

DRAIN_SECONDS = 8.0


@dataclass(slots=True)
class Bot:
    """A running bot. `url` is where it serves HTTP, empty for a worker; `metrics_url` a port of their own."""

    stack: AsyncExitStack
    url: str = ""
    metrics_url: str = ""

    async def close(self) -> None:
        """Take nothing new, let what is in hand end, give the rest back."""
        await self.stack.aclose()


async def start(
    settings: Settings,
    *,
    web: bool = True,
    work: bool = True,
    redis: ClientFactory | None = None,
    clock: Clock | None = None,
    spans: Spans | None = None,
) -> Bot:
    """Start the parts. `redis` stands where `REDIS_URL` would point. Closing the bot stops them in turn."""
    bot = Bot(AsyncExitStack())
    logs.keep_secret(*settings.secrets)
    try:
        made = instruments.instruments(spans or _tracing(bot, settings))
        await _start(bot, settings, made, serve=web, work=work, redis=redis, clock=clock or SystemClock())
    except BaseException:
        await bot.close()
        raise
    return bot


def _tracing(bot: Bot, settings: Settings) -> Spans | None:
    spans = instruments.tracing(settings)
    if spans:
        bot.stack.push_async_callback(spans.close)
    return spans


async def _start(
    bot: Bot,
    settings: Settings,
    made: Instruments,
    *,
    serve: bool,
    work: bool,
    redis: ClientFactory | None,
    clock: Clock,
) -> None:
    database = Database(redis or clients(parse(settings.redis_url)), trips=made.redis)
    bot.stack.push_async_callback(database.close)
    schema = SchemaGuard(Schema(database), clock)
    bot.stack.push_async_callback(schema.close)
    if told := await schema.begin(stop=partial(signal.raise_signal, signal.SIGTERM)):
        raise SettingsError(f"REDIS_URL: {told}")
    session = open_session()
    bot.stack.push_async_callback(session.close)
    ring, ready = Ring(settings.ring), partial(_answers, database)
    stored = RedisInstallations(database, ring)
    identity = Identity(settings.slack_bot_token, session=session, base_url=settings.slack_api_url)
    load = installing.load_with(bot.stack, settings, stored=stored, session=session, clock=clock)
    installed = Installations(identity.find if settings.slack_bot_token else load)
    workspaces = _workspaces(
        bot.stack, settings, database, ring, installed, session=session, made=made, clock=clock
    )
    queue = RedisWorkQueue(database)
    purge = Purge(database, stored, audit_life=settings.keep_audit_days * 86_400)
    departures = Departures(workspaces, stored, purge)
    surface = serving.surface_of(workspaces, queue, departures, settings, made)
    bot.stack.push_async_callback(surface.drain, DRAIN_SECONDS)
    if separate := await instruments.serve(settings, made, ready):
        bot.stack.push_async_callback(separate[0].stop)
        bot.metrics_url = separate[1]
    await identity.learn()
    if work:
        working.work(bot.stack, settings, queue, surface, departures, made=made, drain=DRAIN_SECONDS)
    if serve:
        scopes = manifest()["oauth_config"]["scopes"]
        routes = installing.routes(
            settings,
            database=database,
            stored=stored,
            session=session,
            clock=clock,
            greeter=installing.Greeter(workspaces.messenger, installed),
            scopes=(*scopes["bot"], *scopes["bot_optional"]),  # people may leave the latter out
        )
        await _serve(bot, settings, surface, installed=installed, ready=ready, routes=routes, made=made)
    slack_app.settle_memory()


def _workspaces(
    stack: AsyncExitStack,
    settings: Settings,
    database: Database,
    ring: Ring,
    installed: Installations,
    *,
    session: aiohttp.ClientSession,
    made: Instruments,
    clock: Clock,
) -> TeamWorkspaces:
    """What every team's ports are made of."""
    turns = RedisBudget(database, limit=settings.rate_limit, window=settings.rate_window)
    budget = MeteredBudget(turns, made.registry)
    http = Http(
        settings.socialcrm_api_url,
        budget=budget,
        clock=clock,
        key_header=settings.key_header,
        window=settings.rate_window,
        calls=made.socialcrm,
    )
    stack.push_async_callback(http.close)
    painter = Painter(calls=made.drawings)
    stack.push_async_callback(painter.close)
    messenger = Messenger(
        session=session,
        installations=installed,
        base_url=settings.slack_api_url,
        shared=RedisPace(database),
        calls=made.slack,
    )
    return TeamWorkspaces(
        database,
        ring,
        Fingerprints(database, ring),
        http,
        budget,
        messenger,
        installed,
        PeopleCache(),
        Downloads(session, installed, api_url=settings.slack_api_url),
        Uploads(session, api_url=settings.slack_api_url),
        painter,
        clock,
        timedelta(seconds=settings.undo_seconds),
        ask_slack=settings.slack_bot_token is not None,
        settle=timedelta(seconds=settings.settle_seconds),
        counted=made.counted,
    )


async def _serve(
    bot: Bot,
    settings: Settings,
    surface: Surface,
    *,
    installed: Installations,
    ready: Callable[[], Awaitable[bool]],
    routes: Sequence[Any],
    made: Instruments,
) -> None:
    bolt = slack_app.build(surface, installed)
    config = WebConfig(
        app=bolt,
        surface=surface,
        guard=serving.guard_of(settings),
        ready=ready,
        registry=made.registry if settings.metrics_port is None else None,
        counted=made.deliveries,
        routes=routes,
    )
    bot.url = await serving.listen(bot.stack, settings, config)
    log.info("serving %s", bot.url)
    await serving.connect(bot.stack, settings, bolt, counted=made.deliveries)


async def _answers(database: Database) -> bool:
    try:
        await database.do("PING")
    except StoreUnavailableError:
        return False
    return True


async def run(settings: Settings, *, web: bool, work: bool) -> int:
    """Run until SIGINT or SIGTERM. Returns the exit status."""
    logs.configure(settings.log, level=getattr(logging, settings.log_level.upper()))
    for told in settings.concerns:
        log.warning("%s", told)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        bot = await _unless(stopped, start(settings, web=web, work=work))
    except OSError as error:
        where = place(settings.host, settings.port)
        raise SettingsError(f"SCRM_HOST, SCRM_PORT: {where} cannot be used ({error.strerror})") from error
    await stopped.wait()
    log.info("stopping")
    if bot:
        await bot.close()
    return 0


async def _unless(stopped: asyncio.Event, starting: Coroutine[Any, Any, Bot]) -> Bot | None:
    """The bot once it has started, None where it was stopped before: a start may wait long for Slack."""
    start_task, stop_task = asyncio.create_task(starting), asyncio.create_task(stopped.wait())
    await asyncio.wait({start_task, stop_task}, return_when=asyncio.FIRST_COMPLETED)
    stop_task.cancel()
    if not start_task.done():
        start_task.cancel()
        await asyncio.wait({start_task})
    return None if start_task.cancelled() else start_task.result()


def manifest() -> dict[str, Any]:
    """The app's manifest as shipped."""
    return manifests.document()


def verbs() -> tuple[Mapping[str, str], ...]:
    """Every verb as autocompletion shows it."""
    listed = [known for known in COMMANDS if known.verb]
    return tuple({"verb": known.verb, "usage": known.usage, "summary": known.summary} for known in listed)
