"""Reminders, the word to others, and the end of a request that waits."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, Reminder, State, Step
from scrm_bot.domain.hours import ALWAYS, OFFICE
from scrm_bot.domain.waiting import (
    Nudge,
    Why,
    due_at,
    expires_at,
    expiry,
    first_look,
    next_look,
    next_round,
    nudged,
    nudges,
)
from tests.builders import APPROVER, LATER, NOW, SECOND_APPROVER, a_decision, a_policy, an_approval

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def waiting(*, at: datetime | None = None, **rules: Any) -> Approval:
    """Asked for on Monday at 09:00 in Berlin, for Tuesday at 09:00 where a time is given."""
    return an_approval(at=at, policy=a_policy(**{"working_hours": ALWAYS} | rules))


@pytest.mark.parametrize(
    ("request_", "due", "ends"),
    [
        (waiting(), None, None),
        (waiting(at=LATER), None, LATER),
        (waiting(due_hours=4), NOW + hours(4), None),
        (waiting(expire_hours=4), None, NOW + hours(4)),
        (waiting(at=LATER, due_hours=4, expire_hours=48), NOW + hours(4), LATER),
        (waiting(at=LATER, due_hours=48, expire_hours=4), LATER, NOW + hours(4)),
    ],
)
def test_when_a_request_is_due_and_when_it_ends(
    request_: Approval, due: datetime | None, ends: datetime | None
) -> None:
    assert (due_at(request_), expires_at(request_)) == (due, ends)


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (waiting(at=LATER), "Tue 1 Dec 2026, 09:00 Europe/Berlin passed before it was approved."),
        (
            waiting(at=LATER, expire_hours=48),
            "Tue 1 Dec 2026, 09:00 Europe/Berlin passed before it was approved.",
        ),
        (waiting(at=LATER, expire_hours=8), "It was not approved within 8 hours."),
        (waiting(expire_hours=72), "It was not approved within 3 days."),
    ],
)
def test_why_it_ended(request_: Approval, told: str) -> None:
    assert expiry(request_) == told


@pytest.mark.parametrize(
    ("request_", "first"),
    [
        (waiting(), None),
        (waiting(expire_hours=4), None),
        (waiting(remind_hours=8), NOW + hours(8)),
        (waiting(due_hours=4), NOW + hours(4)),
        (waiting(remind_hours=8, due_hours=4), NOW + hours(4)),
        (waiting(remind_hours=2, due_hours=4), NOW + hours(2)),
    ],
)
def test_the_first_look(request_: Approval, first: datetime | None) -> None:
    assert first_look(request_) == first


def test_everybody_is_reminded_in_their_own_working_hours() -> None:
    request = waiting(remind_hours=8, working_hours=OFFICE)  # 8 hours on it is 17:00 in Berlin

    assert nudges(request, approvers={APPROVER: BERLIN, SECOND_APPROVER: NEW_YORK}, others={}, now=NOW) == (
        Nudge(APPROVER, Why.REMINDER, NOW + hours(8)),
        Nudge(SECOND_APPROVER, Why.REMINDER, NOW + hours(8)),
    )
    request = waiting(remind_hours=9, working_hours=OFFICE)  # 18:00 in Berlin, noon in New York
    assert nudges(request, approvers={APPROVER: BERLIN, SECOND_APPROVER: NEW_YORK}, others={}, now=NOW) == (
        Nudge(APPROVER, Why.REMINDER, LATER),
        Nudge(SECOND_APPROVER, Why.REMINDER, NOW + hours(9)),
    )


def test_nobody_is_reminded_again_before_their_time() -> None:
    request = replace(
        waiting(remind_hours=8), reminded=(Reminder(APPROVER, NOW + hours(10)), Reminder("UELSE", LATER))
    )

    assert nudges(request, approvers={APPROVER: BERLIN, SECOND_APPROVER: BERLIN}, others={}, now=NOW) == (
        Nudge(APPROVER, Why.REMINDER, NOW + hours(18)),
        Nudge(SECOND_APPROVER, Why.REMINDER, NOW + hours(8)),
    )


def test_without_reminders_nobody_is_reminded() -> None:
    assert nudges(waiting(due_hours=4), approvers={APPROVER: BERLIN}, others={}, now=NOW) == ()


def test_others_are_told_once_an_hour_after_it_was_due() -> None:
    request = replace(waiting(due_hours=4, working_hours=OFFICE), escalated=("UTOLD",))

    assert nudges(
        request, approvers={}, others={"UBOSS": BERLIN, "UFAR": NEW_YORK, "UTOLD": BERLIN}, now=NOW
    ) == (
        Nudge("UBOSS", Why.OVERDUE, NOW + hours(5)),
        Nudge("UFAR", Why.OVERDUE, NOW + hours(6)),
    )
    assert nudges(waiting(remind_hours=4), approvers={}, others={"UBOSS": BERLIN}, now=NOW) == ()


def test_what_is_late_is_told_in_working_hours_all_the_same() -> None:
    request = waiting(remind_hours=2, due_hours=4, working_hours=OFFICE)
    noon, night = NOW + hours(6), NOW + hours(14)

    assert nudges(request, approvers={APPROVER: BERLIN}, others={"UBOSS": BERLIN}, now=noon) == (
        Nudge(APPROVER, Why.REMINDER, noon),
        Nudge("UBOSS", Why.OVERDUE, noon),
    )
    assert nudges(request, approvers={APPROVER: BERLIN}, others={"UBOSS": BERLIN}, now=night) == (
        Nudge(APPROVER, Why.REMINDER, LATER),
        Nudge("UBOSS", Why.OVERDUE, LATER),
    )


def test_who_was_told_is_remembered() -> None:
    request = replace(
        waiting(), reminded=(Reminder(APPROVER, NOW), Reminder("UELSE", NOW)), escalated=("UTOLD",)
    )
    told = [
        Nudge(APPROVER, Why.REMINDER, NOW),
        Nudge("UNEW", Why.REMINDER, NOW),
        Nudge("UBOSS", Why.OVERDUE, NOW),
    ]

    after = nudged(request, told, at=LATER)
    assert after == replace(
        request,
        reminded=(Reminder(APPROVER, LATER), Reminder("UELSE", NOW), Reminder("UNEW", LATER)),
        escalated=("UTOLD", "UBOSS"),
    )
    assert nudged(request, [], at=LATER) == request


@pytest.mark.parametrize(
    ("now", "looks"),
    [
        (NOW, NOW + hours(4)),
        (NOW + hours(3), NOW + hours(4)),
        (NOW + hours(4), NOW + hours(8)),
    ],
)
def test_the_next_look_is_for_a_nudge_or_for_the_card(now: datetime, looks: datetime) -> None:
    request = waiting(due_hours=4)
    coming = [Nudge(APPROVER, Why.REMINDER, NOW + hours(9)), Nudge("UBOSS", Why.OVERDUE, NOW + hours(8))]

    assert next_look(request, coming, now=now) == looks


def test_where_nothing_comes_nobody_looks() -> None:
    assert next_look(waiting(), [], now=NOW) is None
    assert next_look(waiting(due_hours=4), [], now=NOW + hours(4)) is None


WORD = a_decision(step=Step.REQUEST_CHANGES, reason="Name the date")
SENT_BACK = an_approval(state=State.CHANGES_REQUESTED, decisions=(a_decision(by="UOTHER"), WORD))
SECOND = an_approval(round_number=2, changes=WORD)


@pytest.mark.parametrize(
    ("earlier", "number", "changes"),
    [
        (None, 1, None),
        (an_approval(state=State.REJECTED), 1, None),
        (SENT_BACK, 2, WORD),
        (replace(SENT_BACK, round_number=2), 3, WORD),
        (replace(SECOND, state=State.VOID), 2, WORD),
        (replace(SECOND, state=State.EXPIRED), 2, WORD),
        (replace(SECOND, state=State.PUBLISHED), 1, None),
        (replace(SECOND, state=State.SCHEDULED), 1, None),
    ],
)
def test_changes_that_were_asked_for_begin_the_next_round(
    earlier: Approval | None, number: int, changes: object
) -> None:
    assert next_round(earlier) == (number, changes)
