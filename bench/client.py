"""The typed client against bare httpx and bare aiohttp: 64 calls in flight, an API that takes 50 ms.

Run with `.venv/bin/python bench/client.py [--rounds 3] [--calls 3000]`. The client's figure includes a turn
of the budget from a real Redis and the validation of the answer; the bare ones do nothing with it.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp
import httpx

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench import servers
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Lane
from scrm_bot.socialcrm.client import SocialCRMClient
from scrm_bot.socialcrm.http import Http
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.tenancy import SystemClock

IN_FLIGHT = 64
KEY = "sk_live_" + "a" * 32
PLENTY = 100_000_000  # turns a minute: what is measured is their cost, not the wait for them
Call = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Figure:
    calls_per_second: float
    cpu_us: float


async def reveal() -> tuple[Secret, str]:
    return Secret(KEY), "fingerprint"


async def measure(call: Call, calls: int) -> Figure:
    left = calls

    async def caller() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call()

    await asyncio.gather(*(call() for _ in range(IN_FLIGHT)))  # connections are made before the clock runs
    started, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))
    seconds, spent = time.perf_counter() - started, time.process_time() - cpu
    return Figure(calls / seconds, spent / calls * 1e6)


async def bare_httpx(url: str, calls: int) -> Figure:
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {KEY}"}) as client:
        return await measure(lambda: client.get(f"{url}/posts/post_123"), calls)


async def bare_aiohttp(url: str, calls: int) -> Figure:
    async with aiohttp.ClientSession(headers={"authorization": f"Bearer {KEY}"}) as session:

        async def call() -> bytes:
            async with session.get(f"{url}/posts/post_123") as response:
                return await response.read()

        return await measure(call, calls)


async def typed(url: str, redis_url: str, calls: int) -> Figure:
    database = Database(clients(parse(redis_url)))
    http = Http(url, budget=RedisBudget(database, limit=PLENTY), clock=SystemClock())
    client = SocialCRMClient(http, reveal, Lane.PEOPLE)
    try:
        return await measure(lambda: client.get_post("post_123"), calls)
    finally:
        await http.close()
        await database.close()


def middle(figures: list[Figure]) -> Figure:
    return Figure(median(f.calls_per_second for f in figures), median(f.cpu_us for f in figures))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--calls", type=int, default=3000)
    chosen = options.parse_args()
    figures: dict[str, list[Figure]] = {"httpx, default": [], "aiohttp": [], "the typed client": []}
    with servers.api() as url, servers.redis() as redis_url:
        for _ in range(chosen.rounds):  # in turn, so that a busy machine is busy for all
            figures["httpx, default"].append(asyncio.run(bare_httpx(url, chosen.calls)))
            figures["aiohttp"].append(asyncio.run(bare_aiohttp(url, chosen.calls)))
            figures["the typed client"].append(asyncio.run(typed(url, redis_url, chosen.calls)))
    base, ours = middle(figures["httpx, default"]), middle(figures["the typed client"])
    print(f"{IN_FLIGHT} in flight, {servers.DELAY * 1000:.0f} ms: ideal {IN_FLIGHT / servers.DELAY:.0f}/s")
    for name, rounds in figures.items():
        figure = middle(rounds)
        print(f"{name:18} {figure.calls_per_second:7.0f} calls/s  {figure.cpu_us:6.0f} µs CPU per call")
    faster, cheaper = ours.calls_per_second / base.calls_per_second, ours.cpu_us / base.cpu_us
    print(f"typed / default httpx: {faster:.2f}x calls/s (target 1.60), {cheaper:.2f}x CPU (target 0.45)")
    return 0 if faster >= 1.6 and cheaper <= 0.45 else 1


if __name__ == "__main__":
    sys.exit(main())
