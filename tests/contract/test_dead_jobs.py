"""Jobs that were given up, and putting them back, on every backend."""

import json
from datetime import datetime

import pytest

from scrm_bot.domain.jobs import DeadJob, Job, JobKind
from scrm_bot.store import keys
from scrm_bot.store.records import written
from tests.contract.backends import Backend, InRedis, claim_next

SAME_SHARD = next(f"T{n}" for n in range(10_000) if keys.shard_of(f"T{n}") == keys.shard_of("T_ACME"))


async def given_up(backend: Backend, key: str, *, team_id: str = "T_ACME", **args: str) -> DeadJob:
    job = Job(JobKind.RENDER, key, team_id, backend.now(), args)
    await backend.jobs(team_id).put(job)
    (claim,) = await claim_next(backend.work)
    assert await backend.work.bury(claim, reason=f"no hope for {key}")
    return next(dead for dead in await backend.jobs(team_id).dead() if dead.job == job)


async def test_what_was_given_up_is_listed_with_its_reason(backend: Backend) -> None:
    before = backend.now()

    dead = await given_up(backend, "render:apr_1", approval="apr_1")

    assert list(await backend.jobs("T_ACME").dead()) == [dead]
    assert (dead.job.args, dead.reason, dead.attempts) == (
        {"approval": "apr_1"},
        "no hope for render:apr_1",
        1,
    )
    assert abs((dead.at - before).total_seconds()) < 60


async def test_a_job_that_is_put_back_runs_from_its_first_attempt_on(backend: Backend) -> None:
    dead = await given_up(backend, "render:apr_1", approval="apr_1")

    assert await backend.jobs("T_ACME").revive(dead, due=backend.now())
    (claim,) = await claim_next(backend.work)

    assert (claim.job.key, claim.job.args, claim.attempt) == (dead.job.key, dead.job.args, 1)
    assert list(await backend.jobs("T_ACME").dead()) == []


async def test_a_job_is_put_back_once(backend: Backend) -> None:
    dead = await given_up(backend, "render:apr_1")
    queue = backend.jobs("T_ACME")

    assert await queue.revive(dead, due=backend.now())
    assert not await queue.revive(dead, due=backend.now())


async def test_of_two_with_one_key_the_one_that_is_meant_is_put_back(backend: Backend) -> None:
    first = await given_up(backend, "render:apr_1", round="1")
    second = await given_up(backend, "render:apr_1", round="2")

    assert await backend.jobs("T_ACME").revive(first, due=backend.now())

    assert list(await backend.jobs("T_ACME").dead()) == [second]


async def test_teams_do_not_see_each_others_dead_jobs(backend: Backend) -> None:
    dead = await given_up(backend, "render:apr_1")
    other = backend.jobs(SAME_SHARD)

    assert list(await other.dead()) == []
    assert not await other.revive(dead, due=backend.now())


@pytest.mark.parametrize(
    "kept",
    [
        '{"team_id": "T_ACME", "reason": "unreadable", "body": "garbage"}',
        '{"reason": "of another version", "attempt": 10, "job": {"kind": "unheard_of"}}',
    ],
)
async def test_a_dead_record_that_nobody_can_read_is_left_out(stored: InRedis, kept: str) -> None:
    at = datetime.now().astimezone().timestamp() * 1000
    await stored.database.do("ZADD", keys.dead(keys.shard_of("T_ACME")), at, kept)

    assert list(await stored.jobs("T_ACME").dead()) == []
    assert await stored.work.given_up(5) == []


async def test_one_teams_failures_do_not_push_out_anothers(stored: InRedis) -> None:
    mine, where = await given_up(stored, "act:apr_1"), keys.dead(keys.shard_of("T_ACME"))
    for number in range(1, keys.DEAD_MOST):
        job = Job(JobKind.RENDER, str(number), SAME_SHARD, stored.now())
        kept = json.dumps({"reason": "no", "attempt": 10, "job": json.loads(written(job))})
        await stored.database.do("ZADD", where, mine.at.timestamp() * 1000 + number, kept)

    last = await given_up(stored, "act:apr_2")
    left = {json.loads(kept)["job"]["key"] for kept in await stored.database.do("ZRANGE", where, 0, -1)}

    assert {dead.id for dead in await stored.jobs("T_ACME").dead()} == {mine.id, last.id}
    assert len(left) == keys.DEAD_MOST
    assert "1" not in left, "the oldest of the team with the most"
