"""The aiohttp application: guards before Bolt, health, metrics."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from aiohttp import HttpVersion11, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import CollectorRegistry
from slack_bolt.async_app import AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.response import BoltResponse

from scrm_bot.slack.guard import MOST_BYTES, Body, Guard, GuardError, MalformedError, OtherSecretError, parse
from scrm_bot.slack.metrics import UNREAD, Metrics, kind_of
from scrm_bot.slack.pages import Pages
from scrm_bot.slack.surface import SEND_AGAIN, Surface

log = logging.getLogger(__name__)
_library = logging.getLogger(f"{__name__}.aiohttp")

EVENTS = "/slack/events"
_BODY_WITHIN = 5.0  # seconds; Slack itself gives up after three
_IDLE = 30.0  # a connection without a whole request on it is closed after this
_LINGER = 1.0
_SELDOM = 600.0  # seconds between two warnings of wrong signatures


class ParsedRequest(AsyncBoltRequest):
    """A request whose body was verified and parsed already; Bolt's own constructor would parse it again."""

    def __init__(self, body: Body) -> None:
        self.raw_body = ""
        self.body = body
        self.query = {}
        self.headers = {}
        self.content_type = None
        context = AsyncBoltContext({})
        self.context = _of_command(context, body) if "command" in body else build_async_context(context, body)
        self.lazy_only = False
        self.lazy_function_name = None
        self.mode = "http"


def _of_command(context: AsyncBoltContext, form: Body) -> AsyncBoltContext:
    """As `build_async_context`, which looks in the fifty places where other payloads might have it."""
    context["is_enterprise_install"] = form.get("is_enterprise_install") == "true"
    for name in ("enterprise_id", "team_id", "user_id", "channel_id", "response_url"):
        if form.get(name):
            context[name] = form[name]
    return context


class Acknowledged(web.Response):
    """200 and nothing else: what nearly every delivery gets, written in one piece."""

    _WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nServer: scrm-bot\r\n\r\n"

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        if not request.keep_alive or request.version != HttpVersion11 or request.transport is None:
            return await super().prepare(request)
        self._keep_alive = True
        self._sink = request.transport
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        if self._sink is None:
            await super().write_eof(data)
        else:
            self._sink.write(self._WHOLE)

    _sink: asyncio.Transport | None = None


@dataclass(frozen=True, slots=True)
class WebConfig:
    """What the HTTP side is given. `ready` says whether Redis answers; `routes` are added as they are.

    Without a `registry` there are no metrics here.
    """

    app: AsyncApp
    surface: Surface
    guard: Guard | None  # None in Socket Mode: nothing is accepted over HTTP
    ready: Callable[[], Awaitable[bool]]
    registry: CollectorRegistry | None
    counted: Metrics | None = None
    routes: Iterable[web.RouteDef] = field(default_factory=tuple)


def build(config: WebConfig) -> web.Application:
    """The application with every route of the product."""
    application = web.Application(client_max_size=MOST_BYTES)
    application.add_routes([*Pages(config.ready, config.registry).routes(), *config.routes])
    if config.guard:
        working = config.surface.background
        counted = config.counted or Metrics(config.registry, working=working.__len__)
        door = Door(config.app, config.guard, counted)
        application.router.add_post(EVENTS, door.events)
    return application


class Door:
    """POST /slack/events."""

    def __init__(self, app: AsyncApp, guard: Guard, metrics: Metrics) -> None:
        self._app = app
        self._guard = guard
        self._metrics = metrics
        self._quiet_until = 0.0

    async def events(self, request: web.Request) -> web.Response:
        """Whatever comes in is answered with what Bolt says, or a status of 4xx."""
        started, kind = time.perf_counter(), UNREAD
        try:
            raw = await _whole(request)
            self._guard.verify(request.headers, raw)
            body = parse(raw)
            kind = kind_of(body)
            response = await self._answer(body)
        except GuardError as refusal:
            response = web.Response(status=refusal.status)
            if isinstance(refusal, OtherSecretError):
                self._suspect()
        except web.HTTPException as refusal:
            response = web.Response(status=refusal.status)
        self._metrics.delivered(kind, response.status, seconds=time.perf_counter() - started)
        return response

    def _suspect(self) -> None:
        """Anybody can send such a thing, so it is told seldom."""
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + _SELDOM
            log.warning(
                "a request was signed with another secret than SLACK_SIGNING_SECRET and refused: if Slack "
                "says that the app does not respond, copy it again from api.slack.com/apps, Basic Information"
            )

    async def _answer(self, body: Body) -> web.Response:
        answer = await self._dispatch(body)
        if not answer.body:
            return Acknowledged() if answer.status == 200 else web.Response(status=answer.status)
        kind = "application/json" if answer.body.startswith("{") else "text/plain"
        return web.Response(
            status=answer.status, body=answer.body.encode(), content_type=kind, charset="utf-8"
        )

    async def _dispatch(self, body: Body) -> BoltResponse:
        """Through Bolt. The surface catches its own errors, so what comes out here Bolt made of the body."""
        try:
            answer = await self._app.async_dispatch(ParsedRequest(body))
        except Exception as error:
            log.warning("a signed delivery was not understood", exc_info=True)
            raise MalformedError from error
        if answer.status >= 500 and answer.body != SEND_AGAIN:
            raise MalformedError
        return answer


async def _whole(request: web.Request) -> bytes:
    """The body, if it comes in time and is not too long."""
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    try:
        if request.content.is_eof():  # all of it is here: no timer
            return await request.read()
        async with asyncio.timeout(_BODY_WITHIN):
            return await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (
        ConnectionError,
        HttpProcessingError,
        web.RequestPayloadError,
    ) as error:  # who broke off hears nothing
        raise MalformedError from error


def _is_ours(record: logging.LogRecord) -> bool:
    """What is no HTTP at all is answered with 400; strangers shall not fill the log with tracebacks."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_library.addFilter(_is_ours)


class Server:
    """The application on a port. `stop` takes no new requests and lets the ones in hand end."""

    def __init__(self, application: web.Application) -> None:
        self._runner = web.AppRunner(
            application,
            access_log=None,
            keepalive_timeout=_IDLE,
            lingering_time=_LINGER,
            auto_decompress=False,
            shutdown_timeout=3.0,
            logger=_library,
        )

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port, which the system chooses for 0."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, backlog=1024).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        await self._runner.cleanup()
