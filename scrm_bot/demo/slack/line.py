"""The page's HTTP calls, made for one person."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from io import BytesIO

import aiohttp

from scrm_bot.demo.slack.screen import FormRefusedError, RefusedError
from scrm_bot.demo.slack.wire import Json

EVENT_BYTES = 2**24


@dataclass(frozen=True, slots=True)
class Line:
    url: str
    user: str

    async def state(self) -> Json:
        async with aiohttp.ClientSession() as session:
            return await self._state(session)

    async def states(self) -> AsyncGenerator[Json, None]:
        """The state now, and again after each thing that happens."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(timeout=timeout, read_bufsize=EVENT_BYTES) as session:
            state = await self._state(session)
            yield state
            parameters = {"user": self.user, "since": str(state["seq"])}
            async with session.get(f"{self.url}/ui/events", params=parameters) as events:
                async for line in events.content:
                    if not line.startswith(b"data: ") or json.loads(line[6:])["seq"] <= state["seq"]:
                        continue  # a heartbeat, or something the state read since then already has
                    state = await self._state(session)
                    yield state

    async def do(self, deed: str, said: Json, *, check: bool = True) -> Json:
        """One of the page's POSTs; failures are raised unless `check` is false."""
        body = {"user": self.user, **said}
        url = f"{self.url}/ui/{deed}"
        async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
            if answer.status != 200:
                raise RefusedError(f"{deed}: HTTP {answer.status}: {await answer.text()}")
            outcome: Json = await answer.json()
        if check and outcome.get("errors"):
            raise FormRefusedError(outcome["errors"])
        if check and outcome.get("ok") is False:
            raise RefusedError(f"{deed} {said}: {outcome.get('error')}: {outcome.get('message')}")
        return outcome

    async def upload(self, name: str, content: bytes) -> Json:
        form = aiohttp.FormData()
        form.add_field("user", self.user)
        form.add_field("file", BytesIO(content), filename=name)
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/ui/upload", data=form) as answer,
        ):
            answer.raise_for_status()
            file: Json = (await answer.json())["file"]
            return file

    async def _state(self, session: aiohttp.ClientSession) -> Json:
        async with session.get(f"{self.url}/ui/state", params={"user": self.user}) as answer:
            answer.raise_for_status()
            state: Json = await answer.json()
            return state
