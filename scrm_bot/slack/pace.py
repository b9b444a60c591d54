"""How often something may be said in one place, with a little room for a burst."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field

from scrm_bot.views.blocks import Message

_MOST = 10_000
Send = Callable[[Message], Awaitable[None]]


@dataclass(slots=True)
class _Waiting:
    """An update that has not had its turn yet, and everyone who waits for it."""

    message: Message
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Pace:
    """Turns per place: `burst` of them at once, then one each `every` seconds."""

    def __init__(
        self,
        every: float = 1.0,
        *,
        burst: int = 1,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._every = every
        self._ahead = (burst - 1) * every
        self._monotonic = monotonic
        self._sleep = sleep
        self._next: dict[Hashable, float] = {}
        self._waiting: dict[tuple[Hashable, str], _Waiting] = {}

    async def turn(self, place: Hashable) -> None:
        """Return when the next message may go there."""
        now = self._monotonic()
        due = max(now, self._next.get(place, now))
        if len(self._next) >= _MOST:
            self._next = {each: later for each, later in self._next.items() if later > now}
        self._next[place] = due + self._every
        wait = due - self._ahead - now
        if wait > 0:
            await self._sleep(wait)

    async def newest(self, place: Hashable, ts: str, message: Message, send: Send) -> None:
        """Send this at the place's next turn, or what came in for the same message meanwhile."""
        key = (place, ts)
        waiting = self._waiting.get(key)
        if waiting:
            waiting.message = message
            await asyncio.shield(waiting.done)
            return
        waiting = self._waiting[key] = _Waiting(message)
        try:
            await self.turn(place)
        finally:
            del self._waiting[key]
        try:
            await send(waiting.message)
        except BaseException as error:
            waiting.done.set_exception(error if isinstance(error, Exception) else TimeoutError())
            waiting.done.exception()  # read, so that nobody is told of an error that was raised here
            raise
        waiting.done.set_result(None)
