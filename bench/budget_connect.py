"""Connections that take long, under the real client: what a server sees in a window all the same.

    python -m bench.budget_connect [--windows 4]

Four processes' worth of `Http` and budgets share one redis-server and want all that they can have, as
background work does. In the middle of the run every connection ends, and new ones are made only half a second
later (five of the 60 s window's): whatever took a turn meanwhile leaves at that moment. It runs twice, as it
is, and with turns that last for ever, which shows what would arrive if nobody looked.
"""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from aiohttp.resolver import ThreadedResolver

from bench import servers
from bench.budget_windows import WINDOWS
from scrm_bot.domain.errors import BudgetExhaustedError, ScrmError
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Lane, OnWait, Turn
from scrm_bot.socialcrm.endpoints import GET_PERSONA
from scrm_bot.socialcrm.http import Caller, Http, Timeouts
from scrm_bot.socialcrm.transport import PooledTransport
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.tenancy import SystemClock

LIMIT, WINDOW, PROCESSES, CALLERS = 600, 6.0, 4, 120
HICCUP = WINDOW / 12
CALLER = Caller(Secret("sk_live_" + "a" * 32), "a1b2c3", Lane.BACKGROUND)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@dataclass(slots=True)
class Server:
    """Notes when each request arrives. When it gets `slow` it ends every connection."""

    slow: tuple[float, float]
    port: int = 0
    arrivals: list[float] = field(default_factory=list)
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    def left(self) -> float:
        """Seconds for which it is slow."""
        now = time.monotonic()
        return self.slow[1] - now if self.slow[0] <= now else 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                self.arrivals.append(time.monotonic())
                writer.write(OK)
        self.writers.discard(writer)
        writer.close()

    async def trouble(self) -> None:
        await asyncio.sleep(self.slow[0] - time.monotonic())
        for writer in self.writers:
            writer.close()


class SlowResolver(ThreadedResolver):
    """A name takes as long to look up as a connection takes to be made."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self._server = server

    async def resolve(self, host: str, *args: Any, **options: Any) -> Any:  # noqa: ARG002 - there is but one
        await asyncio.sleep(max(0.0, self._server.left()))
        return await super().resolve("127.0.0.1", *args, **options)


class SlowTransport(PooledTransport):
    def __init__(self, resolver: SlowResolver) -> None:
        super().__init__()
        self._resolver = resolver

    def get_client(self) -> aiohttp.ClientSession:
        session = super().get_client()
        connector: Any = session.connector
        connector._resolver = self._resolver  # noqa: SLF001 - everything else as the product has it
        connector._use_dns_cache = False  # noqa: SLF001
        return session


class Endless:
    """The budget, with turns on which a request may leave whenever it likes."""

    def __init__(self, budget: RedisBudget) -> None:
        self._budget = budget

    async def take(self, fingerprint: str, lane: Lane, *, on_wait: OnWait | None = None) -> Turn:
        turn = await self._budget.take(fingerprint, lane, on_wait=on_wait)
        return replace(turn, until=float("inf"))

    def give_back(self, fingerprint: str, turn: Turn) -> None:
        self._budget.give_back(fingerprint, turn)

    async def refused(self, fingerprint: str, *, retry_in: float | None) -> float:
        return await self._budget.refused(fingerprint, retry_in=retry_in)


@asynccontextmanager
async def processes(server: Server, *, looks: bool) -> AsyncIterator[list[Http]]:
    async with AsyncExitStack() as stack:
        redis = stack.enter_context(servers.redis())
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        stack.callback(listening.close)
        server.port = listening.sockets[0].getsockname()[1]
        made = []
        for _ in range(PROCESSES):
            database = Database(clients(parse(redis)))
            stack.push_async_callback(database.close)
            budget = RedisBudget(database, limit=LIMIT, window=WINDOW)
            http = Http(
                f"http://api.invalid:{server.port}",
                budget=budget if looks else Endless(budget),
                clock=SystemClock(),
                timeouts=Timeouts(),
                transport=SlowTransport(SlowResolver(server)),
            )
            stack.push_async_callback(http.close)
            made.append(http)
        yield made


async def measure(windows: int, *, looks: bool) -> list[float]:
    """When each request arrived, over `windows` windows."""
    began = time.monotonic()
    end = began + windows * WINDOW
    middle = began + WINDOW * windows / 2
    server = Server((middle, middle + HICCUP))

    async def caller(http: Http) -> None:
        while time.monotonic() < end:
            try:
                await http.call(GET_PERSONA, CALLER)
            except BudgetExhaustedError:
                await asyncio.sleep(WINDOW / 60)
            except ScrmError:  # its connection was ended under it: what counts is what arrives
                continue

    async with processes(server, looks=looks) as made:
        await asyncio.gather(server.trouble(), *(caller(made[at % PROCESSES]) for at in range(CALLERS)))
    return sorted(server.arrivals)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--windows", type=int, default=4, help="of 6 s")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    fine = True
    for looks in (True, False):
        arrivals = asyncio.run(measure(options.windows, looks=looks))
        refused = {name: count(arrivals, LIMIT, WINDOW) for name, count in WINDOWS.items()}
        told = "  ".join(f"{name}: {count}" for name, count in refused.items())
        name = "turns end" if looks else "turns last for ever"
        print(f"{name:20} {len(arrivals):5} arrived  {told}", flush=True)
        fine &= not looks or not any(refused.values())
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
