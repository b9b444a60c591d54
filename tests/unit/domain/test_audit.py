from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain import audit
from scrm_bot.domain.approvals import Approval, Reminder, State, Step
from scrm_bot.domain.audit import Deed, Entry, Filter
from scrm_bot.domain.posts import Drift
from tests.builders import (
    APPROVER,
    EDITOR,
    LATER,
    NOW,
    a_card_ref,
    a_post,
    an_approval,
    an_approved,
)

AT = NOW + timedelta(minutes=5)


def moved(before: Approval, after: Approval, *, by: str = "") -> Entry:
    (entry,) = audit.moved(before, after, at=AT, by=by)
    return entry


def test_a_request_is_told_with_the_hash_of_what_was_asked_and_without_its_text() -> None:
    asked = an_approval(body="Secret launch plans", note="Do not tell")

    entry = audit.asked(asked)

    assert entry == Entry(
        NOW, EDITOR, "asked", "post_123", "apr_1", asked.content.hash, before="", after="pending"
    )
    assert "Secret" not in repr(entry)
    assert "tell" not in repr(entry)


def test_a_decision_is_its_own_persons_with_its_reason() -> None:
    before = an_approval()
    rejected = before.reject(APPROVER, at=NOW, approvers=[APPROVER], reason="Too\nlong " * 100)

    entry = moved(before, rejected, by="USOMEONE")

    assert (entry.who, entry.what, entry.at) == (APPROVER, Deed.REJECTED, NOW)
    assert (entry.before, entry.after) == ("pending", "rejected")
    assert entry.detail.startswith("Too long Too long")
    assert len(entry.detail) == audit.MOST_WORDS


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (Step.HOLD, Deed.HELD),
        (Step.WITHDRAW, Deed.WITHDRAWN),
    ],
)
def test_what_people_do_has_their_name(step: Step, what: Deed) -> None:
    before = an_approval()

    entry = moved(before, before.steered(step, EDITOR, at=NOW, approvers=[]))

    assert (entry.who, entry.what) == (EDITOR, what)


def test_one_of_two_approvals_is_told_although_the_request_still_waits() -> None:
    before = an_approval(policy=replace(an_approval().policy, needed=2))
    after = before.approve(APPROVER, at=NOW, approvers=[APPROVER], act_at=NOW)

    entry = moved(before, after)

    assert (entry.what, entry.before, entry.after) == (Deed.APPROVED, "pending", "pending")


def test_an_approval_taken_back_is_told() -> None:
    before = an_approved()

    undone = moved(before, before.steered(Step.UNDO, EDITOR, at=AT, approvers=[]))

    assert (undone.who, undone.what, undone.before, undone.after) == (
        EDITOR,
        Deed.UNDONE,
        "approved",
        "pending",
    )


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (State.APPROVED, State.PUBLISHING, Deed.INTENT),
        (State.APPROVED, State.SCHEDULING, Deed.INTENT),
        (State.PUBLISHING, State.UNKNOWN, Deed.UNKNOWN),
        (State.UNKNOWN, State.APPROVED, Deed.NOT_APPLIED),
        (State.PUBLISHING, State.PUBLISHED, Deed.PUBLISHED),
        (State.SCHEDULING, State.SCHEDULED, Deed.SCHEDULED),
        (State.SCHEDULED, State.VOID, Deed.VOIDED),
        (State.PUBLISHING, State.FAILED, Deed.FAILED),
        (State.PENDING, State.EXPIRED, Deed.EXPIRED),
        (State.PENDING, State.WITHDRAWN, Deed.WITHDRAWN),
        (State.APPROVED, State.ON_HOLD, "on_hold"),
    ],
)
def test_what_the_bot_does_is_told_by_where_it_led(before: State, after: State, what: str) -> None:
    told = moved(an_approved(state=before), an_approved(state=after, detail="because"))

    assert (told.who, told.what, told.at, told.detail) == ("", what, AT, "because")
    assert (told.before, told.after, told.result) == (before, after, "done")


def test_who_is_behind_a_change_that_is_no_decision_is_named() -> None:
    before = an_approval()

    assert moved(before, before.voided("The text was changed."), by=EDITOR).who == EDITOR


def test_a_post_that_went_out_otherwise_is_told_as_not_approved() -> None:
    before = an_approved(state=State.SCHEDULED)
    after = replace(before, state=State.PUBLISHED, drift=(Drift.TEXT, Drift.TIME))

    assert moved(before, after).result == "not as approved: text, time"


SCHEDULED = an_approved(at=LATER, state=State.SCHEDULED)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"drift": (Drift.MEDIA,)}, Deed.CHANGED_ELSEWHERE),
        ({"changed_body": "Third version"}, Deed.CHANGED_ELSEWHERE),
        ({"needs_person": True}, Deed.NEEDS_PERSON),
        ({"escalated": ("UBOSS",)}, Deed.ESCALATED),
        ({"reminded": (Reminder(APPROVER, NOW),)}, Deed.REMINDED),
        ({"detail": "It is late."}, Deed.LATE),
    ],
)
def test_what_changes_no_state_is_told_too(changes: dict[str, object], what: Deed) -> None:
    assert moved(SCHEDULED, replace(SCHEDULED, **changes)).what == what  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes", [{}, {"card": a_card_ref()}, {"copies": (a_card_ref(),)}, {"remarks": 1}, {"version": 9}]
)
def test_where_only_the_card_has_moved_nothing_is_told(changes: dict[str, object]) -> None:
    assert audit.moved(SCHEDULED, replace(SCHEDULED, **changes), at=AT) == ()  # type: ignore[arg-type]


def test_a_filter_takes_what_fits_in_every_part() -> None:
    entry = Entry(NOW, EDITOR, Deed.EDITED, a_post().id)

    assert Filter().takes(entry)
    assert Filter("post_123", EDITOR, NOW).takes(entry)
    assert not Filter("post_1").takes(entry)
    assert not Filter(who=APPROVER).takes(entry)
    assert not Filter(since=AT).takes(entry)


def test_a_hash_is_told_by_its_beginning() -> None:
    assert audit.short("0123456789abcdef") == "0123456789ab"
