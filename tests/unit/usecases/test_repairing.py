from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import ApprovalNotFoundError, NotPermittedError, UsageError
from scrm_bot.domain.jobs import DeadJob, Job, JobKind, LostJob
from scrm_bot.domain.team import Holders, Team
from scrm_bot.usecases import repairing
from tests.builders import (
    ADMIN,
    APPROVER,
    EDITOR,
    LATER,
    NOW,
    SECOND_APPROVER,
    TEAM,
    an_approval,
    an_approved,
    an_attempt,
    some_settings,
)
from tests.fakes.workspace import Fakes

DEAD = DeadJob("dead_1", Job(JobKind.RENDER, "render:apr_1", TEAM, NOW), "SlackRefusedError: no", 10, NOW)


async def test_admins_see_what_was_given_up_and_nobody_else_does(fakes: Fakes) -> None:
    fakes.work.dead.append(DEAD)

    assert list(await repairing.dead(fakes.workspace, by=ADMIN)) == [DEAD]
    assert list(await repairing.dead(fakes.workspace, by=EDITOR)) == []


async def test_a_job_that_is_put_back_is_due_now_and_in_the_log(fakes: Fakes) -> None:
    fakes.work.dead.append(DEAD)

    assert await repairing.retry(fakes.workspace, "dead_1", by=ADMIN) == DEAD
    assert fakes.queue.jobs["render:apr_1"].due == fakes.clock.now()
    assert fakes.work.dead == []
    assert [(entry.who, entry.what, entry.detail) for entry in fakes.audit.entries] == [
        (ADMIN, "job_retried", "render render:apr_1")
    ]


async def test_a_job_that_is_gone_cannot_be_put_back(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="not among the dead any more"):
        await repairing.retry(fakes.workspace, "dead_1", by=ADMIN)


async def test_nobody_else_puts_a_job_back(fakes: Fakes) -> None:
    fakes.work.dead.append(DEAD)

    with pytest.raises(NotPermittedError):
        await repairing.retry(fakes.workspace, "dead_1", by=EDITOR)
    assert fakes.queue.jobs == {}


ACT = Job(JobKind.ACT, "act:apr_1", TEAM, NOW, {"approval": "apr_1"})
FOLLOW = Job(JobKind.FOLLOW, "follow:apr_1", TEAM, NOW, {"approval": "apr_1"})


async def given_up(fakes: Fakes, job: Job, **changes: Any) -> Approval:
    await fakes.approvals.add(an_approved(**changes))
    await repairing.give_up(fakes.workspace, job)
    return await fakes.approvals.get("apr_1")


async def test_an_approved_post_that_nobody_acts_on_has_failed_and_nothing_was_sent(fakes: Fakes) -> None:
    left = await given_up(fakes, ACT)

    assert (left.state, left.detail) == (State.FAILED, repairing.UNSENT)
    assert "render:apr_1" in fakes.queue.jobs
    assert [(each.what, each.detail) for each in fakes.audit.entries] == [
        ("failed", repairing.UNSENT),
        ("job_given_up", "act act:apr_1"),
    ]


@pytest.mark.parametrize("state", [State.APPROVED, State.PUBLISHING, State.SCHEDULING, State.UNKNOWN])
async def test_where_a_call_may_have_been_made_a_person_has_to_look(fakes: Fakes, state: State) -> None:
    left = await given_up(fakes, ACT, state=state, attempt=an_attempt())

    assert (left.state, left.needs_person, left.detail) == (State.UNKNOWN, True, repairing.UNSETTLED)


async def test_what_was_read_as_scheduled_stays_so_and_says_that_nobody_looks(fakes: Fakes) -> None:
    left = await given_up(fakes, FOLLOW, state=State.SCHEDULED, at=LATER)

    assert (left.state, left.detail) == (State.SCHEDULED, repairing.UNFOLLOWED)


async def test_author_approvers_and_admins_hear_of_it_once(fakes: Fakes) -> None:
    named = some_settings(team=Team(admins=Holders(people=("UBOSS",))))
    fakes.settings.settings = named
    await given_up(fakes, ACT)

    await repairing.give_up(fakes.workspace, ACT)

    people = sorted({EDITOR, APPROVER, SECOND_APPROVER, "UBOSS"})
    assert fakes.announcer.people_told == people


