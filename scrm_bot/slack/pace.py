"""How often something may be said in one place, with a little room for a burst."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any, Protocol, TypeVar

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.ports import Lane

log = logging.getLogger(__name__)

_MOST = 10_000
_AT_ONCE = 0.5  # seconds in which the store answers, or this process goes on by itself
_PATIENT = 60.0  # seconds for which background work lets others go first
_LONGEST_PAUSE = 3_600.0  # seconds
_AHEAD = 0.05  # seconds by which it may be early, once it has waited: timers are not exact
T = TypeVar("T")
_Update = tuple[str, str, str, Lane]  # team, place, message, and who wants it drawn


@dataclass(slots=True, eq=False)
class _Waiting:
    """An update that has not gone out yet, and how many wait for it: the first of them sends it for all."""

    message: Any
    callers: int = 0
    going: asyncio.Lock = field(default_factory=asyncio.Lock)
    turn: asyncio.Task[float] | None = None
    gone: bool = False
    error: Exception | None = None


class Shared(Protocol):
    """The same turns over all processes. Both raise `StoreUnavailableError`."""

    async def turn(self, team_id: str, place: str, *, every: float, burst: int, within: float = inf) -> float:
        """Seconds until the next turn. It is taken if that is at most `within` seconds."""

    async def hold(self, team_id: str, place: str, *, every: float, burst: int, seconds: float) -> None:
        """Nobody has a turn for so long."""


class Pace:
    """Turns per place: `burst` of them at once, then one each `every` seconds.

    Background work leaves `reserve` turns of the burst to people, and takes none ahead of its time: so
    people hardly queue behind it. With `shared` all processes take from the same turns; while it cannot be
    reached, each keeps its own.
    """

    def __init__(
        self,
        every: float = 1.0,
        *,
        burst: int = 1,
        reserve: int = 0,
        shared: Shared | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._every = every
        self._burst = burst
        self._reserve = reserve
        self._shared = shared
        self._monotonic = monotonic
        self._sleep = sleep
        self._next: dict[tuple[str, str], float] = {}
        self._waiting: dict[_Update, _Waiting] = {}

    async def turn(self, team_id: str, place: str, *, lane: Lane = Lane.PEOPLE, within: float = inf) -> float:
        """Wait until the next one may go there, and return 0.

        Where that is more than `within` seconds away it returns those at once, and nothing is taken.
        """
        if lane is Lane.BACKGROUND and await self._let_people_go(team_id, place):
            return 0.0
        wait = await self._take(team_id, place, burst=self._burst, within=within)
        if wait > within:
            return wait
        if wait > 0:
            await self._sleep(wait)
        return 0.0

    async def at_once(self, team_id: str, place: str, *, lane: Lane = Lane.PEOPLE) -> bool:
        """Take a turn if there is one now; never waits for one."""
        burst = self._burst if lane is Lane.PEOPLE else self._burst - self._reserve
        return await self._take(team_id, place, burst=burst, within=0.0) <= 0

    async def _let_people_go(self, team_id: str, place: str) -> bool:
        """Take a turn that nobody else waits for; False after long enough."""
        slept, ahead, burst = 0.0, 0.0, self._burst - self._reserve
        while (wait := await self._take(team_id, place, burst=burst, within=ahead)) > ahead:
            if slept + wait > _PATIENT:
                return False
            await self._sleep(wait)
            slept += wait
            ahead = _AHEAD
        if wait > 0:
            await self._sleep(wait)
        return True

    async def _take(self, team_id: str, place: str, *, burst: int, within: float) -> float:
        # one's own is taken in any case, for when the shared ones are gone
        wait = self._own_turn(team_id, place, burst=burst, within=within)
        if self._shared is None:
            return wait
        try:
            async with asyncio.timeout(_AT_ONCE):
                return await self._shared.turn(team_id, place, every=self._every, burst=burst, within=within)
        except (StoreUnavailableError, TimeoutError):
            log.warning("messages are paced by this process alone: the store does not answer")
            return wait

    async def hold(self, team_id: str, place: str, seconds: float) -> None:
        """Slack said when the next one may come: nobody goes before that, here and elsewhere.

        For an hour at most: then it is tried, since nobody could lift a longer pause.
        """
        seconds = min(seconds, _LONGEST_PAUSE)
        until = self._monotonic() + seconds + (self._burst - 1) * self._every
        self._next[team_id, place] = max(until, self._next.get((team_id, place), until))
        if self._shared:
            try:
                await self._shared.hold(team_id, place, every=self._every, burst=self._burst, seconds=seconds)
            except StoreUnavailableError:
                log.warning("other processes could not be told that Slack wants a pause")

    def _own_turn(self, team_id: str, place: str, *, burst: int, within: float) -> float:
        now = self._monotonic()
        due = max(now, self._next.get((team_id, place), now))
        wait = round(max(0.0, due - (burst - 1) * self._every - now), 6)
        if wait > within:
            return wait
        if len(self._next) >= _MOST:
            self._next = {each: later for each, later in self._next.items() if later > now}
        self._next[team_id, place] = due + self._every
        return wait

    async def newest(
        self,
        team_id: str,
        place: str,
        ts: str,
        message: T,
        send: Callable[[T], Awaitable[None]],
        *,
        lane: Lane = Lane.PEOPLE,
    ) -> None:
        """Send this at the place's next turn, or what came in for the same message meanwhile.

        Whoever gives up before that leaves it to the next who waits for the same message.
        """
        for other in Lane:  # also what goes out later than this must not be older
            if behind := self._waiting.get((team_id, place, ts, other)):
                behind.message = message
        key = (team_id, place, ts, lane)
        waiting = self._waiting.setdefault(key, _Waiting(message))
        waiting.callers += 1
        try:
            async with waiting.going:
                if not waiting.gone:
                    await self._go(key, waiting, send)
        finally:
            waiting.callers -= 1
            if not waiting.callers:
                self._forget(key, waiting)
                if waiting.turn:
                    waiting.turn.cancel()
        if waiting.error:
            raise waiting.error

    async def _go(self, key: _Update, waiting: _Waiting, send: Callable[[Any], Awaitable[None]]) -> None:
        """Wait for the turn and send. What fails then has failed for all who wait: they are told."""
        team_id, place, _, lane = key
        if waiting.turn is None:  # it outlives whoever waits for it first
            waiting.turn = asyncio.create_task(self.turn(team_id, place, lane=lane))
        await asyncio.shield(waiting.turn)
        self._forget(key, waiting)
        waiting.gone = True
        try:
            await send(waiting.message)
        except BaseException as error:
            waiting.error = error if isinstance(error, Exception) else TimeoutError("given up on its way out")
            raise

    def _forget(self, key: _Update, waiting: _Waiting) -> None:
        if self._waiting.get(key) is waiting:
            del self._waiting[key]
