"""How many calls of one key may be under way in this process, so that no workspace takes every connection."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from scrm_bot.domain.errors import BudgetExhaustedError
from scrm_bot.ports import Lane

MOST: Mapping[Lane, int] = {Lane.PEOPLE: 64, Lane.BACKGROUND: 16}
LONGEST: Mapping[Lane, float] = {Lane.PEOPLE: 20.0, Lane.BACKGROUND: 120.0}  # seconds somebody waits for one
_SOON = 1.0


@dataclass(slots=True)
class _Room:
    free: asyncio.Semaphore
    users: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """A turn that waits for a place would be wasted, and who waits for a turn needs no place yet."""

    most: Mapping[Lane, int] = field(default_factory=lambda: MOST)
    longest: Mapping[Lane, float] = field(default_factory=lambda: LONGEST)
    _rooms: dict[tuple[str, Lane], _Room] = field(default_factory=dict)

    def is_full(self, fingerprint: str, lane: Lane) -> bool:
        """Whether whoever wants a place of this key and lane has to wait for it."""
        room = self._rooms.get((fingerprint, lane))
        return room is not None and room.free.locked()

    @asynccontextmanager
    async def one(self, fingerprint: str, lane: Lane) -> AsyncIterator[None]:
        """Wait for a place of this key and lane, and hold it. Raises `BudgetExhaustedError`."""
        key = fingerprint, lane
        room = self._rooms.setdefault(key, _Room(asyncio.Semaphore(self.most[lane])))
        room.users += 1
        try:
            try:
                async with asyncio.timeout(self.longest[lane]):
                    await room.free.acquire()
            except TimeoutError:
                raise BudgetExhaustedError(retry_in=_SOON) from None
            try:
                yield
            finally:
                room.free.release()
        finally:
            room.users -= 1
            if not room.users:
                del self._rooms[key]
