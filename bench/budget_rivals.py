"""One way to take a turn for each budget that `bench/budget.py` compares.

The libraries are used as their documentation shows: try, and when refused wait as long as the library says.
None of them knows lanes, so a person waits in the same queue as everybody else.
"""

import asyncio
import importlib
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis

from scrm_bot.domain.errors import BudgetExhaustedError
from scrm_bot.ports import Lane
from scrm_bot.store.address import parse
from scrm_bot.store.budget import RedisBudget
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database

KEY = "a1b2c3"
Take = Callable[[Lane], Awaitable[bool]]
Open = Callable[[AsyncExitStack, str, int, float], Awaitable[Take]]


class MissingError(Exception):
    """A library that is not installed; the message says how to get it."""


def library(name: str, package: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingError(f"not measured: {package} is not installed (pip install {package})") from error


async def ours(stack: AsyncExitStack, url: str, limit: int, window: float) -> Take:
    database = Database(clients(parse(url)))
    stack.push_async_callback(database.close)
    budget = RedisBudget(database, limit=limit, window=window)

    async def take(lane: Lane) -> bool:
        try:
            await budget.take(KEY, lane)
        except BudgetExhaustedError:
            return False
        return True

    return take


async def limits_moving(stack: AsyncExitStack, url: str, limit: int, window: float) -> Take:
    return await _limits(stack, url, limit, window, "MovingWindowRateLimiter")


async def limits_counter(stack: AsyncExitStack, url: str, limit: int, window: float) -> Take:
    return await _limits(stack, url, limit, window, "SlidingWindowCounterRateLimiter")


async def limits_fixed(stack: AsyncExitStack, url: str, limit: int, window: float) -> Take:
    return await _limits(stack, url, limit, window, "FixedWindowRateLimiter")


async def _limits(stack: AsyncExitStack, url: str, limit: int, window: float, strategy: str) -> Take:
    limits = library("limits", "limits")
    aio = library("limits.aio", "limits")
    storage = aio.storage.RedisStorage(f"async+{url}", implementation="redispy", connection_pool=_pool(url))
    stack.push_async_callback(storage.bridge.storage.aclose)
    limiter = getattr(aio.strategies, strategy)(storage)
    item = limits.RateLimitItemPerSecond(limit, round(window))

    async def take(_: Lane) -> bool:
        while not await limiter.hit(item, KEY):
            stats = await limiter.get_window_stats(item, KEY)
            await asyncio.sleep(max(0.001, stats.reset_time - time.time()))
        return True

    return take


async def pyrate(stack: AsyncExitStack, url: str, limit: int, window: float) -> Take:
    library_of = library("pyrate_limiter", "pyrate-limiter")
    redis = Redis(connection_pool=_pool(url))
    stack.push_async_callback(redis.aclose)
    rate = library_of.Rate(limit, round(window * 1000))
    limiter = library_of.Limiter(await library_of.RedisBucket.init([rate], redis, KEY))
    stack.callback(limiter.close)

    async def take(_: Lane) -> bool:
        return bool(await limiter.try_acquire_async(KEY))

    return take


async def throttled(stack: AsyncExitStack, url: str, limit: int, window: float) -> Take:
    """GCRA, given the burst of 30 and the pace that are safe."""
    library_of = library("throttled.asyncio", "throttled-py")
    burst = limit // 20
    quota = library_of.rate_limiter.per_duration(timedelta(seconds=window), limit - burst, burst=burst)
    pool = {"max_connections": 64, "timeout": None}
    options = {
        "CONNECTION_POOL_CLASS": "redis.asyncio.BlockingConnectionPool",
        "CONNECTION_POOL_KWARGS": pool,
    }
    store = library_of.store.RedisStore(server=url, options=options)
    limiter = library_of.Throttled(key=KEY, using="gcra", quota=quota, store=store, timeout=10 * window)
    del stack  # it has no way to close its client

    async def take(_: Lane) -> bool:
        return not (await limiter.limit()).limited

    return take


def _pool(url: str) -> BlockingConnectionPool:
    return BlockingConnectionPool.from_url(url, max_connections=64, timeout=None)


BUDGETS: dict[str, Open] = {
    "scrm-bot": ours,
    "limits, moving window": limits_moving,
    "limits, sliding counter": limits_counter,
    "limits, fixed window": limits_fixed,
    "pyrate-limiter": pyrate,
    "throttled-py, GCRA": throttled,
}
