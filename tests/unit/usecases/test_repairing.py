from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import ApprovalNotFoundError, NotPermittedError, UsageError
from scrm_bot.domain.jobs import DeadJob, Job, JobKind
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
