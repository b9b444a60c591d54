"""One timer for all who wait equally long: asyncio's timeouts set one each, three times a delivery."""

import asyncio
from typing import Any


class Deadlines:
    """Ends each wait after `seconds` with a `TimeoutError`, unless it has ended by itself."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # each until when, on the loop's clock; the oldest first
        self._open: dict[asyncio.Future[Any], float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, wait: asyncio.Future[Any]) -> None:
        loop = wait.get_loop()
        self._open[wait] = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._sweep)

    def end(self, wait: asyncio.Future[Any]) -> None:
        self._open.pop(wait, None)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now, self._timer = loop.time(), None
        for wait, until in self._open.items():
            if until > now:
                self._timer = loop.call_at(until, self._sweep)
                return
            if not wait.done():
                wait.set_exception(TimeoutError())
