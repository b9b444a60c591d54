"""Which job does what, and in whose lane."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import ApprovalNotFoundError
from scrm_bot.domain.hours import ALWAYS
from scrm_bot.domain.jobs import Claim, Job, JobKind, LostJob
from scrm_bot.domain.remarks import Remark
from scrm_bot.jobs.table import farewells, table, while_there
from scrm_bot.ports import Lane, OnWait, Workspace
from scrm_bot.usecases import planning
from scrm_bot.usecases.outcomes import Timing
from tests.builders import (
    ADMIN,
    NOW,
    TEAM,
    a_card_ref,
    a_connection,
    a_digest_schedule,
    a_policy,
    an_approval,
    an_approved,
    metrics,
)
from tests.fakes.workspace import Fakes, some_fakes


class Lanes:
    """Workspaces that remember in which lane they were opened."""

    def __init__(self) -> None:
        self.fakes = some_fakes()
        self.opened: list[tuple[str, Lane]] = []

    def open(
        self,
        team_id: str,
        *,
        brand: str = "",
        lane: Lane = Lane.PEOPLE,
        on_wait: OnWait | None = None,
        deed: str = "",
    ) -> Workspace:
        self.opened.append((team_id, lane))
        return self.fakes.workspace


def a_claim(kind: JobKind, **args: str) -> Claim:
    return Claim(Job(kind, f"{kind}:x", TEAM, NOW, args), 1, NOW + timedelta(minutes=1))


@pytest.fixture
def lanes() -> Lanes:
    return Lanes()


@pytest.fixture
def fakes(lanes: Lanes) -> Fakes:
    return lanes.fakes


def test_every_job_but_what_the_surface_does_has_its_handler(lanes: Lanes) -> None:
    assert set(table(lanes, Timing())) == set(JobKind) - {JobKind.INTERACTION, JobKind.HOME, JobKind.PURGE}


async def test_an_approved_post_goes_out_in_the_lane_of_people(lanes: Lanes, fakes: Fakes) -> None:
    await fakes.approvals.add(an_approved(card=a_card_ref()))

    again = await table(lanes, Timing())[JobKind.ACT](a_claim(JobKind.ACT, approval="apr_1"))

    assert again is None
    assert fakes.socialcrm.sent == [("publish", "post_123")]
    assert lanes.opened == [(TEAM, Lane.PEOPLE)]


@pytest.mark.parametrize(("attempt", "drawn"), [(1, []), (2, [State.UNKNOWN])])
async def test_what_the_run_before_may_not_have_shown_is_shown(
    lanes: Lanes, fakes: Fakes, attempt: int, drawn: list[State]
) -> None:
    waits = an_approved(state=State.UNKNOWN, needs_person=True, act_at=NOW, card=a_card_ref())
    await fakes.approvals.add(waits)
    claim = replace(a_claim(JobKind.ACT, approval="apr_1"), attempt=attempt)

    await table(lanes, Timing())[JobKind.ACT](claim)

    assert fakes.announcer.states == drawn


async def test_a_scheduled_post_is_followed_in_the_background(lanes: Lanes, fakes: Fakes) -> None:
    at = fakes.clock.now() - timedelta(minutes=1)
    await fakes.approvals.add(an_approved(at=at, state=State.SCHEDULED, card=a_card_ref()))
    fakes.socialcrm.change("post_123", status="published", published_at=at)

    await table(lanes, Timing())[JobKind.FOLLOW](a_claim(JobKind.FOLLOW, approval="apr_1"))

    assert fakes.approvals.approvals["apr_1"].state is State.PUBLISHED
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]


async def test_a_card_is_brought_up_to_date_in_the_lane_of_people(lanes: Lanes, fakes: Fakes) -> None:
    await fakes.approvals.add(an_approved(card=a_card_ref()))

    await table(lanes, Timing())[JobKind.RENDER](a_claim(JobKind.RENDER, approval="apr_1"))

    assert fakes.announcer.states == [State.APPROVED]
    assert lanes.opened == [(TEAM, Lane.PEOPLE)]


async def test_an_approver_is_reminded_in_the_background(lanes: Lanes, fakes: Fakes) -> None:
    policy = a_policy(remind_hours=2, working_hours=ALWAYS)
    await fakes.approvals.add(an_approval(policy=policy, card=a_card_ref()))
    fakes.clock.at = NOW + timedelta(hours=2)

    again = await table(lanes, Timing())[JobKind.REMIND](a_claim(JobKind.REMIND, approval="apr_1"))

    assert again == NOW + timedelta(hours=4)
    assert fakes.announcer.people_told == ["UAPPROVER", "USECOND"]
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]


async def test_a_request_ends_in_the_lane_of_people(lanes: Lanes, fakes: Fakes) -> None:
    await fakes.approvals.add(an_approval(policy=a_policy(expire_hours=2), card=a_card_ref()))
    fakes.clock.at = NOW + timedelta(hours=2)

    again = await table(lanes, Timing())[JobKind.EXPIRE](a_claim(JobKind.EXPIRE, approval="apr_1"))

    assert again is None
    assert fakes.announcer.states == [State.EXPIRED]
    assert lanes.opened == [(TEAM, Lane.PEOPLE)]


async def test_a_digest_is_sent_in_the_background_and_the_next_is_planned(lanes: Lanes, fakes: Fakes) -> None:
    planned = await planning.switch_on(fakes.workspace, a_digest_schedule())
    assert planned.next_run
    fakes.clock.at = planned.next_run
    claim = a_claim(JobKind.DIGEST, channel="CDIGEST", at=planned.next_run.isoformat())

    assert await table(lanes, Timing())[JobKind.DIGEST](claim) is None

    assert [channel for channel, _, _ in fakes.newsdesk.sent] == ["CDIGEST"]
    assert len(fakes.queue.put_jobs) == 2
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]


async def test_numbers_of_a_day_without_a_digest_are_read_in_the_background(
    lanes: Lanes, fakes: Fakes
) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule(days="weekly"))
    fakes.socialcrm.numbers = [metrics()]
    claim = a_claim(JobKind.NUMBERS, channel="CDIGEST", at=fakes.clock.now().isoformat())

    assert await table(lanes, Timing())[JobKind.NUMBERS](claim) is None

    assert list(fakes.numbers.days) == [fakes.clock.now().date()]
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]


async def test_what_is_scheduled_is_watched_in_the_background(lanes: Lanes, fakes: Fakes) -> None:
    at = fakes.clock.now() + timedelta(hours=1)
    await fakes.approvals.add(an_approved(at=at, confirmed_at=at, state=State.SCHEDULED, card=a_card_ref()))
    fakes.socialcrm.change("post_123", status="scheduled", scheduled_at=at, body="Other words")

    again = await table(lanes, Timing())[JobKind.WATCH](a_claim(JobKind.WATCH))

    assert again == fakes.clock.now() + Timing().watch
    assert fakes.approvals.approvals["apr_1"].changed_body == "Other words"
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]


async def test_what_is_out_is_told_of_in_the_background(lanes: Lanes, fakes: Fakes) -> None:
    now = fakes.clock.now()
    await fakes.approvals.add(an_approved(at=now, confirmed_at=now, state=State.PUBLISHED, card=a_card_ref()))

    again = await table(lanes, Timing())[JobKind.REPORT](a_claim(JobKind.REPORT, approval="apr_1"))

    assert again == now + timedelta(hours=1)
    assert fakes.announcer.remarks == [Remark()]
    assert lanes.opened == [(TEAM, Lane.BACKGROUND)]


async def test_a_request_that_is_forgotten_while_its_job_runs_ends_the_job() -> None:
    async def forgotten(claim: Claim) -> datetime | None:
        raise ApprovalNotFoundError(claim.job.args["approval"])

    assert await while_there(forgotten)(a_claim(JobKind.ACT, approval="apr_1")) is None


@pytest.mark.parametrize("kind", [JobKind.ACT, JobKind.FOLLOW])
async def test_what_is_given_up_of_a_request_is_said_in_its_card(
    lanes: Lanes, fakes: Fakes, kind: JobKind
) -> None:
    state = State.APPROVED if kind is JobKind.ACT else State.SCHEDULED
    await fakes.approvals.add(an_approved(state=state, card=a_card_ref()))

    await farewells(lanes)[kind](a_claim(kind, approval="apr_1"))
    await farewells(lanes)[kind](a_claim(kind, approval="apr_gone"))

    assert "gave up" in (await fakes.approvals.get("apr_1")).detail


@pytest.mark.parametrize(
    "kind",
    [
        JobKind.EXPIRE,
        JobKind.STEP,
        JobKind.DIGEST,
        JobKind.WATCH,
        JobKind.INTERACTION,
        JobKind.KEY_REFUSED,
    ],
)
async def test_of_what_else_is_given_up_an_admin_is_told(lanes: Lanes, fakes: Fakes, kind: JobKind) -> None:
    fakes.vault.known = a_connection()

    await farewells(lanes)[kind](a_claim(kind))
    (job,) = fakes.queue.jobs.values()
    assert job.kind is JobKind.GIVEN_UP
    assert await table(lanes, Timing())[job.kind](Claim(job, 1, NOW)) is None
    assert fakes.announcer.lost == [(ADMIN, LostJob(f"{kind}:x", kind))]
    assert {lane for _, lane in lanes.opened} == {Lane.PEOPLE}


def test_nobody_is_told_of_what_nobody_misses_nor_where_nobody_is_left_to_be_told(lanes: Lanes) -> None:
    untold = {JobKind.HOME, JobKind.CHART, JobKind.PURGE, JobKind.GIVEN_UP}

    assert set(farewells(lanes)) == set(JobKind) - untold


async def test_of_a_job_that_nobody_can_read_an_admin_is_told(lanes: Lanes, fakes: Fakes) -> None:
    fakes.vault.known = a_connection()

    await table(lanes, Timing())[JobKind.GIVEN_UP](a_claim(JobKind.GIVEN_UP, key="expire:apr_1"))
    assert fakes.announcer.lost == [(ADMIN, LostJob("expire:apr_1"))]


async def test_an_admin_is_told_of_a_refused_key_in_the_lane_of_people(lanes: Lanes, fakes: Fakes) -> None:
    fakes.vault.known = a_connection()

    assert await table(lanes, Timing())[JobKind.KEY_REFUSED](a_claim(JobKind.KEY_REFUSED)) is None

    assert fakes.announcer.refused_keys == [(ADMIN, a_connection())]
    assert lanes.opened == [(TEAM, Lane.PEOPLE)]
