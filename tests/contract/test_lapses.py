"""Whether Redis may have forgotten: a restart, a failover, or one that does not tell."""

import asyncio
from pathlib import Path

import pytest

from scrm_bot.store import keys
from scrm_bot.store.lapses import RedisLapses
from tests.contract.backends import InRedis, embedded
from tests.contract.servers import cluster, server, wait_for, watched
from tests.contract.test_real_redis import opened


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


@pytest.mark.redis
async def test_a_failover_is_seen(tmp_path: Path) -> None:
    with watched(tmp_path) as pair:
        async with opened(pair.url) as database:
            lapses = RedisLapses(database)
            await lapses.seen(await lapses.unseen())
            assert await lapses.unseen() == ""

            pair.primary.stop()
            await asyncio.to_thread(wait_for, lambda: pair.leader() == pair.replica.port, "the failover")

            assert await lapses.unseen()


@pytest.mark.redis
async def test_in_a_cluster_the_restart_of_any_node_is_seen(tmp_path: Path) -> None:
    with cluster(tmp_path) as made:
        async with opened(made.url) as database:
            lapses = RedisLapses(database)
            await lapses.seen(await lapses.unseen())
            assert await lapses.unseen() == ""

            made.nodes[-1].stop()
            made.nodes[-1].start()
            await asyncio.to_thread(wait_for, made.is_whole, "the cluster to be whole again")

            assert await lapses.unseen()
