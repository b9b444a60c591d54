"""The turns of each API key, shared by every process through one script in Redis."""

import asyncio
import math
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import Any, Protocol

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.limits import BudgetState
from scrm_bot.ports import Lane, OnWait, Turn
from scrm_bot.store.budget_keys import budget
from scrm_bot.store.budget_line import Elsewhere, Line, Turns
from scrm_bot.store.connection import Word
from scrm_bot.store.scripts import Script, load

MICRO = 1_000_000
LONGEST_PAUSE = 3_600.0  # a refusal that asks for longer is probed then: nobody could lift it
_TOO_LATE = 3  # turns in a row that Redis took too long for: each is one that nobody else has
DEAR = 1.0  # seconds between turns from which one is kept that comes when nobody waits; it costs a task
_NOBODY = dict.fromkeys(Lane, Elsewhere())
BATCH = 4  # turns that background work lets gather while short of them, so that it asks Redis less often


class Runner(Protocol):
    """The one thing asked of Redis."""

    async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
        """Run a script, whether Redis knows it or not. Raises `StoreUnavailableError`."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How turns are given out so that no window of any kind sees more than the limit.

    `burst` turns at once, then one every `interval` seconds; a turn is on the wire within `jitter` seconds
    or not used. Background work leaves `reserve` turns of the burst to people.
    """

    window: float
    burst: int
    reserve: int
    interval: float
    jitter: float


