import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.clashes import Clash, ClashKind
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalConflictError,
    ApprovalNotFoundError,
    ApproversUnknownError,
    NoApprovalsChannelError,
    NoApproversError,
    NotAnApproverError,
    NotFoundError,
    NotPermittedError,
    PausedError,
    SelfApprovalError,
    SlackRefusedError,
    TransitionError,
    UsageError,
    WhenError,
)
from scrm_bot.domain.hours import WorkingHours
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.posts import Content
from scrm_bot.domain.team import Holders, Team
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Secret, WorkspaceSettings
from scrm_bot.usecases import approvals, authorship, refreshing
from scrm_bot.usecases.approvers import approvers_of
from tests.builders import (
    ADMIN,
    APPROVER,
    EDITOR,
    LATER,
    SECOND_APPROVER,
    TEAM,
    a_pause,
    a_policy,
    a_post,
    an_approval,
    some_settings,
)
from tests.fakes.stores import FakeApprovalStore
from tests.fakes.workspace import Fakes, some_fakes

OTHER = "UOTHER"


async def asked(
    fakes: Fakes, *, key: str = "trigger-1", by: str = EDITOR, at: datetime | None = None
) -> Approval:
    return await approvals.ask(
        fakes.workspace, "post_123", at=at, by=by, key=key, zone="Europe/Berlin", note="Please"
    )


# asking


async def test_a_request_remembers_with_which_key_its_post_was_seen(fakes: Fakes) -> None:
    mine = await fakes.vault.store(Secret("sk-first-1111"), by=ADMIN, at=fakes.clock.now())

    assert (await asked(fakes)).key == mine.fingerprint


async def test_a_request_is_stored_and_its_card_is_up(fakes: Fakes) -> None:
    approval = await asked(fakes, at=LATER)

    assert approval == Approval(
        id=approvals.request_id(TEAM, "post_123", key="trigger-1"),
        team_id=TEAM,
        post_id="post_123",
        content=Content("Launch day is here.", ("acct_1",), (), LATER),
        author=EDITOR,
        requested_by=EDITOR,
        created_at=fakes.clock.now(),
        policy=Policy((APPROVER, SECOND_APPROVER), (), 1, self_approval=False),
        note="Please",
        zone="Europe/Berlin",
        card=approval.card,
        version=3,
    )
    assert approval.card
    assert fakes.announcer.states == [State.PENDING]
    assert fakes.approvals.approvals[approval.id] == approval
    about = {"approval": approval.id}
    assert fakes.queue.put_jobs == [Job(JobKind.EXPIRE, f"expire:{approval.id}", TEAM, LATER, about)]


async def test_a_request_is_made_under_the_rules_of_the_day() -> None:
    fakes = some_fakes(settings=some_settings(approver_groups=("S1",), needed=2, self_approval=True))
    approval = await asked(fakes)

    fakes.settings.settings = WorkspaceSettings()
    assert approval.policy == Policy((APPROVER, SECOND_APPROVER), ("S1",), 2, self_approval=True)
    assert approval.content.at is None


RULES = some_settings(
    due_hours=24,
    remind_hours=8,
    expire_hours=72,
    working_hours=WorkingHours("08:00", "17:00"),
    escalate_to=("UBOSS",),
)


async def test_the_rules_for_waiting_are_those_of_the_day_too() -> None:
    fakes = some_fakes(settings=RULES)
    approval = await asked(fakes)

    fakes.settings.settings = some_settings()
    about, now = {"approval": approval.id}, fakes.clock.now()
    assert approval.policy == Policy(
        (APPROVER, SECOND_APPROVER),
        due_hours=24,
        remind_hours=8,
        expire_hours=72,
        working_hours=WorkingHours("08:00", "17:00"),
        escalate_to=("UBOSS",),
    )
    assert fakes.queue.put_jobs == [
        Job(JobKind.REMIND, f"remind:{approval.id}", TEAM, now + timedelta(hours=8), about),
        Job(JobKind.EXPIRE, f"expire:{approval.id}", TEAM, now + timedelta(hours=72), about),
    ]


@pytest.mark.parametrize("step", [Step.HOLD, Step.UNDO])
async def test_what_waits_again_gets_its_jobs_again(step: Step) -> None:
    fakes = some_fakes(settings=RULES)
    approval = await asked(fakes)
    await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    fakes.queue.put_jobs.clear()

    await approvals.steer(fakes.workspace, approval.id, step, by=EDITOR)
    assert [job.kind for job in fakes.queue.put_jobs] == [JobKind.REMIND, JobKind.EXPIRE]


async def test_what_is_taken_back_for_good_gets_none() -> None:
    fakes = some_fakes(settings=RULES)
    approval = await asked(fakes)
    fakes.queue.put_jobs.clear()

    await approvals.withdraw(fakes.workspace, approval.id, by=EDITOR)
    assert fakes.queue.put_jobs == []


async def test_a_request_tells_what_it_gets_in_the_way_of() -> None:
    other = a_post(id="post_7", status="scheduled", body="Other words", scheduled_at=LATER)
    fakes = some_fakes(a_post(), other)

    (clash,) = (await asked(fakes, at=LATER)).clashes
    assert clash == Clash(ClashKind.SAME_HOUR, "post_7", LATER, ("acct_1",))


