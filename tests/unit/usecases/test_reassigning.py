"""Who may hand a request to whom, and what that changes."""

from dataclasses import replace
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, CardRef, State, Step
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalNotFoundError,
    NotAnApproverError,
    NotPermittedError,
    SlackRefusedError,
    TransitionError,
    UsageError,
)
from scrm_bot.domain.waiting import Why
from scrm_bot.usecases import approvals, reassigning
from tests.builders import (
    ADMIN,
    APPROVER,
    EDITOR,
    SECOND_APPROVER,
    TEAM,
    a_card_ref,
    a_decision,
    a_policy,
    an_approval,
    some_settings,
)
from tests.fakes.workspace import Fakes

NEXT = "UNEXT"


async def stored(fakes: Fakes, **changes: Any) -> Approval:
    return await fakes.approvals.add(an_approval(**{"card": a_card_ref()} | changes))


async def handed(fakes: Fakes, *, by: str, to: str = NEXT) -> Approval:
    return await reassigning.reassign(fakes.workspace, "apr_1", to=to, by=by)


async def test_an_approver_hands_over_their_place(fakes: Fakes) -> None:
    await stored(fakes)

    after = await handed(fakes, by=APPROVER)
    assert after.policy.approvers == (SECOND_APPROVER, NEXT)
    word = after.decisions[-1]
    assert (word.by, word.step, word.reason, word.at) == (APPROVER, Step.REASSIGN, NEXT, fakes.clock.now())
    assert fakes.announcer.reasons == [(NEXT, Why.HANDED_OVER)]
    assert fakes.announcer.shown[-1].policy == after.policy
    assert (await approvals.approve(fakes.workspace, "apr_1", by=NEXT)).state is State.APPROVED


async def test_an_admin_adds_an_approver(fakes: Fakes) -> None:
    await stored(fakes)

    assert (await handed(fakes, by=ADMIN)).policy.approvers == (APPROVER, SECOND_APPROVER, NEXT)


@pytest.mark.parametrize("is_admin", [False, True])
async def test_who_has_approved_adds_nobody(fakes: Fakes, *, is_admin: bool) -> None:
    before = await stored(fakes, policy=a_policy(needed=2), decisions=(a_decision(),))
    fakes.people.admins |= {APPROVER} if is_admin else set()

    with pytest.raises(AlreadyDecidedError):
        await handed(fakes, by=APPROVER)
    assert (await fakes.approvals.get("apr_1")).policy == before.policy


async def test_who_has_approved_points_another_approver_to_it(fakes: Fakes) -> None:
    before = await stored(fakes, policy=a_policy(needed=2), decisions=(a_decision(),))

    after = await handed(fakes, by=APPROVER, to=SECOND_APPROVER)
    assert (after.policy, after.approved_by) == (before.policy, (APPROVER,))
    assert fakes.announcer.reasons == [(SECOND_APPROVER, Why.HANDED_OVER)]


async def test_whoever_gave_their_place_away_decides_nothing_any_more(fakes: Fakes) -> None:
    await stored(fakes)
    await handed(fakes, by=APPROVER)

    with pytest.raises(NotAnApproverError):
        await approvals.approve(fakes.workspace, "apr_1", by=APPROVER)


async def test_handing_it_to_another_approver_takes_nobodys_place(fakes: Fakes) -> None:
    await stored(fakes)

    after = await handed(fakes, by=APPROVER, to=SECOND_APPROVER)
    assert after.policy.approvers == (APPROVER, SECOND_APPROVER)
    assert fakes.announcer.people_told == [SECOND_APPROVER]


async def test_a_member_of_a_group_hands_over_their_place_too(fakes: Fakes) -> None:
    fakes.people.members = {"S1": frozenset({"UGROUPED"})}
    await stored(fakes, policy=a_policy(groups=("S1",)))

    assert (await handed(fakes, by="UGROUPED")).policy.approvers == (APPROVER, SECOND_APPROVER, NEXT)
    with pytest.raises(NotAnApproverError):
        await approvals.approve(fakes.workspace, "apr_1", by="UGROUPED")


@pytest.mark.parametrize("role", ["author", "requested_by"])
async def test_an_author_chooses_among_the_approvers_of_today(fakes: Fakes, role: str) -> None:
    await stored(fakes, **{"author": "UX", "requested_by": "UX", role: EDITOR})
    fakes.settings.settings = some_settings(approvers=(NEXT,))

    assert (await handed(fakes, by=EDITOR)).policy.approvers == (APPROVER, SECOND_APPROVER, NEXT)


async def test_an_author_may_point_an_approver_to_it(fakes: Fakes) -> None:
    await stored(fakes)
    fakes.settings.settings = some_settings(approvers=(NEXT,))

    await handed(fakes, by=EDITOR, to=APPROVER)
    assert fakes.announcer.reasons == [(APPROVER, Why.HANDED_OVER)]


async def test_an_author_does_not_choose_a_judge_of_their_own(fakes: Fakes) -> None:
    before = await stored(fakes)

    with pytest.raises(UsageError, match="You may hand this to one of the approvers only"):
        await handed(fakes, by=EDITOR)
    assert fakes.approvals.approvals["apr_1"] == before


async def test_an_author_who_is_an_approver_of_others_posts_does_not_either(fakes: Fakes) -> None:
    await stored(fakes, policy=a_policy(approvers=(APPROVER, EDITOR)))

    with pytest.raises(UsageError, match="one of the approvers only"):
        await handed(fakes, by=EDITOR)


async def test_strangers_hand_over_nothing(fakes: Fakes) -> None:
    await stored(fakes)

    with pytest.raises(NotPermittedError, match="the author, an approver or an admin"):
        await handed(fakes, by="USTRANGER", to=APPROVER)


