"""An approval request: its states, who may move it, and what it is bound to."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from scrm_bot.domain.cards import CopyKind, Posting
from scrm_bot.domain.clashes import Clash
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    NotAnApproverError,
    NotPermittedError,
    SelfApprovalError,
    TransitionError,
)
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.posts import Content, Drift, differences
from scrm_bot.domain.traces import Trace


class State(StrEnum):
    """Where a request stands. Values are stored in Redis: they never change."""

    PENDING = "pending"
    APPROVED = "approved"
    PUBLISHING = "publishing"
    SCHEDULING = "scheduling"
    UNKNOWN = "unknown"
    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    ON_HOLD = "on_hold"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"
    FAILED = "failed"


class Step(StrEnum):
    """What can happen to a request."""

    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    HOLD = "hold"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    REASSIGN = "reassign"
    EXPIRE = "expire"
    VOID = "void"
    UNDO = "undo"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    NOT_APPLIED = "not_applied"
    LOSE_TRACK = "lose_track"
    CONFIRM_PUBLISHED = "confirm_published"
    CONFIRM_SCHEDULED = "confirm_scheduled"
    FAIL = "fail"
    LEAVE = "leave"


TRANSITIONS: dict[tuple[State, Step], State] = {
    (State.PENDING, Step.APPROVE): State.APPROVED,
    (State.PENDING, Step.REJECT): State.REJECTED,
    (State.PENDING, Step.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.PENDING, Step.HOLD): State.ON_HOLD,
    (State.PENDING, Step.WITHDRAW): State.WITHDRAWN,
    (State.PENDING, Step.REASSIGN): State.PENDING,
    (State.PENDING, Step.EXPIRE): State.EXPIRED,
    (State.PENDING, Step.VOID): State.VOID,
    (State.ON_HOLD, Step.RESUME): State.PENDING,
    (State.ON_HOLD, Step.REJECT): State.REJECTED,
    (State.ON_HOLD, Step.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.ON_HOLD, Step.WITHDRAW): State.WITHDRAWN,
    (State.ON_HOLD, Step.EXPIRE): State.EXPIRED,
    (State.ON_HOLD, Step.VOID): State.VOID,
    (State.APPROVED, Step.UNDO): State.PENDING,
    (State.APPROVED, Step.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Step.HOLD): State.ON_HOLD,
    (State.APPROVED, Step.VOID): State.VOID,
    (State.APPROVED, Step.FAIL): State.FAILED,
    (State.APPROVED, Step.PUBLISH): State.PUBLISHING,
    (State.APPROVED, Step.SCHEDULE): State.SCHEDULING,
    (State.APPROVED, Step.CONFIRM_PUBLISHED): State.PUBLISHED,
    (State.APPROVED, Step.CONFIRM_SCHEDULED): State.SCHEDULED,
    (State.APPROVED, Step.LOSE_TRACK): State.UNKNOWN,
    (State.PUBLISHING, Step.NOT_APPLIED): State.APPROVED,
    (State.PUBLISHING, Step.LOSE_TRACK): State.UNKNOWN,
    (State.PUBLISHING, Step.CONFIRM_PUBLISHED): State.PUBLISHED,
    (State.PUBLISHING, Step.VOID): State.VOID,
    (State.PUBLISHING, Step.FAIL): State.FAILED,
    (State.SCHEDULING, Step.NOT_APPLIED): State.APPROVED,
    (State.SCHEDULING, Step.LOSE_TRACK): State.UNKNOWN,
    (State.SCHEDULING, Step.CONFIRM_SCHEDULED): State.SCHEDULED,
    (State.SCHEDULING, Step.CONFIRM_PUBLISHED): State.PUBLISHED,
    (State.SCHEDULING, Step.VOID): State.VOID,
    (State.SCHEDULING, Step.FAIL): State.FAILED,
    (State.UNKNOWN, Step.NOT_APPLIED): State.APPROVED,
    (State.UNKNOWN, Step.CONFIRM_PUBLISHED): State.PUBLISHED,
    (State.UNKNOWN, Step.CONFIRM_SCHEDULED): State.SCHEDULED,
    (State.UNKNOWN, Step.VOID): State.VOID,
    (State.UNKNOWN, Step.FAIL): State.FAILED,
    (State.UNKNOWN, Step.LEAVE): State.WITHDRAWN,
    (State.SCHEDULED, Step.CONFIRM_PUBLISHED): State.PUBLISHED,
    (State.SCHEDULED, Step.VOID): State.VOID,
    (State.SCHEDULED, Step.FAIL): State.FAILED,
}

OPEN = frozenset({State.PENDING, State.ON_HOLD})
IN_MOTION = frozenset({State.APPROVED, State.PUBLISHING, State.SCHEDULING, State.UNKNOWN})
_MOST_DEEDS = 16  # more than people do to one request before a killed process' work is done again
_DECIDING = frozenset({Step.APPROVE, Step.REJECT, Step.REQUEST_CHANGES})


class ActionKind(StrEnum):
    PUBLISH = "publish"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's word on one content."""

    by: str
    step: Step
    at: datetime
    content_hash: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """When somebody was last told that a request waits for them."""

    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """An intent, recorded before the call is made. `number` starts at 1; `before` is how the post looked.

    `key` is the fingerprint of the key that was connected: by another one the post may not be seen.
    """

    number: int
    sent_at: datetime
    answered: bool = False
    before: Trace | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class CardRef:
    """Where a card is in Slack."""

    channel: str
    ts: str
    kind: CopyKind = CopyKind.CARD

    def is_at(self, other: "CardRef | None") -> bool:
        """Whether both are the same message."""
        return other is not None and (self.channel, self.ts) == (other.channel, other.ts)


