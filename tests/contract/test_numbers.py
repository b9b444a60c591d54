"""The memory of numbers on every backend, and what only the one in Redis promises."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.facts import Facts
from scrm_bot.domain.insights import Account, Metrics, Trend
from scrm_bot.domain.posts import Post
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.domain.snapshots import PostReading, Snapshot, bounded
from scrm_bot.store import keys
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database, Word
from scrm_bot.store.rounds import RedisRounds
from scrm_bot.store.schedules import MOST_POSTED, RedisScheduleStore
from scrm_bot.store.scripts import Script
from scrm_bot.store.snapshots import MOST_BYTES, decoded, encoded
from tests.builders import a_report, an_approval
from tests.conftest import RedisServer
from tests.contract.backends import Backend, InRedis, embedded

AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
DAY = date(2026, 11, 30)
ONE_DAY = timedelta(days=1)
FACTS = Facts(
    AT,
    (Account("acct_1", "x"),),
    (Metrics((("likes", 1.5),), "acct_1"),),
    (Post("post_1", published_at=AT),),
    (PostReading("post_1", AT, (("likes", 1.0),)),),
    (Trend("Tea", 3.0),),
)
NAMES = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.dictionaries(
    NAMES,
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53).map(float),
    max_size=5,
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def a_snapshot(at: datetime = AT, seen: float = 100.0) -> Snapshot:
    reading = PostReading("post_1", at - timedelta(hours=3), (("likes", 7.0), ("engagement_rate", 0.125)))
    accounts = (Metrics((("impressions", seen), ("followers", 5.0)), "acct_1"), Metrics((), "acct_2"))
    return Snapshot(at, accounts, (reading,))


async def test_the_first_numbers_of_a_day_are_kept(backend: Backend) -> None:
    numbers = backend.numbers("T_ACME")

    assert await numbers.add(DAY, a_snapshot())
    assert not await numbers.add(DAY, a_snapshot(seen=200.0))
    assert await numbers.add(DAY + ONE_DAY, a_snapshot(AT + ONE_DAY))

    assert await numbers.read([DAY - ONE_DAY, DAY]) == {DAY: [a_snapshot()]}
    assert await backend.numbers("T_OTHER").read([DAY]) == {}


async def test_a_day_has_a_second_reading_beside_its_first(backend: Backend) -> None:
    numbers, night = backend.numbers("T_ACME"), a_snapshot(AT + timedelta(hours=13), seen=150.0)
    await numbers.add(DAY, a_snapshot())

    assert await numbers.add(DAY, night, again=True)
    assert not await numbers.add(DAY, a_snapshot(seen=200.0), again=True)
    assert await numbers.read([DAY, DAY + ONE_DAY]) == {DAY: [a_snapshot(), night]}


async def test_facts_are_shared_within_a_workspace(backend: Backend) -> None:
    numbers = backend.numbers("T_ACME")
    assert await numbers.facts() is None

    await numbers.share(FACTS, seconds=60)

    assert await numbers.facts() == FACTS
    assert await backend.numbers("T_OTHER").facts() is None


async def test_one_reads_for_all_until_it_ends(backend: Backend) -> None:
    numbers = backend.numbers("T_ACME")

    assert await numbers.begin()
    assert not await numbers.begin()
    assert await backend.numbers("T_OTHER").begin()
    await numbers.end()
    assert await numbers.begin()


# in Redis


@pytest.fixture
async def stored() -> AsyncIterator[InRedis]:
    redis = InRedis(embedded())
    yield redis
    await redis.database.close()


@pytest.mark.redis
async def test_four_hundred_days_are_kept_and_live_as_long_on_a_real_server(tmp_path: Path) -> None:
    server = RedisServer(tmp_path)
    server.start()
    redis = InRedis(clients(parse(server.url)))
    numbers, first = redis.numbers("T_ACME"), DAY - 450 * ONE_DAY
    try:
        for step in range(451):
            assert await numbers.add(first + step * ONE_DAY, a_snapshot(AT + (step - 450) * ONE_DAY))
        kept = await redis.database.do("HKEYS", keys.snapshots("T_ACME"))
        assert len(kept) == keys.SNAPSHOT_MOST == 400
        assert min(kept).decode() == (DAY - 399 * ONE_DAY).isoformat()
        assert await redis.database.do("TTL", keys.snapshots("T_ACME")) > 399 * keys.DAY
        size = await redis.database.do("MEMORY", "USAGE", keys.snapshots("T_ACME"), "SAMPLES", 0)
        assert size < 400 * 400, "a small workspace's year is some 100 kB"
    finally:
        await redis.database.close()
        server.stop()


async def test_days_that_are_too_long_ago_are_forgotten_although_there_is_room(stored: InRedis) -> None:
    numbers = stored.numbers("T_ACME")
    for day in (DAY - 400 * ONE_DAY, DAY - 399 * ONE_DAY, DAY):
        for again in (False, True):
            await numbers.add(day, a_snapshot(), again=again)

    kept = await stored.database.do("HKEYS", keys.snapshots("T_ACME"))
    assert sorted(name.decode() for name in kept) == [
        (DAY - 399 * ONE_DAY).isoformat(),
        f"{(DAY - 399 * ONE_DAY).isoformat()}+",
        DAY.isoformat(),
        f"{DAY.isoformat()}+",
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[]",
        b'{"at":1}',
        b'{"at":1,"m":[],"a":[[]],"p":[]}',
        b'{"at":"x","m":[],"a":[],"p":[]}',
    ],
)
async def test_a_day_that_cannot_be_read_is_a_day_without_numbers(stored: InRedis, body: bytes) -> None:
    await stored.database.do("HSET", keys.snapshots("T_ACME"), DAY.isoformat(), body)

    assert await stored.numbers("T_ACME").read([DAY]) == {}


async def test_facts_of_another_version_are_none(stored: InRedis) -> None:
    await stored.database.do("SET", keys.facts("T_ACME"), b'{"of": "old"}')

    assert await stored.numbers("T_ACME").facts() is None


async def test_a_run_of_another_version_counts_as_sent(
    stored: InRedis, caplog: pytest.LogCaptureFixture
) -> None:
    await stored.database.do("SET", keys.digest_day("T_ACME", "C1", "2026-11-30"), b"f00f")

    assert await stored.schedules("T_ACME").run_of("C1", "2026-11-30") == Run(RunState.TOLD)
    assert "cannot be read" in caplog.text


class Contended(Database):
    """Somebody else is always faster."""

    async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
        return 0


async def test_a_schedule_that_changes_all_the_time_is_given_up() -> None:
    database = Contended(embedded())
    schedules = RedisScheduleStore(database, "T_ACME")
    await schedules.save(DigestSchedule("C1", "09:00", "UTC"))

    with pytest.raises(StoreUnavailableError, match="changes all the time"):
        await schedules.revise("C1", lambda stored: replace(stored, at="10:00"))
    await database.close()


async def test_the_digests_of_a_request_are_bounded_and_go_by_themselves(stored: InRedis) -> None:
    schedules, approval = RedisScheduleStore(stored.database, "T_ACME"), an_approval()
    for number in range(keys.POSTED_MOST + 2):
        await schedules.keep_posted(CardRef("C1", f"{number + 1}.5"), a_report(waiting=(approval,)))
    huge = a_report(workspace="x" * MOST_POSTED, waiting=(approval,))
    await schedules.keep_posted(CardRef("C1", "99.5"), huge)

    found = [at.ts for at, _ in await schedules.posted_with(approval.id)]
    assert found == [f"{number}.5" for number in range(keys.POSTED_MOST + 2, 2, -1)]
    for key in (keys.digests_with("T_ACME", approval.id), keys.posted_digest("T_ACME", "C1", "3.5")):
        assert 0 < await stored.database.do("TTL", key) <= keys.POSTED_LIFE
    await stored.database.do("SET", keys.posted_digest("T_ACME", "C1", "12.5"), "of a later version")
    await stored.database.do("DEL", keys.posted_digest("T_ACME", "C1", "11.5"))
    assert len(await schedules.posted_with(approval.id)) == keys.POSTED_MOST - 2


async def test_each_shard_is_looked_after_by_one_an_hour(stored: InRedis) -> None:
    rounds = RedisRounds(stored.database)
    assert await rounds.take(seconds=60) == []
    teams = [f"T_{number}" for number in range(200)]
    await stored.database.do("SADD", keys.CONNECTED, *teams)

    assert await rounds.take(seconds=60) == sorted(teams)
    assert await rounds.take(seconds=60) == []
    await stored.database.do("DEL", keys.digest_round(keys.shard_of("T_7")))
    assert "T_7" in await rounds.take(seconds=60)
    assert await stored.database.do("TTL", keys.digest_round(keys.shard_of("T_7"))) > 0


# what is written


@given(
    MOMENTS,
    st.lists(st.tuples(NAMES, VALUES), max_size=6),
    st.lists(st.tuples(NAMES, MOMENTS, VALUES), max_size=6, unique_by=lambda post: post[1:2]),
)
def test_what_is_written_is_read_back(
    at: datetime,
    accounts: list[tuple[str, dict[str, float]]],
    posts: list[tuple[str, datetime, dict[str, float]]],
) -> None:
    snapshot = bounded(
        Snapshot(
            at,
            tuple(Metrics(tuple(values.items()), name) for name, values in accounts),
            tuple(PostReading(name, when, tuple(values.items())) for name, when, values in posts),
        )
    )

    read = decoded(encoded(snapshot))
    assert read.at == at
    assert [(row.account_id, dict(row.values)) for row in read.accounts] == [
        (row.account_id, dict(row.values)) for row in snapshot.accounts
    ]
    assert [(post.post_id, post.published_at, dict(post.values)) for post in read.posts] == [
        (post.post_id, post.published_at, dict(post.values)) for post in snapshot.posts
    ]


@pytest.mark.parametrize("length", [20, 2000])
def test_however_large_a_workspace_is_its_day_stays_small(length: int) -> None:
    names = [f"metric_{number}" for number in range(40)]
    values = tuple((name, 123_456_789.25) for name in names)
    snapshot = Snapshot(
        AT,
        tuple(Metrics(values, f"{number:0{length}}") for number in range(300)),
        tuple(PostReading(f"{number:0{length}}", AT, values) for number in range(300)),
    )

    body = encoded(snapshot)
    assert len(body) <= MOST_BYTES
    assert decoded(body).accounts


def test_an_ordinary_day_takes_few_bytes() -> None:
    names = ("followers", "impressions", "reach", "engagements", "clicks")
    values = tuple((name, 1_234_567.0) for name in names)
    rows = tuple(Metrics(values, f"acct_{number}") for number in range(4))
    posts = tuple(PostReading(f"post_{number}", AT, values) for number in range(5))

    assert len(encoded(Snapshot(AT, rows, posts))) < 700
