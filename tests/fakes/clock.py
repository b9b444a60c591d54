"""A clock that only moves when it is told to."""

from datetime import UTC, datetime, timedelta

from anyio.lowlevel import checkpoint

START = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


class FixedClock:
    """Says `START` until it is set or advanced. Sleeping takes no time: it moves the clock."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float = 0.0, **parts: float) -> datetime:
        """Move by seconds, or by any of timedelta's parts: `advance(hours=2)`."""
        self.at += timedelta(seconds=seconds, **parts)
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(max(seconds, 0.0))
        await checkpoint()
