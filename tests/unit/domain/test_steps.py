"""What a workflow is told of a request, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.steps import following, outputs, verdict
from tests.builders import APPROVER, NOW, a_decision, an_approval, an_approved

RUN = "Fx1"


def decided(state: State, step: Step, reason: str = "") -> Approval:
    return an_approval(
        state=state, step=RUN, decisions=(a_decision(step=step, reason=reason),), detail=reason
    )


@pytest.mark.parametrize("state", [State.PENDING, State.ON_HOLD])
def test_an_open_request_has_no_verdict(state: State) -> None:
    assert verdict(an_approval(state=state)) is None


@pytest.mark.parametrize(
    "state", [State.APPROVED, State.PUBLISHING, State.PUBLISHED, State.SCHEDULED, State.FAILED]
)
def test_what_was_approved_stays_approved_whatever_became_of_it(state: State) -> None:
    found = verdict(an_approved(state=state, detail="SocialCRM refused it"))

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
    before, after = an_approval(step=RUN), an_approved(step=RUN)

    (job,) = following(before, after, now=NOW)

    assert (job.key, job.due) == ("step:Fx1", NOW + timedelta(seconds=10))


def test_a_rejection_is_told_at_once() -> None:
    (job,) = following(an_approval(step=RUN), decided(State.REJECTED, Step.REJECT), now=NOW)

    assert job.due == NOW


def test_nothing_is_told_twice_or_to_nobody() -> None:
    approved = an_approved(step=RUN)

    assert following(approved, replace(approved, version=2), now=NOW) == ()
    assert following(an_approval(), an_approved(), now=NOW) == ()
    assert following(an_approval(step=RUN), an_approval(step=RUN, state=State.ON_HOLD), now=NOW) == ()