async def test_after_wanted_changes_asking_again_is_the_next_round(fakes: Fakes) -> None:
    first = await asked(fakes, key="first")
    sent_back = await approvals.request_changes(
        fakes.workspace, first.id, by=APPROVER, reason="Name the date"
    )

    second = await asked(fakes, key="second")
    assert (first.round_number, first.changes) == (1, None)
    assert (second.round_number, second.changes) == (2, sent_back.decisions[-1])
    assert (await asked(fakes, key="third")).round_number == 2, "replacing a request is no new round"


async def test_wanted_changes_are_said_under_the_card_and_to_the_author(fakes: Fakes) -> None:
    approval = await asked(fakes)

    decided = await approvals.request_changes(fakes.workspace, approval.id, by=APPROVER, reason="Why?")
    assert fakes.announcer.changes == [decided]
    assert fakes.announcer.reasons == [(EDITOR, Why.NEWS)]


async def test_a_rejection_is_not_said_under_the_card(fakes: Fakes) -> None:
    approval = await asked(fakes)

    await approvals.reject(fakes.workspace, approval.id, by=APPROVER, reason="no")
    assert fakes.announcer.changes == []


async def test_where_nothing_can_be_said_under_the_card_the_author_is_told_all_the_same(fakes: Fakes) -> None:
    approval = await asked(fakes)
    said = fakes.announcer.say_changes

    async def refuse(approval: Approval) -> None:
        fakes.announcer.refuse("cannot_reply_to_message")
        await said(approval)

    fakes.announcer.say_changes = refuse  # type: ignore[method-assign]
    await approvals.request_changes(fakes.workspace, approval.id, by=APPROVER, reason="Why?")
    assert fakes.announcer.changes == []
    assert fakes.announcer.people_told == [EDITOR]


async def test_who_last_changed_the_text_is_the_author(fakes: Fakes) -> None:
    await fakes.memory.keep("author:post_123", {"user": OTHER})

    approval = await asked(fakes)
    assert (approval.author, approval.requested_by) == (OTHER, EDITOR)


async def test_the_same_wish_asks_only_once(fakes: Fakes) -> None:
    first = await asked(fakes)

    assert await asked(fakes) == first
    assert len(fakes.announcer.shown) == 1
    assert len(fakes.approvals.approvals) == 1


async def test_a_wish_cut_off_before_its_card_gets_the_card_on_the_second_run(fakes: Fakes) -> None:
    first = await asked(fakes)
    fakes.approvals.approvals[first.id] = replace(first, card=None)

    again = await asked(fakes)
    assert again.card
    assert len(fakes.announcer.shown) == 2


async def test_an_old_wish_that_runs_again_does_not_disturb_a_newer_one(fakes: Fakes) -> None:
    await asked(fakes, key="old")
    newer = await asked(fakes, key="new")

    old = await asked(fakes, key="old")
    assert old.state is State.WITHDRAWN
    assert (await fakes.approvals.get(newer.id)).state is State.PENDING


def test_a_requests_id_depends_on_the_wish_the_post_and_the_team() -> None:
    ids = {approvals.request_id(team, post, key=key) for team in "TU" for post in "pq" for key in "kl"}

    assert len(ids) == 8
    assert approvals.request_id("T", "p", key="k") == "apr_e5efd87e2e8cef59c850"


@pytest.mark.parametrize("state", [State.PENDING, State.ON_HOLD])
async def test_a_newer_request_replaces_an_open_one(fakes: Fakes, state: State) -> None:
    old = await asked(fakes, key="old")
    fakes.approvals.approvals[old.id] = replace(old, state=state)

    new = await asked(fakes, key="new")
    closed = await fakes.approvals.get(old.id)
    assert (closed.state, closed.detail) == (
        State.WITHDRAWN,
        "Replaced by a newer request for the same post.",
    )
    assert fakes.announcer.states == [State.PENDING, State.WITHDRAWN, State.PENDING]
    assert (await fakes.approvals.latest_for("post_123")) == new


async def at_once(fakes: Fakes, *asks: dict[str, Any]) -> list[Approval]:
    """Everybody has read the post, and that nobody else asks, before anybody goes on."""
    list_posts, arrived, all_here = fakes.socialcrm.list_posts, list[int](), asyncio.Event()

    async def meet(**page: int) -> object:
        arrived.append(1)
        if len(arrived) == len(asks):
            fakes.clock.advance(1)
            all_here.set()
        await all_here.wait()
        return await list_posts(**page)

    fakes.socialcrm.list_posts = meet  # type: ignore[method-assign,assignment]
    return await asyncio.gather(*(asked(fakes, **each) for each in asks))


async def test_a_button_that_is_pressed_twice_asks_once(fakes: Fakes) -> None:
    first, second = await at_once(fakes, {"key": "click-1"}, {"key": "click-2"})

    assert first.id == second.id
    assert [each.id for each in await fakes.approvals.open()] == [first.id]
    assert len({card for card in (first.card, second.card) if card}) == 1


async def test_a_button_pressed_again_while_the_first_request_was_made_asks_once(fakes: Fakes) -> None:
    get_post = fakes.socialcrm.get_post

    async def meanwhile(post_id: str) -> object:
        fakes.socialcrm.get_post = get_post  # type: ignore[method-assign]
        fakes.clock.advance(1)
        return replace(await get_post(post_id), id=(await asked(fakes, key="click-1")).post_id)

    fakes.socialcrm.get_post = meanwhile  # type: ignore[method-assign,assignment]
    second = await asked(fakes, key="click-2")
    assert [each.id for each in await fakes.approvals.open()] == [second.id]
    assert second.id == approvals.request_id(TEAM, "post_123", key="click-1")


