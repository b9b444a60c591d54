"""A budget without Redis: every turn is free until told otherwise."""

from scrm_bot.ports import Lane


class FakeBudget:
    """Remembers who took a turn and who was refused; `raises` makes every turn fail."""

    def __init__(self, *, raises: Exception | None = None) -> None:
        self.raises = raises
        self.turns: list[tuple[str, Lane]] = []
        self.refusals: list[tuple[str, float | None]] = []

    async def take(self, fingerprint: str, lane: Lane) -> None:
        if self.raises:
            raise self.raises
        self.turns.append((fingerprint, lane))

    async def refused(self, fingerprint: str, *, retry_in: float | None) -> None:
        self.refusals.append((fingerprint, retry_in))
