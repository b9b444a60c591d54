"""Everybody in this process who waits for a turn of one key, and the one task that asks for them all."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scrm_bot.domain.errors import BudgetExhaustedError, StoreUnavailableError
from scrm_bot.ports import Lane, OnWait

TOLERANCE = {Lane.PEOPLE: 20.0, Lane.BACKGROUND: 120.0}  # seconds somebody would wait for a turn
AT_LEAST = {Lane.PEOPLE: 3, Lane.BACKGROUND: 12}  # turns' time that it is however far apart they are
STAYING = 1.25  # times as long, for those who were let in: others may have come before them since
PATIENCE = 1.0  # seconds of waiting after which somebody is told how long it will be
EARLY = 0.001  # seconds by which a timer may ring before its time


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Who waits for the same key's turns in other processes."""

    waiting: int = 0
    processes: int = 0

    def before(self, place: int) -> int:
        """How many of them go before somebody here: each process has a turn after the other."""
        return min(self.waiting, self.processes * place)


class Turns(NamedTuple):
    """What one question to Redis brought: turns taken in each lane, and seconds until the next one."""

    people: int
    background: int
    people_wait: float
    background_wait: float
    interval: float
    given: int
    elsewhere: Mapping[Lane, Elsewhere]


@dataclass(frozen=True, slots=True)
class _Outlook:
    """When the first of a lane has its turn, on the loop's clock, and how long the others have to wait."""

    first: float
    interval: float
    elsewhere: Elsewhere

    def wait(self, place: int, *, now: float) -> float:
        return max(0.0, self.first - now) + (place + self.elsewhere.before(place)) * self.interval

    def tolerance(self, lane: Lane) -> float:
        return max(TOLERANCE[lane], AT_LEAST[lane] * self.interval)


@dataclass(slots=True, eq=False)
class _Waiter:
    """`turn` becomes when it was asked for, and its name; `due` is when it is expected, once it is known."""

    since: float
    turn: asyncio.Future[tuple[float, int]]
    due: float | None = None
    telling: asyncio.TimerHandle | None = None


class Line:
    """A queue with two lanes. `on_empty` is called when nobody waits any more."""

    def __init__(
        self,
        ask: Callable[[int, int, int], Awaitable[Turns]],
        *,
        give_back: Callable[[int], object],
        on_empty: Callable[[], object],
    ) -> None:
        self._ask = ask
        self._give_back = give_back
        self._back = 0.0  # background work was told to ask again then
        self._on_empty = on_empty
        self._outlook: dict[Lane, _Outlook] = {}  # of the lanes that have to wait
        self._people: deque[_Waiter] = deque()
        self._background: deque[_Waiter] = deque()
        self._wake = asyncio.Event()
        self._asker: asyncio.Task[None] | None = None
        self._is_noted = False  # in Redis, as somebody who waits

    async def turn(self, lane: Lane, *, since: float, on_wait: OnWait | None = None) -> tuple[float, int]:
        """When the turn was asked for, and its name. Raises `BudgetExhaustedError`, `StoreUnavailableError`.

        After `PATIENCE` seconds `on_wait` is told how many more it will probably be.
        """
        loop = asyncio.get_running_loop()
        waiter = _Waiter(since, loop.create_future())
        self._join(lane, waiter)
        if on_wait is None:
            return await self._served(waiter)
        waiter.telling = loop.call_at(since + PATIENCE, _tell, waiter, on_wait)
        try:
            return await self._served(waiter)
        finally:
            waiter.telling.cancel()

    async def _served(self, waiter: _Waiter) -> tuple[float, int]:
        """Wait for the turn. Whoever gives up just when it came gives it back."""
        try:
            return await waiter.turn
        except asyncio.CancelledError:
            if waiter.turn.done() and not waiter.turn.cancelled() and not waiter.turn.exception():
                self._give_back(waiter.turn.result()[1])
            raise

    def _join(self, lane: Lane, waiter: _Waiter) -> None:
        queue = self._people if lane is Lane.PEOPLE else self._background
        if queue is self._people and not queue:
            self._wake.set()  # the asker may be asleep for background work, which has less to take from
        first = bool(queue) and queue[0].since > waiter.since  # had asked before there was a line
        if outlook := self._outlook.get(lane):
            _expect(waiter, lane, outlook, 0 if first else sum(not each.turn.done() for each in queue))
        if first:
            queue.appendleft(waiter)
        else:
            queue.append(waiter)
        if self._asker is None:
            self._asker = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        reason = "nobody asks for turns any more"
        try:
            while self._anybody() or self._is_noted:
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
        """Ask once for everybody whose time has come, hand out what came, sleep until there is more."""
        self._wake.clear()
        clock = asyncio.get_running_loop()
        asked = clock.time()
        waiting = len(self._background)
        asking = waiting if asked + EARLY >= self._back else 0
        turns = await self._ask(len(self._people), asking, waiting - asking)
        self._is_noted = len(self._people) + waiting > turns.people + turns.background
        left = _hand_out(self._people, turns.people, (asked, turns.given))
        left += _hand_out(self._background, turns.background, (asked, turns.given))
        for _ in range(left):
            self._give_back(turns.given)
        now = clock.time()
        if asking:
            self._back = now + turns.background_wait
        self._look(Lane.PEOPLE, self._people, now + turns.people_wait, turns)
        self._look(Lane.BACKGROUND, self._background, self._back, turns)
        if self._anybody():
            await self._sleep((now + turns.people_wait if self._people else self._back) - clock.time())

    def _look(self, lane: Lane, queue: deque[_Waiter], first: float, turns: Turns) -> None:
        """Tell those whose turn will come too late at once, instead of letting them wait for it."""
        self._outlook.pop(lane, None)
        if not queue or first <= asyncio.get_running_loop().time():
            return
        outlook = self._outlook[lane] = _Outlook(first, turns.interval, turns.elsewhere[lane])
        for place, waiter in enumerate(queue):
            _expect(waiter, lane, outlook, place)

    async def _sleep(self, seconds: float) -> None:
        """Until then, or until a person comes."""
        alarm = asyncio.get_running_loop().call_later(seconds, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            alarm.cancel()


def _hand_out(lane: deque[_Waiter], taken: int, turn: tuple[float, int]) -> int:
    """Give turns to the first who still wait; how many nobody wanted."""
    while taken and lane:
        waiter = lane.popleft()
        if not waiter.turn.done():
            waiter.turn.set_result(turn)
            taken -= 1
    return taken


def _tell(waiter: _Waiter, on_wait: OnWait) -> None:
    """How long it will be, once that is known: while Redis does not answer it is not."""
    loop = asyncio.get_running_loop()
    if waiter.due is None:
        waiter.telling = loop.call_later(PATIENCE / 10, _tell, waiter, on_wait)
    else:
        on_wait(max(waiter.due - loop.time(), 0.0))


def _expect(waiter: _Waiter, lane: Lane, outlook: _Outlook, place: int) -> None:
    """Note when the turn of who stands there will come, and send them away if that is too late."""
    now = asyncio.get_running_loop().time()
    wait = outlook.wait(place, now=now)
    most = outlook.tolerance(lane) * (1.0 if waiter.due is None else STAYING)
    waiter.due = now + wait
    if now - waiter.since + wait > most and not waiter.turn.done():
        waiter.turn.set_exception(BudgetExhaustedError(retry_in=wait))
