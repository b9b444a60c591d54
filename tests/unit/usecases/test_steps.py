"""What workflows ask for, done once, and told until Slack has heard it."""

import pytest

from scrm_bot.domain.errors import RateLimitedError, SlackRefusedError, SocialCRMAmbiguousError
from scrm_bot.usecases import approvals, publishing, steps
from scrm_bot.usecases.outcomes import Timing
from tests.builders import APPROVER, EDITOR
from tests.fakes.workspace import Fakes, some_fakes

RUN = "Fx1"


@pytest.fixture
def fakes() -> Fakes:
    return some_fakes()


async def create(fakes: Fakes) -> str:
    post = await steps.create_draft(fakes.workspace, "From a workflow", by=EDITOR, account_ids=(), run=RUN)
    return post.id


async def test_the_same_run_makes_one_draft(fakes: Fakes) -> None:
    assert await create(fakes) == await create(fakes)
    assert fakes.socialcrm.count("create_draft") == 1


async def test_a_run_that_was_killed_after_the_call_finds_its_draft(fakes: Fakes) -> None:
    fakes.socialcrm.lose_answer("create_draft")
    fakes.socialcrm.refuse("list_posts", SocialCRMAmbiguousError(), times=2)
    fakes.socialcrm.lose_answer("create_draft", applied=False)
    with pytest.raises(SocialCRMAmbiguousError):
        await create(fakes)

    made = await create(fakes)

    assert fakes.socialcrm.count("create_draft") == 2
    assert [post.id for post in fakes.socialcrm.posts.values() if post.body == "From a workflow"] == [made]


async def test_a_run_that_was_killed_before_the_call_makes_the_draft(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("create_draft", KeyError("killed here"))
    with pytest.raises(KeyError):
        await create(fakes)

    assert await create(fakes)


async def ask(fakes: Fakes) -> str:
    asked = await approvals.ask(fakes.workspace, "post_123", at=None, by=EDITOR, key=RUN, step=RUN)
    return asked.id


async def act(fakes: Fakes, approval_id: str) -> None:
    """The job of the request, when it can no longer be undone."""
    fakes.clock.advance(10)
    await publishing.act(fakes.workspace, approval_id, timing=Timing())


async def told(fakes: Fakes) -> None:
    """The job of the step, at its time."""
    await steps.finish(fakes.workspace, fakes.queue.jobs[f"step:{RUN}"].args)


async def test_the_decision_reaches_the_workflow(fakes: Fakes) -> None:
    approval_id = await ask(fakes)
    assert f"step:{RUN}" not in fakes.queue.jobs

    await approvals.approve(fakes.workspace, approval_id, by=APPROVER)
    assert f"step:{RUN}" not in fakes.queue.jobs
    await act(fakes, approval_id)
    await told(fakes)

    ((run, outcome),) = fakes.steps.ended
    assert run == RUN
    assert isinstance(outcome, dict)
    assert (outcome["decision"], outcome["decided_by"]) == ("approved", APPROVER)


@pytest.mark.parametrize("call", ["get_post", "publish_post"])
async def test_an_approval_that_waits_and_is_taken_back_is_not_told(fakes: Fakes, call: str) -> None:
    approval_id = await ask(fakes)
    await approvals.approve(fakes.workspace, approval_id, by=APPROVER)
    fakes.socialcrm.refuse(call, RateLimitedError(retry_in=600))
    await act(fakes, approval_id)
    assert f"step:{RUN}" not in fakes.queue.jobs

    await approvals.undo(fakes.workspace, approval_id, by=APPROVER)
    await approvals.reject(fakes.workspace, approval_id, by=APPROVER, reason="no")
    await told(fakes)

    ((_, outcome),) = fakes.steps.ended
    assert isinstance(outcome, dict)
    assert (outcome["decision"], outcome["reason"]) == ("rejected", "no")


async def test_a_job_that_comes_while_it_may_be_taken_back_tells_nothing(fakes: Fakes) -> None:
    approval_id = await ask(fakes)
    await approvals.approve(fakes.workspace, approval_id, by=APPROVER)

    await steps.finish(fakes.workspace, {"execution": RUN, "approval": approval_id})

    assert fakes.steps.ended == []


async def test_a_request_that_is_gone_ends_its_step_with_a_sentence(fakes: Fakes) -> None:
    await steps.finish(fakes.workspace, {"execution": RUN, "approval": "apr_gone"})

    assert "nobody knows" in str(fakes.steps.ended)


async def test_outcome_and_failure_are_told_as_they_were_put(fakes: Fakes) -> None:
    await steps.succeed(fakes.workspace, RUN, {"post": "post_1", "decided_at": 5})
    await told(fakes)
    await steps.fail(fakes.workspace, RUN, "No.")
    await told(fakes)

    assert fakes.steps.ended == [(RUN, {"post": "post_1", "decided_at": 5}), (RUN, "No.")]


async def test_a_step_that_has_ended_already_is_left_alone(fakes: Fakes) -> None:
    fakes.steps.refuse("execution_not_in_running_state")
    await steps.succeed(fakes.workspace, RUN, {})

    await told(fakes)

    assert fakes.steps.ended == []


async def test_what_slack_refuses_otherwise_is_tried_again(fakes: Fakes) -> None:
    fakes.steps.refuse("internal_error")
    await steps.succeed(fakes.workspace, RUN, {})

    with pytest.raises(SlackRefusedError):
        await told(fakes)
    await told(fakes)

    assert len(fakes.steps.ended) == 1
