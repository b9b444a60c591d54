"""Slack as digests see it: many teams, channels that keep what was posted, and answers that get lost."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import web

Json = dict[str, Any]
Place = tuple[str, str]


def token_of(team_id: str) -> str:
    return f"xoxb-{team_id}"


@dataclass(slots=True)
class Channels:
    """`posted` is what each channel of each team holds. One post in `lost` has no answer."""

    random: Random
    may_look: bool = True
    lost: float = 0.05
    url: str = ""
    posted: dict[Place, list[Json]] = field(default_factory=lambda: defaultdict(list))
    answers_lost: int = 0
    looks: int = 0

    def digests(self, team_id: str, channel: str, key: str) -> int:
        """How often the digest with this key is in the channel."""
        return sum(_key(message) == key for message in self.posted[team_id, channel])

    async def answer(self, request: web.Request) -> web.StreamResponse:
        team = request.headers["Authorization"].removeprefix("Bearer xoxb-")
        given = {**request.query, **(await request.json() if request.can_read_body else {})}
        match request.match_info["method"]:
            case "chat.postMessage":
                return self._post(request, team, given)
            case "conversations.history":
                return web.json_response(self._history(team, given))
            case _:
                return web.json_response({"ok": False, "error": "missing_scope"})

    def _post(self, request: web.Request, team: str, given: Mapping[str, Any]) -> web.Response:
        room = self.posted[team, given["channel"]]
        ts = f"{1_700_000_000 + len(room)}.000100"
        room.append({**given, "ts": ts, "user": "UBOT"})
        if "thread_ts" not in given and self.random.random() < self.lost:
            self.answers_lost += 1
            assert request.transport
            request.transport.close()
        return web.json_response({"ok": True, "channel": given["channel"], "ts": ts})

    def _history(self, team: str, given: Mapping[str, Any]) -> Json:
        self.looks += 1
        if not self.may_look:
            return {"ok": False, "error": "missing_scope"}
        roots = [message for message in self.posted[team, given["channel"]] if "thread_ts" not in message]
        return {"ok": True, "messages": roots[::-1], "has_more": False}


@asynccontextmanager
async def serve(channels: Channels) -> AsyncIterator[Channels]:
    application = web.Application()
    application.router.add_route("*", "/api/{method}", channels.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    channels.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield channels
    finally:
        await runner.cleanup()


def _key(message: Json) -> str:
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", ""))
