"""The memory of numbers, in memory."""

from collections.abc import Mapping, Sequence
from datetime import date

from scrm_bot.domain.facts import Facts
from scrm_bot.domain.snapshots import Snapshot


class FakeNumbers:
    def __init__(self) -> None:
        self.days: dict[date, Snapshot] = {}
        self.shared: Facts | None = None
        self.is_reading = False

    async def add(self, day: date, snapshot: Snapshot) -> bool:
        if day in self.days:
            return False
        self.days[day] = snapshot
        return True

    async def read(self, days: Sequence[date]) -> Mapping[date, Snapshot]:
        return {day: self.days[day] for day in days if day in self.days}

    async def facts(self) -> Facts | None:
        return self.shared

    async def share(self, facts: Facts, *, seconds: int) -> None:
        self.shared = facts

    async def begin(self) -> bool:
        if self.is_reading:
            return False
        self.is_reading = True
        return True

    async def end(self) -> None:
        self.is_reading = False
