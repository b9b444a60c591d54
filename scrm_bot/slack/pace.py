"""How often something may be said in one place, with a little room for a burst."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.views.blocks import Message

log = logging.getLogger(__name__)

_MOST = 10_000
Send = Callable[[Message], Awaitable[None]]


@dataclass(slots=True)
class _Waiting:
    """An update that has not had its turn yet, and everyone who waits for it."""

    message: Message
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Shared(Protocol):
    """The same turns over all processes. Both raise `StoreUnavailableError`."""

    async def turn(self, team_id: str, place: str, *, every: float, burst: int) -> float:
        """Seconds until the turn that was taken."""

    async def hold(self, team_id: str, place: str, *, every: float, burst: int, seconds: float) -> None:
        """Nobody has a turn for so long."""


class Pace:
    """Turns per place: `burst` of them at once, then one each `every` seconds.

    With `shared` all processes take from the same turns; while it cannot be reached, each keeps its own.
    """

    def __init__(
        self,
        every: float = 1.0,
        *,
        burst: int = 1,
        shared: Shared | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._every = every
        self._burst = burst
        self._shared = shared
        self._monotonic = monotonic
        self._sleep = sleep
        self._next: dict[tuple[str, str], float] = {}
        self._waiting: dict[tuple[str, str, str], _Waiting] = {}

    async def turn(self, team_id: str, place: str) -> None:
        """Return when the next message may go there."""
        wait = self._own_turn(team_id, place)  # taken in any case, for when the shared ones are gone
        if self._shared:
            try:
                wait = await self._shared.turn(team_id, place, every=self._every, burst=self._burst)
            except StoreUnavailableError:
                log.warning("messages are paced by this process alone: the store does not answer")
        if wait > 0:
            await self._sleep(wait)

    async def hold(self, team_id: str, place: str, seconds: float) -> None:
        """Slack said when the next one may come: nobody goes before that, here and elsewhere."""
        until = self._monotonic() + seconds + self._ahead
        self._next[team_id, place] = max(until, self._next.get((team_id, place), until))
        if self._shared:
            try:
                await self._shared.hold(team_id, place, every=self._every, burst=self._burst, seconds=seconds)
            except StoreUnavailableError:
                log.warning("other processes could not be told that Slack wants a pause")

    @property
    def _ahead(self) -> float:
        return (self._burst - 1) * self._every

    def _own_turn(self, team_id: str, place: str) -> float:
        now = self._monotonic()
        due = max(now, self._next.get((team_id, place), now))
        if len(self._next) >= _MOST:
            self._next = {each: later for each, later in self._next.items() if later > now}
        self._next[team_id, place] = due + self._every
        return due - self._ahead - now

    async def newest(self, team_id: str, place: str, ts: str, message: Message, send: Send) -> None:
        """Send this at the place's next turn, or what came in for the same message meanwhile."""
        key = (team_id, place, ts)
        waiting = self._waiting.get(key)
        if waiting:
            waiting.message = message
            await asyncio.shield(waiting.done)
            return
        waiting = self._waiting[key] = _Waiting(message)
        try:
            await self.turn(team_id, place)
        finally:
            del self._waiting[key]
        try:
            await send(waiting.message)
        except BaseException as error:
            waiting.done.set_exception(error if isinstance(error, Exception) else TimeoutError())
            waiting.done.exception()  # read, so that nobody is told of an error that was raised here
            raise
        waiting.done.set_result(None)
