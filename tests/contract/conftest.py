"""The stores on each backend."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from tests.contract.backends import Backend, InMemory, InRedis, embedded

REAL = pytest.param("redis", marks=pytest.mark.redis)


@asynccontextmanager
async def opened(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[InRedis]:
    """The real adapters, on an empty Redis."""
    factory = embedded()
    if kind == "redis":
        port = request.getfixturevalue("redis_server").port
        factory = clients(parse(f"redis://127.0.0.1:{port}/9"))
    real = InRedis(factory)
    await real.database.do("FLUSHDB")
    yield real
    await real.database.close()


@pytest.fixture(params=["fakeredis", REAL])
async def stored(request: pytest.FixtureRequest) -> AsyncIterator[InRedis]:
    async with opened(request.param, request) as real:
        yield real


@pytest.fixture(params=["memory", "fakeredis", REAL])
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    """Every implementation of the ports, the fakes of the tests included."""
    if request.param == "memory":
        yield InMemory()
        return
    async with opened(request.param, request) as real:
        yield real
