"""Socket Mode: the same listeners over a WebSocket, for development and closed networks."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.guard import MalformedError, check_shape, legible
from scrm_bot.slack.metrics import UNREAD, Metrics, kind_of
from scrm_bot.slack.webapi import RATE_LIMITED, UNREACHABLE, WebApi, open_session

log = logging.getLogger(__name__)

_WATCH = 30.0  # seconds between looks at whether the connection still lives
_AGAIN = 5.0  # seconds until Slack is asked for an address again
_GOOD_FOR = 25.0  # seconds in which such an address serves, once
_PASSING = frozenset(
    {RATE_LIMITED, UNREACHABLE, "fatal_error", "internal_error", "request_timeout", "service_unavailable"}
)


async def open_address(app_token: str, *, base_url: str) -> str:
    """Where a WebSocket may be opened, which tries the token (docs: apps.connections.open).

    Raises `SlackRefusedError`; see `passes`.
    """
    async with open_session() as session:
        answer = await WebApi(session, base_url=base_url).send(app_token, "apps.connections.open", {})
    return str(answer.get("url") or "")


def passes(refusal: SlackRefusedError) -> bool:
    """Whether this says nothing of the token: Slack is away, or busy."""
    return refusal.code in _PASSING or refusal.code.startswith("http_5")


class SocketConnection:
    """One connection to Slack, looked after until `close`."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        base_url: str,
        counted: Metrics | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._app_token = app_token
        self._base_url = base_url
        self._sleep = sleep
        self._handler = _Handler(app, app_token, web_client=AsyncWebClient(base_url=base_url))
        self._handler.counted = counted or Metrics()
        self._watch: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Return once connected, however long Slack is away. Raises `SlackRefusedError` for a bad token."""
        while True:
            self._handler.client.wss_uri = await self._address()
            try:
                async with asyncio.timeout(_GOOD_FOR):  # the client itself would try the same one for ever
                    await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
                break
            except TimeoutError:
                log.warning("Slack gave an address and did not answer there; asking for another")
        self._watch = asyncio.get_running_loop().create_task(self._look_after())

    async def _address(self) -> str:
        while True:
            try:
                return await open_address(self._app_token, base_url=self._base_url)
            except SlackRefusedError as refusal:
                if not passes(refusal):
                    raise
                wait = max(refusal.retry_in or 0.0, _AGAIN)
                log.warning("Slack opens no connection (%s): trying again in %.0f s", refusal.code, wait)
            await self._sleep(wait)

    async def connected(self) -> bool:
        return await self._handler.client.is_connected()

    async def close(self) -> None:
        """Take nothing new. What was acknowledged goes on: `Surface.drain` waits for it."""
        if self._watch:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # Bolt's own

    async def _look_after(self) -> None:
        """The client reconnects by itself; this is for when it gave up on that."""
        while True:
            await asyncio.sleep(_WATCH)
            if not await self.connected():
                log.warning("Socket Mode is not connected: connecting again")
                await self._reconnect()

    async def _reconnect(self) -> None:
        try:
            await self._handler.client.connect_to_new_endpoint()
        except Exception:
            log.exception("Slack did not take the connection; trying again in %.0f s", _WATCH)


class _Handler(AsyncSocketModeHandler):
    """Bolt's leaves an envelope unanswered where the answer is not 200, and Slack repeats it.

    That is wanted of a 503 alone.
    """

    counted: Metrics

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        started, counting = time.time(), time.perf_counter()
        answer = await self._answer(req)
        await send_async_response(client, req, answer, started)
        kind = kind_of(req.payload) if isinstance(req.payload, dict) else UNREAD
        self.counted.delivered(kind, answer.status, seconds=time.perf_counter() - counting)

    async def _answer(self, req: SocketModeRequest) -> BoltResponse:
        try:
            check_shape(req.payload)
            req.payload = legible(req.payload)
            answer = await run_async_bolt_app(self.app, req)
        except MalformedError:
            log.warning("an envelope had not the documented shape")
            return BoltResponse(status=200)
        except Exception:
            log.exception("an envelope could not be handled")
            return BoltResponse(status=200)
        return answer if answer.status in {200, 503} else BoltResponse(status=200)
