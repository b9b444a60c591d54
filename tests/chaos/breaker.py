"""What breaks in a storm: everything once in random order, then at random."""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.chaos.checks import SENDING, refusing
from tests.chaos.house import House

AHEAD = 20  # things that may be broken before the requests they are meant for have ended
PARTS = ("web", "worker", "worker2")
KILL_POINTS = {
    "before-recorded": 1,
    "recorded": 2,
    "approved": 3,
    "before-intent": 4,
    "intent": 5,
    "half-sent": 6,
    "answered": 10,
    "before-outcome": 10,
    "outcome": 11,
    "asks-a-person": 11,
    "card-shows-outcome": 12,
}


@dataclass(slots=True, repr=False)
class Breaker:
    """`counts` says what was broken, `points` which of the 23 points that was."""

    house: House
    random: Random
    counts: Counter[str] = field(default_factory=Counter)
    points: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    ended: int = 0
    over: bool = False

    async def until(self, broken: int) -> None:
        """Return when that many things have been broken, or nothing more will be."""
        while self.broken < broken and not self.over:
            await self.house.slack.space.hub.changed(0.1)

    async def keep(self, part: str) -> None:
        """Start a part again whenever it has ended."""
        while True:
            await self.house.processes[part].wait()
            self.counts["processes started again"] += 1
            await self.house.start(part)

    async def rage(self, times: int, *, requests: int) -> None:
        """Break so many things while so many requests are lived through, however fast the machine is."""
        deeds = self._deeds()
        order = self.random.sample(deeds, len(deeds))
        try:
            for number in range(times):
                for _ in range(self.random.randint(1, 12)):
                    await self.house.slack.space.hub.changed(0.2)
                while number > AHEAD and number - AHEAD > self.ended * times // requests:
                    await self.house.slack.space.hub.changed(0.2)
                await (order[number] if number < len(order) else self.random.choice(deeds))()
                self.broken += 1
        finally:
            self.over = True

    def end(self) -> None:
        """Nothing breaks any more."""
        house = self.house
        house.strikes.disarm()
        house.shift_clock(0)
        for part in PARTS:
            with suppress(ProcessLookupError):
                house.processes[part].send_signal(signal.SIGCONT)
        for point, times in house.strikes.struck().items():
            self.points[KILL_POINTS[point]] += times
            self.counts["killed at a point"] += times

    def _deeds(self) -> list[Callable[[], Awaitable[None]]]:
        armed = [self._arming(point) for point in KILL_POINTS]
        kills = [self._killing(part, signal.SIGKILL) for part in PARTS]
        terms = [self._killing(part, signal.SIGTERM) for part in PARTS[1:]]
        faults = [
            self._fault("drop", 7),
            self._fault("drop_after", 9),
            self._fault("delay", 8, seconds=1.4),
            self._fault("429", 22, seconds=1),
        ]
        return [*armed, *kills, *terms, *faults, self._freeze, self._restart_redis, self._shift, self._mute]

    def _arming(self, point: str) -> Callable[[], Awaitable[None]]:
        async def arm() -> None:
            self.house.strikes.arm(point)

        return arm

    def _killing(self, part: str, number: signal.Signals) -> Callable[[], Awaitable[None]]:
        async def kill() -> None:
            process = self.house.processes[part]
            if process.returncode is None:
                process.send_signal(number)
                self.counts[number.name] += 1
                self.points[21] += number is signal.SIGTERM

        return kill

    def _fault(self, kind: str, point: int, *, seconds: float = 0.0) -> Callable[[], Awaitable[None]]:
        async def fault() -> None:
            self.house.sandbox.faults.add(kind, method="POST", path=SENDING, seconds=seconds)
            self.counts[f"API: {kind}"] += 1
            self.points[point] += 1

        return fault

    async def _freeze(self) -> None:
        """Longer than its lease."""
        process = self.house.processes["worker2"]
        if process.returncode is None:
            process.send_signal(signal.SIGSTOP)
            self.counts["SIGSTOP"] += 1
            self.points[13] += 1
            await asyncio.sleep(1.5)
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)

    async def _restart_redis(self) -> None:
        self.house.redis.stop()
        await asyncio.to_thread(self.house.redis.start)
        self.counts["Redis killed"] += 1
        self.points[14] += 1

    async def _shift(self) -> None:
        self.house.shift_clock(self.random.uniform(-0.8, 0.8))
        self.points[20] += 1

    async def _mute(self) -> None:
        """Slack takes no updates for a while."""
        self.counts["Slack mute"] += 1
        with refusing("chat.update", "internal_error") as refused:
            await asyncio.sleep(1.0)
        self.points[23] += len(refused)
