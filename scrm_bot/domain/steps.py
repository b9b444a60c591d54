"""Steps of a workflow (Workflow Builder): which there are, and what one that waits for a decision is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scrm_bot.domain.approvals import IN_MOTION, OPEN, Approval, State, Step
from scrm_bot.domain.jobs import Job, JobKind

Outputs = Mapping[str, str | int]
_CLOSING = {Step.REJECT, Step.REQUEST_CHANGES, Step.WITHDRAW, Step.LEAVE}
_APPROVED = {State.UNKNOWN, State.PUBLISHED, State.SCHEDULED, State.FAILED}


class StepName(StrEnum):
    """The functions of the manifest."""

    CREATE_DRAFT = "create_draft"
    ASK_FOR_APPROVAL = "ask_for_approval"
    GET_DIGEST = "get_digest"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a request, in a word of its own. `by` is "" where nobody decided."""

    decision: str
    at: datetime | None = None
    by: str = ""
    reason: str = ""


def verdict(approval: Approval) -> Verdict | None:
    """What a workflow that asked for approval is told; None while it may still come out otherwise.

    So does an approval whose call is put off, or found not to have worked: it can be taken back again.
    """
    if approval.state in OPEN | IN_MOTION and not approval.needs_person:
        return None
    approved = approval.state in _APPROVED
    steps = {Step.APPROVE} if approved else _CLOSING
    last = next((each for each in reversed(approval.decisions) if each.step in steps), None)
    decision = "approved" if approved else approval.state.value
    reason = "" if approved else approval.detail
    return Verdict(decision, last.at if last else None, last.by if last else "", reason)


def outputs(approval: Approval, found: Verdict, *, now: datetime) -> Outputs:
    """The verdict as the manifest declares it; what is not known is left out."""
    told: dict[str, str | int] = {"decision": found.decision, "post": approval.post_id}
    told["decided_at"] = int((found.at or now).timestamp())
    named = {"decided_by": found.by, "reason": found.reason}
    return told | {name: value for name, value in named.items() if value}


def following(before: Approval, after: Approval, *, now: datetime) -> tuple[Job, ...]:
    """The job that tells the workflow behind a request, where this write of it has something to tell."""
    found = verdict(after)
    if not after.step or found is None or found == verdict(before):
        return ()
    args = {"execution": after.step, "approval": after.id}
    return (Job(JobKind.STEP, key(after.step), after.team_id, now, args),)


def key(execution_id: str) -> str:
    """One job a step: the word that is put last is the one that is told."""
    return f"step:{execution_id}"
