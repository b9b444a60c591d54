"""What can go wrong, on request: offered by whoever runs the stand-in, and played one at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol

from scrm_bot.demo.slack.hub import Hub
from scrm_bot.demo.slack.wire import Json

log = logging.getLogger(__name__)

State = Literal["ready", "playing", "played", "failed"]


@dataclass(frozen=True, slots=True)
class Sight:
    """A message to look at, and who sees it: "" for everybody who is in its channel."""

    channel: str
    ts: str
    user: str = ""


class Tell(Protocol):
    """Tells the pages the next step, and the message to look at from then on."""

    def __call__(self, step: str, sight: Sight | None = None) -> None: ...


Play = Callable[[Tell], Awaitable[None]]


class BusyError(Exception):
    """Something else is being played."""


class NotPlayedError(Exception):
    """It could not be shown; the message says why, to a person."""


@dataclass(slots=True)
class Trouble:
    """One thing that can go wrong. `missing` says why it cannot be played here, "" where it can."""

    id: str
    label: str
    says: str
    play: Play
    missing: str = ""
    state: State = "ready"
    steps: list[str] = field(default_factory=list)
    sight: Sight | None = None

    def to_ui(self) -> Json:
        told: Json = {name: getattr(self, name) for name in ("id", "label", "says", "missing", "state")}
        sight = self.sight
        shown = {"channel": sight.channel, "ts": sight.ts, "user": sight.user} if sight else None
        return {**told, "steps": list(self.steps), "sight": shown}


@dataclass(slots=True)
class Board:
    """Everything on offer, and what is being played. Every page hears of each change."""

    hub: Hub
    offered: list[Trouble] = field(default_factory=list)
    _running: asyncio.Task[None] | None = None

    def to_ui(self) -> list[Json]:
        return [each.to_ui() for each in self.offered]

    def start(self, trouble_id: str) -> None:
        """Play it in the background. Raises `KeyError`, `BusyError`, or `NotPlayedError` at once."""
        trouble = {each.id: each for each in self.offered}[trouble_id]
        if self._running is not None and not self._running.done():
            raise BusyError
        if trouble.missing:
            raise NotPlayedError(trouble.missing)
        trouble.state, trouble.steps, trouble.sight = "playing", [], None
        self._tell()
        self._running = asyncio.get_running_loop().create_task(self._play(trouble))

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running

    async def _play(self, trouble: Trouble) -> None:
        def tell(step: str, sight: Sight | None = None) -> None:
            trouble.steps.append(step)
            trouble.sight = sight or trouble.sight
            self._tell()

        try:
            await trouble.play(tell)
            trouble.state = "played"
        except NotPlayedError as error:
            _fail(trouble, str(error))
        except Exception:  # the page must not wait for ever, whatever it was
            log.exception("%s could not be played", trouble.id)
            _fail(trouble, "Something broke on the stand-in's side; the terminal says what.")
        self._tell()

    def _tell(self) -> None:
        self.hub.publish("troubles", None, troubles=self.to_ui())


def _fail(trouble: Trouble, why: str) -> None:
    trouble.state = "failed"
    trouble.steps.append(why)