@pytest.mark.parametrize("other", [{"by": OTHER}, {"at": LATER}])
async def test_of_two_wishes_at_once_the_later_one_stands_alone(fakes: Fakes, other: dict[str, Any]) -> None:
    first, second = await at_once(fakes, {"key": "1"}, {"key": "2", **other})

    states = [(await fakes.approvals.get(each.id)).state for each in (first, second)]
    assert sorted(states) == [State.PENDING, State.WITHDRAWN]
    standing = await fakes.approvals.latest_for("post_123")
    assert standing
    assert (standing.state, len(await fakes.approvals.open())) == (State.PENDING, 1)


async def test_who_is_always_slower_than_somebody_else_is_told_so(fakes: Fakes) -> None:
    add = fakes.approvals.add

    async def slower(approval: Approval, **more: Any) -> Approval:
        rival = replace(approval, id=f"apr_{len(fakes.approvals.approvals)}", requested_by=OTHER)
        await add(rival, **more)
        return await add(approval, **more)

    fakes.approvals.add = slower  # type: ignore[method-assign]
    with pytest.raises(ApprovalConflictError):
        await asked(fakes)
    assert len(await fakes.approvals.open()) == 1


async def test_a_request_that_is_approved_just_then_is_not_replaced(fakes: Fakes) -> None:
    old = await asked(fakes, key="old")
    latest_for = fakes.approvals.latest_for

    async def then_approve(post_id: str) -> Approval | None:
        found = await latest_for(post_id)
        await approvals.approve(fakes.workspace, old.id, by=APPROVER)
        return found

    fakes.approvals.latest_for = then_approve  # type: ignore[method-assign]
    with pytest.raises(UsageError, match="post_123 has been approved and is on its way out"):
        await asked(fakes, key="new")
    assert [each.state for each in await fakes.approvals.open()] == [State.APPROVED]


async def test_a_request_that_is_rejected_just_then_stays_rejected(fakes: Fakes) -> None:
    old = await asked(fakes, key="old")
    latest_for = fakes.approvals.latest_for

    async def then_reject(post_id: str) -> Approval | None:
        found = await latest_for(post_id)
        await approvals.reject(fakes.workspace, old.id, by=APPROVER, reason="no")
        return found

    fakes.approvals.latest_for = then_reject  # type: ignore[method-assign]
    await asked(fakes, key="new")
    assert (await fakes.approvals.get(old.id)).state is State.REJECTED


@pytest.mark.parametrize(("status", "standing"), [("draft", ""), ("unknown", ""), ("In_Review", "in_review")])
async def test_a_word_that_nobody_knows_is_kept_for_those_who_approve(status: str, standing: str) -> None:
    assert (await asked(some_fakes(a_post(status=status)))).standing == standing


async def test_a_post_without_a_status_that_has_been_published_needs_no_approval() -> None:
    with pytest.raises(UsageError, match="has been published already"):
        await asked(some_fakes(a_post(status="unknown", published_at=LATER)))


@pytest.mark.parametrize("status", ["processing", "draft", "unknown"])
async def test_what_was_seen_to_go_out_is_not_asked_about_again(fakes: Fakes, status: str) -> None:
    old = await asked(fakes, key="old")
    fakes.approvals.approvals[old.id] = replace(old, state=State.PUBLISHED)
    fakes.socialcrm.change("post_123", status=status)

    with pytest.raises(UsageError, match="post_123 has been published already"):
        await asked(fakes, key="new")


@pytest.mark.parametrize(("status", "is_asked"), [("processing", False), ("draft", True), ("failed", True)])
async def test_what_is_scheduled_is_asked_about_once_it_is_not_any_more(
    fakes: Fakes, status: str, *, is_asked: bool
) -> None:
    old = await asked(fakes, key="old")
    fakes.approvals.approvals[old.id] = replace(old, state=State.SCHEDULED)
    fakes.socialcrm.change("post_123", status=status)

    if is_asked:
        assert (await asked(fakes, key="new")).state is State.PENDING
    else:
        with pytest.raises(UsageError, match="post_123 is scheduled in SocialCRM already"):
            await asked(fakes, key="new")


async def test_everybody_who_changed_the_text_is_one_of_its_writers(fakes: Fakes) -> None:
    for by in (APPROVER, EDITOR):
        await authorship.add_writer(fakes.workspace, "post_123", by)

    request = await asked(fakes)
    assert (request.author, request.writers) == (EDITOR, (APPROVER, EDITOR))
    with pytest.raises(SelfApprovalError):
        await approvals.approve(fakes.workspace, request.id, by=APPROVER)


@pytest.mark.parametrize(
    "state", [State.REJECTED, State.FAILED, State.VOID, State.WITHDRAWN, State.SCHEDULED]
)
async def test_a_closed_request_is_left_as_it_was(fakes: Fakes, state: State) -> None:
    old = await asked(fakes, key="old")
    fakes.approvals.approvals[old.id] = replace(old, state=state)

    assert (await asked(fakes, key="new")).state is State.PENDING
    assert (await fakes.approvals.get(old.id)).state is state


