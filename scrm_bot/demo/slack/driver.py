"""A person at the page, for tests and the story: speaks only the page's own HTTP calls."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TypeVar

from scrm_bot.demo.slack import filling, labels
from scrm_bot.demo.slack.filling import Entry
from scrm_bot.demo.slack.forms import Field
from scrm_bot.demo.slack.line import Line
from scrm_bot.demo.slack.screen import NotSeenError, Spot, channel_in, newest, spots, view_spot
from scrm_bot.demo.slack.wire import Json

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Person:
    """One person with the page open. Every verb waits up to `patience` seconds for what it needs."""

    url: str
    id: str
    patience: float = 10.0

    @property
    def _line(self) -> Line:
        return Line(self.url, self.id)

    # Looking

    async def state(self) -> Json:
        """All the person may see."""
        return await self._line.state()

    async def messages(self, channel: str) -> list[Json]:
        """What was said in `#name`, an id or `dm` (with the bot), and what only they see."""
        found: list[Json] = channel_in(await self.state(), channel)["messages"]
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
        with suppress(TimeoutError):  # told below, with what was there instead
            async with asyncio.timeout(seconds or self.patience), aclosing(self._line.states()) as states:
                async for state in states:
                    if found := predicate(state):
                        return found
        seen = labels.describe(state) if state else "nothing at all"
        raise NotSeenError(f"waited in vain for {what or predicate}.\n{seen}")

    async def wait_for_message(
        self, containing: str, *, channel: str = "", seconds: float | None = None
    ) -> Json:
        """The newest message that holds the words."""

        def find(state: Json) -> Json | None:
            found = [each for _, each in newest(state, channel) if labels.says(each, containing)]
            return found[0] if found else None

        return await self.wait_for(find, what=f"a message with {containing!r}", seconds=seconds)

    async def wait_for_modal(
        self, title: str = "", *, containing: str = "", seconds: float | None = None
    ) -> Json:
        """The modal on top, once it has this title and these words."""

        def find(state: Json) -> Json | None:
            top: Json | None = state["views"][-1] if state["views"] else None
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
        return await self._line.do(
            "command", {"channel": await self._room(channel), "text": text}, check=check
        )

    async def say(
        self, text: str, *, channel: str = "#social", thread_ts: str = "", files: Sequence[str] = ()
    ) -> str:
        """Post a message, with files by id; its ts."""
        said: Json = {"channel": await self._room(channel), "text": text, "thread_ts": thread_ts}
        return str((await self._line.do("message", said | {"files": list(files)}))["ts"])

    async def click(
        self, label: str, *, containing: str = "", channel: str = "", home: bool = False, check: bool = True
    ) -> Json:
        """Click a button or overflow entry, in the open modal, else in the newest message with both.

        `containing` are words of the message; `channel` or `home` say where to look instead.
        """

        def find(state: Json) -> tuple[Spot, Field, Json] | None:
            for spot in spots(state, containing=containing, channel=channel, home=home):
                if hit := labels.best(labels.buttons(spot.blocks), label):
                    return spot, *hit
            return None

        spot, field, extra = await self.wait_for(find, what=f"a button {label!r} beside {containing!r}")
        return await self._act(spot, field, extra, check=check)

    async def fill(self, entries: Mapping[str, Entry], *, view: Json | None = None) -> None:
        """Enter values into the open modal's fields, by label; `view` says which modal is meant."""
        title = labels.text_of(view.get("title")) if view else ""
        for label, entry in entries.items():
            await self._enter(label, entry, title)

    async def choose(
        self, label: str, entry: Entry, *, containing: str = "", channel: str = "", home: bool = False
    ) -> None:
        """Choose in a select, picker or set of checkboxes that stands in a message or on the Home."""

        def find(state: Json) -> tuple[Spot, Field] | None:
            for spot in spots(state, containing=containing, channel=channel, home=home):
                if field := labels.best(labels.inputs(spot.blocks), label):
                    return spot, field
            return None

        spot, field = await self.wait_for(find, what=f"a field {label!r}")
        await self._put(spot, field, entry)

    async def options(self, label: str, typed: str = "") -> list[str]:
        """What an external select in the open modal offers for what was typed."""
        spot, field = await self._field(label, "")
        return [labels.text_of(each["text"]) for each in filling.options(await self._ask(spot, field, typed))]

    async def submit(self, *, check: bool = True) -> Json:
        """Press the open modal's submit button."""
        view = await self.wait_for_modal()
        said = {"view_id": view["id"], "state": {"values": {}}}
        return await self._line.do("submit", said, check=check)

    async def close(self, *, clear: bool = False) -> Json:
        """Cancel the top view; `clear` is the cross, which closes all."""
        view = await self.wait_for_modal()
        return await self._line.do("close", {"view_id": view["id"], "clear": clear})

    async def shortcut(
        self, name: str, *, containing: str = "", channel: str = "", check: bool = True
    ) -> Json:
        """A global shortcut by name; with `containing`, the shortcut of that message."""
        state = await self.state()
        kind = "message" if containing else "global"
        offered = [(s["name"], s["callback_id"]) for s in state["shortcuts"] if s["type"] == kind]
        callback_id = labels.best(offered, name)
        if callback_id is None:
            raise NotSeenError(f"no {kind} shortcut {name!r}, only {offered}")
        asked = {"type": kind, "callback_id": callback_id}
        if containing:
            room, message = await self._shared(containing, channel)
            asked |= {"channel": room["id"], "message_ts": message["ts"]}
        return await self._line.do("shortcut", asked, check=check)

    async def run_step(self, callback_id: str, **inputs: str) -> str:
        """Start a workflow that has this step of the app; the execution's id."""
        asked = {"callback_id": callback_id, "inputs": inputs}
        return str((await self._line.do("step", asked))["execution"])

    async def open_home(self, tab: str = "home") -> None:
        await self._line.do("home", {"tab": tab})

    async def upload(self, name: str, content: bytes) -> Json:
        """Give Slack a file; what is returned goes into a file field or a message."""
        return await self._line.upload(name, content)

    # How it is done

    async def _shared(self, containing: str, channel: str) -> tuple[Json, Json]:
        """The newest message with the words that is not for this person alone, with its channel."""

        def find(state: Json) -> tuple[Json, Json] | None:
            for room, each in newest(state, channel):
                if labels.says(each, containing) and not each["ephemeral"]:
                    return room, each
            return None

        return await self.wait_for(find, what=f"a shared message with {containing!r}")

    async def _field(self, label: str, title: str) -> tuple[Spot, Field]:
        view = await self.wait_for_modal(title)
        field = labels.best(labels.inputs(view["blocks"]), label)
        if field is None:
            names = sorted({name for name, _ in labels.inputs(view["blocks"])})
            raise NotSeenError(f"the modal has no field {label!r}, only {names}")
        return view_spot(view), field

    async def _enter(self, label: str, entry: Entry, title: str) -> None:
        await self._put(*await self._field(label, title), entry)

    async def _ask(self, spot: Spot, field: Field, words: str) -> Json:
        asked = {"container": spot.container, "block_id": field.block_id, "action_id": field.action_id}
        return await self._line.do("options", asked | {"value": words})

    async def _put(self, spot: Spot, field: Field, entry: Entry) -> None:
        async def fetch(field: Field, words: str) -> Json:
            return await self._ask(spot, field, words)

        entry = await self._uploaded(field, entry)
        value = await filling.value(field, entry, state=await self.state(), fetch=fetch)
        if not field.is_input or field.block.get("dispatch_action"):
            await self._act(spot, field, value, check=True)
            return
        values = {field.block_id: {field.action_id: value}}
        said = {"view_id": spot.container["view_id"], "state": {"values": values}}
        await self._line.do("typed", said)

    async def _uploaded(self, field: Field, entry: Entry) -> Entry:
        """Files given as (name, bytes) are uploaded first."""
        if field.kind != "file_input" or not isinstance(entry, (list, tuple)):
            return entry
        pairs = [entry] if isinstance(entry, tuple) else entry
        return [await self.upload(*each) if isinstance(each, tuple) else each for each in pairs]

    async def _act(self, spot: Spot, field: Field, extra: Json, *, check: bool) -> Json:
        action = {"type": field.kind, "block_id": field.block_id, "action_id": field.action_id, **extra}
        said = {"container": spot.container, "action": action, "state": {"values": {}}}
        return await self._line.do("action", said, check=check)

    async def _room(self, channel: str) -> str:
        return str(channel_in(await self.state(), channel)["id"])
