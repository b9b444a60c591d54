"""The quota's refusals and Slack's pace, on an embedded and a real Redis."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import fakeredis
import pytest
from redis.asyncio import Redis

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.limits import BudgetState
from scrm_bot.domain.workspaces import Secret
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.limits import RedisLimits
from scrm_bot.store.pace import RedisPace
from tests.builders import a_connection
from tests.fakes.budget import FakeBudget
from tests.fakes.stores import FakeKeyVault

if TYPE_CHECKING:
    from tests.conftest import RedisServer

TEAM = "T1"
THEN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
PLACE = "post:C1"


@pytest.fixture(params=["fakeredis", "redis"])
async def redis(request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    if request.param == "fakeredis":
        client: Redis = fakeredis.FakeAsyncRedis()
    else:
        server: RedisServer = request.getfixturevalue("redis_server")
        client = Redis.from_url(server.url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def database(redis: Redis) -> Database:
    return Database(lambda *, blocking: redis)


def some_limits(database: Database) -> RedisLimits:
    budget, vault = FakeBudget(), FakeKeyVault()
    budget.stands = BudgetState(used=7)
    vault.key, vault.known = Secret("sk_live_" + "a" * 32), a_connection()
    return RedisLimits(database, budget, vault, TEAM)


async def test_a_quota_that_refused_is_remembered_by_action(database: Database, redis: Redis) -> None:
    limits = some_limits(database)
    before = await limits.state()

    await limits.quota_refused("POST /ai/rewrite", at=THEN)

    assert (before.budget.used, before.quota) == (7, {})
    assert (await limits.state()).quota == {"POST /ai/rewrite": THEN}
    assert 0 < await redis.ttl(keys.quota(TEAM)) <= keys.QUOTA_LIFE


async def test_a_refusal_that_cannot_be_noted_stops_nothing() -> None:
    nowhere = Redis.from_url("redis://127.0.0.1:1/0")
    limits = some_limits(Database(lambda *, blocking: nowhere))

    await limits.quota_refused("POST /ai/rewrite", at=THEN)

    with pytest.raises(StoreUnavailableError):
        await limits.state()
    await nowhere.aclose()


async def test_processes_take_turns_in_one_place(database: Database) -> None:
    one, other = RedisPace(database), RedisPace(database)

    waits = [await (one, other)[n % 2].turn(TEAM, PLACE, every=10.0, burst=3) for n in range(5)]

    assert waits[:3] == [0, 0, 0]
    assert waits[3:] == [pytest.approx(10, abs=1), pytest.approx(20, abs=1)]


async def test_other_places_and_teams_do_not_wait(database: Database) -> None:
    pace = RedisPace(database)
    await pace.turn(TEAM, PLACE, every=10.0, burst=1)

    waits = [
        await pace.turn(team, place, every=10.0, burst=1) for team, place in ((TEAM, "x"), ("T2", PLACE))
    ]

    assert waits == [0, 0]


async def test_what_slack_asks_for_is_kept_by_all(database: Database) -> None:
    await RedisPace(database).hold(TEAM, PLACE, every=1.0, burst=3, seconds=30.0)

    waits = [await RedisPace(database).turn(TEAM, PLACE, every=1.0, burst=3) for _ in range(2)]

    assert waits == [pytest.approx(30, abs=1), pytest.approx(31, abs=1)]


async def test_a_turn_is_forgotten_when_it_is_over(database: Database, redis: Redis) -> None:
    await RedisPace(database).turn(TEAM, PLACE, every=10.0, burst=3)

    assert 9_000 < await redis.pttl(keys.pace(TEAM, PLACE)) <= 11_000


async def test_a_pause_of_a_quarter_of_an_hour_is_kept_as_well(database: Database) -> None:
    pace = RedisPace(database)
    await pace.hold(TEAM, PLACE, every=1.0, burst=3, seconds=900.0)

    waits = [await pace.turn(TEAM, PLACE, every=1.0, burst=3, within=0.0) for _ in range(2)]

    assert waits == [pytest.approx(900, abs=1)] * 2


async def test_turns_taken_for_longer_than_ten_minutes_are_kept(database: Database) -> None:
    pace = RedisPace(database)

    waits = [await pace.turn(TEAM, PLACE, every=500.0, burst=1) for _ in range(4)]

    assert waits == [0, *(pytest.approx(each, abs=1) for each in (500, 1000, 1500))]


async def ahead(redis: Redis, seconds: float) -> str:
    """What Redis' clock will say then, in us."""
    now, micro = await redis.time()
    return str(int((now + seconds) * 1e6) + micro)


async def test_a_clock_that_went_back_makes_nobody_wait_for_as_long_as_it_went(
    database: Database, redis: Redis
) -> None:
    hour = 3600.0
    key = keys.pace(TEAM, PLACE)
    await redis.set(key, f"{await ahead(redis, hour + 30)}:{await ahead(redis, hour)}")  # 30 s were left

    waits = [await RedisPace(database).turn(TEAM, PLACE, every=1.0, burst=1, within=most) for most in (2, 60)]

    assert waits == [pytest.approx(30, abs=1)] * 2
    _, seen = str(await redis.get(key), "ascii").split(":")  # type: ignore[arg-type]
    assert float(seen) < float(await ahead(redis, 1))


async def test_what_an_earlier_version_wrote_is_understood(database: Database, redis: Redis) -> None:
    await redis.set(keys.pace(TEAM, PLACE), await ahead(redis, 30))

    assert await RedisPace(database).turn(TEAM, PLACE, every=1.0, burst=1) == pytest.approx(30, abs=1)