@pytest.mark.parametrize("state", [State.APPROVED, State.PUBLISHING, State.SCHEDULING, State.UNKNOWN])
async def test_a_post_on_its_way_is_not_asked_about_again(fakes: Fakes, state: State) -> None:
    old = await asked(fakes, key="old")
    fakes.approvals.approvals[old.id] = replace(old, state=state)

    with pytest.raises(UsageError, match="post_123 has been approved and is on its way out") as raised:
        await asked(fakes, key="new")
    assert raised.value.field == "post"
    assert len(fakes.approvals.approvals) == 1


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("scheduled", "post_123 is scheduled in SocialCRM already, so there is nothing to approve."),
        ("publishing", "post_123 is being published right now, so there is nothing to approve."),
        ("Published", "post_123 has been published already, so there is nothing to approve."),
    ],
)
async def test_a_post_that_is_out_needs_no_approval(status: str, sentence: str) -> None:
    fakes = some_fakes(a_post(status=status))
    fakes.socialcrm.publishing_reads = 1

    with pytest.raises(UsageError) as raised:
        await asked(fakes)
    assert (raised.value.message, raised.value.field) == (sentence, "post")


@pytest.mark.parametrize("status", ["draft", "failed", "in_review"])
async def test_a_post_in_any_other_state_can_be_asked_about(status: str) -> None:
    assert (await asked(some_fakes(a_post(status=status)))).state is State.PENDING


async def test_an_empty_post_is_not_asked_about() -> None:
    with pytest.raises(UsageError, match="post_123 is empty: give it a text first") as raised:
        await asked(some_fakes(a_post(body=" \n")))
    assert raised.value.field == "text"
    assert (await asked(some_fakes(a_post(body="", media_ids=("m1",))))).state is State.PENDING


async def test_a_time_that_has_passed_is_asked_about(fakes: Fakes) -> None:
    with pytest.raises(
        WhenError, match=r"Mon 30 Nov 2026, 10:00 Europe/Berlin has passed\. Which time to come"
    ):
        await asked(fakes, at=fakes.clock.now())
    assert fakes.socialcrm.calls == []


async def test_a_post_that_is_gone_is_not_asked_about(fakes: Fakes) -> None:
    fakes.socialcrm.posts.clear()

    with pytest.raises(NotFoundError):
        await asked(fakes)
    assert fakes.approvals.approvals == {}


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        (some_settings(approvals_channel=""), NoApprovalsChannelError),
        (some_settings(approvers=()), NoApproversError),
        (some_settings(pause=a_pause()), PausedError),
    ],
)
async def test_without_rules_there_is_no_request(settings: WorkspaceSettings, error: type[Exception]) -> None:
    fakes = some_fakes(settings=settings)

    with pytest.raises(error):
        await asked(fakes)
    assert fakes.socialcrm.calls == []


async def test_a_group_of_approvers_is_enough() -> None:
    fakes = some_fakes(settings=some_settings(approvers=(), approver_groups=("S1",)))
    fakes.people.members = {"S1": frozenset({OTHER})}

    assert (await asked(fakes)).state is State.PENDING


@pytest.mark.parametrize("unreadable", [set(), {"S1"}])
async def test_a_group_in_which_there_is_nobody_is_not(unreadable: set[str]) -> None:
    fakes = some_fakes(settings=some_settings(approvers=(), approver_groups=("S1",)))
    fakes.people.unreadable = unreadable

    with pytest.raises(NoApproversError):
        await asked(fakes)
    assert fakes.announcer.shown == []


async def test_a_pause_says_who_and_why() -> None:
    with pytest.raises(PausedError) as raised:
        await asked(some_fakes(settings=some_settings(pause=a_pause())))
    assert (raised.value.by, raised.value.reason) == (ADMIN, "Sad news today")


async def test_where_slack_takes_no_card_there_is_no_request(fakes: Fakes) -> None:
    fakes.announcer.refuse("not_in_channel")

    with pytest.raises(SlackRefusedError, match="not_in_channel"):
        await asked(fakes)
    closed = await approvals.request_for(fakes.workspace, "post_123")
    assert (closed.state, closed.detail) == (State.WITHDRAWN, "The card could not be posted: not_in_channel.")


async def test_where_slack_asks_for_patience_the_card_comes_later(fakes: Fakes) -> None:
    fakes.announcer.refuse("ratelimited", retry_in=7, times=2)

    approval = await asked(fakes)
    due = fakes.clock.now() + timedelta(seconds=7)
    job = Job(JobKind.RENDER, f"render:{approval.id}", TEAM, due, {"approval": approval.id})
    assert approval.card is None
    assert fakes.queue.put_jobs == [job]
    assert await refreshing.refresh(fakes.workspace, approval.id) is None
    assert (await fakes.approvals.get(approval.id)).card


async def test_where_slack_does_not_answer_the_card_may_be_there_and_is_looked_for(fakes: Fakes) -> None:
    fakes.announcer.refuse("unreachable", times=2)

    approval = await asked(fakes)
    assert approval.state is State.PENDING
    assert await refreshing.refresh(fakes.workspace, approval.id) is None
    (shown,) = fakes.announcer.shown
    assert shown.posting
    assert shown.posting.tries == 3


