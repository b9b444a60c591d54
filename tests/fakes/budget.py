"""A budget without Redis: every turn is free until told otherwise."""

from math import inf

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.limits import BudgetState
from scrm_bot.ports import Lane, OnWait, Turn


class FakeBudget:
    """Remembers who took a turn and who was refused; `raises` makes every turn fail, `waits` is told of.

    `until` are the turns, counted from one, that are over at some time. A refusal pauses for `pause` at
    least, and fails where it `forgets`.
    """

    def __init__(self, *, raises: Exception | None = None, waits: float | None = None) -> None:
        self.raises = raises
        self.waits = waits
        self.until: dict[int, float] = {}
        self.stands = BudgetState()
        self.pause = 0.0
        self.forgets = False
        self.turns: list[tuple[str, Lane]] = []
        self.given_back: list[tuple[str, int]] = []
        self.refusals: list[tuple[str, float | None]] = []

    async def take(self, fingerprint: str, lane: Lane, *, on_wait: OnWait | None = None) -> Turn:
        if self.raises:
            raise self.raises
        if on_wait and self.waits is not None:
            on_wait(self.waits)
        self.turns.append((fingerprint, lane))
        name = len(self.turns)
        return Turn(name, self.until.get(name, inf))

    def give_back(self, fingerprint: str, turn: Turn) -> None:
        self.given_back.append((fingerprint, turn.name))

    async def refused(self, fingerprint: str, *, retry_in: float | None) -> float:
        self.refusals.append((fingerprint, retry_in))
        if self.forgets:
            raise StoreUnavailableError("gone")
        return max(retry_in or 0.0, self.pause)

    async def state(self, fingerprint: str) -> BudgetState:
        if self.raises:
            raise self.raises
        return self.stands
