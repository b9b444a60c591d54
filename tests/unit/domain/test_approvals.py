from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.approvals import (
    IN_MOTION,
    OPEN,
    TRANSITIONS,
    ActionKind,
    Approval,
    Reminder,
    State,
    Step,
)
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalError,
    NotAnApproverError,
    NotPermittedError,
    SelfApprovalError,
    TransitionError,
)
from scrm_bot.domain.posts import Drift
from tests.builders import (
    APPROVER,
    EDITOR,
    LATER,
    NOW,
    SECOND_APPROVER,
    a_content,
    a_decision,
    a_policy,
    an_approval,
    an_approved,
    an_attempt,
)

APPROVERS = frozenset({APPROVER, SECOND_APPROVER})
REQUESTER, STRANGER = "UREQUESTER", "USTRANGER"
SOON = NOW + timedelta(seconds=10)
Change = Callable[[Approval, str], Approval]

DECIDE: dict[Step, Change] = {
    Step.APPROVE: lambda a, by: a.approve(by, at=NOW, approvers=APPROVERS, act_at=SOON),
    Step.REJECT: lambda a, by: a.reject(by, at=NOW, approvers=APPROVERS, reason="no"),
    Step.REQUEST_CHANGES: lambda a, by: a.request_changes(by, at=NOW, approvers=APPROVERS, reason="no"),
}
STEER: dict[Step, Change] = {
    step: lambda a, by, step=step: a.steered(step, by, at=NOW, approvers=APPROVERS, reason="why")  # type: ignore[misc]
    for step in (Step.HOLD, Step.RESUME, Step.WITHDRAW, Step.UNDO)
}


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("state", State)
def test_a_request_moves_only_along_the_table(state: State, step: Step) -> None:
    approval = an_approval(state=state, detail="before", needs_person=True)

    if (state, step) in TRANSITIONS:
        moved = approval.moved(step, detail="after")
        assert moved == replace(approval, state=TRANSITIONS[state, step], detail="after", needs_person=False)
    else:
        with pytest.raises(TransitionError) as raised:
            approval.moved(step)
        assert (raised.value.step, raised.value.state, raised.value.by) == (step, state, "")


@pytest.mark.parametrize("state", State)
def test_no_final_state_has_a_way_out(state: State) -> None:
    onward = {step for start, step in TRANSITIONS if start is state}

    assert bool(onward) == (state in OPEN | IN_MOTION | {State.SCHEDULED})


def test_every_way_to_a_call_leads_through_approved() -> None:
    before = {start for (start, _), end in TRANSITIONS.items() if end in {State.PUBLISHING, State.SCHEDULING}}
    to_approved = {(start, step) for (start, step), end in TRANSITIONS.items() if end is State.APPROVED}

    assert before == {State.APPROVED}
    assert to_approved == {
        (State.PENDING, Step.APPROVE),
        (State.PUBLISHING, Step.NOT_APPLIED),
        (State.SCHEDULING, Step.NOT_APPLIED),
        (State.UNKNOWN, Step.NOT_APPLIED),
    }


def test_who_decided_is_told_to_whom_comes_too_late() -> None:
    decided = an_approved(state=State.PUBLISHED)

    with pytest.raises(AlreadyDecidedError) as raised:
        decided.moved(Step.REJECT)
    assert raised.value.by == APPROVER


@pytest.mark.parametrize("step", [Step.HOLD, Step.UNDO, Step.PUBLISH])
def test_other_steps_come_too_late_without_a_decision_being_claimed(step: Step) -> None:
    with pytest.raises(TransitionError) as raised:
        an_approval(state=State.PUBLISHED).moved(step)
    assert not isinstance(raised.value, AlreadyDecidedError)


# who may do what, in every state

PEOPLE = {
    "an approver": APPROVER,
    "the author": EDITOR,
    "who asked": REQUESTER,
    "a stranger": STRANGER,
}


def expected_of_decision(
    state: State, step: Step, by: str, *, self_approval: bool
) -> type[ApprovalError] | None:
    if state not in OPEN:
        return AlreadyDecidedError
    if (state, step) not in TRANSITIONS:
        return TransitionError
    if by == STRANGER:
        return NotAnApproverError
    if by in {EDITOR, REQUESTER} and not self_approval:
        return SelfApprovalError
    return None


