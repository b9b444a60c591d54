"""Approval requests, on every backend."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrm_bot.domain.approvals import Approval, Attempt, CardRef, Decision, State, Step
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.posts import Content
from scrm_bot.domain.traces import Trace
from tests.contract.backends import Backend, claim_next

CREATED = datetime(2026, 11, 30, 9, 0, 0, 123_456, tzinfo=UTC)


def request(approval_id: str = "apr_1", *, post_id: str = "post_1", age: float = 0.0) -> Approval:
    return Approval(
        id=approval_id,
        team_id="T_ACME",
        post_id=post_id,
        content=Content("Hello “wörld” \u2028 🎉", ("acct_1",)),
        author="U_ADA",
        requested_by="U_ADA",
        created_at=CREATED - timedelta(seconds=age),
        policy=Policy(("U_BEN",)),
    )


def full() -> Approval:
    """A request with something in every field."""
    return replace(
        request(),
        content=Content("Later", ("acct_1", "acct_2"), ("media_1",), CREATED + timedelta(days=2)),
        policy=Policy(("U_BEN",), ("S_1",), needed=0, self_approval=True),
        note="please",
        state=State.UNKNOWN,
        decisions=(Decision("U_BEN", Step.APPROVE, CREATED, "abc", "fine"),),
        act_at=CREATED,
        attempt=Attempt(2, CREATED, answered=True, before=Trace("draft", CREATED, None, CREATED, "no")),
        detail="checking",
        changed_body="Other",
        confirmed_at=CREATED,
        card=CardRef("C1", "1.2"),
        copies=(CardRef("D1", "3.4"), CardRef("D2", "5.6")),
        zone="Europe/Berlin",
        needs_person=True,
        writers=("U_ADA", "U_EVE"),
        standing="in_review",
        unread_since=CREATED,
    )


def act(backend: Backend, *, key: str = "act:apr_1") -> Job:
    return Job(JobKind.ACT, key, "T_ACME", backend.now(), {"approval": "apr_1"})


async def test_what_is_added_is_read_back_whole(backend: Backend) -> None:
    store = backend.approvals("T_ACME")

    added = await store.add(full())

    assert added == replace(full(), version=1)
    assert await store.get("apr_1") == added


async def test_a_request_that_is_not_there_is_said_to_be_missing(backend: Backend) -> None:
    store = backend.approvals("T_ACME")

    with pytest.raises(ApprovalNotFoundError):
        await store.get("apr_1")
    with pytest.raises(ApprovalNotFoundError):
        await store.save(request())


async def test_adding_twice_returns_the_first_and_adds_no_job(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    first = await store.add(request())

    second = await store.add(replace(request(), note="again"), jobs=[act(backend)])

    assert second == first
    assert await backend.work.claim(limit=10, lease=60) == []


async def test_a_save_stores_the_next_version_and_its_jobs(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    added = await store.add(request())

    saved = await store.save(added.moved(Step.APPROVE), jobs=[act(backend), act(backend, key="render:apr_1")])
    claims = await claim_next(backend.work)

    assert (saved.state, saved.version) == (State.APPROVED, 2)
    assert await store.get("apr_1") == saved
    assert {claim.job.key for claim in claims} == {"act:apr_1", "render:apr_1"}


async def test_the_slower_of_two_saves_is_refused_with_its_jobs(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    read_by_both = await store.add(request())
    won = await store.save(read_by_both.moved(Step.REJECT))

    with pytest.raises(ApprovalConflictError):
        await store.save(read_by_both.moved(Step.APPROVE), jobs=[act(backend)])

    assert await store.get("apr_1") == won
    assert await backend.work.claim(limit=10, lease=60) == []


async def test_open_requests_come_newest_first_and_closed_ones_do_not(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    old = await store.add(request("apr_old", age=60))
    new = await store.add(request("apr_new", post_id="post_2"))
    closed = await store.add(request("apr_closed", post_id="post_3", age=30))
    await store.save(closed.moved(Step.WITHDRAW))

    assert await store.open() == [new, old]


async def test_a_request_on_its_way_is_still_open(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    approved = await store.save((await store.add(request())).moved(Step.APPROVE))
    begun = await store.save(approved.begun(at=CREATED))

    assert await store.open() == [begun]


async def test_what_socialcrm_holds_for_its_time_is_listed_until_it_is_out(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    await store.add(request("apr_pending", post_id="post_2"))
    begun = await store.save((await store.add(request())).moved(Step.APPROVE).begun(at=CREATED))
    assert await store.scheduled() == []

    scheduled = await store.save(replace(begun, state=State.SCHEDULED))
    assert await store.scheduled() == [scheduled]
    await store.save(scheduled.moved(Step.CONFIRM_PUBLISHED))

    assert await store.scheduled() == []


async def test_the_latest_request_about_a_post_is_found(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    await store.add(request("apr_1"))
    second = await store.add(request("apr_2"), after="apr_1")

    assert await store.latest_for("post_1") == second
    assert await store.latest_for("post_2") is None


@pytest.mark.parametrize("seen", ["", "apr_old"])
async def test_of_two_who_ask_at_once_one_is_refused_with_their_jobs(backend: Backend, seen: str) -> None:
    store = backend.approvals("T_ACME")
    if seen:
        await store.add(request(seen))
    won = await store.add(request("apr_1"), after=seen)

    with pytest.raises(ApprovalConflictError):
        await store.add(request("apr_2"), after=seen, jobs=[act(backend)])

    assert await store.latest_for("post_1") == won
    assert [each.id for each in await store.open()].count("apr_2") == 0
    assert await backend.work.claim(limit=10, lease=60) == []
    assert await store.add(request("apr_1"), after=seen) == won, "whose answer was lost is answered again"


async def test_only_the_latest_request_of_a_post_may_begin(backend: Backend) -> None:
    store = backend.approvals("T_ACME")
    older = await store.save((await store.add(request("apr_1"))).moved(Step.APPROVE))
    newer = await store.save((await store.add(request("apr_2"), after="apr_1")).moved(Step.APPROVE))

    with pytest.raises(ApprovalConflictError):
        await store.save(older.begun(at=CREATED), intent=timedelta(), jobs=[act(backend)])

    assert await store.get("apr_1") == older
    assert await backend.work.claim(limit=10, lease=60) == []
    begun = await store.save(newer.begun(at=CREATED, before=Trace("draft", CREATED)), intent=timedelta())
    assert await store.get("apr_2") == begun
    assert await store.latest_for("post_1") == begun


async def test_teams_do_not_see_each_others_requests(backend: Backend) -> None:
    await backend.approvals("T_ACME").add(request())
    other = backend.approvals("T_OTHER")

    with pytest.raises(ApprovalNotFoundError):
        await other.get("apr_1")
    assert await other.open() == []
    assert await other.latest_for("post_1") is None
