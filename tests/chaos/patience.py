"""How long people wait in a storm: as long as anybody gets on, so that a busy machine only takes longer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

LEAST = 90.0  # seconds in which nobody has got on
TRIPS = 3  # and as many times as long as the longest way to an end so far


@dataclass(slots=True)
class Patience:
    """Shared by all: whoever comes to an end has the others wait on."""

    longest: float = 0.0
    waiting: set[asyncio.Timeout] = field(default_factory=set)

    def __str__(self) -> str:
        return f"nobody got on for {self.seconds:.0f} s"

    @property
    def seconds(self) -> float:
        return max(LEAST, TRIPS * self.longest)

    @asynccontextmanager
    async def lasting(self) -> AsyncIterator[None]:
        """Raises `TimeoutError` when nobody has got on for too long."""
        now = asyncio.get_running_loop().time
        began = now()
        async with asyncio.timeout(self.seconds) as limit:
            self.waiting.add(limit)
            try:
                yield
            finally:
                self.waiting.discard(limit)
        self.longest = max(self.longest, now() - began)
        for other in self.waiting:
            if not other.expired():
                other.reschedule(now() + self.seconds)