@dataclass(frozen=True, slots=True)
class Approval:
    """A request to publish or schedule one post as it stands.

    `author` is who last changed the text. `act_at` is when the call may be made once approved (the end of
    the undo window). `detail` says why, for every state that needs a reason. `confirmed_at` is the time
    SocialCRM itself gave for what happened, read back. `drift` is in what the post was found to differ from
    what was approved, after it was handed over; `changed_body` is its text where that is other. Of a void
    request they say the same of what it was asked about, and `found` is the post as it was then. `remarks`
    counts what was said in the card's thread. `version` counts writes. `round_number` counts the requests
    for one post between which changes were asked for; `changes` is the word that led to this one.
    `escalated` are those who were told that it is overdue. `posting` stands while the card is being posted;
    `unreachable` is Slack's word for why it cannot be brought up to date, once people were told. `newer` is
    the request that was made for the same post after this one had ended. `step` is the run of a workflow's
    step that waits for the decision. `writers` are all who changed the text through the bot. `standing` is
    SocialCRM's word for the post where it is none that the bot knows, as those who approve were shown it.
    `unread_since` is since when the scheduled post could not be read. `is_revised`: an earlier request for
    the same post was about other content, so who has seen that one has not seen this.
    `deeds` are the last of what people did that moved it: none of them moves it once more. `key` is the
    fingerprint of the key that was connected when it was asked; older requests have none.
    """

    id: str
    team_id: str
    post_id: str
    content: Content
    author: str
    requested_by: str
    created_at: datetime
    policy: Policy
    note: str = ""
    state: State = State.PENDING
    decisions: tuple[Decision, ...] = ()
    act_at: datetime | None = None
    attempt: Attempt | None = None
    detail: str = ""
    changed_body: str | None = None
    confirmed_at: datetime | None = None
    card: CardRef | None = None
    copies: tuple[CardRef, ...] = ()
    zone: str = "UTC"
    needs_person: bool = False
    drift: tuple[Drift, ...] = ()
    remarks: int = 0
    version: int = 0
    clashes: tuple[Clash, ...] = ()
    round_number: int = 1
    changes: Decision | None = None
    reminded: tuple[Reminder, ...] = ()
    escalated: tuple[str, ...] = ()
    posting: Posting | None = None
    unreachable: str = ""
    newer: str = ""
    step: str = ""
    writers: tuple[str, ...] = ()
    standing: str = ""
    unread_since: datetime | None = None
    found: Content | None = None
    is_revised: bool = False
    deeds: tuple[str, ...] = ()
    key: str = ""

    @property
    def action(self) -> ActionKind:
        return ActionKind.SCHEDULE if self.content.at else ActionKind.PUBLISH

    @property
    def approved_by(self) -> tuple[str, ...]:
        """Who approved the content as it is now, in order."""
        return tuple(
            d.by for d in self.decisions if d.step is Step.APPROVE and d.content_hash == self.content.hash
        )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def was_moved_by(self, deed: str) -> bool:
        """Whether this very deed was done before; whoever did it may have been killed before its end."""
        return bool(deed) and deed in self.deeds

    def moved_by(self, deed: str) -> "Approval":
        return replace(self, deeds=(*self.deeds, deed)[-_MOST_DEEDS:]) if deed else self

    def is_shown_at(self, ref: CardRef) -> bool:
        """Whether this message is known as the card or a copy of it."""
        return any(ref.is_at(known) for known in (self.card, *self.copies))

    def approve(
        self, by: str, *, at: datetime, approvers: Collection[str], act_at: datetime, reason: str = ""
    ) -> "Approval":
        """One more approval; the last one needed moves the request to approved, to be acted on at `act_at`.

        Approvals of people who are none of the approvers any more do not count, and are dropped.
        Raises `AlreadyDecidedError`, `NotAnApproverError` or `SelfApprovalError`.
        """
        self._check_decider(by, Step.APPROVE, approvers)
        if by in self.approved_by:
            raise AlreadyDecidedError(Step.APPROVE, state=self.state, by=by)
        able = self.may_decide(approvers)
        counted = self._with_decision(by, Step.APPROVE, at=at, reason=reason).only_by(able)
        everyone = able <= set(counted.approved_by)
        enough = everyone if self.policy.needed == 0 else len(counted.approved_by) >= self.policy.needed
        if not enough:
            return counted
        return replace(counted.moved(Step.APPROVE), act_at=act_at)

    def may_decide(self, approvers: Collection[str]) -> frozenset[str]:
        """Those of `approvers` whose word counts on this request."""
        own = () if self.policy.self_approval else (self.author, self.requested_by, *self.writers)
        return frozenset(approvers) - frozenset(own)

    def reject(self, by: str, *, at: datetime, approvers: Collection[str], reason: str) -> "Approval":
        self._check_decider(by, Step.REJECT, approvers)
        return self._with_decision(by, Step.REJECT, at=at, reason=reason).moved(Step.REJECT, detail=reason)

    def request_changes(
        self, by: str, *, at: datetime, approvers: Collection[str], reason: str
    ) -> "Approval":
        self._check_decider(by, Step.REQUEST_CHANGES, approvers)
        counted = self._with_decision(by, Step.REQUEST_CHANGES, at=at, reason=reason)
        return counted.moved(Step.REQUEST_CHANGES, detail=reason)

    def steered(
        self, step: Step, by: str, *, at: datetime, approvers: Collection[str], reason: str = ""
    ) -> "Approval":
        """Hold, resume, withdraw or undo: for the author, whoever asked, and the approvers."""
        if by not in {self.author, self.requested_by, *approvers}:
            raise NotPermittedError("the author or an approver")
        moved = self._with_decision(by, step, at=at, reason=reason).moved(step, detail=reason)
        if step in {Step.UNDO, Step.HOLD}:  # an approval taken back must be given again
            kept = tuple(d for d in moved.decisions if d.step is not Step.APPROVE)
            return replace(moved, decisions=kept, act_at=None)
        return moved

    def reassigned(self, to: str, by: str, *, at: datetime, approvers: Collection[str]) -> "Approval":
        """`to` may decide about this request from now on, in the place of `by` where that one had it.

        Whoever has approved has used their place: handing it to somebody new would be a second word of
        one person. Raises `AlreadyDecidedError`.
        """
        self.moved(Step.REASSIGN)
        policy = self.policy
        if to not in approvers:
            if by in self.approved_by:
                raise AlreadyDecidedError(Step.REASSIGN, state=self.state, by=by)
            policy = policy.handed(to, instead_of=by if by in self.may_decide(approvers) else "")
        counted = self._with_decision(by, Step.REASSIGN, at=at, reason=to)
        told = tuple(reminder for reminder in self.reminded if reminder.user != to)
        return replace(counted, policy=policy, reminded=(*told, Reminder(to, at)))

    def left(self, by: str, *, at: datetime) -> "Approval":
        """Closed by somebody who has looked, while nobody knows whether the call worked.

        Not before the bot is at its end: until then a call may still arrive.
        """
        if not self.needs_person:
            raise TransitionError(Step.LEAVE, state=self.state)
        return self._with_decision(by, Step.LEAVE, at=at).moved(Step.LEAVE)

    def begun(self, *, at: datetime, before: Trace | None = None, key: str = "") -> "Approval":
        """The intent to call SocialCRM now, to be stored before the call, with what `Attempt` keeps of it."""
        step = Step.SCHEDULE if self.action is ActionKind.SCHEDULE else Step.PUBLISH
        number = self.attempt.number + 1 if self.attempt else 1
        return replace(self.moved(step), attempt=Attempt(number, at, before=before, key=key))

    def moved(self, step: Step, *, detail: str = "") -> "Approval":
        """The same request after `step`. Raises `TransitionError` where the table has no such arrow."""
        target = TRANSITIONS.get((self.state, step))
        if target is None:
            by = self.decisions[-1].by if self.decisions else ""
            decided = step in _DECIDING and self.state not in OPEN
            raise (AlreadyDecidedError if decided else TransitionError)(step, state=self.state, by=by)
        return replace(self, state=target, detail=detail, needs_person=False)

    def voided(self, detail: str, *, found: Content | None = None) -> "Approval":
        """No longer about the post as it is: that is `found`, where it is known."""
        closed = replace(self.moved(Step.VOID, detail=detail), changed_body=None)
        if found is None:
            return closed
        parts = differences(found, self.content)
        body = found.body if Drift.TEXT in parts else None
        return replace(closed, drift=parts, changed_body=body, found=found)

    def put_back(self, before: Attempt | None) -> "Approval":
        """The call was refused before it did anything: as if it had not been begun."""
        return replace(self.moved(Step.NOT_APPLIED), attempt=before)

    def _check_decider(self, by: str, step: Step, approvers: Collection[str]) -> None:
        if self.state not in OPEN or (self.state, step) not in TRANSITIONS:
            self.moved(step)
        if by not in approvers:
            raise NotAnApproverError
        if by not in self.may_decide(approvers):
            raise SelfApprovalError

    def only_by(self, people: Collection[str]) -> "Approval":
        """Without the approvals of others."""
        kept = tuple(d for d in self.decisions if d.step is not Step.APPROVE or d.by in people)
        return replace(self, decisions=kept)

    def _with_decision(self, by: str, step: Step, *, at: datetime, reason: str = "") -> "Approval":
        decision = Decision(by, step, at, self.content.hash, reason)
        return replace(self, decisions=(*self.decisions, decision))
