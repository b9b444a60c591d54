"""What may have been recorded although the person was told that nothing was done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from itertools import islice
from typing import Any

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Job
from scrm_bot.ports import WorkQueue
from scrm_bot.slack.command import Caller

log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 0.25, 2.0  # seconds; a lease is longer, so nobody does it meanwhile
_TOGETHER = 100  # in one round trip
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A record whose making was not answered: it may be there, or may still arrive."""

    job: Job
    dedupe: str
    caller: Caller


class Withdrawals:
    """Takes such records back, as soon as the store answers again.

    `start` runs work to its end. `too_late` tells somebody that theirs was done after all.
    """

    def __init__(
        self,
        queue: WorkQueue,
        *,
        sleep: Callable[[float], Awaitable[None]],
        start: Callable[[Coroutine[Any, Any, None]], None],
        too_late: Callable[[Caller], Awaitable[None]],
    ) -> None:
        self._queue = queue
        self._sleep = sleep
        self._start = start
        self._too_late = too_late
        self._open: dict[tuple[str, str], Doubtful] = {}
        self._working = False

    def pass_over(self, job: Job) -> bool:
        """Whether this one is still to be taken back: whoever has it then need only put it away, undone."""
        return self._open.pop((job.team_id, job.key), None) is not None

    def add(self, doubtful: Doubtful) -> None:
        if len(self._open) >= _MOST:
            log.error("too much is waiting to be taken back: %s may be done later", doubtful.job.key)
            return
        self._open[doubtful.job.team_id, doubtful.job.key] = doubtful
        if not self._working:
            self._working = True
            self._start(self._work())

    async def _work(self) -> None:
        wait = _FIRST_WAIT
        try:
            while self._open:
                await asyncio.gather(*map(self._withdraw, [*islice(self._open.values(), _TOGETHER)]))
                if self._open:
                    await self._sleep(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)
        finally:
            self._working = False

    async def _withdraw(self, doubtful: Doubtful) -> None:
        job = doubtful.job
        try:
            withdrawn = await self._queue.withdraw(job, dedupe=doubtful.dedupe)
        except StoreUnavailableError:
            return  # asked again
        if self.pass_over(job) and not withdrawn:
            await self._too_late(doubtful.caller)