async def test_the_request_before_offers_nobody_to_ask_once_more(fakes: Fakes) -> None:
    first = await asked(fakes)
    await approvals.withdraw(fakes.workspace, first.id, by=EDITOR)

    second = await asked(fakes, key="trigger-2")

    earlier = await fakes.approvals.get(first.id)
    assert (earlier.newer, second.newer) == (second.id, "")
    assert f"render:{first.id}" in [job.key for job in fakes.queue.put_jobs]


async def test_a_request_before_that_is_not_kept_any_more_is_in_nobodys_way(fakes: Fakes) -> None:
    class Forgetful(FakeApprovalStore):
        async def get(self, approval_id: str) -> Approval:
            raise ApprovalNotFoundError(approval_id)

        async def latest_for(self, post_id: str) -> Approval | None:
            return an_approval(id="apr_0", state=State.REJECTED)

    store = Forgetful(fakes.queue)
    store.latest["post_123"] = "apr_0"
    workspace = replace(fakes.workspace, approvals=store)
    with pytest.raises(ApprovalNotFoundError):  # of the new one's card: this store forgets everything
        await approvals.ask(workspace, "post_123", at=None, by=EDITOR, key="k")
    assert len(store.approvals) == 1


# deciding


async def test_the_last_approval_needed_sets_the_call_going_after_the_undo_window(fakes: Fakes) -> None:
    approval = await asked(fakes)

    approved = await approvals.approve(fakes.workspace, approval.id, by=APPROVER, undo=timedelta(seconds=7))
    act_at = fakes.clock.now() + timedelta(seconds=7)
    assert (approved.state, approved.act_at) == (State.APPROVED, act_at)
    assert fakes.queue.put_jobs == [
        Job(JobKind.ACT, f"act:{approval.id}", TEAM, act_at, {"approval": approval.id})
    ]
    assert fakes.announcer.shown[-1].state is State.APPROVED
    assert fakes.announcer.shown[-1].card == approval.card
    assert fakes.socialcrm.sent == []


async def test_the_undo_window_is_ten_seconds_unless_told_otherwise(fakes: Fakes) -> None:
    approval = await asked(fakes)

    approved = await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert approved.act_at == fakes.clock.now() + timedelta(seconds=10)


async def test_scheduling_has_no_undo_window(fakes: Fakes) -> None:
    approval = await asked(fakes, at=LATER)

    approved = await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert approved.act_at == fakes.clock.now()
    assert fakes.queue.put_jobs[-1].due == fakes.clock.now()


async def test_an_approval_that_is_not_the_last_starts_nothing() -> None:
    fakes = some_fakes(settings=some_settings(needed=2))
    approval = await asked(fakes)

    counted = await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert (counted.state, counted.approved_by) == (State.PENDING, (APPROVER,))
    assert fakes.queue.put_jobs == []
    assert fakes.announcer.shown[-1].approved_by == (APPROVER,)


async def test_the_second_click_loses(fakes: Fakes) -> None:
    approval = await asked(fakes)
    await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    shown = len(fakes.announcer.shown)

    with pytest.raises(AlreadyDecidedError) as raised:
        await approvals.reject(fakes.workspace, approval.id, by=SECOND_APPROVER, reason="no")
    assert raised.value.by == APPROVER
    assert len(fakes.queue.put_jobs) == 1
    assert len(fakes.announcer.shown) == shown + 1, "whoever saw an old card gets a fresh one"


async def test_two_approvers_at_once_both_count() -> None:
    fakes = some_fakes(settings=some_settings(needed=2))
    approval = await asked(fakes)
    someone_faster = fakes.approvals.save
    raced = False

    async def save(changed: Approval, **more: Any) -> Approval:
        nonlocal raced
        if not raced:
            raced = True
            await approvals.approve(fakes.workspace, approval.id, by=SECOND_APPROVER)
        return await someone_faster(changed, **more)

    fakes.approvals.save = save  # type: ignore[method-assign,assignment]
    approved = await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert approved.state is State.APPROVED
    assert approved.approved_by == (SECOND_APPROVER, APPROVER)
    assert len(fakes.queue.put_jobs) == 1


NO_MEMBERS = [{"is_guest": True}, {"is_bot": True}, {"is_gone": True}, {"team_id": "TELSEWHERE"}]


@pytest.mark.parametrize("role", NO_MEMBERS, ids=str)
async def test_guests_bots_and_people_from_outside_never_decide(fakes: Fakes, role: dict[str, Any]) -> None:
    approval = await asked(fakes)
    fakes.people.set(APPROVER, **role)

    with pytest.raises(NotPermittedError, match="a full member of this workspace"):
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    with pytest.raises(NotPermittedError):
        await approvals.reject(fakes.workspace, approval.id, by=APPROVER, reason="no")
    with pytest.raises(NotPermittedError):
        await approvals.request_changes(fakes.workspace, approval.id, by=APPROVER, reason="no")
    assert (await fakes.approvals.get(approval.id)).state is State.PENDING


async def test_strangers_and_authors_do_not_decide() -> None:
    fakes = some_fakes(settings=some_settings(approvers=(APPROVER, EDITOR)))
    approval = await asked(fakes)

    with pytest.raises(NotAnApproverError):
        await approvals.approve(fakes.workspace, approval.id, by=OTHER)
    with pytest.raises(SelfApprovalError):
        await approvals.approve(fakes.workspace, approval.id, by=EDITOR)
    assert (await fakes.approvals.get(approval.id)).decisions == ()


