"""Says once that somebody's request waits for its turn, instead of silence."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

Start = Callable[[Coroutine[Any, Any, None]], None]
"""Runs something to its end, tracked."""


class QueueNote:
    """The `OnWait` of one deed: the first wait is told, whatever else waits after it."""

    def __init__(self, tell: Callable[[float], Awaitable[bool]], start: Start) -> None:
        self._tell = tell
        self._start = start
        self._told: asyncio.Future[bool] | None = None
        self._replaced = False

    def __call__(self, seconds: float) -> None:
        if self._told is None:
            self._told = asyncio.get_running_loop().create_future()
            self._start(self._say(seconds, self._told))

    async def settled(self) -> bool:
        """Whether the answer can take the note's place, the first time. Waits for one that is on its way."""
        stands = await self._told if self._told else False
        replaces, self._replaced = stands and not self._replaced, stands
        return replaces

    async def _say(self, seconds: float, told: asyncio.Future[bool]) -> None:
        shown = False
        try:
            shown = await self._tell(seconds)
        finally:
            told.set_result(shown)
