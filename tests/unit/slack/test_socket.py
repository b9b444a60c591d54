"""Socket Mode reaches the same listeners, and every envelope is answered."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack import socket as module
from scrm_bot.slack.socket import SocketConnection
from tests.unit.slack.rig import Rig, a_click, a_command, a_rig

Json = dict[str, Any]


class FakeSocket:
    """Slack's end of one WebSocket."""

    def __init__(self) -> None:
        self.answers: asyncio.Queue[Json] = asyncio.Queue()
        self.sockets: list[web.WebSocketResponse] = []
        self.opened = asyncio.Event()
        self.url = ""
        self.refusals: list[str] = []
        self.dead_addresses = 0
        self.asked = 0

    async def open(self, _: web.Request) -> web.Response:
        self.asked += 1
        if self.refusals:
            return web.json_response({"ok": False, "error": self.refusals.pop(0)})
        if self.dead_addresses:
            self.dead_addresses -= 1
            return web.json_response({"ok": True, "url": self.url.replace("http", "ws") + "/nowhere"})
        return web.json_response({"ok": True, "url": self.url.replace("http", "ws") + "/link"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.opened.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.answers.put_nowait(json.loads(message.data))
        return socket

    async def deliver(self, kind: str, payload: object) -> Json:
        envelope = {"type": kind, "envelope_id": "e1", "payload": payload, "accepts_response_payload": True}
        await self.sockets[-1].send_json(envelope)
        return await asyncio.wait_for(self.answers.get(), 5)


@asynccontextmanager
async def served() -> AsyncIterator[FakeSocket]:
    fake = FakeSocket()
    application = web.Application()
    application.router.add_post("/api/apps.connections.open", fake.open)
    application.router.add_get("/link", fake.link)
    async with TestServer(application) as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake


@asynccontextmanager
async def connected(rig: Rig) -> AsyncIterator[tuple[FakeSocket, SocketConnection]]:
    async with served() as fake:
        connection = SocketConnection(rig.bolt, "xapp-1", base_url=f"{fake.url}/api/")
        await connection.connect()
        await asyncio.wait_for(fake.opened.wait(), 5)
        yield fake, connection
        await connection.close()


async def test_a_command_is_acknowledged_and_answered() -> None:
    async with a_rig() as rig, connected(rig) as (slack, connection):
        form = a_command("echo hi", response_url=f"{rig.slack.url}/response/1")
        acknowledged = await slack.deliver("slash_commands", form)
        await rig.settled()

        assert await connection.connected()
        assert acknowledged == {"envelope_id": "e1"}
        assert rig.slack.of("response_url")[0]["text"] == "echo: hi"


async def test_what_an_acknowledgement_carries_is_the_envelopes_payload() -> None:
    async with a_rig() as rig, connected(rig) as (slack, _):
        form = a_command("help", response_url=f"{rig.slack.url}/response/1")
        acknowledged = await slack.deliver("slash_commands", form)

        assert acknowledged["payload"]["text"].startswith("help")


@pytest.mark.parametrize(
    "payload",
    [{"type": "surprise"}, {"type": "event_callback", "event": 3}, a_click({}, actions=[]), {"view": "x"}],
)
async def test_an_odd_envelope_is_answered_so_that_it_does_not_come_again(payload: Json) -> None:
    async with a_rig() as rig, connected(rig) as (slack, _):
        assert await slack.deliver("interactive", payload) == {"envelope_id": "e1"}


async def test_a_connection_that_was_given_up_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WATCH", 0.01)
    async with a_rig() as rig, connected(rig) as (slack, connection):
        client = connection._handler.client
        client.auto_reconnect_enabled = False
        slack.opened.clear()
        await client.disconnect()  # type: ignore[no-untyped-call]
        await asyncio.wait_for(slack.opened.wait(), 5)

        assert len(slack.sockets) == 2


async def test_a_refused_token_is_told_at_once_and_not_tried_for_ever() -> None:
    async with a_rig() as rig, served() as fake:
        fake.refusals = ["invalid_auth"]
        connection = SocketConnection(rig.bolt, "xapp-bad", base_url=f"{fake.url}/api/")
        with pytest.raises(SlackRefusedError, match="invalid_auth"):
            await connection.connect()
        await connection.close()

        assert fake.asked == 1


async def test_while_slack_is_away_it_is_asked_again() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async with a_rig() as rig, served() as fake:
        fake.refusals = ["internal_error", "service_unavailable"]
        connection = SocketConnection(rig.bolt, "xapp-1", base_url=f"{fake.url}/api/", sleep=sleep)
        await connection.connect()
        assert await connection.connected()
        await connection.close()

        assert waited == [5.0, 5.0]
        assert fake.asked == 3


async def test_an_address_where_nobody_answers_is_given_up_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_GOOD_FOR", 0.2)
    async with a_rig() as rig, served() as fake:
        fake.dead_addresses = 1
        connection = SocketConnection(rig.bolt, "xapp-1", base_url=f"{fake.url}/api/")
        await connection.connect()
        assert await connection.connected()
        await connection.close()

        assert fake.asked == 2
