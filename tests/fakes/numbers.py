"""The memory of numbers, in memory."""

from collections.abc import Mapping, Sequence
from datetime import date

from scrm_bot.domain.facts import Facts
from scrm_bot.domain.snapshots import Snapshot


class FakeNumbers:
    def __init__(self) -> None:
        self.days: dict[date, Snapshot] = {}
        self.again: dict[date, Snapshot] = {}
        self.shared: Facts | None = None
        self.is_reading = False

    async def add(self, day: date, snapshot: Snapshot, *, again: bool = False) -> bool:
        kept = self.again if again else self.days
        if day in kept:
            return False
        kept[day] = snapshot
        return True

    async def read(self, days: Sequence[date]) -> Mapping[date, Sequence[Snapshot]]:
        both = {day: [kept[day] for kept in (self.days, self.again) if day in kept] for day in days}
        return {day: found for day, found in both.items() if found}

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
