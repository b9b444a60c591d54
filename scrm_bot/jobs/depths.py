"""Looks now and then at how much work there is, so that nobody who asks for metrics makes Redis count."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Protocol

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.jobs.metrics import Depth, JobMetrics

log = logging.getLogger(__name__)

EVERY = 15.0  # seconds


class Queues(Protocol):
    def depth(self) -> Awaitable[Depth]:
        """Raises `StoreUnavailableError`."""


class Depths:
    """Runs until it is cancelled."""

    def __init__(self, queues: Queues, metrics: JobMetrics) -> None:
        self._queues = queues
        self._metrics = metrics

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        try:
            self._metrics.depth = await self._queues.depth()
        except StoreUnavailableError as error:
            self._metrics.depth = None  # an old number would look as if all were well
            log.warning("nobody knows how much work there is: %s", error)
