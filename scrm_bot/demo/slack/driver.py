"""A person at the page, for tests and the story: speaks only the page's own HTTP calls."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import aiohttp

from scrm_bot.demo.slack import filling, labels
from scrm_bot.demo.slack.filling import Entry
from scrm_bot.demo.slack.forms import Field
from scrm_bot.demo.slack.wire import Block, Json

Seen = TypeVar("Seen")


class NotSeenError(AssertionError):
    """What was waited for did not come; the message quotes what was there."""


class RefusedError(AssertionError):
    """Slack told the person that something failed."""


class FormRefusedError(RefusedError):
    """The modal stayed open, with these sentences under its fields."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(f"the form was refused: {dict(errors)}")
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Spot:
    """Blocks on the screen, and how to say where they are."""

    container: Json
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Person:
    """One person with the page open. Every verb waits up to `patience` seconds for what it needs."""

    url: str
    id: str
    patience: float = 10.0

    # Looking

    async def state(self) -> Json:
        """All the person may see."""
        async with aiohttp.ClientSession() as session:
            return await self._state(session)

    async def messages(self, channel: str) -> list[Json]:
        """What was said in `#name`, an id, or `dm` (the bot's direct messages), with what only they see."""
        found: list[Json] = _channel(await self.state(), channel)["messages"]
        return found

    async def modal(self) -> Json | None:
        """The view on top, if any."""
        views = (await self.state())["views"]
        return views[-1] if views else None

    async def home(self) -> Json | None:
        home: Json | None = (await self.state())["home"]
        return home

    # Waiting

    async def wait_for(
        self, predicate: Callable[[Json], Seen | None], *, what: str = "", seconds: float | None = None
    ) -> Seen:
        """What the predicate finds in the state; asked again after each thing that happens."""
        state: Json = {}
        try:
            async with asyncio.timeout(seconds or self.patience), self._watch() as changes:
                async for state in changes:
                    if found := predicate(state):
                        return found
        except TimeoutError:
            pass
        raise NotSeenError(f"waited in vain for {what or predicate}.\n{labels.describe(state)}")

    async def wait_for_message(
        self, containing: str, *, channel: str = "", seconds: float | None = None
    ) -> Json:
        """The newest message that holds the words."""

        def find(state: Json) -> Json | None:
            found = [each for _, each in _newest(state, channel) if labels.says(each, containing)]
            return found[0] if found else None

        return await self.wait_for(find, what=f"a message with {containing!r}", seconds=seconds)

    async def wait_for_modal(
        self, title: str = "", *, containing: str = "", seconds: float | None = None
    ) -> Json:
        """The modal on top, once it has this title and these words."""

        def find(state: Json) -> Json | None:
            top = state["views"][-1] if state["views"] else None
            if top is None or (title and not labels.matches(labels.text_of(top["title"]), title)):
                return None
            return top if labels.says(top, containing) else None

        return await self.wait_for(find, what=f"a modal {title!r} with {containing!r}", seconds=seconds)

    async def wait_for_no_modal(self, *, seconds: float | None = None) -> None:
        await self.wait_for(lambda state: not state["views"], what="the modal to close", seconds=seconds)

    async def wait_for_home(self, containing: str = "", *, seconds: float | None = None) -> Json:
        def find(state: Json) -> Json | None:
            home: Json | None = state["home"]
            return home if home and labels.says(home, containing) else None

        return await self.wait_for(find, what=f"a Home with {containing!r}", seconds=seconds)

    # Doing

    async def command(self, text: str, *, channel: str = "#social", check: bool = True) -> Json:
        """Type a slash command; `check=False` returns failures instead of raising them."""
        return await self._do("command", {"channel": await self._room(channel), "text": text}, check=check)

    async def say(
        self, text: str, *, channel: str = "#social", thread_ts: str = "", files: list[str] = []
    ) -> str:  # noqa: B006
        """Post a message; its ts."""
        said = {"channel": await self._room(channel), "text": text, "thread_ts": thread_ts, "files": files}
        return str((await self._do("message", said))["ts"])

    async def click(
        self, label: str, *, containing: str = "", channel: str = "", home: bool = False, check: bool = True
    ) -> Json:
        """Click a button or overflow entry: in the open modal, on the Home, else in the newest message
        that has it (and holds the words `containing`)."""

        def find(state: Json) -> tuple[Spot, Field, Json] | None:
            for spot in _spots(state, containing=containing, channel=channel, home=home):
                if hit := labels.best(labels.buttons(spot.blocks), label):
                    return spot, *hit
            return None

        spot, field, extra = await self.wait_for(find, what=f"a button {label!r} beside {containing!r}")
        return await self._act(spot, field, extra, check=check)

    async def fill(self, entries: Mapping[str, Entry], *, view: Json | None = None) -> None:
        """Enter values into the modal's fields, by label."""
        title = labels.text_of(view.get("title")) if view else ""
        for label, entry in entries.items():
            await self._enter(label, entry, title)

    async def choose(
        self, label: str, entry: Entry, *, containing: str = "", channel: str = "", home: bool = False
    ) -> None:
        """Choose in a select, picker or set of checkboxes that stands in a message or on the Home."""

        def find(state: Json) -> tuple[Spot, Field] | None:
            for spot in _spots(state, containing=containing, channel=channel, home=home):
                if field := labels.best(labels.inputs(spot.blocks), label):
                    return spot, field
            return None

        spot, field = await self.wait_for(find, what=f"a field {label!r}")
        await self._put(spot, field, entry)

    async def submit(self, *, check: bool = True) -> Json:
        """Press the open modal's submit button."""
        view = await self.wait_for_modal()
        return await self._do("submit", {"view_id": view["id"], "state": {"values": {}}}, check=check)

    async def close(self, *, clear: bool = False) -> Json:
        """Cancel the top view; `clear` is the cross, which closes all."""
        view = await self.wait_for_modal()
        return await self._do("close", {"view_id": view["id"], "clear": clear})

    async def shortcut(
        self, name: str, *, containing: str = "", channel: str = "", check: bool = True
    ) -> Json:
        """A global shortcut by name; with `containing`, a message's."""
        state = await self.state()
        kind = "message" if containing else "global"
        offered = [(each["name"], each["callback_id"]) for each in state["shortcuts"] if each["type"] == kind]
        callback_id = labels.best(offered, name)
        if callback_id is None:
            raise NotSeenError(f"no {kind} shortcut {name!r}, only {offered}")
        asked = {"type": kind, "callback_id": callback_id}
        if containing:
            message = await self.wait_for_message(containing, channel=channel)
            room = next(c["id"] for c, each in _newest(state, channel) if each["ts"] == message["ts"])
            asked |= {"channel": room, "message_ts": message["ts"]}
        return await self._do("shortcut", asked, check=check)

    async def open_home(self, tab: str = "home") -> None:
        await self._do("home", {"tab": tab})

    async def upload(self, name: str, content: bytes) -> Json:
        """Give Slack a file; what is returned goes into a file field or a message."""
        form = aiohttp.FormData()
        form.add_field("user", self.id)
        form.add_field("file", content, filename=name)
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.url}/ui/upload", data=form) as answer,
        ):
            answer.raise_for_status()
            file: Json = (await answer.json())["file"]
            return file

    # How it is done

    async def _enter(self, label: str, entry: Entry, title: str) -> None:
        view = await self.wait_for_modal(title)
        field = labels.best(labels.inputs(view["blocks"]), label)
        if field is None:
            names = sorted({name for name, _ in labels.inputs(view["blocks"])})
            raise NotSeenError(f"the modal has no field {label!r}, only {names}")
        await self._put(Spot({"type": "view", "view_id": view["id"]}, view["blocks"]), field, entry)

    async def _put(self, spot: Spot, field: Field, entry: Entry) -> None:
        async def fetch(field: Field, words: str) -> Json:
            asked = {"container": spot.container, "block_id": field.block_id, "action_id": field.action_id}
            return await self._do("options", asked | {"value": words})

        entry = await self._uploaded(field, entry)
        value = await filling.value(field, entry, state=await self.state(), fetch=fetch)
        if not field.is_input or field.block.get("dispatch_action"):
            await self._act(spot, field, value)
            return
        values = {field.block_id: {field.action_id: value}}
        await self._do("typed", {"view_id": spot.container["view_id"], "state": {"values": values}})

    async def _uploaded(self, field: Field, entry: Entry) -> Entry:
        """Files given as (name, bytes) are uploaded first."""
        if field.kind != "file_input" or not isinstance(entry, (list, tuple)):
            return entry
        pairs = [entry] if isinstance(entry, tuple) else entry
        return [await self.upload(*each) if isinstance(each, tuple) else each for each in pairs]

    async def _act(self, spot: Spot, field: Field, extra: Json, *, check: bool = True) -> Json:
        action = {"type": field.kind, "block_id": field.block_id, "action_id": field.action_id, **extra}
        said = {"container": spot.container, "action": action, "state": {"values": {}}}
        return await self._do("action", said, check=check)

    async def _room(self, channel: str) -> str:
        return str(_channel(await self.state(), channel)["id"])

    async def _do(self, deed: str, said: Json, *, check: bool = True) -> Json:
        body = {"user": self.id, **said}
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{self.url}/ui/{deed}", json=body) as answer:
                if answer.status != 200:
                    raise RefusedError(f"{deed}: HTTP {answer.status}: {await answer.text()}")
                outcome: Json = await answer.json()
        if check and outcome.get("errors"):
            raise FormRefusedError(outcome["errors"])
        if check and outcome.get("ok") is False:
            raise RefusedError(f"{deed} {said}: {outcome.get('error')}: {outcome.get('message')}")
        return outcome

    async def _state(self, session: aiohttp.ClientSession) -> Json:
        async with session.get(f"{self.url}/ui/state", params={"user": self.id}) as answer:
            answer.raise_for_status()
            state: Json = await answer.json()
            return state

    @asynccontextmanager
    async def _watch(self) -> AsyncIterator[AsyncIterator[Json]]:
        """The state now, and again after each event the person gets."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(timeout=timeout, read_bufsize=2**24) as session:
            yield self._states(session)

    async def _states(self, session: aiohttp.ClientSession) -> AsyncIterator[Json]:
        state = await self._state(session)
        yield state
        parameters = {"user": self.id, "since": str(state["seq"])}
        async with session.get(f"{self.url}/ui/events", params=parameters) as events:
            async for line in events.content:
                if not line.startswith(b"data: "):
                    continue
                if json.loads(line[6:])["seq"] <= state["seq"]:
                    continue  # the state read since then already has it
                state = await self._state(session)
                yield state


def _channel(state: Json, channel: str) -> Json:
    wanted = channel.lstrip("#")
    for each in state["channels"]:
        if wanted in {each["id"], each["name"]} or (wanted == "dm" and each["is_im"]):
            return dict(each)
    names = [each["name"] for each in state["channels"]]
    raise NotSeenError(f"{state['me']['name']} sees no channel {channel!r}, only {names}")


def _newest(state: Json, channel: str = "") -> list[tuple[Json, Json]]:
    """Messages with their channels, the newest first."""
    rooms = [_channel(state, channel)] if channel else state["channels"]
    pairs = [(room, message) for room in rooms for message in room["messages"]]
    return sorted(pairs, key=lambda pair: float(pair[1]["ts"]), reverse=True)


def _spots(state: Json, *, containing: str, channel: str, home: bool) -> list[Spot]:
    """Where to look, the likeliest first."""
    if home:
        shown = [state["home"]] if state["home"] else []
        return [_view_spot(view) for view in shown if labels.says(view, containing)]
    if state["views"] and not channel and labels.says(state["views"][-1], containing):
        return [_view_spot(state["views"][-1])]
    return [
        Spot(
            {
                "type": "message",
                "channel_id": room["id"],
                "message_ts": message["ts"],
                "is_ephemeral": message["ephemeral"],
            },
            _blocks(message),
        )
        for room, message in _newest(state, channel)
        if labels.says(message, containing)
    ]


def _view_spot(view: Json) -> Spot:
    return Spot({"type": "view", "view_id": view["id"]}, view["blocks"])


def _blocks(message: Json) -> list[Block]:
    inner = [block for part in message.get("attachments") or [] for block in part.get("blocks") or []]
    return [*(message.get("blocks") or []), *inner]
