"""One of the four processes of `bench/budget.py`: people and background work, twice what the key allows."""

import asyncio
import json
import random
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field, replace

from bench.budget_rivals import BUDGETS, MissingError, Take
from scrm_bot.domain.errors import BudgetExhaustedError
from scrm_bot.ports import Lane
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database

PROCESSES = 4
DEMAND = 2.0  # times the limit, over all processes
PEOPLE = 0.1  # times the limit
MOST_WAITING = 200


@dataclass(frozen=True, slots=True)
class Order:
    """What a process is told. `start` and `end` are on the clock that all processes share.

    With a `crowd` that many people come at the start, and nobody else.
    """

    budget: str
    redis: str
    port: int
    limit: int
    window: float
    start: float
    end: float
    seed: int
    crowd: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What it saw between `start` + one window and `end`; waits of people in seconds."""

    granted: int
    waits: list[float]
    problem: str = ""
    astray: list[float] = field(default_factory=list)  # seconds by which a crowd's waits were not as told
    refused: list[float] = field(default_factory=list)  # seconds after which one of it was sent away


class Load:
    def __init__(self, order: Order, take: Take, writer: asyncio.StreamWriter) -> None:
        self._order = order
        self._take = take
        self._writer = writer
        self._waiting = 0
        self.granted = 0
        self.waits: list[float] = []

    async def arrive(self, lane: Lane, share: float) -> None:
        """Callers who come at random, `share` of the limit between the processes."""
        order, dice = self._order, random.Random(f"{self._order.seed} {lane}")
        each = order.window / (order.limit * share / PROCESSES)
        due = order.start
        async with asyncio.TaskGroup() as calls:
            while due < order.end:
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                if lane is Lane.PEOPLE or self._waiting < MOST_WAITING:
                    calls.create_task(self._call(lane))
                due += dice.expovariate(1 / each)

    async def _call(self, lane: Lane) -> None:
        began = time.monotonic()
        self._waiting += 1
        try:
            async with asyncio.timeout(self._order.end - began):
                taken = await self._take(lane)
        except TimeoutError:
            taken = False
        self._waiting -= 1
        now = time.monotonic()
        if taken:
            self._writer.write(b"request\n")
        if began < self._order.start + self._order.window:
            return
        self.granted += taken
        if lane is Lane.PEOPLE:
            self.waits.append(now - began)


async def run(order: Order) -> Told:
    async with AsyncExitStack() as stack:
        try:
            take = await BUDGETS[order.budget](stack, order.redis, order.limit, order.window)
        except MissingError as error:
            return Told(0, [], str(error))
        reader, writer = await asyncio.open_connection("127.0.0.1", order.port)
        drain = asyncio.create_task(reader.read())
        load = Load(order, take, writer)
        background, people = DEMAND - PEOPLE, PEOPLE
        await asyncio.gather(load.arrive(Lane.BACKGROUND, background), load.arrive(Lane.PEOPLE, people))
        writer.write_eof()
        await drain  # the server has read everything
        writer.close()
        return Told(load.granted, load.waits)


async def come_at_once(order: Order) -> Told:
    """People only, more than there are turns for in the time that a person waits."""
    database = Database(clients(parse(order.redis)))
    budget, told = RedisBudget(database, limit=order.limit, window=order.window), Told(0, [])
    granted = 0

    async def person() -> None:
        nonlocal granted
        expected = list[float]()
        try:
            await budget.take("crowd", Lane.PEOPLE, on_wait=lambda wait: expected.append(clock() + wait))
        except BudgetExhaustedError:
            told.refused.append(clock() - order.start)
            return
        granted += 1
        told.waits.append(clock() - order.start)
        told.astray.extend(abs(clock() - at) for at in expected)

    clock = time.monotonic
    await asyncio.sleep(order.start - clock())
    await asyncio.gather(*(person() for _ in range(order.crowd)))
    await database.close()
    return replace(told, granted=granted)


def main() -> None:
    order = Order(**json.loads(sys.argv[1]))
    print(json.dumps(asdict(asyncio.run(come_at_once(order) if order.crowd else run(order)))))


if __name__ == "__main__":
    main()
