"""Whether Redis may have forgotten: a restart, a failover, or one that does not tell."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.errors import RecentLapseError
from scrm_bot.store import keys
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.connection import Database
from scrm_bot.store.lapses import RedisLapses
from tests.conftest import RedisServer
from tests.contract.backends import InRedis, embedded
from tests.contract.servers import Cluster, Watched, cluster, server, wait_for, watched
from tests.contract.test_approval_store import CREATED, request
from tests.contract.test_real_redis import opened, own_server
from tests.contract.test_sentinel import again

__all__ = ["own_server"]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def prepared(store: RedisApprovalStore, approval_id: str = "apr_1") -> Approval:
    """A request that may go out, each about a post of its own."""
    added = await store.add(request(approval_id, post_id=f"post of {approval_id}"))
    return await store.save(added.moved(Step.APPROVE))


async def begun(database: Database, settle: timedelta, *, of: str = "apr_1") -> Approval:
    store = RedisApprovalStore(database, "T_ACME")
    return await store.save((await prepared(store, of)).begun(at=CREATED), intent=settle)


async def failed_over(pair: Watched) -> None:
    pair.primary.stop()
    await asyncio.to_thread(wait_for, lambda: pair.leader() == pair.replica.port, "the failover")


async def restarted(made: Cluster, node: int) -> None:
    made.nodes[node].stop()
    made.nodes[node].start()
    await asyncio.to_thread(wait_for, made.is_whole, "the cluster to be whole again")


async def test_where_redis_does_not_tell_nobody_looks() -> None:
    assert await RedisLapses(InRedis(embedded()).database).unseen() == ""


@pytest.mark.redis
async def test_a_restart_is_seen_until_somebody_has_looked_after_it(tmp_path: Path) -> None:
    with server(tmp_path) as one:
        async with opened(one.url) as database:
            lapses = RedisLapses(database)
            await database.do("SADD", keys.CONNECTED, "T2", "T1")
            first = await lapses.unseen()
            await lapses.seen(first)
            assert first
            assert await lapses.unseen() == ""

            one.stop()
            one.start()

            second = await lapses.unseen()
            assert second not in {"", first}
            assert await lapses.unseen() == second
            assert await lapses.scopes() == ["T1", "T2"]
            await lapses.seen(second)
            assert await lapses.unseen() == ""


async def test_where_redis_does_not_tell_an_intent_is_stored_at_once() -> None:
    redis = InRedis(embedded())

    assert (await begun(redis.database, HOUR)).state is State.PUBLISHING
    assert await redis.database.do("EXISTS", keys.history(keys.shard_of("T_ACME"))) == 0


@pytest.mark.redis
async def test_the_first_intent_of_all_need_not_wait_and_is_no_lapse(own_server: RedisServer) -> None:
    async with opened(own_server.url) as database:
        assert (await begun(database, HOUR)).state is State.PUBLISHING
        assert (await begun(database, HOUR, of="apr_2")).state is State.PUBLISHING


@pytest.mark.redis
@pytest.mark.parametrize("looks", [True, False], ids=["a worker looked", "nobody looked"])
async def test_after_a_restart_an_intent_waits_and_nothing_else_does(tmp_path: Path, *, looks: bool) -> None:
    with server(tmp_path, "--appendfsync", "always") as one:
        async with opened(one.url) as database:
            store, lapses = RedisApprovalStore(database, "T_ACME"), RedisLapses(database)
            if looks:
                await lapses.unseen()
            else:
                await begun(database, HOUR, of="apr_0")
            one.stop()
            one.start()
            if looks:
                await lapses.unseen()
            approved = await prepared(store)

            for _ in range(2):
                with pytest.raises(RecentLapseError) as raised:
                    await store.save(approved.begun(at=CREATED), intent=HOUR)
                assert HOUR - MINUTE < timedelta(seconds=raised.value.retry_in) <= HOUR
            assert await store.get("apr_1") == approved

            waiting = await store.save(replace(approved, detail="Queued"))
            sent = await store.save(waiting.begun(at=CREATED), intent=timedelta(microseconds=1))
            assert await store.get("apr_1") == sent


@pytest.mark.redis
async def test_a_redis_whose_clock_was_set_back_makes_nobody_wait_for_longer(own_server: RedisServer) -> None:
    async with opened(own_server.url) as database:
        await begun(database, HOUR, of="apr_0")
        history = keys.history(keys.shard_of("T_ACME"))
        name = (await database.do("GET", history)).partition(b":")[0]
        await database.do("SET", history, name + b":9000000000000000")

        with pytest.raises(RecentLapseError) as raised:
            await begun(database, HOUR)
        assert timedelta(seconds=raised.value.retry_in) <= HOUR
        assert (await begun(database, timedelta(microseconds=1), of="apr_2")).state is State.PUBLISHING


@pytest.mark.redis
async def test_a_failover_that_forgets_an_intent_keeps_the_next_back(tmp_path: Path) -> None:
    with watched(tmp_path) as pair:
        async with opened(pair.url) as database:
            await begun(database, HOUR, of="apr_0")
            await failed_over(pair)
            await again(lambda: database.do("PING"))

            with pytest.raises(RecentLapseError):
                await begun(database, HOUR)


@pytest.mark.redis
async def test_in_a_cluster_an_intent_waits_for_the_node_that_has_it(tmp_path: Path) -> None:
    with cluster(tmp_path) as made:
        async with opened(made.url) as database:
            lapses = RedisLapses(database)
            await lapses.unseen()
            mine = made.owner(keys.history(keys.shard_of("T_ACME")))
            for node in (mine - 1, mine):
                await restarted(made, node)
                await again(lapses.unseen)
                if node != mine:
                    assert (await begun(database, HOUR)).state is State.PUBLISHING

            with pytest.raises(RecentLapseError):
                await begun(database, HOUR, of="apr_2")


@pytest.mark.redis
async def test_a_failover_is_seen(tmp_path: Path) -> None:
    with watched(tmp_path) as pair:
        async with opened(pair.url) as database:
            lapses = RedisLapses(database)
            await lapses.seen(await lapses.unseen())
            assert await lapses.unseen() == ""

            await failed_over(pair)

            await again(lapses.unseen)
            assert await lapses.unseen()


@pytest.mark.redis
async def test_in_a_cluster_the_restart_of_any_node_is_seen(tmp_path: Path) -> None:
    with cluster(tmp_path) as made:
        async with opened(made.url) as database:
            lapses = RedisLapses(database)
            await lapses.seen(await lapses.unseen())
            assert await lapses.unseen() == ""

            await restarted(made, -1)

            assert await lapses.unseen()
