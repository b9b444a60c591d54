"""The way to Redis, over clients that answer as they are told."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from anyio.lowlevel import checkpoint
from redis import exceptions
from redis.asyncio import Redis, SSLConnection
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.sentinel import SentinelConnectionPool

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import DEADLINE, LONGEST_WAIT, Call, Client, Database
from scrm_bot.store.deadlines import Deadlines
from scrm_bot.store.scripts import load
from tests.conftest import RedisServer

Answer = Any
TAKE = Call(load("take_once"), ["key"], ["request", 60])


class Scripted:
    """A client that gives the answers it was made with, in turn, and notes what it was asked."""

    def __init__(self, answers: Sequence[Answer] = ()) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[Any, ...]] = []
        self.trips = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.closed = False

    def __call__(self, *, blocking: bool) -> Client:
        return self

    def next(self) -> Answer:
        return self.answers.pop(0) if self.answers else b"OK"

    async def execute_command(self, *args: Any) -> Any:
        self.asked.append(args)
        self.trips += 1
        answer = self.next()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def pipeline(self, transaction: Any = None) -> "ScriptedPipeline":
        return ScriptedPipeline(self)

    async def scan_iter(self, match: Any = None, count: Any = None) -> AsyncIterator[bytes]:
        for answer in self.answers:
            yield answer

    async def aclose(self) -> None:
        self.closed = True


class ScriptedPipeline:
    def __init__(self, client: Scripted) -> None:
        self.client = client
        self.commands: list[tuple[Any, ...]] = []

    def execute_command(self, *args: Any) -> None:
        self.commands.append(args)

    async def execute(self, *, raise_on_error: bool) -> list[Answer]:
        assert not raise_on_error
        await self.client.gate.wait()
        self.client.trips += 1
        self.client.asked += self.commands
        answers = [self.client.next() for _ in self.commands]
        lost = next((each for each in answers if isinstance(each, exceptions.ConnectionError)), None)
        if lost:
            raise lost
        return answers


async def test_what_is_asked_at_once_shares_a_round_trip() -> None:
    client = Scripted([b"1", b"2", b"3"])
    database = Database(client)

    answers = await asyncio.gather(*(database.do("GET", name) for name in "abc"))

    assert answers == [b"1", b"2", b"3"]
    assert client.trips == 1


@pytest.mark.parametrize(("stagger", "trips"), [(0.0, 3), (60.0, 2)])
async def test_beside_a_slow_trip_one_more_leaves_and_the_rest_gathers(stagger: float, trips: int) -> None:
    client = Scripted()
    client.gate.clear()
    database = Database(client, stagger=stagger)
    asking = []
    for name in "abcdef":
        asking.append(asyncio.create_task(database.do("GET", name)))
        for _ in range(3):
            await asyncio.sleep(0)

    client.gate.set()
    await asyncio.gather(*asking)
    await database.close()

    assert client.trips == trips
    assert len(client.asked) == 6


async def test_one_refused_command_does_not_fail_its_neighbours(caplog: pytest.LogCaptureFixture) -> None:
    database = Database(Scripted([exceptions.ResponseError("WRONGTYPE of key"), b"2"]))

    answers = await asyncio.gather(*(database.do("GET", name) for name in "ab"), return_exceptions=True)

    assert isinstance(answers[0], StoreUnavailableError)
    assert answers[1] == b"2"
    assert "WRONGTYPE of key" in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        exceptions.ConnectionError("gone"),
        exceptions.BusyLoadingError("loading"),
        exceptions.ReadOnlyError("replica"),
        exceptions.TimeoutError("slow"),
    ],
)
async def test_redis_being_away_is_one_error_and_no_alarm(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(StoreUnavailableError, match=type(error).__name__):
        await Database(Scripted([error])).do("GET", "a")

    assert not caplog.records


async def test_a_script_redis_forgot_is_sent_whole_and_the_others_are_not_repeated() -> None:
    client = Scripted([b"before", exceptions.NoScriptError("NOSCRIPT"), b"after", 1])
    database = Database(client)

    answers = await database.do_all([("GET", "a"), TAKE, ("GET", "b")])

    assert answers == [b"before", 1, b"after"]
    assert [asked[0] for asked in client.asked] == ["GET", "EVALSHA", "GET", "EVAL"]


async def test_who_gives_up_waiting_leaves_the_others_their_answers() -> None:
    client = Scripted([b"1", b"2"])
    client.gate.clear()
    database = Database(client)
    impatient = asyncio.create_task(database.do("GET", "a"))
    patient = asyncio.create_task(database.do("GET", "b"))
    while not database._flights:
        await checkpoint()

    impatient.cancel()
    client.gate.set()

    assert await patient == b"2"
    assert impatient.cancelled() or impatient.cancelling()


async def test_what_could_not_leave_before_its_deadline_is_never_sent() -> None:
    client = Scripted()
    client.gate.clear()
    database = Database(client, stagger=60.0)
    on_its_way = asyncio.create_task(database.do("SET", "a", 1))
    for _ in range(5):
        await checkpoint()
    assert database._flights

    database._deadlines = Deadlines(0.0)
    with pytest.raises(StoreUnavailableError):
        await database.do("SET", "b", 1)
    client.gate.set()
    await on_its_way
    await database.close()

    assert client.asked == [("SET", "a", 1)]


async def test_each_wait_has_its_own_deadline_although_they_share_a_timer() -> None:
    loop = asyncio.get_running_loop()
    deadlines = Deadlines(0.02)
    first, answered, last = loop.create_future(), loop.create_future(), loop.create_future()
    for wait in (first, answered, last):
        deadlines.begin(wait)
    answered.set_result(b"1")
    deadlines._open[last] += 0.02

    with pytest.raises(TimeoutError):
        await first
    assert not last.done()
    with pytest.raises(TimeoutError):
        await last

    assert await answered == b"1"
    deadlines.end(first)
    again = loop.create_future()
    deadlines.begin(again)
    deadlines.close()
    deadlines.close()
    assert not again.done()


@pytest.mark.redis
@pytest.mark.parametrize("word", [{"no": "word"}, None, "\ud800"])
async def test_what_cannot_be_written_is_told_to_whoever_asked_for_it_alone(
    redis_server: RedisServer, word: Any
) -> None:
    database = Database(clients(parse(redis_server.url)))

    asked = [database.do("SET", "a", 1), database.do("SET", "b", word), database.do("INCR", "a")]
    first, wrong, last = await asyncio.gather(*asked, return_exceptions=True)
    await database.close()

    assert (first, last) == (True, 2)
    assert isinstance(wrong, TypeError | ValueError)


async def test_who_gives_up_before_anything_left_sends_nothing() -> None:
    client = Scripted()
    database = Database(client)
    hasty = asyncio.create_task(database.do("SET", "a", 1))
    await asyncio.sleep(0)

    hasty.cancel()
    await asyncio.gather(hasty, return_exceptions=True)
    await database.do("GET", "b")

    assert client.asked == [("GET", "b")]


class BlackHole:
    """A server that takes connections and never says a word."""

    def __init__(self) -> None:
        self.connections = 0
        self.gone = asyncio.Event()

    async def serve(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await self.gone.wait()
        writer.close()


@pytest.fixture
async def silent() -> AsyncIterator[tuple[BlackHole, Database]]:
    hole = BlackHole()
    server = await asyncio.start_server(hole.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    database = Database(clients(parse(f"redis://127.0.0.1:{port}/0")), deadline=DEADLINE / 50)
    yield hole, database
    hole.gone.set()
    await database.close()
    server.close()


async def test_a_redis_that_never_answers_is_given_up_at_the_deadline(
    silent: tuple[BlackHole, Database],
) -> None:
    hole, database = silent

    async with asyncio.timeout(DEADLINE):  # fifty deadlines
        asked = [database.do("GET", "a"), database.commit(TAKE), database.run(TAKE.script, ["key"], "r", 60)]
        first = await asyncio.gather(*asked, return_exceptions=True)
        second = await asyncio.gather(database.do("GET", "b"), return_exceptions=True)

    assert {type(each) for each in (*first, *second)} == {StoreUnavailableError}
    assert hole.connections >= 1


def with_replicas(*answers: Answer) -> Scripted:
    """A primary with one replica, asked first what it can."""
    info = {b"redis_version": b"7.0.15", "connected_slaves": 1, "aof_enabled": 1}
    return Scripted([info, {b"maxmemory-policy": b"noeviction"}, 0, *answers])


async def test_a_decision_waits_for_a_replica() -> None:
    client = with_replicas(1, 1)
    database = Database(client)

    assert await database.commit(TAKE, ("PING",)) == 1
    assert [asked[0] for asked in client.asked[-3:]] == ["EVALSHA", "WAIT", "PING"]


async def test_a_decision_that_no_replica_has_is_kept_and_told(caplog: pytest.LogCaptureFixture) -> None:
    database = Database(with_replicas(exceptions.NoScriptError("NOSCRIPT"), 0, 1, 0))

    assert await database.commit(TAKE) == 1
    assert "No replica confirmed" in caplog.text


async def test_a_refused_decision_is_an_error() -> None:
    database = Database(with_replicas(exceptions.ReadOnlyError("replica"), 0))

    with pytest.raises(StoreUnavailableError):
        await database.commit(TAKE)


async def test_without_replicas_nothing_is_waited_for_and_redis_is_asked_once() -> None:
    client = Scripted(
        [{}, exceptions.ResponseError("not allowed"), exceptions.ResponseError("unknown"), 1, 1]
    )
    database = Database(client)

    await database.commit(TAKE)
    await database.commit(TAKE)

    assert [asked[0] for asked in client.asked].count("WAIT") == 1
    found = await database.capabilities()
    assert found.missing == ("CONFIG GET", "WAIT")
    assert (found.append_only, found.eviction) == (None, None)


async def test_what_redis_can_do_is_read_from_its_answers() -> None:
    found = await Database(with_replicas()).capabilities()

    assert (found.version, found.replicas, found.append_only) == ("7.0.15", 1, True)
    assert (found.eviction, found.missing) == ("noeviction", ())


async def test_a_clusters_answers_are_those_of_a_node() -> None:
    info = {"10.0.0.1:6379": {"redis_version": "7.2", "aof_enabled": 0, "maxmemory_policy": "allkeys-lru"}}
    client = Scripted([info, exceptions.ResponseError("not allowed"), exceptions.ResponseError("no")])

    found = await Database(client).capabilities()

    assert (found.version, found.append_only, found.eviction) == ("7.2", False, "allkeys-lru")


async def test_asking_a_replica_is_no_answer() -> None:
    database = Database(Scripted([exceptions.ReadOnlyError("replica")]))

    with pytest.raises(StoreUnavailableError):
        await database.ask("INFO")


async def test_waiting_for_an_element_takes_two_seconds_at_most() -> None:
    client = Scripted([None, [b"list", b"7"], exceptions.TimeoutError("slow")])
    database = Database(client)

    assert await database.pop("list", seconds=60) is None
    assert await database.pop("list", seconds=-1) == b"7"
    with pytest.raises(StoreUnavailableError):
        await database.pop("list", seconds=1)
    assert [asked[2] for asked in client.asked] == [2.0, 0.001, 1]


async def test_closing_closes_both_clients() -> None:
    client = Scripted()

    await Database(client).close()

    assert client.closed


def made(url: str, *, blocking: bool = False) -> Any:
    return clients(parse(url))(blocking=blocking)


async def test_one_server_gets_a_pool_that_waits_and_repeats_little() -> None:
    client = made("redis://bot:pw@localhost:1/2").client
    options = client.connection_pool.connection_kwargs

    assert isinstance(client, Redis)
    assert (options["host"], options["port"], options["db"]) == ("localhost", 1, 2)
    assert (options["username"], options["password"]) == ("bot", "pw")
    assert 2 * options["socket_timeout"] < DEADLINE < 3  # two tries, before Slack gives up
    assert options["retry"].get_retries() == 2


async def test_blocking_reads_have_longer_before_they_time_out() -> None:
    client = made("redis://localhost", blocking=True).client

    assert client.connection_pool.connection_kwargs["socket_timeout"] >= LONGEST_WAIT + 1


async def test_tls_is_used_where_the_address_says_so() -> None:
    pool = made("rediss://localhost?ca_certs=/etc/ca.pem").client.connection_pool

    assert issubclass(pool.connection_class, SSLConnection)
    assert pool.connection_kwargs["ssl_ca_certs"] == "/etc/ca.pem"


async def test_a_sentinel_is_asked_for_its_primary() -> None:
    pool = made("rediss+sentinel://:pw@a,b/main/2?sentinel_password=s").client.connection_pool

    assert isinstance(pool, SentinelConnectionPool)
    assert (pool.service_name, pool.connection_kwargs["db"]) == ("main", 2)
    assert pool.sentinel_manager.sentinel_kwargs["password"] == "s"


async def test_a_cluster_is_entered_at_any_of_its_nodes() -> None:
    cluster = made("redis+cluster://a,b:7001").cluster

    assert isinstance(cluster, RedisCluster)
    assert {(node.host, int(node.port)) for node in cluster.nodes_manager.startup_nodes.values()} == {
        ("a", 6379),
        ("b", 7001),
    }
