"""The counting server of `bench/budget.py`, in a process of its own: it notes when each request arrived."""

import asyncio
import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

LATE = 0.2  # the share of arrivals that are late, where they are


class Counter:
    """Takes lines, answers each with the same line. `lateness` and `delay` are seconds at the most."""

    def __init__(self, *, lateness: float, delay: float) -> None:
        self.arrivals: list[float] = []
        self._lateness = lateness
        self._delay = delay
        self._dice = random.Random(4)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        await self._read(loop, reader, writer)
        loop.call_later(self._lateness + self._delay + 0.1, writer.close)

    async def _read(
        self, loop: asyncio.AbstractEventLoop, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while line := await reader.readline():
            late = self._dice.uniform(0, self._lateness) if self._dice.random() < LATE else 0.0
            self.arrivals.append(time.monotonic() + late)
            loop.call_later(late + self._dice.uniform(0, self._delay), _answer, writer, line)


def _answer(writer: asyncio.StreamWriter, line: bytes) -> None:
    if not writer.is_closing():  # the process may have ended meanwhile
        writer.write(line)


async def _serve(told: Connection, lateness: float, delay: float) -> None:
    counter = Counter(lateness=lateness, delay=delay)
    server = await asyncio.start_server(counter.serve, "127.0.0.1", 0)
    told.send(server.sockets[0].getsockname()[1])
    await asyncio.get_running_loop().run_in_executor(None, told.recv)
    told.send(counter.arrivals)


def _run(told: Connection, lateness: float, delay: float) -> None:
    asyncio.run(_serve(told, lateness, delay))


class Server:
    """The port of a running counter; `arrivals` ends it."""

    def __init__(self, told: Connection) -> None:
        self._told = told
        self.port: int = told.recv()

    def arrivals(self) -> list[float]:
        """When each request arrived, by the clock that all processes share."""
        self._told.send("enough")
        return sorted(self._told.recv())


@contextmanager
def counting(*, lateness: float, delay: float) -> Iterator[Server]:
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_run, args=(theirs, lateness, delay), daemon=True)
    process.start()
    try:
        yield Server(ours)
    finally:
        process.kill()
        process.join()
