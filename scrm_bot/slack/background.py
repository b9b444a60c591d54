"""Work that goes on after its acknowledgement: tracked, kept alive by a heartbeat, drained at the end."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from dataclasses import dataclass
from typing import Any

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.jobs import Claim
from scrm_bot.log import about
from scrm_bot.ports import WorkQueue

log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[Any, Any, None]]
_TICK = 0.001  # seconds; one without a delivery in it is when deeds may start
_BATCH = 16  # starts after such a tick
_PATIENCE = 8  # busy ticks after which one deed starts all the same
_AT_ONCE = 256  # deeds that run together; most of their time they wait for others
_MOST_WAITING = 10_000
_FINISH_AGAIN = (0.1, 0.4, 1.0, 2.0, 4.0, 8.0)  # seconds until Redis is asked once more to remove a record


@dataclass(frozen=True, slots=True)
class _Deed:
    """Done in the context of its own delivery: it starts in the tick of another one's."""

    claim: Claim
    work: Work
    context: Context


class Background:
    """Every task that outlives its request, and the claims they hold.

    Acknowledgements come first: Slack waits three seconds for them, and half an hour for an answer. So deeds
    start when a millisecond has passed without a delivery, and while none does, one now and then.
    """

    def __init__(self, queue: WorkQueue, *, lease: float) -> None:
        self._queue = queue
        self._lease = lease
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: deque[_Deed] = deque()
        self._claims: dict[str, Claim] = {}
        self._acking = 0
        self._arrivals = 0
        self._busy_ticks = 0
        self._ticking: asyncio.TimerHandle | None = None
        self._heart: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._tasks) + len(self._waiting)

    def __enter__(self) -> None:
        """A delivery is being acknowledged."""
        self._acking += 1
        self._arrivals += 1

    def __exit__(self, *_: object) -> None:
        self._acking -= 1

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this to its end, whoever stops waiting for it."""
        self._track(self._watched(work))

    def start_claimed(self, claim: Claim, work: Work) -> None:
        """Run this with the claim renewed until it ends, and the record removed after it."""
        if len(self._waiting) >= _MOST_WAITING:
            log.warning("too much is waiting here: left to another process, when its lease has run out")
            return
        self._claims[claim.job.key] = claim
        if self._heart is None or self._heart.done():
            self._heart = asyncio.get_running_loop().create_task(self._beat())
        self._waiting.append(_Deed(claim, work, copy_context()))
        self._look_soon()

    async def drain(self, seconds: float) -> int:
        """Wait for what is running, `seconds` at the most; what is left is done from its record.

        Returns how many deeds were left.
        """
        until = asyncio.get_running_loop().time() + seconds
        while len(self) and (left := until - asyncio.get_running_loop().time()) > 0:
            self._begin(_AT_ONCE)
            await asyncio.wait(self._tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        unfinished = len(self)
        await self._stop()
        return unfinished

    async def _stop(self) -> None:
        if self._ticking:
            self._ticking.cancel()
            self._ticking = None
        self._waiting.clear()
        stopping = [*self._tasks, *([self._heart] if self._heart else [])]
        for task in stopping:
            task.cancel()
        await asyncio.gather(*stopping, return_exceptions=True)
        self._heart = None

    def _look_soon(self) -> None:
        if self._ticking is None:
            self._arrivals = 0
            self._ticking = asyncio.get_running_loop().call_later(_TICK, self._tick)

    def _tick(self) -> None:
        self._ticking = None
        busy = self._acking > 0 or self._arrivals > 0
        self._busy_ticks = self._busy_ticks + 1 if busy else 0
        if not busy:
            self._begin(_BATCH)
        elif self._busy_ticks >= _PATIENCE:
            self._busy_ticks = 0
            self._begin(1)
        if self._waiting:
            self._look_soon()

    def _begin(self, most: int) -> None:
        for _ in range(min(most, len(self._waiting), _AT_ONCE - len(self._tasks))):
            deed = self._waiting.popleft()
            self._track(self._claimed(deed), deed.context)

    def _track(self, work: Coroutine[Any, Any, None], context: Context | None = None) -> None:
        task = asyncio.get_running_loop().create_task(work, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _claimed(self, deed: _Deed) -> None:
        job = deed.claim.job
        about(team=job.team_id, job=job.key, kind=job.kind)
        try:
            await deed.work()
            await self._finish(deed.claim)
        except Exception:
            log.exception("background work failed")
        finally:
            self._claims.pop(deed.claim.job.key, None)

    async def _finish(self, claim: Claim) -> None:
        """Asked again while the lease is renewed: what is done must not be done once more without need."""
        for pause in (*_FINISH_AGAIN, None):
            try:
                await self._queue.finish(claim)
            except ScrmError:
                if pause is None:
                    log.warning("a record could not be removed: its work is looked at again", exc_info=True)
                    return
                await asyncio.sleep(pause)
            else:
                return

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("background work failed")

    async def _beat(self) -> None:
        """Renew every claim in hand, three times per lease."""
        while self._claims:
            await asyncio.sleep(self._lease / 3)
            for claim in tuple(self._claims.values()):
                await self._renew(claim)

    async def _renew(self, claim: Claim) -> None:
        try:
            await self._queue.renew(claim, lease=self._lease)
        except ScrmError:
            log.warning("a lease could not be renewed", exc_info=True)
