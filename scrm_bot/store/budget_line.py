"""Everybody in this process who waits for a turn of one key, and the one task that asks for them all."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scrm_bot.domain.errors import BudgetExhaustedError, StoreUnavailableError
from scrm_bot.ports import Lane

TOLERANCE = {Lane.PEOPLE: 20.0, Lane.BACKGROUND: 120.0}  # seconds somebody would wait for a turn
BATCH = 4  # turns that background work lets gather while short of them, so that it asks Redis less often


@dataclass(frozen=True, slots=True)
class Turns:
    """What one question to Redis brought: turns taken in each lane, and seconds until there are more."""

    people: int
    background: int
    people_wait: float
    background_wait: float
    interval: float


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    since: float
    turn: asyncio.Future[float]  # the moment at which the turn was asked for


class Line:
    """A queue with two lanes. `on_empty` is called when nobody waits any more."""

    def __init__(
        self,
        ask: Callable[[int, int], Awaitable[Turns]],
        *,
        on_empty: Callable[[], object],
        batch: int = BATCH,
    ) -> None:
        self._ask = ask
        self._batch = batch
        self._on_empty = on_empty
        self._people: deque[_Waiter] = deque()
        self._background: deque[_Waiter] = deque()
        self._wake = asyncio.Event()
        self._asker: asyncio.Task[None] | None = None

    async def turn(self, lane: Lane, *, since: float) -> float:
        """When the turn was asked for. Raises `BudgetExhaustedError`, `StoreUnavailableError`."""
        waiter = _Waiter(since, asyncio.get_running_loop().create_future())
        if lane is Lane.PEOPLE:
            if not self._people:
                self._wake.set()  # the asker may be asleep for background work, which has less to take from
            self._people.append(waiter)
        else:
            self._background.append(waiter)
        if self._asker is None:
            self._asker = asyncio.create_task(self._serve())
        return await waiter.turn

    async def _serve(self) -> None:
        reason = "nobody asks for turns any more"
        try:
            while self._anybody():
                await self._round()
        except StoreUnavailableError as error:
            reason = str(error)
        finally:
            self._asker = None
            self._on_empty()
            for waiter in (*self._people, *self._background):
                if not waiter.turn.done():
                    waiter.turn.set_exception(StoreUnavailableError(reason))

    def _anybody(self) -> bool:
        """Forget those who gave up waiting; whether anybody is left."""
        for lane in (self._people, self._background):
            waiting = [waiter for waiter in lane if not waiter.turn.done()]
            lane.clear()
            lane.extend(waiting)
        return bool(self._people or self._background)

    async def _round(self) -> None:
        """Ask once for everybody who waits now, hand out what came, sleep until there is more."""
        self._wake.clear()
        asked = asyncio.get_running_loop().time()
        turns = await self._ask(len(self._people), len(self._background))
        _hand_out(self._people, turns.people, asked)
        _hand_out(self._background, turns.background, asked)
        _dismiss(self._people, turns.people_wait, turns.interval, TOLERANCE[Lane.PEOPLE])
        _dismiss(self._background, turns.background_wait, turns.interval, TOLERANCE[Lane.BACKGROUND])
        if self._anybody() and (wait := self._until_more(turns)) > 0:
            await self._sleep(wait)

    def _until_more(self, turns: Turns) -> float:
        if self._people:
            return turns.people_wait
        gathering = min(self._batch, len(self._background)) - 1
        return turns.background_wait and turns.background_wait + gathering * turns.interval

    async def _sleep(self, seconds: float) -> None:
        alarm = asyncio.get_running_loop().call_later(seconds, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            alarm.cancel()


def _hand_out(lane: deque[_Waiter], taken: int, asked: float) -> None:
    """Give turns to the first who still wait. One that nobody wants is lost, which is safe."""
    while taken and lane:
        waiter = lane.popleft()
        if not waiter.turn.done():
            waiter.turn.set_result(asked)
            taken -= 1


def _dismiss(lane: deque[_Waiter], wait: float, interval: float, tolerance: float) -> None:
    """Tell those whose turn will come too late at once, instead of letting them wait for it."""
    now = asyncio.get_running_loop().time()
    for place, waiter in enumerate(lane):
        expected = wait + place * interval
        if wait and now - waiter.since + expected > tolerance and not waiter.turn.done():
            waiter.turn.set_exception(BudgetExhaustedError(retry_in=expected))