@pytest.mark.parametrize("self_approval", [False, True])
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", DECIDE)
@pytest.mark.parametrize("state", State)
def test_only_approvers_decide_and_only_while_it_is_open(
    state: State, step: Step, who: str, *, self_approval: bool
) -> None:
    by = PEOPLE[who]
    everyone = APPROVERS | {EDITOR, REQUESTER}
    approval = an_approval(state=state, requested_by=REQUESTER, policy=a_policy(self_approval=self_approval))
    wrong = expected_of_decision(state, step, by, self_approval=self_approval)

    def decide() -> Approval:
        if step is Step.APPROVE:
            return approval.approve(by, at=NOW, approvers=everyone, act_at=SOON)
        if step is Step.REJECT:
            return approval.reject(by, at=NOW, approvers=everyone, reason="no")
        return approval.request_changes(by, at=NOW, approvers=everyone, reason="no")

    if wrong:
        with pytest.raises(wrong):
            decide()
    else:
        assert decide().state is TRANSITIONS[state, step]
        assert decide().decisions[-1].by == by


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("step", STEER)
@pytest.mark.parametrize("state", State)
def test_authors_and_approvers_steer_and_strangers_do_not(state: State, step: Step, who: str) -> None:
    approval = an_approved(state=state, requested_by=REQUESTER)
    by = PEOPLE[who]

    if by == STRANGER:
        with pytest.raises(NotPermittedError, match="the author or an approver"):
            STEER[step](approval, by)
    elif (state, step) not in TRANSITIONS:
        with pytest.raises(TransitionError):
            STEER[step](approval, by)
    else:
        moved = STEER[step](approval, by)
        assert moved.state is TRANSITIONS[state, step]
        assert moved.decisions[-1] == a_decision(approval, by=by, step=step, reason="why")
        assert moved.detail == "why"


@pytest.mark.parametrize("step", [Step.UNDO, Step.HOLD])
def test_an_approval_taken_back_must_be_given_again(step: Step) -> None:
    taken_back = STEER[step](an_approved(), EDITOR)

    assert taken_back.approved_by == ()
    assert taken_back.act_at is None


def test_a_withdrawn_request_keeps_who_had_approved_it() -> None:
    withdrawn = STEER[Step.WITHDRAW](an_approved(), EDITOR)

    assert withdrawn.approved_by == (APPROVER,)
    assert withdrawn.act_at == SOON


# how many are enough


def test_one_approval_is_enough_by_default() -> None:
    approved = DECIDE[Step.APPROVE](an_approval(), APPROVER)

    assert approved.state is State.APPROVED
    assert approved.act_at == SOON
    assert approved.approved_by == (APPROVER,)
    assert approved.decisions == (a_decision(approved),)


def test_two_approvals_take_two_people() -> None:
    first = DECIDE[Step.APPROVE](an_approval(policy=a_policy(needed=2)), APPROVER)

    assert first.state is State.PENDING
    assert first.act_at is None
    with pytest.raises(AlreadyDecidedError) as raised:
        DECIDE[Step.APPROVE](first, APPROVER)
    assert (raised.value.state, raised.value.by) == ("pending", APPROVER)
    assert DECIDE[Step.APPROVE](first, SECOND_APPROVER).state is State.APPROVED


def test_all_of_them_means_all_but_the_author() -> None:
    approval = an_approval(policy=a_policy(needed=0), author=SECOND_APPROVER)

    assert DECIDE[Step.APPROVE](approval, APPROVER).state is State.APPROVED


def test_all_of_them_means_the_author_too_where_authors_may() -> None:
    approval = an_approval(policy=a_policy(needed=0, self_approval=True), author=SECOND_APPROVER)

    first = DECIDE[Step.APPROVE](approval, APPROVER)
    assert first.state is State.PENDING
    assert DECIDE[Step.APPROVE](first, SECOND_APPROVER).state is State.APPROVED


