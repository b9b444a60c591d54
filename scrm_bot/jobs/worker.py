"""The worker: claim what is due, run it, keep its lease, try again later, give up in the end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim, JobKind
from scrm_bot.jobs.metrics import JobMetrics
from scrm_bot.log import about, blot, new_request_id
from scrm_bot.ports import Clock, WorkQueue
from scrm_bot.telemetry.counts import AGAIN, OK

log = logging.getLogger(__name__)

Handler = Callable[[Claim], Awaitable[datetime | None]]
"""Does one job. Returns when it wants to run again, None when it is done."""

Farewell = Callable[[Claim], Awaitable[None]]
"""Tells people of one that is given up, before it goes to the dead."""

LEASE = 60.0  # seconds; longer than any HTTP time-out, and the longest that a killed worker's job waits
MOST_ATTEMPTS = 10
AT_ONCE = 16
_LINGER = 0.25  # seconds that a busy worker waits for others to be done before it takes more
_LONGEST_PAUSE = 2.0
_RANDOM = SystemRandom()
_FIRST_RETRY, _LAST_RETRY = 2.0, 900.0
_RETRY, _DEAD, _OVERTAKEN = "retry", "dead", "overtaken"


class Worker:
    """Runs jobs until it is stopped. Nothing that a job or Redis does ends it."""

    def __init__(
        self,
        queue: WorkQueue,
        handlers: Mapping[JobKind, Handler],
        clock: Clock,
        *,
        lease: float = LEASE,
        concurrency: int = AT_ONCE,
        most_attempts: int = MOST_ATTEMPTS,
        jitter: Callable[[], float] = _RANDOM.random,
        farewells: Mapping[JobKind, Farewell] | None = None,
        metrics: JobMetrics | None = None,
    ) -> None:
        self._queue = queue
        self._handlers = handlers
        self._clock = clock
        self._lease = lease
        self._concurrency = concurrency
        self._handful = max(1, concurrency // 2)
        self._most_attempts = most_attempts
        self._jitter = jitter
        self._farewells = farewells or {}
        self._metrics = metrics or JobMetrics()
        self._metrics.running = lambda: self.running
        self._in_hand: dict[asyncio.Task[None], Claim] = {}
        self._leased: dict[int, Claim] = {}  # by id(): those of them whose job has not ended
        self._room = asyncio.Event()
        self._stopping = asyncio.Event()
        self._taking = asyncio.Lock()

    @property
    def running(self) -> int:
        """How many jobs are in hand."""
        return len(self._in_hand)

    @property
    def _free(self) -> int:
        return self._concurrency - len(self._in_hand)

    async def run(self) -> None:
        """Return once stopped and drained."""
        heartbeat = asyncio.create_task(self._keep_leases())
        try:
            async with self._taking:
                await self._take_until_stopped()
            while self._in_hand:
                await asyncio.wait(self._in_hand)
        finally:
            heartbeat.cancel()
            for task in self._in_hand:
                task.cancel()

    async def stop(self, drain_seconds: float) -> None:
        """Take nothing new, let what runs end, and give back what has not ended in time."""
        self._stopping.set()
        async with self._taking:
            pass  # a claim that was on its way is in hand now
        if self._in_hand:
            _, slow = await asyncio.wait(self._in_hand, timeout=drain_seconds)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    async def _take_until_stopped(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                await self._turn()
                failures = 0
            except Exception as error:  # a loop that ends is worse than any error in it
                failures += 1
                if failures == 1:
                    log.warning("no jobs can be taken: %s", error, exc_info=not _passing(error))
                pause = min(0.1 * 2 ** min(failures, 5), _LONGEST_PAUSE)
                await self._unless_stopped(self._clock.sleep(pause))

    async def _turn(self) -> None:
        """Start what is due, or wait until something is, or until there is room for it."""
        if self._free < self._handful:
            self._room.clear()
            await self._unless_stopped(self._make_room())
        if not self._free or self._stopping.is_set():
            return
        claims = await self._queue.claim(limit=self._free, lease=self._lease)
        for claim in claims:
            task = asyncio.create_task(self._run(claim))
            self._in_hand[task] = self._leased[id(claim)] = claim
            task.add_done_callback(self._let_go)
        if not claims:
            await self._unless_stopped(self._queue.wait(_LONGEST_PAUSE))

    async def _make_room(self) -> None:
        """Jobs that begin together share their trips to Redis, so a busy worker takes a handful at a time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                await self._room.wait()

    async def _unless_stopped(self, waiting: Coroutine[Any, Any, Any]) -> None:
        """Wait for it, but not after `stop`."""
        tasks = {asyncio.create_task(waiting), asyncio.create_task(self._stopping.wait())}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            # left alone, one could outlive the loop's own last cancelling, or fail with nobody to hear of it
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._leased.pop(id(self._in_hand.pop(task)), None)  # of one that was cancelled before it began
        if self._free >= self._handful:
            self._room.set()

    async def _run(self, claim: Claim) -> None:
        new_request_id()
        log.debug("running %s, attempt %d", claim.job.key, claim.attempt)
        job = claim.job
        about(team=job.team_id, job=job.key, kind=job.kind)
        self._metrics.taken(claim)
        try:
            with self._metrics.runs.one(job.kind, **{"scrm.job": job.key}) as timed:
                timed.outcome = await self._attempt(claim)
            told = {"outcome": timed.outcome, "seconds": round(timed.seconds, 3)}
            log.debug("%s: %s", _name(claim), timed.outcome, extra=told)
        except StoreUnavailableError as error:
            # the job reads before it acts, so that a second run finds what the first has done
            log.warning("%s could not be marked as it ended: its lease must run out: %s", _name(claim), error)

    async def _attempt(self, claim: Claim) -> str:
        """A word for how it ended."""
        try:
            again = await self._do(claim)
        except asyncio.CancelledError:
            log.warning("%s did not end in time and is given back", _name(claim))
            await self._queue.postpone(claim, due=self._clock.now(), failed=True)
            raise
        except Exception as error:  # whatever a job does, the next one must run
            log.exception("%s failed, attempt %d", _name(claim), claim.attempt)
            return await self._failed(claim, error)
        if again is None:
            still_mine = await self._queue.finish(claim)
        else:
            still_mine = await self._queue.postpone(claim, due=again)
        if not still_mine:
            log.warning("%s ended after its lease: someone else has it now", _name(claim))
            return _OVERTAKEN
        return OK if again is None else AGAIN

    async def _do(self, claim: Claim) -> datetime | None:
        """Its lease is renewed as long as it runs; how it ended is said only once, whatever Redis answers."""
        try:
            return await self._handlers[claim.job.kind](claim)
        finally:
            del self._leased[id(claim)]

    async def _failed(self, claim: Claim, error: Exception) -> str:
        """Again later, each time twice as late, until it is given up."""
        if claim.attempt >= self._most_attempts:
            log.error("%s is given up after %d attempts", _name(claim), claim.attempt)
            await self._say_farewell(claim)
            await self._queue.bury(claim, reason=blot(f"{type(error).__name__}: {error}")[:500])
            return _DEAD
        longest = min(_FIRST_RETRY * 2 ** (claim.attempt - 1), _LAST_RETRY)
        delay = longest * (0.5 + self._jitter() / 2)  # so that what failed together does not return together
        await self._queue.postpone(claim, due=self._clock.now() + timedelta(seconds=delay), failed=True)
        return _RETRY

    async def _say_farewell(self, claim: Claim) -> None:
        """Before it is buried, so that a crash in between leads to another try and not to silence."""
        farewell = self._farewells.get(claim.job.kind)
        try:
            if farewell:
                await farewell(claim)
        except Exception:  # it is among the dead at least, where an admin sees it
            log.exception("nobody could be told that %s is given up", _name(claim))

    async def _keep_leases(self) -> None:
        """Renew every claim whose job runs, three times per lease."""
        while True:
            await asyncio.sleep(self._lease / 3)
            held = list(self._leased.values())
            answers = await asyncio.gather(*map(self._renew, held), return_exceptions=True)
            for claim, answer in zip(held, answers, strict=True):
                if answer is not True and id(claim) in self._leased:  # else it has ended meanwhile
                    log.warning("the lease of %s was not renewed: %r", _name(claim), answer)

    async def _renew(self, claim: Claim) -> bool:
        return await self._queue.renew(claim, lease=self._lease)


def _name(claim: Claim) -> str:
    return f"job {claim.job.key} of {claim.job.team_id}"


def _passing(error: Exception) -> bool:
    return isinstance(error, StoreUnavailableError)
