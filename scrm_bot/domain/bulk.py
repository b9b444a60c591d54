"""Several requests decided at once: what is wished for each as it was seen, and what came of it."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from scrm_bot.domain.approvals import Approval, Step
from scrm_bot.domain.errors import ScrmError


class Choice(StrEnum):
    """What somebody wants done with a request. Values come back from Slack."""

    LEAVE = "leave"
    APPROVE = "approve"
    CHANGES = "changes"
    REJECT = "reject"
    HOLD = "hold"

    @property
    def step(self) -> Step | None:
        return _STEPS.get(self)

    @property
    def needs_reason(self) -> bool:
        return self in {Choice.REJECT, Choice.CHANGES}


_STEPS = {
    Choice.APPROVE: Step.APPROVE,
    Choice.CHANGES: Step.REQUEST_CHANGES,
    Choice.REJECT: Step.REJECT,
    Choice.HOLD: Step.HOLD,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """`seen` is the `sight` of the request as it was shown to whoever chose."""

    approval_id: str
    choice: Choice
    seen: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """`approval` is how the request stands now, None where it cannot be read; `error` says why not."""

    wish: Wish
    approval: Approval | None
    error: ScrmError | None = None


def sight(approval: Approval) -> str:
    """Equal as long as a decision made by looking at the request still means the same.

    Approvals by others leave it as it is: whoever looks at the same content may add theirs.
    """
    words = [[word.by, word.step] for word in approval.decisions if word.step is not Step.APPROVE]
    parts = [approval.id, approval.content.hash, approval.state, words]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def is_done(outcome: Outcome) -> bool:
    return outcome.error is None