def test_a_former_approvers_word_does_not_stand_for_somebody_elses() -> None:
    former = an_approval(policy=a_policy(needed=0))
    former = replace(former, decisions=(a_decision(former, by="UFORMER"),))

    assert DECIDE[Step.APPROVE](former, APPROVER).state is State.PENDING


def test_an_approval_of_another_content_does_not_count() -> None:
    other = an_approval(body="Something else")
    approval = an_approval(policy=a_policy(needed=2), decisions=(a_decision(other),))

    assert approval.approved_by == ()
    assert DECIDE[Step.APPROVE](approval, APPROVER).state is State.PENDING


def test_a_rejection_keeps_its_reason() -> None:
    rejected = DECIDE[Step.REJECT](an_approval(), APPROVER)

    assert rejected.detail == "no"
    assert rejected.decisions == (a_decision(rejected, step=Step.REJECT, reason="no"),)


def test_wanted_changes_keep_their_reason() -> None:
    sent_back = DECIDE[Step.REQUEST_CHANGES](an_approval(), APPROVER)

    assert sent_back.detail == "no"
    assert sent_back.decisions == (a_decision(sent_back, step=Step.REQUEST_CHANGES, reason="no"),)


def test_the_goal_is_a_number_or_everyone() -> None:
    assert a_policy(needed=2).goal(APPROVERS | {STRANGER}) == 2
    assert a_policy(needed=0).goal(APPROVERS | {STRANGER}) == 3


@pytest.mark.parametrize("self_approval", [False, True])
def test_whose_word_counts(*, self_approval: bool) -> None:
    approval = an_approval(requested_by=REQUESTER, policy=a_policy(self_approval=self_approval))

    own = {EDITOR, REQUESTER} if self_approval else set()
    assert approval.may_decide({APPROVER, EDITOR, REQUESTER}) == {APPROVER} | own


# handing it to somebody else


@pytest.mark.parametrize("state", State)
def test_only_a_request_that_is_to_be_decided_is_handed_over(state: State) -> None:
    approval = an_approval(state=state, detail="kept")

    if state is State.PENDING:
        assert approval.reassigned("UNEXT", APPROVER, at=LATER, approvers=APPROVERS).state is State.PENDING
    else:
        with pytest.raises(TransitionError):
            approval.reassigned("UNEXT", APPROVER, at=LATER, approvers=APPROVERS)


def test_an_approver_hands_over_their_place() -> None:
    handed = an_approval(detail="kept").reassigned("UNEXT", APPROVER, at=LATER, approvers=APPROVERS)

    assert handed.policy == a_policy(approvers=(SECOND_APPROVER, "UNEXT"), given_away=(APPROVER,))
    assert handed.decisions == (a_decision(by=APPROVER, step=Step.REASSIGN, at=LATER, reason="UNEXT"),)
    assert handed.reminded == (Reminder("UNEXT", LATER),), "being told counts as a reminder"
    assert handed.detail == "kept"


def test_anybody_else_adds_one() -> None:
    handed = an_approval().reassigned("UNEXT", "UADMIN", at=LATER, approvers=APPROVERS)

    assert handed.policy == a_policy(approvers=(APPROVER, SECOND_APPROVER, "UNEXT"))


def test_nobody_is_an_approver_twice() -> None:
    before = an_approval(reminded=(Reminder(APPROVER, NOW), Reminder(SECOND_APPROVER, NOW)))

    handed = before.reassigned(APPROVER, EDITOR, at=LATER, approvers=APPROVERS)
    assert handed.policy == before.policy
    assert handed.reminded == (Reminder(SECOND_APPROVER, NOW), Reminder(APPROVER, LATER))


def test_whoever_has_approved_hands_their_place_to_nobody_new() -> None:
    approved = an_approval(policy=a_policy(needed=2), decisions=(a_decision(),))

    with pytest.raises(AlreadyDecidedError):
        approved.reassigned("UNEXT", APPROVER, at=LATER, approvers=APPROVERS)
    pointed = approved.reassigned(SECOND_APPROVER, APPROVER, at=LATER, approvers=APPROVERS)
    assert pointed.policy == approved.policy


