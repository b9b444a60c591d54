"""Who did what, and when: the entries of the audit log, which are only ever added."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scrm_bot.domain.approvals import Approval, Decision, State, Step

MOST_WORDS = 200  # of a reason, or of a value before and after: the log holds no texts of posts
_MOST_HASH = 12


class Deed(StrEnum):
    """What was done. Values are stored in Redis: they never change."""

    ASKED = "asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    HELD = "held"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    REASSIGNED = "reassigned"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    VOIDED = "voided"
    EXPIRED = "expired"
    INTENT = "intent_recorded"
    CALLED = "called"
    NOT_APPLIED = "not_applied"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"
    PUBLISHED_ANYWAY = "published_anyway"
    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    FAILED = "failed"
    LATE = "late"
    UNREAD = "could_not_be_read"
    LEFT = "left_as_it_is"
    CHANGED_ELSEWHERE = "changed_in_socialcrm"
    DRAFTED = "drafted"
    EDITED = "edited"
    DELETED = "deleted"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    SETTINGS = "settings_changed"
    TEAM = "team_changed"
    PAUSED = "paused"
    UNPAUSED = "unpaused"
    DIGEST_ON = "digest_on"
    DIGEST_OFF = "digest_off"
    DIGEST_MUTED = "digest_muted"
    GIVEN_UP = "job_given_up"
    RETRIED = "job_retried"
    CARD_LOST = "card_out_of_reach"


_STEPS: dict[str, str] = {
    Step.APPROVE: Deed.APPROVED,
    Step.REJECT: Deed.REJECTED,
    Step.REQUEST_CHANGES: Deed.CHANGES_REQUESTED,
    Step.HOLD: Deed.HELD,
    Step.RESUME: Deed.RESUMED,
    Step.WITHDRAW: Deed.WITHDRAWN,
    Step.UNDO: Deed.UNDONE,
    Step.REASSIGN: Deed.REASSIGNED,
    Step.LEAVE: Deed.LEFT,
    Step.NOT_APPLIED: Deed.PUBLISHED_ANYWAY,
}
_STATES: dict[str, str] = {
    State.APPROVED: Deed.NOT_APPLIED,
    State.PUBLISHING: Deed.INTENT,
    State.SCHEDULING: Deed.INTENT,
    State.UNKNOWN: Deed.UNKNOWN,
    State.PUBLISHED: Deed.PUBLISHED,
    State.SCHEDULED: Deed.SCHEDULED,
    State.VOID: Deed.VOIDED,
    State.FAILED: Deed.FAILED,
    State.EXPIRED: Deed.EXPIRED,
    State.WITHDRAWN: Deed.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `who` is a Slack user, "" for the bot itself; `what` is a `Deed`'s value.

    `before` and `after` are states of a request, or the values of what was changed. `result` tells what a
    call to SocialCRM led to. No text of a post and no secret is ever in here: a post is its id and its hash.
    """

    at: datetime
    who: str
    what: str
    post_id: str = ""
    approval_id: str = ""
    content_hash: str = ""
    before: str = ""
    after: str = ""
    result: str = "done"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries to read. Empty fields do not filter."""

    post_id: str = ""
    who: str = ""
    since: datetime | None = None

    def takes(self, entry: Entry) -> bool:
        return (
            (not self.post_id or entry.post_id == self.post_id)
            and (not self.who or entry.who == self.who)
            and (self.since is None or entry.at >= self.since)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """The newest entries that fit, newest first; `more` when there may be older ones."""

    entries: tuple[Entry, ...] = ()
    more: bool = False


def short(content_hash: str) -> str:
    """The beginning of a hash, enough to tell two versions of a post apart."""
    return content_hash[:_MOST_HASH]


def words(text: str) -> str:
    """A reason or a value as the log keeps it: one line, clipped."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_WORDS else f"{line[: MOST_WORDS - 1]}…"


def asked(approval: Approval) -> Entry:
    """A new request."""
    return _entry(approval, approval.requested_by, Deed.ASKED, at=approval.created_at)


def moved(before: Approval, after: Approval, *, at: datetime, by: str = "") -> tuple[Entry, ...]:
    """What the log says of one write of a request: nothing where only its card has moved.

    What people decided stands in the request itself; `by` is who is behind any other change.
    """
    fresh = [decision for decision in after.decisions if decision not in before.decisions]
    if fresh:
        return tuple(_decided(before, after, decision) for decision in fresh)
    what = _what(before, after)
    if not what:
        return ()
    return (_entry(after, by, what, at=at, before=before.state, detail=after.detail),)


def _what(before: Approval, after: Approval) -> str:
    if after.state is not before.state:
        return _STATES.get(after.state, after.state.value)
    says_more = after.state is State.SCHEDULED and after.detail and after.detail != before.detail
    found = {
        Deed.CHANGED_ELSEWHERE: (after.drift, after.changed_body) != (before.drift, before.changed_body),
        Deed.NEEDS_PERSON: after.needs_person and not before.needs_person,
        Deed.ESCALATED: after.escalated != before.escalated,
        Deed.REMINDED: after.reminded != before.reminded,
        Deed.UNREAD: says_more and after.unread_since,
        Deed.LATE: says_more,
    }
    return next((deed for deed, happened in found.items() if happened), "")


def _decided(before: Approval, after: Approval, decision: Decision) -> Entry:
    what = _STEPS.get(decision.step, decision.step.value)
    return _entry(after, decision.by, what, at=decision.at, before=before.state, detail=decision.reason)


def _entry(
    approval: Approval, who: str, what: str, *, at: datetime, before: str = "", detail: str = ""
) -> Entry:
    return Entry(
        at=at,
        who=who,
        what=what,
        post_id=approval.post_id,
        approval_id=approval.id,
        content_hash=approval.content.hash,
        before=before,
        after=approval.state,
        result=f"not as approved: {', '.join(approval.drift)}" if approval.drift else "done",
        detail=words(detail),
    )
