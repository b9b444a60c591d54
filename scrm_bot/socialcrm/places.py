"""How many calls of one key may be under way in this process, so that no workspace takes every connection."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from scrm_bot.ports import Lane

MOST: Mapping[Lane, int] = {Lane.PEOPLE: 64, Lane.BACKGROUND: 16}


@dataclass(slots=True)
class _Room:
    free: asyncio.Semaphore
    users: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """A place is taken before a turn is: a turn that waits for a connection would be wasted."""

    most: Mapping[Lane, int] = field(default_factory=lambda: MOST)
    _rooms: dict[tuple[str, Lane], _Room] = field(default_factory=dict)

    @asynccontextmanager
    async def one(self, fingerprint: str, lane: Lane) -> AsyncIterator[None]:
        """Wait for a place of this key and lane, and hold it."""
        key = fingerprint, lane
        room = self._rooms.setdefault(key, _Room(asyncio.Semaphore(self.most[lane])))
        room.users += 1
        try:
            async with room.free:
                yield
        finally:
            room.users -= 1
            if not room.users:
                del self._rooms[key]