def test_a_place_that_comes_back_is_a_place_again() -> None:
    gone = an_approval().reassigned("UNEXT", APPROVER, at=LATER, approvers=APPROVERS)

    back = gone.reassigned(APPROVER, "UNEXT", at=LATER, approvers={SECOND_APPROVER, "UNEXT"})
    assert back.policy == a_policy(approvers=(SECOND_APPROVER, APPROVER), given_away=("UNEXT",))


def test_the_word_of_one_who_is_no_approver_any_more_does_not_count() -> None:
    policy = a_policy(needed=2)
    asked = an_approval(policy=policy, decisions=(a_decision(by=STRANGER), a_decision(step=Step.RESUME)))

    once = asked.approve(APPROVER, at=LATER, approvers=APPROVERS, act_at=LATER, reason="Fine")
    assert (once.state, once.approved_by) == (State.PENDING, (APPROVER,))
    assert [word.step for word in once.decisions] == [Step.RESUME, Step.APPROVE]
    assert once.decisions[-1].reason == "Fine"


# the call


def test_a_request_without_a_time_is_to_publish() -> None:
    begun = an_approved().begun(at=LATER)

    assert an_approved().action is ActionKind.PUBLISH
    assert begun.state is State.PUBLISHING
    assert begun.attempt == an_attempt(1, sent_at=LATER)


def test_a_request_with_a_time_is_to_schedule() -> None:
    begun = an_approved(at=LATER, attempt=an_attempt(1)).begun(at=LATER)

    assert an_approved(at=LATER).action is ActionKind.SCHEDULE
    assert begun.state is State.SCHEDULING
    assert begun.attempt == an_attempt(2, sent_at=LATER)


def test_a_call_that_was_never_made_leaves_no_attempt() -> None:
    begun = an_approved(attempt=an_attempt(1)).begun(at=LATER)

    assert begun.put_back(an_attempt(1)) == an_approved(attempt=an_attempt(1))
    assert begun.put_back(None).attempt is None


def test_a_void_request_keeps_what_the_post_says_now() -> None:
    void = an_approved().voided("It was changed.", found=a_content(body="Other words"))

    assert (void.state, void.detail, void.changed_body) == (State.VOID, "It was changed.", "Other words")
    assert an_approved().voided("It is gone.").changed_body is None


def test_a_void_request_keeps_in_what_the_post_differs() -> None:
    found = a_content(account_ids=("acct_2",), media_ids=("m1",))

    void = an_approved().voided("It was changed.", found=found)
    assert void.drift == (Drift.ACCOUNTS, Drift.MEDIA)
    assert (void.changed_body, void.found) == (None, found)


@pytest.mark.parametrize("state", State)
def test_open_requests_are_those_still_to_be_decided(state: State) -> None:
    assert an_approval(state=state).is_open == (state in {State.PENDING, State.ON_HOLD})


steps = st.lists(
    st.tuples(st.sampled_from([*DECIDE, *STEER, *Step]), st.sampled_from(sorted(PEOPLE.values()))),
    max_size=14,
)


def _plainly(approval: Approval, step: Step) -> Approval:
    return approval.begun(at=NOW) if step in {Step.PUBLISH, Step.SCHEDULE} else approval.moved(step)


def _tried(approval: Approval, step: Step, by: str) -> Approval:
    change = {**DECIDE, **STEER}.get(step)
    try:
        return change(approval, by) if change else _plainly(approval, step)
    except (ApprovalError, NotPermittedError):
        return approval


@given(steps, st.integers(0, 2))
def test_no_sequence_of_steps_begins_a_call_without_enough_standing_approvals(
    sequence: list[tuple[Step, str]], needed: int
) -> None:
    approval = an_approval(requested_by=REQUESTER, policy=a_policy(needed=needed))
    for step, by in sequence:
        approval = _tried(approval, step, by)
        if approval.state in IN_MOTION:
            assert len(set(approval.approved_by)) >= (needed or len(APPROVERS))
            assert not {EDITOR, REQUESTER, STRANGER} & set(approval.approved_by)
