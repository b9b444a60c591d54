"""Nudges go to those whose word is missing, in their own working hours, and not too often."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, CardRef, Reminder, State
from scrm_bot.domain.errors import ApprovalConflictError, SlackRefusedError
from scrm_bot.domain.hours import OFFICE
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Person
from scrm_bot.usecases import expiring, reminding
from tests.builders import (
    APPROVER,
    EDITOR,
    SECOND_APPROVER,
    TEAM,
    a_card_ref,
    a_decision,
    a_pause,
    a_policy,
    an_approval,
    some_settings,
)
from tests.fakes.clock import FixedClock
from tests.fakes.workspace import Fakes, some_fakes

TEN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)  # 10:00 in Berlin, 4:00 in New York: when it was asked for


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


async def stored(fakes: Fakes, **changes: Any) -> Approval:
    """Two approvers in Berlin, a reminder every two hours."""
    policy = a_policy(**{"needed": 2, "remind_hours": 2} | changes.pop("rules", {}))
    approval = an_approval(**{"policy": policy, "created_at": TEN, "card": a_card_ref()} | changes)
    for user in (*policy.approvers, "UBOSS"):
        fakes.people.set(user, timezone="Europe/Berlin", team_id=TEAM)
    return await fakes.approvals.add(approval)


async def run(fakes: Fakes, at: datetime) -> datetime | None:
    fakes.clock.at = at
    return await reminding.remind(fakes.workspace, "apr_1")


async def test_a_card_that_expires_while_people_are_reminded_does_not_turn_back(fakes: Fakes) -> None:
    await stored(fakes, rules={"expire_hours": 2})
    notify = fakes.announcer.notify

    async def meanwhile(user_id: str, approval: Approval, *, why: Why) -> CardRef:
        fakes.announcer.notify = notify  # type: ignore[method-assign]
        await expiring.expire(fakes.workspace, approval.id)
        return await notify(user_id, approval, why=why)

    fakes.announcer.notify = meanwhile  # type: ignore[method-assign]
    await run(fakes, TEN + hours(2))
    assert State.PENDING not in fakes.announcer.states
    assert fakes.announcer.states[-1] is State.EXPIRED


async def test_everyone_who_has_not_decided_is_reminded_and_again_later(fakes: Fakes) -> None:
    await stored(fakes)

    assert await run(fakes, TEN + hours(2)) == TEN + hours(4)
    assert fakes.announcer.reasons == [(APPROVER, Why.REMINDER), (SECOND_APPROVER, Why.REMINDER)]
    told_at = TEN + hours(2)
    kept = fakes.approvals.approvals["apr_1"]
    assert kept.reminded == (Reminder(APPROVER, told_at), Reminder(SECOND_APPROVER, told_at))
    assert fakes.announcer.told[0][1].reminded == kept.reminded, "noted before anybody is told"
    assert [copy.channel for copy in kept.copies] == [f"D{APPROVER}", f"D{SECOND_APPROVER}"]
    assert fakes.announcer.states == [State.PENDING], "the card may have become overdue"


class RunningClock(FixedClock):
    """Time goes on while the job runs."""

    def now(self) -> datetime:
        return self.advance(0.001)


async def test_a_clock_that_runs_keeps_no_reminder_back() -> None:
    fakes = some_fakes(clock=RunningClock())
    await stored(fakes, rules={"due_hours": 1, "escalate_to": ("UBOSS",)})

    again = await run(fakes, TEN + hours(2))
    assert fakes.announcer.people_told == [APPROVER, SECOND_APPROVER, "UBOSS"]
    assert again is not None
    assert timedelta() < again - (TEN + hours(4)) < timedelta(seconds=1)


async def test_a_run_that_comes_too_early_or_twice_reminds_nobody(fakes: Fakes) -> None:
    await stored(fakes)

    assert await run(fakes, TEN + hours(1.9)) == TEN + hours(2)
    assert fakes.announcer.told == []
    await run(fakes, TEN + hours(2))
    assert await run(fakes, TEN + hours(2)) == TEN + hours(4)
    assert len(fakes.announcer.told) == 2


async def test_who_has_approved_is_left_alone(fakes: Fakes) -> None:
    approval = await stored(fakes)
    fakes.approvals.approvals["apr_1"] = replace(approval, decisions=(a_decision(approval),))

    await run(fakes, TEN + hours(2))
    assert fakes.announcer.people_told == [SECOND_APPROVER]


async def test_authors_are_not_reminded_of_what_they_may_not_decide(fakes: Fakes) -> None:
    await stored(fakes, rules={"approvers": (APPROVER, EDITOR)})

    await run(fakes, TEN + hours(2))
    assert fakes.announcer.people_told == [APPROVER]


async def test_everyone_is_reminded_when_they_are_at_work(fakes: Fakes) -> None:
    await stored(fakes)
    fakes.people.set(SECOND_APPROVER, timezone="America/New_York")
    new_york_begins = TEN + hours(5)

    assert await run(fakes, TEN + hours(2)) == TEN + hours(4)
    assert await run(fakes, TEN + hours(4)) == new_york_begins
    assert fakes.announcer.people_told == [APPROVER, APPROVER]
    assert await run(fakes, new_york_begins) == TEN + hours(6)
    assert fakes.announcer.people_told == [APPROVER, APPROVER, SECOND_APPROVER]


async def test_after_work_the_next_reminder_waits_for_the_morning(fakes: Fakes) -> None:
    await stored(fakes)

    assert await run(fakes, TEN + hours(7)) == TEN + hours(23)
    assert len(fakes.announcer.told) == 2


async def test_a_run_that_comes_late_in_the_evening_disturbs_nobody(fakes: Fakes) -> None:
    await stored(fakes, rules={"due_hours": 4, "escalate_to": ("UBOSS",)})

    assert await run(fakes, TEN + hours(12)) == TEN + hours(23)
    assert fakes.announcer.told == []


@pytest.mark.parametrize("zone", ["", "Nowhere/Land"])
async def test_without_a_zone_of_their_own_the_workspaces_counts(fakes: Fakes, zone: str) -> None:
    await stored(fakes, rules={"remind_hours": 8, "working_hours": OFFICE})
    fakes.people.set(APPROVER, timezone=zone)
    fakes.people.set(SECOND_APPROVER, timezone=zone)

    assert await run(fakes, TEN) == TEN + hours(23), "18:00 in Berlin: the next morning"


@pytest.mark.parametrize("role", [{"is_guest": True}, {"is_bot": True}, {"team_id": "TELSEWHERE"}], ids=str)
async def test_who_may_not_approve_is_not_reminded(fakes: Fakes, role: dict[str, Any]) -> None:
    await stored(fakes)
    fakes.people.set(APPROVER, **role)

    await run(fakes, TEN + hours(2))
    assert fakes.announcer.people_told == [SECOND_APPROVER]


async def test_somebody_slack_does_not_know_of_just_now_is_reminded_all_the_same(fakes: Fakes) -> None:
    await stored(fakes)
    known = fakes.people.get

    async def refuse(user_id: str) -> Person:
        if user_id == APPROVER:
            raise SlackRefusedError("ratelimited", method="users.info", retry_in=30)
        return await known(user_id)

    fakes.people.get = refuse  # type: ignore[method-assign]
    await run(fakes, TEN + hours(2))
    assert fakes.announcer.people_told == [APPROVER, SECOND_APPROVER]


async def test_a_message_slack_refuses_keeps_nobody_else_waiting(fakes: Fakes) -> None:
    await stored(fakes)
    fakes.announcer.refuse("messages_tab_disabled")

    assert await run(fakes, TEN + hours(2)) == TEN + hours(4)
    assert fakes.announcer.people_told == [SECOND_APPROVER]


async def test_others_are_told_once_when_it_is_overdue(fakes: Fakes) -> None:
    await stored(fakes, rules={"remind_hours": 0, "due_hours": 4, "escalate_to": ("UBOSS",)})

    assert await run(fakes, TEN) == TEN + hours(4)
    assert await run(fakes, TEN + hours(4)) == TEN + hours(5)
    assert fakes.announcer.told == []
    assert len(fakes.announcer.shown) == 2, "from its due time on the card says that it is overdue"
    assert await run(fakes, TEN + hours(5)) is None
    assert fakes.announcer.reasons == [("UBOSS", Why.OVERDUE)]
    assert fakes.approvals.approvals["apr_1"].escalated == ("UBOSS",)
    assert await run(fakes, TEN + hours(6)) is None
    assert fakes.announcer.people_told == ["UBOSS"]


async def test_others_are_told_when_they_are_at_work(fakes: Fakes) -> None:
    await stored(fakes, rules={"remind_hours": 0, "due_hours": 8, "escalate_to": ("UBOSS",)})

    assert await run(fakes, TEN + hours(8)) == TEN + hours(23)


@pytest.mark.parametrize("state", [State.ON_HOLD, State.APPROVED, State.EXPIRED, State.WITHDRAWN])
async def test_what_waits_for_no_approver_reminds_nobody(fakes: Fakes, state: State) -> None:
    await stored(fakes, state=state)

    assert await run(fakes, TEN + hours(2)) is None
    assert fakes.announcer.told == []
    assert fakes.announcer.shown == []


async def test_a_request_that_is_gone_reminds_nobody(fakes: Fakes) -> None:
    assert await run(fakes, TEN) is None
    assert fakes.announcer.told == []


async def test_during_a_pause_nobody_is_asked_for_what_they_cannot_do(fakes: Fakes) -> None:
    await stored(fakes)
    fakes.settings.settings = some_settings(pause=a_pause())

    assert await run(fakes, TEN + hours(2)) == TEN + hours(2.25)
    assert fakes.announcer.told == []


async def test_when_somebody_was_faster_it_looks_again_before_it_tells_anybody(fakes: Fakes) -> None:
    await stored(fakes)
    saved = fakes.approvals.save

    async def conflict(approval: Approval, **_: Any) -> Approval:
        raise ApprovalConflictError(approval.id)

    fakes.approvals.save = conflict  # type: ignore[method-assign]
    assert await run(fakes, TEN + hours(2)) == TEN + hours(2)
    assert fakes.announcer.told == []
    fakes.approvals.save = saved  # type: ignore[method-assign]
    await run(fakes, TEN + hours(2))
    assert len(fakes.announcer.told) == 2
