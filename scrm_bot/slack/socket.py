"""Socket Mode: the same listeners over a WebSocket, for development and closed networks."""

import asyncio
import logging
import time

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.slack.guard import MalformedError, check_shape
from scrm_bot.slack.metrics import UNREAD, Metrics, kind_of

log = logging.getLogger(__name__)

_WATCH = 30.0  # seconds between looks at whether the connection still lives


class SocketConnection:
    """One connection to Slack, looked after until `close`."""

    def __init__(
        self, app: AsyncApp, app_token: str, *, base_url: str, counted: Metrics | None = None
    ) -> None:
        self._handler = _Handler(app, app_token, web_client=AsyncWebClient(base_url=base_url))
        self._handler.counted = counted or Metrics()
        self._watch: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Raises `SlackApiError` when Slack does not take the token."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's own
        self._watch = asyncio.get_running_loop().create_task(self._look_after())

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
            answer = await run_async_bolt_app(self.app, req)
        except MalformedError:
            log.warning("an envelope had not the documented shape")
            return BoltResponse(status=200)
        except Exception:
            log.exception("an envelope could not be handled")
            return BoltResponse(status=200)
        return answer if answer.status in {200, 503} else BoltResponse(status=200)