async def test_where_slack_does_not_say_who_approves_the_others_hear_of_it(fakes: Fakes) -> None:
    fakes.people.untold.add(APPROVER)

    left = await given_up(fakes, ACT)

    assert left.state is State.FAILED
    assert fakes.announcer.people_told == [EDITOR]


@pytest.mark.parametrize(
    ("job", "request_"),
    [
        (ACT, an_approved(state=State.PUBLISHED)),
        (ACT, an_approval()),
        (ACT, an_approved(state=State.SCHEDULED, at=LATER)),
        (ACT, an_approved(state=State.UNKNOWN, attempt=an_attempt(), needs_person=True)),
        (FOLLOW, an_approved(state=State.PUBLISHED, at=LATER)),
    ],
)
async def test_a_request_that_does_not_wait_for_the_job_stays_as_it_is(
    fakes: Fakes, job: Job, request_: Approval
) -> None:
    before = await fakes.approvals.add(request_)

    await repairing.give_up(fakes.workspace, job)

    assert await fakes.approvals.get("apr_1") == before
    assert fakes.announcer.people_told == []
    assert fakes.audit.entries == []


async def test_a_request_that_is_gone_is_for_the_caller_to_pass_over(fakes: Fakes) -> None:
    with pytest.raises(ApprovalNotFoundError):
        await repairing.give_up(fakes.workspace, ACT)


EXPIRY = Job(JobKind.EXPIRE, "expire:apr_1", TEAM, NOW, {"approval": "apr_1"})


@pytest.fixture
def administered(fakes: Fakes) -> Fakes:
    fakes.settings.settings = some_settings(team=Team(admins=Holders(people=(ADMIN,))))
    return fakes


async def test_many_of_a_kind_that_are_given_up_are_one_thing_to_tell(fakes: Fakes) -> None:
    for number in range(3):
        await repairing.have_told(fakes.workspace, replace(EXPIRY, key=f"expire:apr_{number}"))
    await repairing.have_told(fakes.workspace, Job(JobKind.DIGEST, "digest:C1", TEAM, NOW))

    told = {key: dict(job.args) for key, job in fakes.queue.jobs.items()}
    assert told == {
        "given_up:expire": {"key": "expire:apr_2", "kind": "expire"},
        "given_up:digest": {"key": "digest:C1", "kind": "digest"},
    }


async def test_an_admin_is_told_once_of_each_kind(administered: Fakes) -> None:
    lost, other = LostJob("expire:apr_1", JobKind.EXPIRE), LostJob("digest:C1", JobKind.DIGEST)

    for each in (lost, LostJob("expire:apr_2", JobKind.EXPIRE), other):
        assert await repairing.tell(administered.workspace, each) is None
    assert administered.announcer.lost == [(ADMIN, lost), (ADMIN, other)]


async def test_while_slack_has_trouble_the_admin_is_told_later(administered: Fakes) -> None:
    lost = LostJob("watch", JobKind.WATCH)
    administered.announcer.refuse("ratelimited", retry_in=30.0)

    again = await repairing.tell(administered.workspace, lost)
    assert again == administered.clock.now() + timedelta(seconds=30)
    assert await repairing.tell(administered.workspace, lost) is None
    assert administered.announcer.lost == [(ADMIN, lost)]


async def test_each_job_that_nobody_can_read_is_told_of(administered: Fakes) -> None:
    first, second = LostJob("expire:apr_1"), LostJob("expire:apr_2")

    for each in (first, second, first):
        await repairing.tell(administered.workspace, each)
    assert administered.announcer.lost == [(ADMIN, first), (ADMIN, second)]


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [("act:apr_1", State.APPROVED, State.FAILED), ("follow:apr_1", State.SCHEDULED, State.SCHEDULED)],
)
async def test_the_card_says_that_its_job_cannot_be_read(
    administered: Fakes, key: str, before: State, after: State
) -> None:
    await administered.approvals.add(an_approved(state=before))

    assert await repairing.tell(administered.workspace, LostJob(key)) is None
    left = await administered.approvals.get("apr_1")
    assert left.state is after
    assert "The bot gave up" in left.detail
    assert ADMIN in administered.announcer.people_told
    assert administered.announcer.lost == []


async def test_of_a_request_that_is_gone_there_is_nothing_to_say(administered: Fakes) -> None:
    assert await repairing.tell(administered.workspace, LostJob("act:apr_gone")) is None
    assert administered.announcer.people_told == []
