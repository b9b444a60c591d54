"""A bot that answers what the test tells it to, and remembers what it was sent."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Json = dict[str, Any]
Answer = Callable[["Received"], Awaitable[web.StreamResponse]]


class Clock:
    """Now, and as much later as a test wants."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass(frozen=True, slots=True)
class Received:
    headers: dict[str, str]
    raw: bytes
    payload: Json


@dataclass(slots=True)
class FakeBot:
    answer: Answer
    received: list[Received] = field(default_factory=list)
    url: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        application = web.Application()
        application.router.add_post("/slack/events", self._handle)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/slack/events"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def of_type(self, kind: str) -> list[Json]:
        return [each.payload for each in self.received if each.payload.get("type") == kind]

    def events(self, kind: str) -> list[Json]:
        found = [each["event"] for each in self.of_type("event_callback")]
        return [event for event in found if event["type"] == kind]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        received = Received(dict(request.headers), raw, _payload(request.content_type, raw))
        self.received.append(received)
        return await self.answer(received)


def _payload(content_type: str, raw: bytes) -> Json:
    if content_type == "application/json":
        document: Json = json.loads(raw)
        return document
    form = dict(parse_qsl(raw.decode(), keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


async def nothing(_received: Received) -> web.StreamResponse:
    return web.Response()


def always(body: object) -> Answer:
    async def answer(_received: Received) -> web.StreamResponse:
        return web.json_response(body)

    return answer


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action_id: str = "go", **more: object) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def entry(label: str, element: Json, **more: object) -> Json:
    return {"type": "input", "block_id": label.lower(), "label": plain(label), "element": element, **more}


def modal(*blocks: Json, title: str = "Draft", **more: object) -> Json:
    return {"type": "modal", "title": plain(title), "submit": plain("Save"), "blocks": list(blocks), **more}


TEXT_INPUT = {"type": "plain_text_input", "action_id": "value"}
