"""The due index, on every backend."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.store.jobs import wake_up
from tests.contract.backends import Backend, claim_next


def job(key: str, due: datetime, *, team_id: str = "T_ACME", **args: str) -> Job:
    return Job(JobKind.ACT, key, team_id, due, args)


async def test_a_job_put_is_claimed_with_everything_it_was_put_with(backend: Backend) -> None:
    put = job("act:apr_1", backend.now(), approval="apr_1", text="ünïcode ✓")

    await backend.jobs("T_ACME").put(put)
    (claim,) = await claim_next(backend.work)

    assert claim.job == put
    assert claim.attempt == 1


async def test_a_job_is_not_claimed_before_it_is_due(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("later", backend.now() + timedelta(hours=1)))

    assert await backend.work.claim(limit=10, lease=60) == []


async def test_a_job_that_is_due_soon_is_waited_for_and_not_for_the_next_round(backend: Backend) -> None:
    due = backend.now() + timedelta(milliseconds=300)
    await backend.jobs("T_ACME").put(job("undo", due))

    await claim_next(backend.work)

    assert due <= backend.now() < due + timedelta(seconds=1.5)


async def test_a_claimed_job_is_nobody_elses(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now()))
    await claim_next(backend.work)

    assert await backend.work.claim(limit=10, lease=60) == []


async def test_a_job_whose_lease_ran_out_is_claimed_again_as_the_next_attempt(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now()))
    await claim_next(backend.work, lease=0.05)

    (again,) = await claim_next(backend.work)

    assert again.attempt == 2


async def test_a_stale_claim_can_change_nothing(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now()))
    (stale,) = await claim_next(backend.work, lease=0.05)
    (current,) = await claim_next(backend.work)

    assert not await backend.work.renew(stale, lease=60)
    assert not await backend.work.finish(stale)
    assert not await backend.work.postpone(stale, due=backend.now())
    assert not await backend.work.bury(stale, reason="lost")
    assert await backend.work.finish(current)


async def test_a_claim_from_an_earlier_life_of_the_job_is_stale_too(backend: Backend) -> None:
    due = backend.now()
    queue = backend.jobs("T_ACME")
    await queue.put(job("one", due))
    (old,) = await claim_next(backend.work, lease=0.05)
    (second,) = await claim_next(backend.work)
    await backend.work.finish(second)
    await queue.put(job("one", due))
    (new,) = await claim_next(backend.work, lease=61)

    assert old.attempt == new.attempt
    assert not await backend.work.finish(old)
    assert await backend.work.finish(new)


async def test_a_renewed_lease_holds_longer(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now()))
    (claim,) = await claim_next(backend.work, lease=0.2)

    assert await backend.work.renew(claim, lease=60)
    await backend.jobs("T_ACME").put(job("other", backend.now() + timedelta(seconds=0.3)))
    claims = await claim_next(backend.work)

    assert [each.job.key for each in claims] == ["other"]


async def test_a_finished_job_is_gone_and_may_be_finished_twice(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now()))
    (claim,) = await claim_next(backend.work, lease=0.05)

    assert await backend.work.finish(claim)
    assert await backend.work.finish(claim)
    await backend.work.wait(0.1)
    assert await backend.work.claim(limit=10, lease=60) == []


async def test_a_job_given_up_is_gone_and_may_be_given_up_twice(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now()))
    (claim,) = await claim_next(backend.work, lease=0.05)

    assert await backend.work.bury(claim, reason="no hope")
    assert await backend.work.bury(claim, reason="no hope")
    await backend.work.wait(0.1)
    assert await backend.work.claim(limit=10, lease=60) == []


async def test_a_failed_attempt_counts_and_a_planned_return_does_not(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now()))
    (first,) = await claim_next(backend.work)

    assert await backend.work.postpone(first, due=backend.now(), failed=True)
    (second,) = await claim_next(backend.work)
    assert await backend.work.postpone(second, due=backend.now())
    (third,) = await claim_next(backend.work)

    assert [first.attempt, second.attempt, third.attempt] == [1, 2, 1]


async def test_putting_a_job_again_moves_it(backend: Backend) -> None:
    queue = backend.jobs("T_ACME")
    await queue.put(job("one", backend.now(), round="1"))
    await queue.put(job("one", backend.now() + timedelta(hours=1), round="2"))
    assert await backend.work.claim(limit=10, lease=60) == []

    await queue.put(job("one", backend.now(), round="3"))
    (claim,) = await claim_next(backend.work)

    assert claim.job.args == {"round": "3"}


async def test_a_job_put_while_it_runs_runs_once_more_and_is_not_taken_from_its_holder(
    backend: Backend,
) -> None:
    queue = backend.jobs("T_ACME")
    await queue.put(job("card", backend.now(), round="1"))
    (running,) = await claim_next(backend.work)

    await queue.put(job("card", backend.now(), round="2"))
    assert await backend.work.claim(limit=10, lease=60) == []
    assert await backend.work.renew(running, lease=60)
    assert await backend.work.finish(running)
    (following,) = await claim_next(backend.work)

    assert (following.job.args, following.attempt) == ({"round": "2"}, 1)
    assert await backend.work.finish(following)
    assert await backend.work.claim(limit=10, lease=60) == []


async def test_a_job_put_while_it_runs_goes_before_its_own_postponement(backend: Backend) -> None:
    queue = backend.jobs("T_ACME")
    await queue.put(job("card", backend.now(), round="1"))
    (running,) = await claim_next(backend.work)
    await queue.put(job("card", backend.now(), round="2"))

    assert await backend.work.postpone(running, due=backend.now() + timedelta(hours=1))
    (following,) = await claim_next(backend.work)

    assert following.job.args == {"round": "2"}


async def test_when_the_holder_is_lost_its_job_runs_before_the_one_put_meanwhile(backend: Backend) -> None:
    queue = backend.jobs("T_ACME")
    await queue.put(job("digest", backend.now(), day="monday"))
    await claim_next(backend.work, lease=0.05)
    await queue.put(job("digest", backend.now() + timedelta(hours=24), day="tuesday"))

    (again,) = await claim_next(backend.work)

    assert (again.job.args, again.attempt) == ({"day": "monday"}, 2)
    assert await backend.work.finish(again)
    assert await backend.work.claim(limit=10, lease=60) == []


async def test_a_cancelled_job_does_not_run_and_its_holder_may_not_go_on(backend: Backend) -> None:
    queue = backend.jobs("T_ACME")
    await queue.put(job("waiting", backend.now() + timedelta(hours=1)), job("running", backend.now()))
    (running,) = await claim_next(backend.work, lease=0.05)

    await queue.cancel("waiting")
    await queue.cancel("running")

    assert not await backend.work.renew(running, lease=60)
    assert not await backend.work.postpone(running, due=backend.now())
    await backend.work.wait(0.1)
    assert await backend.work.claim(limit=10, lease=60) == []


async def test_no_more_than_the_limit_is_claimed(backend: Backend) -> None:
    for team in range(20):
        queue = backend.jobs(f"T{team}")
        await queue.put(*(job(f"job{n}", backend.now(), team_id=f"T{team}") for n in range(3)))

    first = await claim_next(backend.work, limit=7)
    second = await claim_next(backend.work, limit=60)

    assert len(first) == 7
    assert 0 < len(second) <= 53
    assert not {(c.job.team_id, c.job.key) for c in first} & {(c.job.team_id, c.job.key) for c in second}


async def test_what_is_accepted_is_claimed_by_the_one_who_accepted_it(backend: Backend) -> None:
    click = Job(JobKind.INTERACTION, "int_1", "T_ACME", backend.now(), {"sealed": "c2VhbGVk"})

    claim = await backend.work.accept(click, dedupe="trigger_1", lease=60)

    assert claim
    assert (claim.job, claim.attempt) == (click, 1)
    assert await backend.work.claim(limit=10, lease=60) == []
    assert await backend.work.finish(claim)


async def test_a_delivery_that_comes_twice_is_accepted_once_in_each_team(backend: Backend) -> None:
    acme = Job(JobKind.INTERACTION, "int_1", "T_ACME", backend.now())
    other = Job(JobKind.INTERACTION, "int_1", "T_OTHER", backend.now())

    assert await backend.work.accept(acme, dedupe="Ev1", lease=60)
    assert await backend.work.accept(acme, dedupe="Ev1", lease=60) is None
    assert await backend.work.accept(other, dedupe="Ev1", lease=60)


async def test_what_was_accepted_and_left_lying_is_claimed_by_another(backend: Backend) -> None:
    click = Job(JobKind.INTERACTION, "int_1", "T_ACME", backend.now(), {"sealed": "c2VhbGVk"})
    await backend.work.accept(click, dedupe="trigger_1", lease=0.05)

    (claim,) = await claim_next(backend.work)

    assert (claim.job, claim.attempt) == (click, 2)


async def test_what_is_withdrawn_is_done_by_nobody_and_not_accepted_when_it_comes_again(
    backend: Backend,
) -> None:
    click = Job(JobKind.INTERACTION, "int_1", "T_ACME", backend.now(), {"sealed": "c2VhbGVk"})
    await backend.work.accept(click, dedupe="trigger_1", lease=0.05)

    assert await backend.work.withdraw(click, dedupe="trigger_1")
    assert await backend.work.withdraw(click, dedupe="trigger_1"), "its answer may be lost as well"

    assert not await backend.jobs("T_ACME").has("int_1")
    assert await backend.work.accept(click, dedupe="trigger_1", lease=60) is None


async def test_what_is_withdrawn_before_it_arrives_is_not_accepted_any_more(backend: Backend) -> None:
    click = Job(JobKind.INTERACTION, "int_1", "T_ACME", backend.now(), {"sealed": "c2VhbGVk"})

    assert await backend.work.withdraw(click, dedupe="trigger_1")

    assert await backend.work.accept(click, dedupe="trigger_1", lease=60) is None
    assert not await backend.jobs("T_ACME").has("int_1")


async def test_what_somebody_else_has_or_has_done_is_not_withdrawn(backend: Backend) -> None:
    click = Job(JobKind.INTERACTION, "int_1", "T_ACME", backend.now(), {"sealed": "c2VhbGVk"})
    await backend.work.accept(click, dedupe="trigger_1", lease=0.05)
    (claim,) = await claim_next(backend.work)

    assert not await backend.work.withdraw(click, dedupe="trigger_1")
    assert await backend.work.renew(claim, lease=60)

    await backend.work.finish(claim)
    assert not await backend.work.withdraw(click, dedupe="trigger_1")


async def test_what_was_accepted_from_another_delivery_of_it_is_not_withdrawn(backend: Backend) -> None:
    first = Job(JobKind.INTERACTION, "int_1", "T_ACME", backend.now(), {"sealed": "Zmlyc3Q="})
    second = replace(first, args={"sealed": "c2Vjb25k"})
    claim = await backend.work.accept(first, dedupe="trigger_1", lease=60)

    assert not await backend.work.withdraw(second, dedupe="trigger_1")

    assert claim
    assert await backend.work.renew(claim, lease=60)


async def test_teams_do_not_share_names_of_jobs(backend: Backend) -> None:
    await backend.jobs("T_ACME").put(job("one", backend.now(), whose="acme"))
    await backend.jobs("T_OTHER").put(job("one", backend.now(), team_id="T_OTHER", whose="other"))

    await backend.jobs("T_OTHER").cancel("one")
    (claim,) = await claim_next(backend.work)

    assert claim.job.args == {"whose": "acme"}


async def test_a_team_cannot_put_work_into_another(backend: Backend) -> None:
    with pytest.raises((ValueError, AssertionError)):
        await backend.jobs("T_ACME").put(job("one", backend.now(), team_id="T_OTHER"))


async def test_putting_nothing_is_fine(backend: Backend) -> None:
    await backend.jobs("T_ACME").put()

    assert await backend.work.claim(limit=10, lease=60) == []


def test_only_a_job_that_is_due_soon_wakes_a_worker() -> None:
    now = datetime.now(UTC)

    assert wake_up("T_ACME", [job("tomorrow", now + timedelta(days=1))]) == ()
    assert wake_up("T_ACME", [job("tomorrow", now + timedelta(days=1)), job("now", now)])
