"""Socket Mode: deliveries over websockets the app opened, acknowledged by envelope."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import WSMsgType, web

from scrm_bot.demo.slack.delivery import Parcel, Reply
from scrm_bot.demo.slack.errors import DeliveryError
from scrm_bot.demo.slack.wire import Json, as_object, compact, parse
from scrm_bot.demo.slack.workspace import Workspace

CONNECTIONS = 10
LIFETIME_SECONDS = 18_060


@dataclass(slots=True)
class SocketTransport:
    """Every open connection; a delivery goes to any one of them."""

    space: Workspace
    _links: list[web.WebSocketResponse] = field(default_factory=list)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _turn: int = 0
    _expected: bool = False

    @property
    def connected(self) -> bool:
        """Open, or closed a moment ago: an app that reconnects is still an app on sockets."""
        return self._expected

    def forget(self) -> None:
        """The app is reached another way from now on."""
        self._expected = False

    @property
    def _open(self) -> list[web.WebSocketResponse]:
        return [link for link in self._links if not link.closed]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The websocket at /link/."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.space.socket_tickets:
            raise web.HTTPForbidden(text="unknown ticket")
        self.space.socket_tickets.discard(ticket)
        if len(self._open) >= CONNECTIONS:
            raise web.HTTPTooManyRequests(text="too many connections")
        link = web.WebSocketResponse(heartbeat=10)
        await link.prepare(request)
        self._links.append(link)
        self._expected = True
        try:
            await link.send_str(compact(self._hello()))
            self.space.hub.publish("socket", frozenset(), connections=len(self._links))
            async for message in link:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.data)
        finally:
            self._links.remove(link)
        return link

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self.space.world.app.id},
            "debug_info": {
                "host": "stand-in",
                "build_number": 1,
                "approximate_connection_time": LIFETIME_SECONDS,
            },
        }

    def _acknowledge(self, text: str) -> None:
        try:
            answer = as_object(parse(text))
        except ValueError:
            self.space.fault("a socket message was not JSON")
            return
        waiting = self._waiting.pop(str(answer.get("envelope_id")), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(as_object(answer.get("payload")))

    async def deliver(self, parcel: Parcel) -> Reply:
        envelope_id = str(uuid4())
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self.space.world.pace.ack_seconds):
                await self._send(compact(_envelope(parcel, envelope_id)))
                payload = await waiting
        except TimeoutError as error:
            raise DeliveryError("http_timeout" if self._open else "connection_failed") from error
        finally:
            self._waiting.pop(envelope_id, None)
        return Reply(200, compact(payload).encode() if payload else b"", is_json=bool(payload))

    async def _send(self, text: str) -> None:
        """Into any one open connection; the next one when it breaks, or once there is one."""
        while True:
            links = self._open
            if not links:
                await self.space.hub.changed()
                continue
            self._turn += 1
            with suppress(ConnectionError):
                await links[self._turn % len(links)].send_str(text)
                return

    async def disconnect(self, reason: str) -> None:
        """Ask the app to reconnect, and hang up."""
        notice = compact({"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}})
        for link in self._open:
            await link.send_str(notice)
            await link.close()


def _envelope(parcel: Parcel, envelope_id: str) -> Json:
    told: Json = {"envelope_id": envelope_id, "type": parcel.kind, "payload": parcel.payload}
    told["accepts_response_payload"] = parcel.kind != "events_api"
    if parcel.kind == "events_api":
        told |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
    return told