async def test_a_member_of_an_approver_group_decides() -> None:
    fakes = some_fakes(settings=some_settings(approvers=(), approver_groups=("S1", "S2")))
    fakes.people.members = {"S1": frozenset({OTHER}), "S2": frozenset({"UMORE"})}
    approval = await asked(fakes)

    assert (await approvals.approve(fakes.workspace, approval.id, by=OTHER)).state is State.APPROVED


@pytest.mark.parametrize("role", NO_MEMBERS, ids=str)
async def test_all_of_them_leaves_out_who_may_not(role: dict[str, Any]) -> None:
    fakes = some_fakes(settings=some_settings(approvers=(APPROVER, "UGUEST"), needed=0))
    fakes.people.set("UGUEST", **role)
    fakes.people.set(APPROVER, team_id=TEAM)
    approval = await asked(fakes)

    assert (await approvals.approve(fakes.workspace, approval.id, by=APPROVER)).state is State.APPROVED
    assert await approvers_of(fakes.workspace, a_policy(needed=0)) == {APPROVER, SECOND_APPROVER}


async def test_all_of_them_is_not_said_where_a_group_cannot_be_read() -> None:
    rules = some_settings(approvers=(APPROVER,), approver_groups=("S1",), needed=0)
    fakes = some_fakes(settings=rules)
    approval = await asked(fakes)
    fakes.people.unreadable = {"S1"}

    with pytest.raises(ApproversUnknownError, match="S1"):
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    rejected = await approvals.reject(fakes.workspace, approval.id, by=APPROVER, reason="no")
    assert rejected.state is State.REJECTED


async def test_a_group_that_cannot_be_read_leaves_the_others_to_decide() -> None:
    fakes = some_fakes(settings=some_settings(approver_groups=("S1",)))
    approval = await asked(fakes)
    fakes.people.unreadable = {"S1"}

    assert (await approvals.approve(fakes.workspace, approval.id, by=APPROVER)).state is State.APPROVED


@pytest.mark.parametrize("role", NO_MEMBERS, ids=str)
@pytest.mark.parametrize("how", ["role", "group"])
async def test_a_word_counts_only_as_long_as_its_giver_is_an_approver(how: str, role: dict[str, Any]) -> None:
    fakes = some_fakes(settings=some_settings(approvers=(APPROVER,), approver_groups=("S1",), needed=2))
    fakes.people.members = {"S1": frozenset({OTHER})}
    approval = await asked(fakes)
    await approvals.approve(fakes.workspace, approval.id, by=OTHER)
    if how == "role":
        fakes.people.set(OTHER, **role)
    else:
        fakes.people.members = {}

    after = await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert (after.state, after.approved_by) == (State.PENDING, (APPROVER,))


# every kind of person, and every step that takes no decision

GROUPED = "UGROUPED"
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "author": (EDITOR, {}),
    "asker": (OTHER, {}),
    "approver": (APPROVER, {}),
    "group member": (GROUPED, {}),
    "admin": (ADMIN, {}),
    "stranger": ("USTRANGER", {}),
    "author, now a guest": (EDITOR, {"is_guest": True}),
    "author, now outside": (EDITOR, {"team_id": "TELSEWHERE"}),
    "author, has left": (EDITOR, {"is_gone": True}),
    "asker, has left": (OTHER, {"is_gone": True}),
    "approver, now a guest": (APPROVER, {"is_guest": True}),
    "approver, now outside": (APPROVER, {"team_id": "TELSEWHERE"}),
    "approver, has left": (APPROVER, {"is_gone": True}),
    "group member, has left": (GROUPED, {"is_gone": True}),
    "group member, now a guest": (GROUPED, {"is_guest": True}),
}
STEER = {"author", "asker", "approver", "group member"}


async def a_request_of_two(fakes: Fakes) -> Approval:
    """The author is one, whoever asked another; a group may decide beside those who are named."""
    fakes.settings.settings = some_settings(approver_groups=("S1",))
    fakes.people.members = {"S1": frozenset({GROUPED})}
    await fakes.memory.keep("author:post_123", {"user": EDITOR})
    return await asked(fakes, by=OTHER)


@pytest.mark.parametrize("step", [Step.HOLD, Step.RESUME, Step.WITHDRAW, Step.UNDO])
@pytest.mark.parametrize("kind", KINDS)
async def test_who_may_steer(fakes: Fakes, kind: str, step: Step) -> None:
    by, role = KINDS[kind]
    approval = await a_request_of_two(fakes)
    if step is Step.RESUME:
        await approvals.hold(fakes.workspace, approval.id, by=APPROVER)
    elif step is Step.UNDO:
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    fakes.people.set(by, **role)

    if kind in STEER:
        await approvals.steer(fakes.workspace, approval.id, step, by=by)
    else:
        with pytest.raises(NotPermittedError, match="the author or an approver"):
            await approvals.steer(fakes.workspace, approval.id, step, by=by)


