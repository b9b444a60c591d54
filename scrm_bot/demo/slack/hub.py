"""What just happened, told to everyone who watches: pages, the driver, tests."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from scrm_bot.demo.slack.wire import Json

KEPT = 5000


@dataclass(frozen=True, slots=True)
class Notice:
    seq: int
    type: str
    audience: frozenset[str] | None
    fields: Json

    def to_ui(self) -> Json:
        return {"seq": self.seq, "type": self.type, **self.fields}

    def is_for(self, user: str) -> bool:
        return self.audience is None or user in self.audience


@dataclass(slots=True)
class Hub:
    seq: int = 0
    _log: deque[Notice] = field(default_factory=lambda: deque(maxlen=KEPT))
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def publish(self, kind: str, audience: frozenset[str] | None, /, **fields: object) -> None:
        self.seq += 1
        self._log.append(Notice(self.seq, kind, audience, fields))
        self._wake.set()
        self._wake = asyncio.Event()

    def missed(self, user: str, since: int) -> list[Notice]:
        return [notice for notice in self._log if notice.seq > since and notice.is_for(user)]

    async def changed(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109  # a heartbeat, not a cancellation
        """Wait for the next notice of any kind; False when the time is over first."""
        try:
            await asyncio.wait_for(self._wake.wait(), timeout)
        except TimeoutError:
            return False
        return True

    async def stream(self, user: str, *, since: int, heartbeat: float) -> AsyncIterator[Notice | None]:
        """The person's notices after `since`; None when nothing happened for a while."""
        seen = since
        while True:
            fresh = self.missed(user, seen)
            seen = max(seen, self.seq)
            for notice in fresh:
                yield notice
            if not fresh and not await self.changed(heartbeat):
                yield None
