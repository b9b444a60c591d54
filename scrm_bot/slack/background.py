"""Work that goes on after its acknowledgement: tracked, kept alive by a heartbeat, drained at the end."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.jobs import Claim
from scrm_bot.ports import WorkQueue

log = logging.getLogger(__name__)


class Background:
    """Every task that outlives its request, and the claims they hold.

    At most `at_once` deeds run together; acknowledgements do not wait for them.
    """

    def __init__(self, queue: WorkQueue, *, lease: float, at_once: int = 64) -> None:
        self._queue = queue
        self._lease = lease
        self._turns = asyncio.Semaphore(at_once)
        self._tasks: set[asyncio.Task[None]] = set()
        self._claims: dict[str, Claim] = {}
        self._heart: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this to its end, whoever stops waiting for it."""
        task = asyncio.get_running_loop().create_task(self._watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def start_claimed(self, claim: Claim, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run this with the claim renewed until it ends, and the record removed after it."""
        self._claims[claim.job.key] = claim
        if self._heart is None or self._heart.done():
            self._heart = asyncio.get_running_loop().create_task(self._beat())
        self.start(self._claimed(claim, work))

    async def drain(self, seconds: float) -> int:
        """Wait for what is running, `seconds` at the most; what is left is done from its record.

        Returns how many tasks were left.
        """
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = [task for task in self._tasks if not task.done()]
        stopping = [*left, *([self._heart] if self._heart else [])]
        for task in stopping:
            task.cancel()
        await asyncio.gather(*stopping, return_exceptions=True)
        self._heart = None
        return len(left)

    async def _claimed(self, claim: Claim, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            async with self._turns:
                await work()
            await self._queue.finish(claim)
        except ScrmError:
            log.warning("a record could not be removed: its work will be looked at again", exc_info=True)
        finally:
            self._claims.pop(claim.job.key, None)

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
