"""Several requests decided one by one: what was seen binds each word, and none is lost with another."""

from dataclasses import replace

import pytest

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.bulk import Choice, Wish, is_done, sight
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalNotFoundError,
    NotAnApproverError,
    OutdatedViewError,
    StoreUnavailableError,
)
from scrm_bot.usecases import approvals, bulk
from tests.builders import (
    APPROVER,
    EDITOR,
    SECOND_APPROVER,
    a_decision,
    a_person,
    a_policy,
    a_post,
    an_approval,
)
from tests.fakes.workspace import Fakes, some_fakes

DONE = {
    Choice.APPROVE: State.APPROVED,
    Choice.CHANGES: State.CHANGES_REQUESTED,
    Choice.REJECT: State.REJECTED,
    Choice.HOLD: State.ON_HOLD,
}


async def stored(fakes: Fakes, **changes: object) -> Approval:
    approval = an_approval(**changes)
    fakes.approvals.latest.pop(approval.post_id, None)  # each as if it were about a post of its own
    return await fakes.approvals.add(approval)


def a_wish(approval: Approval, choice: Choice = Choice.APPROVE) -> Wish:
    return Wish(approval.id, choice, sight(approval))


async def test_what_waits_for_somebody_is_what_they_may_decide_and_have_not() -> None:
    fakes = some_fakes(a_post())
    mine = await stored(fakes, id="apr_mine")
    await stored(fakes, id="apr_held", state=State.ON_HOLD)
    await stored(fakes, id="apr_own", author=APPROVER)
    await stored(fakes, id="apr_others", policy=a_policy(approvers=(SECOND_APPROVER,)))
    twice = a_policy(needed=2)
    await stored(fakes, id="apr_said", policy=twice, decisions=(a_decision(by=APPROVER),))
    half = await stored(fakes, id="apr_half", policy=twice, decisions=(a_decision(by=SECOND_APPROVER),))

    found = await bulk.waiting(fakes.workspace, by=APPROVER)

    assert {request.id for request in found} == {mine.id, half.id}


async def test_nothing_waits_for_a_guest(fakes: Fakes) -> None:
    await stored(fakes)
    fakes.people.people[APPROVER] = a_person(APPROVER, is_guest=True)

    assert await bulk.waiting(fakes.workspace, by=APPROVER) == ()


@pytest.mark.parametrize(
    ("by", "found"),
    [(EDITOR, {"apr_mine", "apr_held"}), (APPROVER, {"apr_mine", "apr_held"}), ("UOTHER", set())],
)
async def test_an_open_request_is_withdrawn_by_its_author_and_its_approvers(
    fakes: Fakes, by: str, found: set[str]
) -> None:
    mine, held = await stored(fakes, id="apr_mine"), await stored(fakes, id="apr_held", state=State.ON_HOLD)
    over = await stored(fakes, id="apr_over", state=State.APPROVED)

    steered = await bulk.steerable(fakes.workspace, [mine, held, over], by=by)

    assert {request.id for request in steered} == found


async def test_a_guest_withdraws_nothing_as_an_approver(fakes: Fakes) -> None:
    request = await stored(fakes)
    fakes.people.people[APPROVER] = a_person(APPROVER, is_guest=True)

    assert await bulk.steerable(fakes.workspace, [request], by=APPROVER) == ()


@pytest.mark.parametrize("choice", DONE)
async def test_each_choice_takes_its_own_step(fakes: Fakes, choice: Choice) -> None:
    wish = a_wish(await stored(fakes), choice)

    outcome = await bulk.carry_out(fakes.workspace, wish, by=APPROVER, reason="Too long")

    assert is_done(outcome)
    assert outcome.approval
    assert outcome.approval.state is DONE[choice]
    assert outcome.approval.decisions[-1].reason == ("Too long" if choice.needs_reason else "")


async def test_leaving_it_leaves_it(fakes: Fakes) -> None:
    approval = await stored(fakes)

    outcome = await bulk.carry_out(fakes.workspace, a_wish(approval, Choice.LEAVE), by=APPROVER)

    assert outcome.approval == approval
    assert Choice.LEAVE.step is None


@pytest.mark.parametrize("choice", DONE)
async def test_a_delivery_that_comes_twice_tells_the_same(fakes: Fakes, choice: Choice) -> None:
    wish = a_wish(await stored(fakes, policy=a_policy(needed=2)), choice)
    first = await bulk.carry_out(fakes.workspace, wish, by=APPROVER, reason="Why")
    told = list(fakes.announcer.told)

    second = await bulk.carry_out(fakes.workspace, wish, by=APPROVER, reason="Why")

    assert is_done(second)
    assert first.approval
    assert second.approval
    assert second.approval.decisions == first.approval.decisions
    assert fakes.announcer.told == told


