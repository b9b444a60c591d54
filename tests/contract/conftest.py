"""The stores on each backend."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from tests.conftest import RedisServer
from tests.contract.access import with_user
from tests.contract.backends import Backend, InMemory, InRedis, embedded
from tests.contract.servers import Cluster, cluster, say, server

REAL = pytest.param("redis", marks=pytest.mark.redis)
CLUSTER = pytest.param("cluster", marks=pytest.mark.redis)
LIMITED = pytest.param("limited", marks=pytest.mark.redis)


@pytest.fixture(scope="session")
def cluster_of_three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for the session; tests that break clusters start one of their own."""
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture(scope="session")
def limited_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RedisServer, str]]:
    """A server that knows the user of docs/redis.md, and that user's address."""
    with server(tmp_path_factory.mktemp("limited")) as one:
        yield one, with_user(one)


def empty(kind: str, request: pytest.FixtureRequest) -> str:
    """The address of such a Redis, with nothing in it."""
    if kind == "cluster":
        nodes: Cluster = request.getfixturevalue("cluster_of_three")
        for node in nodes.nodes:
            say(node.port, "flushall")
        return nodes.url
    if kind == "limited":
        one, url = request.getfixturevalue("limited_server")
        say(one.port, "flushall")
        return str(url)
    port = request.getfixturevalue("redis_server").port
    say(port, "-n", 9, "flushdb")
    return f"redis://127.0.0.1:{port}/9"


@asynccontextmanager
async def opened(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[InRedis]:
    """The real adapters, on an empty Redis."""
    factory = embedded() if kind == "fakeredis" else clients(parse(empty(kind, request)))
    real = InRedis(factory)
    yield real
    await real.database.close()


@pytest.fixture(params=["fakeredis", REAL])
async def stored(request: pytest.FixtureRequest) -> AsyncIterator[InRedis]:
    async with opened(request.param, request) as real:
        yield real


@pytest.fixture(params=["memory", "fakeredis", REAL, CLUSTER, LIMITED])
async def backend(request: pytest.FixtureRequest) -> AsyncIterator[Backend]:
    """Every implementation of the ports, the fakes of the tests included."""
    if request.param == "memory":
        yield InMemory()
        return
    async with opened(request.param, request) as real:
        yield real