async def test_a_guest_who_may_edit_takes_their_own_request_back(fakes: Fakes) -> None:
    approval = await a_request_of_two(fakes)
    team = Team(editors=Holders(people=(EDITOR,)))
    fakes.settings.settings = replace(fakes.settings.settings, team=team)
    fakes.people.set(EDITOR, is_guest=True)

    withdrawn = await approvals.withdraw(fakes.workspace, approval.id, by=EDITOR)
    assert withdrawn.state is State.WITHDRAWN


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("author")])
async def test_who_is_told_of_a_decision(fakes: Fakes, kind: str) -> None:
    _, role = KINDS[kind]
    approval = await a_request_of_two(fakes)
    fakes.people.set(EDITOR, **role)

    await approvals.reject(fakes.workspace, approval.id, by=APPROVER, reason="no")
    assert fakes.announcer.people_told == ([OTHER] if role else [EDITOR, OTHER])


async def test_nothing_is_approved_during_a_pause(fakes: Fakes) -> None:
    approval = await asked(fakes)
    fakes.settings.settings = some_settings(pause=a_pause())

    with pytest.raises(PausedError):
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert (await fakes.approvals.get(approval.id)).state is State.PENDING


async def test_a_request_whose_time_has_passed_expires_on_the_click(fakes: Fakes) -> None:
    approval = await asked(fakes, at=LATER, by=OTHER)
    fakes.clock.at = LATER

    with pytest.raises(
        WhenError, match="Tue 1 Dec 2026, 09:00 Europe/Berlin passed before it was approved"
    ) as raised:
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    expired = await fakes.approvals.get(approval.id)
    assert raised.value.message.endswith(" Ask again with a time to come.")
    assert (expired.state, expired.detail) == (
        State.EXPIRED,
        "Tue 1 Dec 2026, 09:00 Europe/Berlin passed before it was approved.",
    )
    assert fakes.announcer.states[-1] is State.EXPIRED
    assert fakes.announcer.people_told == [OTHER]
    assert [job.kind for job in fakes.queue.put_jobs] == [JobKind.EXPIRE]


async def test_a_request_that_waited_too_long_expires_on_the_click() -> None:
    fakes = some_fakes(settings=some_settings(expire_hours=4))
    approval = await asked(fakes)
    fakes.clock.advance(hours=4)

    with pytest.raises(UsageError) as raised:
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert not isinstance(raised.value, WhenError)
    assert raised.value.message == "It was not approved within 4 hours. Ask again if it is still wanted."
    assert raised.value.field == "post"
    expired = await fakes.approvals.get(approval.id)
    assert (expired.state, expired.detail) == (State.EXPIRED, "It was not approved within 4 hours.")
    assert fakes.announcer.reasons == [(EDITOR, Why.NEWS)]


async def test_just_before_its_end_a_request_can_be_approved() -> None:
    fakes = some_fakes(settings=some_settings(expire_hours=4))
    approval = await asked(fakes)
    fakes.clock.advance(hours=4, seconds=-1)

    assert (await approvals.approve(fakes.workspace, approval.id, by=APPROVER)).state is State.APPROVED


async def test_the_posts_own_time_is_named_where_both_have_passed() -> None:
    fakes = some_fakes(settings=some_settings(expire_hours=4))
    approval = await asked(fakes, at=LATER)
    fakes.clock.at = LATER

    with pytest.raises(WhenError, match="Ask again with a time to come"):
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)
    assert (await fakes.approvals.get(approval.id)).detail == "It was not approved within 4 hours."


async def test_a_decided_request_does_not_expire_later(fakes: Fakes) -> None:
    approval = await asked(fakes, at=LATER)
    await approvals.reject(fakes.workspace, approval.id, by=APPROVER, reason="no")
    fakes.clock.at = LATER

    with pytest.raises(AlreadyDecidedError):
        await approvals.approve(fakes.workspace, approval.id, by=APPROVER)


@pytest.mark.parametrize(
    ("decide", "state", "step"),
    [
        (approvals.reject, State.REJECTED, Step.REJECT),
        (approvals.request_changes, State.CHANGES_REQUESTED, Step.REQUEST_CHANGES),
    ],
)
async def test_a_no_has_a_reason_and_reaches_the_author(
    fakes: Fakes, decide: object, state: State, step: Step
) -> None:
    await fakes.memory.keep("author:post_123", {"user": OTHER})
    approval = await asked(fakes)

    decided: Approval = await decide(fakes.workspace, approval.id, by=APPROVER, reason="Too long")  # type: ignore[operator]
    word = decided.decisions[-1]
    assert (decided.state, decided.detail) == (state, "Too long")
    assert (word.by, word.step, word.at, word.reason) == (APPROVER, step, fakes.clock.now(), "Too long")
    assert fakes.announcer.states[-1] is state
    assert fakes.announcer.told == [(EDITOR, decided), (OTHER, decided)]
    assert fakes.queue.put_jobs == []


@pytest.mark.parametrize("decide", [approvals.reject, approvals.request_changes])
async def test_nobody_is_told_what_they_did_themselves(decide: object) -> None:
    fakes = some_fakes(settings=some_settings(approvers=(EDITOR,), self_approval=True))
    approval = await asked(fakes)

    await decide(fakes.workspace, approval.id, by=EDITOR, reason="no")  # type: ignore[operator]
    assert fakes.announcer.told == []


async def test_a_person_who_cannot_be_told_changes_nothing(fakes: Fakes) -> None:
    approval = await asked(fakes)
    fakes.announcer.refuse("cannot_dm_bot", times=2)  # the card, then the author

    decided = await approvals.reject(fakes.workspace, approval.id, by=APPROVER, reason="no")
    assert decided.state is State.REJECTED
    assert [job.kind for job in fakes.queue.put_jobs] == [JobKind.RENDER]