@pytest.mark.parametrize("by", [APPROVER, ADMIN])
async def test_guests_hand_over_no_place_they_do_not_have(fakes: Fakes, by: str) -> None:
    await stored(fakes)
    fakes.people.set(by, is_guest=True)

    with pytest.raises(NotPermittedError):
        await handed(fakes, by=by)


@pytest.mark.parametrize("role", [{"is_guest": True}, {"is_gone": True}, {"team_id": "TELSEWHERE"}], ids=str)
async def test_an_author_from_outside_points_nobody_to_it(fakes: Fakes, role: dict[str, Any]) -> None:
    await stored(fakes)
    fakes.people.set(EDITOR, **role)

    with pytest.raises(NotPermittedError):
        await handed(fakes, by=EDITOR, to=APPROVER)


@pytest.mark.parametrize(
    "role", [{"is_guest": True}, {"is_bot": True}, {"is_gone": True}, {"team_id": "TELSEWHERE"}], ids=str
)
async def test_only_a_full_member_takes_it_over(fakes: Fakes, role: dict[str, Any]) -> None:
    await stored(fakes)
    fakes.people.set(NEXT, **role)

    with pytest.raises(UsageError, match="Only a full member of this workspace can approve") as raised:
        await handed(fakes, by=APPROVER)
    assert raised.value.field == "person"


@pytest.mark.parametrize("role", ["author", "requested_by"])
async def test_nobody_gets_their_own_post_to_decide(fakes: Fakes, role: str) -> None:
    await stored(fakes, **{role: NEXT})

    with pytest.raises(UsageError, match="Nobody approves a post of their own") as raised:
        await handed(fakes, by=APPROVER)
    assert raised.value.field == "person"


async def test_authors_may_get_it_where_they_may_approve(fakes: Fakes) -> None:
    await stored(fakes, policy=a_policy(self_approval=True))
    fakes.people.set(EDITOR, team_id=TEAM)

    assert EDITOR in (await handed(fakes, by=APPROVER, to=EDITOR)).policy.approvers


async def test_who_has_approved_does_not_get_it_again(fakes: Fakes) -> None:
    await stored(fakes, policy=a_policy(needed=2), decisions=(a_decision(),))

    with pytest.raises(UsageError, match="approved this already") as raised:
        await handed(fakes, by=SECOND_APPROVER, to=APPROVER)
    assert raised.value.field == "person"


@pytest.mark.parametrize("state", [State.ON_HOLD, State.APPROVED, State.EXPIRED])
async def test_only_what_is_to_be_decided_is_handed_over(fakes: Fakes, state: State) -> None:
    await stored(fakes, state=state)

    with pytest.raises(TransitionError):
        await handed(fakes, by=APPROVER)
    assert fakes.announcer.told == []


async def test_a_request_that_is_gone_is_not_handed_over(fakes: Fakes) -> None:
    with pytest.raises(ApprovalNotFoundError):
        await handed(fakes, by=APPROVER)


async def test_an_admin_who_takes_it_is_not_told_what_they_know(fakes: Fakes) -> None:
    await stored(fakes)

    after = await handed(fakes, by=ADMIN, to=ADMIN)
    assert ADMIN in after.policy.approvers
    assert fakes.announcer.told == []


async def test_where_slack_refuses_the_message_it_is_handed_over_all_the_same(fakes: Fakes) -> None:
    await stored(fakes)

    async def refuse(user_id: str, approval: Approval, *, why: Why) -> CardRef:
        raise SlackRefusedError(f"{why} {user_id} {approval.id}", method="chat.postMessage")

    fakes.announcer.notify = refuse  # type: ignore[method-assign]
    assert NEXT in (await handed(fakes, by=APPROVER)).policy.approvers


async def test_a_place_used_meanwhile_is_not_handed_over(fakes: Fakes) -> None:
    approval = await stored(fakes, policy=a_policy(needed=2))
    read, reads = fakes.approvals.get, 0

    async def approved_meanwhile(approval_id: str) -> Approval:
        nonlocal reads
        reads += 1
        if reads == 2:
            fakes.approvals.approvals["apr_1"] = replace(
                approval, decisions=(a_decision(approval),), version=2
            )
        return await read(approval_id)

    fakes.approvals.get = approved_meanwhile  # type: ignore[method-assign]
    with pytest.raises(AlreadyDecidedError):
        await handed(fakes, by=APPROVER)


@pytest.mark.parametrize("by", [APPROVER, ADMIN, EDITOR])
async def test_who_may_hand_it_over_is_asked_to_whom(fakes: Fakes, by: str) -> None:
    request = await stored(fakes)

    await reassigning.check_reassignable(fakes.workspace, request, by=by)
    assert fakes.announcer.told == []
    assert fakes.approvals.approvals["apr_1"] == request


async def test_strangers_are_not_asked_to_whom(fakes: Fakes) -> None:
    with pytest.raises(NotPermittedError, match="the author, an approver or an admin"):
        await reassigning.check_reassignable(fakes.workspace, await stored(fakes), by="USTRANGER")


async def test_guests_are_not_asked_to_whom(fakes: Fakes) -> None:
    fakes.people.set(APPROVER, is_guest=True)

    with pytest.raises(NotPermittedError):
        await reassigning.check_reassignable(fakes.workspace, await stored(fakes), by=APPROVER)


async def test_nobody_is_asked_about_what_is_decided_and_the_old_card_is_drawn_anew(fakes: Fakes) -> None:
    request = await stored(fakes, state=State.REJECTED)

    with pytest.raises(TransitionError):
        await reassigning.check_reassignable(fakes.workspace, request, by=APPROVER)
    assert fakes.announcer.states == [State.REJECTED]
