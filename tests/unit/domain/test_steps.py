"""What a workflow is told of a request, and when."""

from dataclasses import replace

import pytest

from scrm_bot.domain.approvals import IN_MOTION, OPEN, Approval, State, Step
from scrm_bot.domain.steps import following, outputs, verdict
from tests.builders import APPROVER, NOW, a_decision, an_approval, an_approved

RUN = "Fx1"


def decided(state: State, step: Step, reason: str = "") -> Approval:
    return an_approval(
        state=state, step=RUN, decisions=(a_decision(step=step, reason=reason),), detail=reason
    )


@pytest.mark.parametrize("state", [*OPEN, *IN_MOTION])
def test_what_may_be_taken_back_has_no_verdict(state: State) -> None:
    assert verdict(an_approval(state=state)) is None


@pytest.mark.parametrize("state", [State.UNKNOWN, State.PUBLISHED, State.SCHEDULED, State.FAILED])
def test_what_was_approved_stays_approved_whatever_became_of_it(state: State) -> None:
    asks = state is State.UNKNOWN
    found = verdict(an_approved(state=state, detail="SocialCRM refused it", needs_person=asks))

    assert found
    assert (found.decision, found.by, found.at, found.reason) == ("approved", APPROVER, NOW, "")


def test_a_rejection_names_who_and_why() -> None:
    found = verdict(decided(State.REJECTED, Step.REJECT, "too long"))

    assert found
    assert (found.decision, found.by, found.reason) == ("rejected", APPROVER, "too long")


def test_what_ran_out_was_decided_by_nobody() -> None:
    approval = an_approval(state=State.EXPIRED, detail="Nobody decided in time.")
    found = verdict(approval)

    assert found
    assert outputs(approval, found, now=NOW) == {
        "decision": "expired",
        "post": "post_123",
        "decided_at": int(NOW.timestamp()),
        "reason": "Nobody decided in time.",
    }


def test_an_approval_is_told_once_it_cannot_be_taken_back() -> None:
    before, after = an_approved(step=RUN), an_approved(step=RUN, state=State.PUBLISHED)

    assert following(an_approval(step=RUN), before, now=NOW) == ()
    (job,) = following(before, after, now=NOW)

    assert (job.key, job.due) == ("step:Fx1", NOW)


def test_a_rejection_is_told_at_once() -> None:
    (job,) = following(an_approval(step=RUN), decided(State.REJECTED, Step.REJECT), now=NOW)

    assert job.due == NOW


def test_nothing_is_told_twice_or_to_nobody() -> None:
    out = an_approved(step=RUN, state=State.PUBLISHED)

    assert following(out, replace(out, version=2), now=NOW) == ()
    assert following(an_approval(), an_approved(state=State.PUBLISHED), now=NOW) == ()
    assert following(an_approval(step=RUN), an_approval(step=RUN, state=State.ON_HOLD), now=NOW) == ()