# steering


@pytest.mark.parametrize("by", [EDITOR, APPROVER])
async def test_a_held_request_can_be_resumed(fakes: Fakes, by: str) -> None:
    approval = await asked(fakes)

    held = await approvals.hold(fakes.workspace, approval.id, by=by, reason="Wait for legal")
    assert (held.state, held.detail, held.decisions[-1].by) == (State.ON_HOLD, "Wait for legal", by)
    resumed = await approvals.resume(fakes.workspace, approval.id, by=by, reason="Go on")
    assert (resumed.state, resumed.detail, resumed.decisions[-1].at) == (
        State.PENDING,
        "Go on",
        fakes.clock.now(),
    )
    assert fakes.announcer.states == [State.PENDING, State.ON_HOLD, State.PENDING]


async def test_an_approved_publish_can_be_taken_back_in_time(fakes: Fakes) -> None:
    approval = await asked(fakes)
    await approvals.approve(fakes.workspace, approval.id, by=APPROVER)

    undone = await approvals.undo(fakes.workspace, approval.id, by=APPROVER, reason="A typo")
    assert (undone.state, undone.approved_by, undone.act_at) == (State.PENDING, (), None)
    assert undone.detail == "A typo"
    assert len(fakes.queue.put_jobs) == 1, "taking back starts nothing"


async def test_a_request_can_be_withdrawn_by_who_asked(fakes: Fakes) -> None:
    approval = await asked(fakes)

    gone = await approvals.withdraw(fakes.workspace, approval.id, by=EDITOR, reason="Changed my mind")
    assert (gone.state, gone.detail) == (State.WITHDRAWN, "Changed my mind")


async def test_strangers_do_not_steer(fakes: Fakes) -> None:
    approval = await asked(fakes)

    with pytest.raises(NotPermittedError):
        await approvals.withdraw(fakes.workspace, approval.id, by=OTHER)


async def test_what_is_not_held_cannot_be_resumed(fakes: Fakes) -> None:
    approval = await asked(fakes)

    with pytest.raises(TransitionError):
        await approvals.resume(fakes.workspace, approval.id, by=EDITOR)
    assert fakes.announcer.states == [State.PENDING, State.PENDING]


# finding


async def test_the_latest_request_about_a_post_is_found(fakes: Fakes) -> None:
    await asked(fakes, key="old")
    new = await asked(fakes, key="new")

    assert await approvals.request_for(fakes.workspace, "post_123") == new
    with pytest.raises(ApprovalNotFoundError, match="post_9"):
        await approvals.request_for(fakes.workspace, "post_9")


async def test_a_person_sees_their_own_requests_and_those_they_may_decide(fakes: Fakes) -> None:
    group = a_policy(approvers=(), groups=("S1",))
    fakes.people.members = {"S1": frozenset({OTHER})}
    for approval in (
        an_approval(id="own"),
        an_approval(id="asked", post_id="p2", author=OTHER),
        an_approval(id="written", post_id="p3", requested_by=OTHER, policy=group),
        an_approval(id="decided", post_id="p4", author="UX", requested_by="UX", state=State.APPROVED),
        an_approval(id="grouped", post_id="p5", author="UX", requested_by="UX", policy=group),
        an_approval(id="late", post_id="p6", author="UX", requested_by="UX", policy=group, escalated=("UB",)),
    ):
        await fakes.approvals.add(approval)

    async def ids(by: str) -> set[str]:
        return {approval.id for approval in await approvals.waiting(fakes.workspace, by=by)}

    everything = {"own", "asked", "written", "decided", "grouped", "late"}
    assert {approval.id for approval in await approvals.waiting(fakes.workspace)} == everything
    assert await ids(EDITOR) == {"own", "asked", "written"}
    assert await ids(APPROVER) == {"own", "asked"}
    assert await ids(OTHER) == {"asked", "written", "grouped", "late"}
    assert await ids("UB") == {"late"}
    assert await ids("USTRANGER") == set()


async def test_a_deed_that_is_done_again_moves_nothing(fakes: Fakes) -> None:
    """Its record may outlive it: whoever did it was killed, or Redis was away as it ended."""
    approval = await asked(fakes)
    clicked = replace(fakes.workspace, deed="click-1")
    await approvals.approve(clicked, approval.id, by=APPROVER)
    await approvals.undo(replace(fakes.workspace, deed="click-2"), approval.id, by=EDITOR)

    again = await approvals.approve(clicked, approval.id, by=APPROVER)

    assert (again.state, again.approved_by) == (State.PENDING, ())
    assert again == await fakes.approvals.get(approval.id)
    meant = await approvals.approve(replace(fakes.workspace, deed="click-3"), approval.id, by=APPROVER)
    assert meant.state is State.APPROVED


def test_only_the_last_deeds_are_kept() -> None:
    approval = an_approval()
    for number in range(40):
        approval = approval.moved_by(f"click-{number}")

    assert len(approval.deeds) == 16
    assert approval.was_moved_by("click-39")
    assert not approval.was_moved_by("click-1")
    assert not approval.was_moved_by("")
    assert approval.moved_by("") is approval