@pytest.mark.parametrize("choice", DONE)
async def test_somebody_elses_word_is_no_word_of_mine(fakes: Fakes, choice: Choice) -> None:
    wish = a_wish(await stored(fakes), choice)
    await approvals.reject(fakes.workspace, "apr_1", by=SECOND_APPROVER, reason="")

    outcome = await bulk.carry_out(fakes.workspace, wish, by=APPROVER, reason="Why")

    assert not is_done(outcome)
    assert outcome.approval
    assert outcome.approval.state is State.REJECTED


async def test_a_void_request_without_decisions_cannot_be_decided(fakes: Fakes) -> None:
    wish = a_wish(await stored(fakes), Choice.HOLD)
    await approvals.decide(fakes.workspace, "apr_1", lambda current: current.voided("Edited."))

    assert not is_done(await bulk.carry_out(fakes.workspace, wish, by=APPROVER))


@pytest.mark.parametrize("choice", DONE)
async def test_what_was_held_and_resumed_since_it_was_shown_is_not_decided(
    fakes: Fakes, choice: Choice
) -> None:
    wish = a_wish(await stored(fakes), choice)
    await approvals.hold(fakes.workspace, "apr_1", by=EDITOR)
    await approvals.resume(fakes.workspace, "apr_1", by=EDITOR)

    outcome = await bulk.carry_out(fakes.workspace, wish, by=APPROVER, reason="Why")

    assert isinstance(outcome.error, OutdatedViewError)
    assert fakes.approvals.approvals["apr_1"].state is State.PENDING


async def test_another_content_under_the_same_id_is_not_approved(fakes: Fakes) -> None:
    shown = await stored(fakes)
    other = replace(shown, content=replace(shown.content, body="Not what was shown."))
    fakes.approvals.approvals["apr_1"] = other

    outcome = await bulk.carry_out(fakes.workspace, a_wish(shown), by=APPROVER)

    assert isinstance(outcome.error, OutdatedViewError)
    assert fakes.approvals.approvals["apr_1"] == other


async def test_an_approval_by_somebody_else_leaves_the_sight_as_it_is(fakes: Fakes) -> None:
    wish = a_wish(await stored(fakes, policy=a_policy(needed=2)))
    await approvals.approve(fakes.workspace, "apr_1", by=SECOND_APPROVER)

    outcome = await bulk.carry_out(fakes.workspace, wish, by=APPROVER)

    assert is_done(outcome)
    assert outcome.approval
    assert outcome.approval.state is State.APPROVED


async def test_a_card_that_was_brought_up_to_date_leaves_the_sight_as_it_is(fakes: Fakes) -> None:
    shown = await stored(fakes)

    assert sight(replace(shown, version=9, remarks=2, escalated=("U9",))) == sight(shown)


@pytest.mark.parametrize("step", [step for step in Step if step is not Step.APPROVE])
def test_every_word_but_an_approval_changes_the_sight(step: Step) -> None:
    said = an_approval(decisions=(a_decision(step=step),))

    assert sight(said) != sight(an_approval())


async def test_who_may_not_decide_is_told_so(fakes: Fakes) -> None:
    outcome = await bulk.carry_out(fakes.workspace, a_wish(await stored(fakes)), by="USOMEBODY")

    assert isinstance(outcome.error, NotAnApproverError)


async def test_a_request_that_is_gone_is_told_so(fakes: Fakes) -> None:
    outcome = await bulk.carry_out(fakes.workspace, Wish("apr_9", Choice.APPROVE, "s"), by=APPROVER)

    assert outcome.approval is None
    assert isinstance(outcome.error, ApprovalNotFoundError)


async def test_without_the_store_nothing_is_known(fakes: Fakes) -> None:
    wish = a_wish(await stored(fakes))

    async def silent(_: str) -> Approval:
        raise StoreUnavailableError

    fakes.approvals.get = silent  # type: ignore[method-assign,assignment]

    outcome = await bulk.carry_out(fakes.workspace, wish, by=APPROVER)

    assert (outcome.approval, type(outcome.error)) == (None, StoreUnavailableError)


async def test_what_was_decided_before_is_told_with_who_did_it(fakes: Fakes) -> None:
    wish = a_wish(await stored(fakes))
    await approvals.approve(fakes.workspace, "apr_1", by=SECOND_APPROVER)

    outcome = await bulk.carry_out(fakes.workspace, wish, by=APPROVER)

    assert isinstance(outcome.error, AlreadyDecidedError)
    assert outcome.error.by == SECOND_APPROVER
