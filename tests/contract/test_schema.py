"""The number of the layout: who may run, and migrations that made-up ones show to be safe."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.locks import RedisLocks
from scrm_bot.store.schema import (
    FIRST,
    LOCK,
    MIGRATIONS,
    Migration,
    Schema,
    SchemaGuard,
    examine,
    newer,
    watch,
)
from tests.contract.backends import InRedis
from tests.fakes.clock import FixedClock
from tests.unit.store.test_connection import Scripted, with_replicas


@dataclass(slots=True)
class MadeUp:
    """Turns `one` into `two`, and `two` into `three`; it can be told to fail after some keys."""

    allowed: int = 10_000
    changed: list[str] = field(default_factory=list)

    def migrations(self) -> Sequence[Migration]:
        return (
            Migration(2, "one becomes two", "scrm:thing:*", self.from_to(b"one", b"two")),
            Migration(3, "two becomes three", "scrm:thing:*", self.from_to(b"two", b"three")),
        )

    def from_to(self, before: bytes, after: bytes) -> Callable[[Database, str], Awaitable[None]]:
        async def change(database: Database, key: str) -> None:
            if await database.do("GET", key) != before:
                return
            if len(self.changed) >= self.allowed:
                raise StoreUnavailableError("Redis went")
            await database.do("SET", key, after)
            self.changed.append(key)

        return change


async def things(stored: InRedis, count: int) -> list[str]:
    names = [f"scrm:thing:{number}" for number in range(count)]
    await asyncio.gather(*(stored.database.do("SET", name, "one") for name in names))
    return names


async def contents(stored: InRedis, names: Sequence[str]) -> set[bytes]:
    return {await stored.database.do("GET", name) for name in names}


def refuse(told: str) -> None:
    raise AssertionError(told)


async def test_a_redis_without_a_number_has_the_first_and_gets_it_written(stored: InRedis) -> None:
    schema = Schema(stored.database)

    assert await schema.stored() == FIRST
    assert await schema.migrate()
    assert await schema.stored() == schema.known == max([FIRST, *(each.number for each in MIGRATIONS)])


def test_migrations_are_numbered_one_after_the_other() -> None:
    assert [each.number for each in MIGRATIONS] == [FIRST + 1 + at for at in range(len(MIGRATIONS))]


async def test_migrations_run_in_order_and_once(stored: InRedis) -> None:
    names, made = await things(stored, 450), MadeUp()
    schema = Schema(stored.database, made.migrations())

    assert await schema.migrate()
    assert await schema.migrate()

    assert await contents(stored, names) == {b"three"}
    assert await schema.stored() == 3
    assert sorted(made.changed) == sorted(names * 2)


async def test_one_that_was_broken_off_goes_on_and_changes_nothing_twice(stored: InRedis) -> None:
    names, made = await things(stored, 30), MadeUp(allowed=40)
    schema = Schema(stored.database, made.migrations())
    with pytest.raises(StoreUnavailableError):
        await schema.migrate()
    assert await schema.stored() == 2

    made.allowed = 10_000
    assert await schema.migrate()

    assert await contents(stored, names) == {b"three"}
    assert sorted(made.changed) == sorted(names * 2)


async def test_only_one_process_migrates_and_the_others_see_when_it_is_done(stored: InRedis) -> None:
    names, made = await things(stored, 3), MadeUp()
    schema = Schema(stored.database, made.migrations())
    async with RedisLocks(stored.database).hold(LOCK) as mine:
        assert mine
        assert not await schema.migrate()
        assert await contents(stored, names) == {b"one"}

    await watch(schema, FixedClock(), refuse=refuse)
    await watch(schema, FixedClock(), refuse=refuse)

    assert await contents(stored, names) == {b"three"}


async def test_who_finds_the_lock_taken_looks_again(stored: InRedis) -> None:
    made = MadeUp()
    schema = Schema(stored.database, made.migrations())
    released = asyncio.Event()

    class Clock:
        async def sleep(self, seconds: float) -> None:
            released.set()
            await holding

    async def hold() -> None:
        async with RedisLocks(stored.database).hold(LOCK):
            await released.wait()

    holding = asyncio.create_task(hold())
    while not await stored.database.do("EXISTS", keys.lock(LOCK)):
        continue

    await watch(schema, Clock(), refuse=refuse)

    assert await schema.stored() == 3


async def test_a_newer_redis_is_refused_and_left_alone(stored: InRedis) -> None:
    await stored.database.do("SET", keys.SCHEMA, 7)
    told: list[str] = []

    await watch(Schema(stored.database), FixedClock(), refuse=told.append)

    assert told == [newer(7, Schema(stored.database).known)]
    assert "a newer scrm-bot" in told[0]
    assert await stored.database.do("GET", keys.SCHEMA) == b"7"


async def test_a_process_that_is_too_old_is_told_why_at_once(stored: InRedis) -> None:
    await stored.database.do("SET", keys.SCHEMA, 7)
    guard = SchemaGuard(Schema(stored.database), FixedClock())

    assert "schema 7" in await guard.begin(stop=never)
    await guard.close()


async def test_a_process_that_is_new_enough_runs_and_writes_the_number(stored: InRedis) -> None:
    guard = SchemaGuard(Schema(stored.database), FixedClock())

    assert await guard.begin(stop=never) == ""
    await guard.close()

    assert await stored.database.do("GET", keys.SCHEMA) == b"1"


async def test_a_process_that_learns_later_that_it_is_too_old_stops(caplog: pytest.LogCaptureFixture) -> None:
    stopped = asyncio.Event()
    guard = SchemaGuard(Schema(Database(Scripted([ConnectionError("gone"), b"7"]))), FixedClock())

    assert await guard.begin(stop=stopped.set) == ""
    await stopped.wait()
    await guard.close()

    assert "a newer scrm-bot" in caplog.text


def never() -> None:
    raise AssertionError("it need not stop")


async def test_a_redis_that_is_away_is_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    answers = [ConnectionError("gone"), b"1"]

    await watch(Schema(Database(Scripted(answers))), FixedClock(), refuse=refuse)

    assert "its schema is not known yet" in caplog.text


async def test_a_migration_that_fails_is_tried_again_and_told(
    stored: InRedis, caplog: pytest.LogCaptureFixture
) -> None:
    failures = [ValueError("a record nobody foresaw")]

    async def change(database: Database, key: str) -> None:
        if failures:
            raise failures.pop()

    await things(stored, 1)
    schema = Schema(stored.database, [Migration(2, "fails once", "scrm:thing:*", change)])

    await watch(schema, FixedClock(), refuse=refuse)

    assert await schema.stored() == 2
    assert "a migration failed" in caplog.text


async def test_what_makes_a_redis_unfit_is_said_loudly(caplog: pytest.LogCaptureFixture) -> None:
    info = {"redis_version": "6.0.16", "connected_slaves": 0, "aof_enabled": 0}
    unfit = Scripted([info, {b"maxmemory-policy": b"allkeys-lru"}, 0])

    await examine(Database(unfit))
    await examine(Database(with_replicas()))

    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    for word in ("6.0.16 is too old", "appendonly yes", "allkeys-lru"):
        assert word in caplog.text
