"""One worker process of `bench/jobs.py`: it notes each job it begins and ends in a file that outlives it."""

import asyncio
import json
import logging
import os
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

import uvloop

from bench.jobs_rivals import QUEUES

READY, BEGAN, ENDED = "ready", "began", "ended"


@dataclass(frozen=True, slots=True)
class Order:
    """What a process is told. Jobs that `hang` never end. `start` is on the clock that processes share."""

    queue: str
    redis: str
    record: str
    lease: float
    hang: bool = False
    start: float = 0.0


class Record:
    """A line for each event: one write, appended, so that nothing is lost when the process is killed."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(self, what: str, number: int) -> None:
        os.write(self._file, f"{what} {number} {time.monotonic():.6f}\n".encode())


async def run(order: Order) -> None:
    record = Record(order.record)

    async def do(number: int) -> None:
        if order.hang:
            record.note(BEGAN, number)
            await asyncio.Event().wait()
        record.note(ENDED, number)

    async with AsyncExitStack() as stack:
        queue = await QUEUES[order.queue].open(stack, order.redis, order.lease, do)
        record.note(READY, os.getpid())
        await asyncio.sleep(max(0.0, order.start - time.monotonic()))
        await queue.work()


def main() -> None:
    logging.disable(logging.INFO)
    uvloop.run(run(Order(**json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