def pace(limit: int, window: float) -> Pace:
    """The fastest safe pace: burst + (window + jitter) / interval is at most `limit`.

    Of 20 and fewer, one turn is too much to give up: they have no burst, and are (window + jitter) / limit
    apart, of which no window holds more than `limit` either. See docs/budget.md.
    """
    burst = max(1, limit // 40)
    jitter = min(2.0, window / 30)
    spread = limit - burst if limit > 20 else limit
    return Pace(window, burst, burst // 3, (window + jitter) / spread, jitter)


class RedisBudget:
    """The `Budget` port. One for each process; nothing is ever sent around it."""

    def __init__(self, database: Runner, *, limit: int = 600, window: float = 60.0) -> None:
        self.pace = pace(limit, window)
        self._limit = limit
        self._process = token_hex(4)
        self._database = database
        self._script, self._one = load("budget"), load("budget_one")
        self._terms = (_micro(window), _micro(self.pace.interval), self.pace.burst)
        depths = {Lane.PEOPLE: self.pace.burst, Lane.BACKGROUND: self.pace.burst - self.pace.reserve}
        self._alone_terms = {lane: (*self._terms, most, f"w{self._process}") for lane, most in depths.items()}
        self._lines: dict[str, Line] = {}
        self._alone: set[str] = set()
        self._owed: dict[str, float] = {}  # pauses that Redis could not be told of, on the loop's clock
        self._returning: set[asyncio.Task[None]] = set()
        self._batch = min(BATCH, self.pace.burst - self.pace.reserve)  # more than that does not gather

    async def take(self, fingerprint: str, lane: Lane, *, on_wait: OnWait | None = None) -> Turn:
        """Return when one request may be sent, and must be within `pace.jitter` seconds.

        Raises `BudgetExhaustedError`, `StoreUnavailableError`.
        """
        clock = asyncio.get_running_loop()
        since = clock.time()
        if fingerprint in self._owed:
            await self._repay(fingerprint)
        turn, late = await self._at_once(fingerprint, lane), 0
        while turn is None or clock.time() > turn.until:
            if turn:  # Redis took too long to say so
                self.give_back(fingerprint, turn)
                late += 1
            if late >= _TOO_LATE:
                raise StoreUnavailableError("turns come too late to be used")
            asked, given = await self._line(fingerprint).turn(lane, since=since, on_wait=on_wait)
            turn = Turn(given, asked + self.pace.jitter)
        return turn

    def give_back(self, fingerprint: str, turn: Turn) -> None:
        """The turn's place is used again if the bucket was never empty since it was given."""
        task = asyncio.get_running_loop().create_task(self._return(fingerprint, turn.name))
        self._returning.add(task)
        task.add_done_callback(self._returning.discard)

    async def _return(self, fingerprint: str, turn: int) -> None:
        with suppress(StoreUnavailableError):  # then it is lost, which is safe
            await self._run(fingerprint, "back", turn)

    async def refused(self, fingerprint: str, *, retry_in: float | None) -> float:
        """SocialCRM answered 429: nobody gets a turn for `retry_in` seconds, or for the window.

        Without Redis this process keeps the pause, and tells the others before it takes another turn.
        """
        pause = self.pace.window if retry_in is None else min(retry_in, LONGEST_PAUSE)
        try:
            return int(await self._run(fingerprint, "refused", _micro(pause))) / MICRO
        except StoreUnavailableError:
            until = asyncio.get_running_loop().time() + pause
            self._owed[fingerprint] = max(until, self._owed.get(fingerprint, until))
            raise

    async def _repay(self, fingerprint: str) -> None:
        """Tell Redis of a refusal that it could not be told of, as far as it is not over."""
        left = self._owed[fingerprint] - asyncio.get_running_loop().time()
        if left > 0:
            await self._run(fingerprint, "refused", _micro(left))
        self._owed.pop(fingerprint, None)

    async def state(self, fingerprint: str) -> BudgetState:
        """How the key's turns stand, over all processes."""
        used, people, background, pause, since = await self._run(fingerprint, "state")
        refused = int(since) / MICRO
        return BudgetState(
            limit=self._limit,
            window=self.pace.window,
            used=int(used),
            people=int(people),
            background=int(background),
            pause=int(pause) / MICRO,
            refused=refused if refused >= 0 else None,
        )

    async def _at_once(self, fingerprint: str, lane: Lane) -> Turn | None:
        """Ask without a line where nobody stands in one; None when there was no turn."""
        if fingerprint in self._lines or fingerprint in self._alone:
            return None
        self._alone.add(fingerprint)
        asked = asyncio.get_running_loop().time()
        asking = self._database.run(self._one, [budget(fingerprint)], *self._alone_terms[lane])
        try:
            given = await (asking if self.pace.interval < DEAR else self._kept(fingerprint, asking))
        finally:
            self._alone.discard(fingerprint)
        return Turn(given, asked + self.pace.jitter) if given else None

    async def _kept(self, fingerprint: str, asking: Coroutine[Any, Any, int]) -> int:
        """What Redis answers; also if whoever asked has gone by then, whose turn is given back."""
        task = asyncio.create_task(asking)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(partial(self._unclaimed, fingerprint))
            raise

    def _unclaimed(self, fingerprint: str, asking: asyncio.Future[int]) -> None:
        """Who asked is gone, and Redis has answered."""
        if asking.cancelled() or asking.exception():
            return
        if given := asking.result():
            self.give_back(fingerprint, Turn(given))

    def _line(self, fingerprint: str) -> Line:
        if line := self._lines.get(fingerprint):
            return line
        line = Line(
            partial(self._ask, fingerprint),
            give_back=lambda name: self.give_back(fingerprint, Turn(name)),
            on_empty=lambda: self._lines.pop(fingerprint),
        )
        self._lines[fingerprint] = line
        return line

    async def _ask(self, fingerprint: str, people: int, background: int, resting: int) -> Turns:
        told = await self._run(
            fingerprint, "take", self.pace.reserve, people, background, self._process, resting, self._batch
        )
        by_people, by_background, *waits, given, ahead, among, behind, between = map(int, told)
        people_wait, background_wait, interval = (wait / MICRO for wait in waits)
        elsewhere = _NOBODY
        if ahead or behind:
            elsewhere = {Lane.PEOPLE: Elsewhere(ahead, among), Lane.BACKGROUND: Elsewhere(behind, between)}
        return Turns(by_people, by_background, people_wait, background_wait, interval, given, elsewhere)

    async def _run(self, fingerprint: str, *args: Word) -> Any:
        return await self._database.run(self._script, [budget(fingerprint)], *self._terms, *args)


def _micro(seconds: float) -> int:
    return math.ceil(seconds * MICRO)
