from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import IN_MOTION, ActionKind, Approval, State, Step
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    BudgetExhaustedError,
    ForbiddenScopeError,
    InvalidRequestError,
    NotAnApproverError,
    NotConnectedError,
    NotFoundError,
    NotPermittedError,
    PaymentRequiredError,
    QuotaExceededError,
    RateLimitedError,
    ScrmError,
    SelfApprovalError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    SocialCRMUnreachableError,
    StoreUnavailableError,
    TransitionError,
    UnauthorizedError,
    VaultError,
)
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.posts import Drift
from scrm_bot.usecases import outcomes, publishing
from scrm_bot.usecases.outcomes import Seen, Timing, seen
from tests.builders import (
    APPROVER,
    EDITOR,
    LATER,
    SECOND_APPROVER,
    TEAM,
    a_card_ref,
    a_decision,
    a_pause,
    a_policy,
    a_post,
    an_approved,
    an_attempt,
    some_settings,
)
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes, some_fakes

TIMING = Timing()
REQUESTER = "UREQUESTER"


async def approved(fakes: Fakes, **changes: object) -> Approval:
    """An approved request whose undo window is over."""
    changes = {"act_at": START, "card": a_card_ref(), "requested_by": REQUESTER, **changes}
    return await fakes.approvals.add(an_approved(**changes))


async def run(fakes: Fakes, timing: Timing = TIMING) -> datetime | None:
    return await publishing.act(fakes.workspace, "apr_1", timing=timing)


async def stored(fakes: Fakes) -> Approval:
    return await fakes.approvals.get("apr_1")


async def run_through(fakes: Fakes, timing: Timing = TIMING) -> Approval:
    """Run the job as the worker does, whenever it wants to run again."""
    for _ in range(60):
        again = await run(fakes, timing)
        if again is None:
            return await stored(fakes)
        fakes.clock.at = max(fakes.clock.at, again)
    raise AssertionError("the job never ends")


def later(**parts: float) -> datetime:
    return START + timedelta(**parts)


# the plain way


async def test_an_approved_post_is_published_once_and_told_as_read_back(fakes: Fakes) -> None:
    await approved(fakes)

    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.confirmed_at, done.detail) == (State.PUBLISHED, START, "")
    assert (done.attempt, done.changed_body) == (an_attempt(1, sent_at=START, answered=True), None)
    assert [name for name, _ in fakes.socialcrm.calls] == ["get_post", "publish_post", "get_post"]
    assert fakes.announcer.states == [State.PUBLISHED]
    assert fakes.queue.put_jobs == [Job(JobKind.REPORT, "report:apr_1", TEAM, START, {"approval": "apr_1"})]
    assert fakes.announcer.told == []


async def test_an_approved_post_is_scheduled_and_followed(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)

    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.confirmed_at) == (State.SCHEDULED, LATER)
    assert fakes.socialcrm.posts["post_123"].scheduled_at == LATER
    assert [name for name, _ in fakes.socialcrm.calls] == ["get_post", "schedule_post", "get_post"]
    assert fakes.queue.put_jobs == [
        Job(JobKind.FOLLOW, "follow:apr_1", TEAM, LATER + timedelta(seconds=5), {"approval": "apr_1"}),
        Job(JobKind.WATCH, "watch", TEAM, START),
    ]


async def test_the_intent_is_stored_before_the_call(fakes: Fakes) -> None:
    await approved(fakes)
    seen_by_the_call: list[Approval] = []
    publish = fakes.socialcrm.publish_post

    async def look_then_publish(post_id: str, **more: datetime) -> object:
        seen_by_the_call.append(await stored(fakes))
        return await publish(post_id, **more)

    fakes.socialcrm.publish_post = look_then_publish  # type: ignore[method-assign,assignment]
    await run(fakes)
    assert [(each.state, each.attempt) for each in seen_by_the_call] == [
        (State.PUBLISHING, an_attempt(1, sent_at=START))
    ]


async def test_before_the_end_of_the_undo_window_nothing_is_even_read(fakes: Fakes) -> None:
    await approved(fakes, act_at=later(seconds=10))

    assert await run(fakes) == later(seconds=10)
    assert fakes.socialcrm.calls == []


async def test_during_a_pause_it_waits(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.settings.settings = some_settings(pause=a_pause())

    assert await run(fakes) == later(seconds=60)
    assert fakes.socialcrm.calls == []
    fakes.settings.settings = some_settings()
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED


async def test_a_request_that_is_gone_ends_the_job(fakes: Fakes) -> None:
    assert await run(fakes) is None
    assert fakes.announcer.shown == []


@pytest.mark.parametrize("state", sorted(set(State) - IN_MOTION))
async def test_what_is_not_approved_is_not_sent_and_its_card_is_made_true(fakes: Fakes, state: State) -> None:
    await approved(fakes, state=state)

    assert await run(fakes) is None
    assert fakes.socialcrm.calls == []
    assert fakes.announcer.states == [state]
    assert (await stored(fakes)).state is state


async def test_publishing_takes_a_while_and_is_only_told_when_read(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.publishing_reads = 2

    assert await run(fakes) == later(seconds=5)
    assert (await stored(fakes)).state is State.PUBLISHING
    assert (await stored(fakes)).attempt == an_attempt(1, sent_at=START, answered=True)
    fakes.clock.advance(5)
    assert await run(fakes) == later(seconds=10)
    fakes.clock.advance(5)
    assert await run(fakes) is None
    assert fakes.announcer.states == [State.PUBLISHING, State.PUBLISHED], "shown once while it lasts"
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_a_post_that_never_gets_published_becomes_a_persons_matter(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.publishing_reads = 10_000

    again = await run(fakes)
    fakes.clock.at = later(hours=1)
    assert again
    assert await run(fakes) == later(hours=1, seconds=5)
    fakes.clock.at = later(hours=1, seconds=1)
    assert await run(fakes) is None
    lost = await stored(fakes)
    assert (lost.state, lost.needs_person, lost.detail) == (State.UNKNOWN, True, outcomes.NOBODY_KNOWS)


# what must hold before the call


async def test_a_post_that_was_edited_voids_the_approval(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.change("post_123", body="Other words")

    assert await run(fakes) is None
    void = await stored(fakes)
    assert (void.state, void.detail, void.changed_body) == (State.VOID, outcomes.CHANGED, "Other words")
    assert fakes.socialcrm.sent == []
    assert fakes.announcer.states == [State.VOID]
    told = replace(void, copies=(), version=void.version - 1)
    assert fakes.announcer.told == [(EDITOR, told), (REQUESTER, told)]
    assert [copy.channel for copy in void.copies] == [f"D{EDITOR}", f"D{REQUESTER}"]


@pytest.mark.parametrize("changes", [{"account_ids": ("acct_1", "acct_2")}, {"media_ids": ("m1",)}])
async def test_other_accounts_or_media_void_the_approval_too(
    fakes: Fakes, changes: dict[str, object]
) -> None:
    await approved(fakes)
    fakes.socialcrm.change("post_123", **changes)

    await run(fakes)
    assert (await stored(fakes)).state is State.VOID
    assert fakes.socialcrm.sent == []


async def test_a_post_that_is_gone_voids_the_approval(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.posts.clear()

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).detail) == (State.VOID, outcomes.GONE)


async def test_a_post_somebody_published_meanwhile_is_not_published_again(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.change("post_123", status="published", published_at=later(seconds=-9))

    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.confirmed_at, done.attempt) == (State.PUBLISHED, later(seconds=-9), None)
    assert fakes.socialcrm.sent == []


async def test_a_post_somebody_is_publishing_is_waited_for(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 1

    assert await run(fakes) == later(seconds=5)
    assert (await stored(fakes)).state is State.APPROVED
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == []


@pytest.mark.parametrize("seconds", [0, 59])
async def test_a_post_scheduled_for_the_very_time_is_confirmed(fakes: Fakes, seconds: int) -> None:
    await approved(fakes, at=LATER)
    scheduled_at = LATER + timedelta(seconds=seconds)
    fakes.socialcrm.change("post_123", status="scheduled", scheduled_at=scheduled_at)

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).confirmed_at) == (
        State.SCHEDULED,
        scheduled_at,
    )
    assert fakes.socialcrm.sent == []


@pytest.mark.parametrize("wanted", [None, LATER])
@pytest.mark.parametrize(
    ("scheduled_at", "told"),
    [
        (LATER + timedelta(seconds=60), " for Tue 1 Dec 2026, 09:01 Europe/Berlin"),
        (LATER - timedelta(seconds=60), " for Tue 1 Dec 2026, 08:59 Europe/Berlin"),
        (None, ""),
    ],
)
async def test_a_post_scheduled_for_another_time_voids_the_approval(
    fakes: Fakes, wanted: datetime | None, scheduled_at: datetime | None, told: str
) -> None:
    await approved(fakes, at=wanted)
    fakes.socialcrm.change("post_123", status="scheduled", scheduled_at=scheduled_at)

    assert await run(fakes) is None
    void = await stored(fakes)
    assert (void.state, void.detail) == (State.VOID, f"It has been scheduled in SocialCRM{told} meanwhile.")
    assert fakes.socialcrm.sent == []


@pytest.mark.parametrize("status", ["failed", "in_review"])
async def test_a_post_that_failed_before_may_be_tried_again(fakes: Fakes, status: str) -> None:
    fakes.socialcrm.change("post_123", status=status)
    await approved(fakes)

    await run(fakes)
    assert (await stored(fakes)).state is State.PUBLISHED


async def test_an_approved_time_that_has_passed_is_not_scheduled(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)
    fakes.clock.at = LATER

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert failed.state is State.FAILED
    assert failed.detail == (
        "Tue 1 Dec 2026, 09:00 Europe/Berlin passed before it could be scheduled. Nothing was sent."
    )
    assert fakes.socialcrm.calls == []
    assert fakes.announcer.people_told == [APPROVER, EDITOR, REQUESTER]


async def test_an_approved_publish_that_waited_too_long_is_left(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.clock.at = later(hours=1)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError())

    assert await run(fakes) == later(hours=1, seconds=5)
    fakes.clock.at = later(hours=1, seconds=1)
    assert await run(fakes) is None
    failed = await stored(fakes)
    assert failed.state is State.FAILED
    assert failed.detail == (
        "It could not be published soon after its approval, so it was left. Nothing was sent; ask again."
    )
    assert fakes.socialcrm.sent == []


async def test_a_schedule_may_wait_as_long_as_there_is_time(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)
    fakes.clock.at = later(hours=5)

    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.SCHEDULED


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (SocialCRMUnreachableError(), 5),
        (SocialCRMAmbiguousError(), 5),
        (RateLimitedError(retry_in=42), 42),
        (BudgetExhaustedError(retry_in=7), 7),
        (RateLimitedError(retry_in=0), 1),
    ],
)
async def test_when_the_post_cannot_be_read_now_it_is_read_later(
    fakes: Fakes, error: ScrmError, wait: int
) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("get_post", error)

    assert await run(fakes) == later(seconds=wait)
    assert (await stored(fakes)).state is State.APPROVED
    assert fakes.socialcrm.sent == []


REFUSALS: list[tuple[ScrmError, str]] = [
    (NotConnectedError(), "SocialCRM is not connected any more: `/scrm connect`, then ask again."),
    (UnauthorizedError(), "SocialCRM did not accept the workspace's key: connect again, then ask again."),
    (VaultError(), "SocialCRM did not accept the workspace's key: connect again, then ask again."),
    (
        ForbiddenScopeError(scope="posts:read"),
        "The workspace's key lacks the scope posts:read: connect a key that has it, then ask again.",
    ),
    (
        ForbiddenScopeError(),
        "The workspace's key lacks the scope posts:publish: connect a key that has it, then ask again.",
    ),
    (
        PaymentRequiredError(),
        "Publishing needs a paid SocialCRM plan. Nothing is tried again; the draft is kept.",
    ),
    (
        QuotaExceededError(),
        "The SocialCRM plan's quota for publishing is used up. The draft is kept; ask again later.",
    ),
    (InvalidRequestError("Too long for X."), "SocialCRM did not take it: Too long for X."),
    (InvalidRequestError(), "SocialCRM did not take it: invalid request"),
    (SocialCRMError("?"), "SocialCRM refused the call."),
]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        *REFUSALS,
        (SocialCRMContractError(), "SocialCRM's answer could not be understood, so nothing was sent."),
    ],
)
async def test_a_refused_read_is_told_and_nothing_is_sent(
    fakes: Fakes, error: ScrmError, sentence: str
) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("get_post", error)

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert (failed.state, failed.detail) == (State.FAILED, sentence)
    assert fakes.socialcrm.sent == []
    assert fakes.announcer.people_told == [APPROVER, EDITOR, REQUESTER]


# the call is refused


@pytest.mark.parametrize(("error", "sentence"), [*REFUSALS, (NotFoundError(), outcomes.GONE)])
async def test_a_refused_call_is_final_and_told(fakes: Fakes, error: ScrmError, sentence: str) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("publish_post", error)

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert (failed.state, failed.detail) == (State.FAILED, sentence)
    assert fakes.socialcrm.count("publish_post") == 1
    assert fakes.announcer.states == [State.FAILED]
    assert {told.state for _, told in fakes.announcer.told} == {State.FAILED}
    assert fakes.announcer.people_told == [APPROVER, EDITOR, REQUESTER]


@pytest.mark.parametrize("read_error", [UnauthorizedError(), NotFoundError(), SocialCRMUnreachableError()])
async def test_a_refused_first_call_is_final_even_when_nothing_can_be_read(
    fakes: Fakes, read_error: ScrmError
) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("publish_post", UnauthorizedError())
    fakes.socialcrm.let_pass("get_post")
    fakes.socialcrm.refuse("get_post", read_error)

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert (failed.state, failed.detail) == (
        State.FAILED,
        "SocialCRM did not accept the workspace's key: connect again, then ask again.",
    )


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (SocialCRMUnreachableError(), 5),
        (RateLimitedError(retry_in=42), 42),
        (BudgetExhaustedError(retry_in=7), 7),
    ],
)
async def test_a_call_that_was_never_made_is_made_later(fakes: Fakes, error: ScrmError, wait: int) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("publish_post", error)

    assert await run(fakes) == later(seconds=wait)
    waiting = await stored(fakes)
    assert (waiting.state, waiting.attempt) == (State.APPROVED, None)
    done = await run_through(fakes)
    assert (done.state, done.attempt) == (State.PUBLISHED, an_attempt(1, sent_at=START, answered=True))
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_calls_that_were_never_made_do_not_count_as_attempts(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("publish_post", RateLimitedError(retry_in=60), times=5)

    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.count("publish_post") == 6


async def test_a_call_that_was_never_made_does_not_wipe_out_the_one_before(fakes: Fakes) -> None:
    await twice(fakes)
    fakes.socialcrm.refuse("publish_post", RateLimitedError(retry_in=60))
    fakes.socialcrm.let_pass("publish_post")

    await run(fakes)
    waiting = await stored(fakes)
    assert (waiting.state, waiting.attempt) == (State.APPROVED, an_attempt(1, sent_at=START))
    assert (await run_through(fakes)).attempt == an_attempt(2, sent_at=later(seconds=90), answered=True)


# the answer is lost


async def test_a_lost_answer_to_a_call_that_worked_is_settled_by_reading(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post")

    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.count("publish_post") == 1


@pytest.mark.parametrize("error", [SocialCRMAmbiguousError(), SocialCRMContractError()])
async def test_a_lost_answer_is_told_as_checking_and_tried_again_after_the_wait(
    fakes: Fakes, error: SocialCRMError
) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("publish_post", error)

    assert await run(fakes) == later(seconds=90)
    checking = await stored(fakes)
    assert (checking.state, checking.needs_person) == (State.UNKNOWN, False)
    assert fakes.announcer.states == [State.UNKNOWN]
    fakes.clock.at = later(seconds=89)
    assert await run(fakes) == later(seconds=90)
    assert fakes.announcer.states == [State.UNKNOWN], "nothing new to show"
    fakes.clock.at = later(seconds=90)
    assert await run(fakes) == later(seconds=90)
    waiting = await stored(fakes)
    assert (waiting.state, waiting.attempt) == (State.APPROVED, an_attempt(1, sent_at=START))
    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.attempt) == (
        State.PUBLISHED,
        an_attempt(2, sent_at=later(seconds=90), answered=True),
    )
    assert fakes.socialcrm.sent == [("publish", "post_123")]


@pytest.mark.parametrize("seconds", [1, 30, 89])
async def test_a_call_applied_late_is_not_made_twice(fakes: Fakes, seconds: int) -> None:
    fakes.socialcrm.strict = False
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", late=timedelta(seconds=seconds))

    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_after_two_lost_answers_a_person_decides(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)
    fakes.socialcrm.lose_answer("publish_post", applied=False)

    lost = await run_through(fakes)
    assert (lost.state, lost.needs_person, lost.detail) == (State.UNKNOWN, True, outcomes.NOBODY_KNOWS)
    assert fakes.socialcrm.count("publish_post") == 2
    assert fakes.socialcrm.sent == []
    asked = replace(lost, copies=(), version=lost.version - 1)
    assert fakes.announcer.shown[-1] == asked
    assert fakes.announcer.told == [
        (person, asked) for person in sorted([APPROVER, EDITOR, REQUESTER, SECOND_APPROVER])
    ]
    told = len(fakes.announcer.told)
    assert await run(fakes) is None
    assert len(fakes.announcer.told) == told, "nobody is told twice"


async def test_an_answered_call_that_left_no_trace_is_never_made_again(fakes: Fakes) -> None:
    await approved(fakes, state=State.PUBLISHING, attempt=an_attempt(1, sent_at=START, answered=True))
    fakes.clock.at = later(seconds=90)

    lost = await run_through(fakes)
    assert (lost.state, lost.needs_person) == (State.UNKNOWN, True)
    assert fakes.socialcrm.count("publish_post") == 0


async def test_an_edit_while_the_answer_is_lost_voids_instead_of_sending_again(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)
    await run(fakes)
    fakes.socialcrm.change("post_123", body="Other words")

    void = await run_through(fakes)
    assert (void.state, void.detail, void.changed_body) == (State.VOID, outcomes.CHANGED, "Other words")
    assert fakes.socialcrm.sent == []


@pytest.mark.parametrize("state", [State.PUBLISHING, State.UNKNOWN])
async def test_a_run_cut_off_after_its_intent_reads_before_anything_else(fakes: Fakes, state: State) -> None:
    await approved(fakes, state=state, attempt=an_attempt(1, sent_at=START))

    assert await run(fakes) == later(seconds=90)
    assert (await stored(fakes)).state is State.UNKNOWN
    assert fakes.socialcrm.count("publish_post") == 0
    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_a_run_cut_off_after_the_call_worked_does_not_make_it_again(fakes: Fakes) -> None:
    await approved(fakes, state=State.PUBLISHING, attempt=an_attempt(1, sent_at=START))
    fakes.socialcrm.change("post_123", status="published", published_at=START)

    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == []


async def test_an_intent_without_an_attempt_is_a_persons_matter(fakes: Fakes) -> None:
    await approved(fakes, state=State.UNKNOWN)

    lost = await run_through(fakes)
    assert (lost.state, lost.needs_person) == (State.UNKNOWN, True)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 9
    assert await run(fakes) is None


async def test_a_post_that_failed_in_socialcrm_is_told_with_its_reason(fakes: Fakes) -> None:
    await approved(fakes, state=State.PUBLISHING, attempt=an_attempt(1, sent_at=START))
    fakes.socialcrm.change("post_123", status="failed", error="Instagram said no.")

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert (failed.state, failed.detail) == (State.FAILED, "Instagram said no.")


async def test_a_post_that_failed_without_a_reason_says_so(fakes: Fakes) -> None:
    await approved(fakes, state=State.PUBLISHING, attempt=an_attempt(1, sent_at=START))
    fakes.socialcrm.change("post_123", status="failed")

    await run(fakes)
    assert (await stored(fakes)).detail == "SocialCRM could not publish it."


async def test_a_post_that_is_gone_while_it_is_checked_closes_the_request(fakes: Fakes) -> None:
    await approved(fakes, state=State.UNKNOWN, attempt=an_attempt(1, sent_at=START))
    fakes.socialcrm.posts.clear()

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).detail) == (State.VOID, outcomes.GONE)


async def test_while_nothing_can_be_read_it_stays_unknown_until_a_person_must_look(fakes: Fakes) -> None:
    await approved(fakes, state=State.PUBLISHING, attempt=an_attempt(1, sent_at=START))
    fakes.socialcrm.refuse("get_post", UnauthorizedError(), times=99)

    assert await run(fakes) == later(seconds=5)
    assert ((await stored(fakes)).state, (await stored(fakes)).needs_person) == (State.UNKNOWN, False)
    fakes.clock.at = later(hours=1)
    assert await run(fakes) == later(hours=1, seconds=5)
    fakes.clock.at = later(hours=1, seconds=1)
    assert await run(fakes) is None
    assert (await stored(fakes)).needs_person
    told = len(fakes.announcer.told)
    assert await run(fakes) is None
    assert len(fakes.announcer.told) == told


async def test_words_changed_between_the_read_and_the_call_are_told(fakes: Fakes) -> None:
    await approved(fakes)
    publish = fakes.socialcrm.publish_post

    async def edit_then_publish(post_id: str, **more: datetime) -> object:
        fakes.socialcrm.change(post_id, body="Other words")
        return await publish(post_id, **more)

    fakes.socialcrm.publish_post = edit_then_publish  # type: ignore[method-assign,assignment]
    await run(fakes)
    done = await stored(fakes)
    assert (done.state, done.drift, done.changed_body) == (State.PUBLISHED, (Drift.TEXT,), "Other words")
    assert fakes.announcer.people_told == [APPROVER, EDITOR, REQUESTER]


@pytest.mark.parametrize("error", [StoreUnavailableError(), KeyboardInterrupt()])
async def test_a_run_that_is_torn_off_leaves_its_intent_and_is_settled_later(
    fakes: Fakes, error: BaseException
) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("publish_post", error)

    with pytest.raises(type(error)):
        await run(fakes)
    assert (await stored(fakes)).state is State.PUBLISHING
    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_a_refused_schedule_that_had_worked_after_all_is_confirmed(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)
    schedule = fakes.socialcrm.schedule_post

    async def work_but_refuse(post_id: str, *, at: datetime, **more: datetime) -> object:
        await schedule(post_id, at=at, **more)
        raise InvalidRequestError("scheduled already")

    fakes.socialcrm.schedule_post = work_but_refuse  # type: ignore[method-assign,assignment]
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.SCHEDULED


# a no to the second call


async def twice(fakes: Fakes) -> None:
    """The first call's answer was lost and nothing shows; now the second one is due."""
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)
    await run(fakes)
    fakes.clock.at = later(seconds=90)
    await run(fakes)


async def test_a_no_because_the_first_call_had_worked_is_a_yes(fakes: Fakes) -> None:
    await twice(fakes)
    fakes.socialcrm.let_pass("get_post")
    publish = fakes.socialcrm.publish_post

    async def late(post_id: str, **more: datetime) -> object:
        fakes.socialcrm.change(post_id, status="published", published_at=fakes.clock.now())
        return await publish(post_id, **more)

    fakes.socialcrm.publish_post = late  # type: ignore[method-assign,assignment]
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == []


async def test_a_no_while_it_is_being_published_waits(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.publishing_reads = 2
    publish = fakes.socialcrm.publish_post

    async def late(post_id: str, **more: datetime) -> object:
        fakes.socialcrm.change(post_id, status="publishing")
        return await publish(post_id, **more)

    fakes.socialcrm.publish_post = late  # type: ignore[method-assign,assignment]
    assert await run(fakes) == later(seconds=5)
    assert (await stored(fakes)).state is State.PUBLISHING
    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == []


async def test_a_no_to_the_second_call_is_not_believed_unread(fakes: Fakes) -> None:
    await twice(fakes)
    fakes.socialcrm.refuse("publish_post", InvalidRequestError("published already"))
    fakes.socialcrm.let_pass("get_post")
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError())

    assert await run(fakes) == later(seconds=95)
    assert (await stored(fakes)).state is State.UNKNOWN


async def test_a_no_to_the_second_call_about_a_post_that_is_gone_is_believed(fakes: Fakes) -> None:
    await twice(fakes)
    fakes.socialcrm.refuse("publish_post", NotFoundError())
    fakes.socialcrm.let_pass("get_post")
    fakes.socialcrm.refuse("get_post", NotFoundError())

    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.FAILED


# somebody else at the same time


async def test_a_request_taken_back_just_before_the_intent_is_not_sent(fakes: Fakes) -> None:
    await approved(fakes)
    read = fakes.socialcrm.get_post

    async def undo_then_read(post_id: str) -> object:
        current = await stored(fakes)
        undone = current.steered(Step.UNDO, EDITOR, at=START, approvers=(APPROVER,))
        await fakes.approvals.save(undone)
        return await read(post_id)

    fakes.socialcrm.get_post = undo_then_read  # type: ignore[method-assign,assignment]
    assert await run(fakes) == START
    assert fakes.socialcrm.sent == []
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PENDING


async def test_a_conflict_after_the_call_is_settled_by_the_next_run(fakes: Fakes) -> None:
    await approved(fakes)
    save = fakes.approvals.save

    async def save_but_lose_the_outcome(approval: Approval, **more: Any) -> Approval:
        if approval.state is State.PUBLISHED:
            fakes.approvals.save = save  # type: ignore[method-assign]
            raise ApprovalConflictError
        return await save(approval, **more)

    fakes.approvals.save = save_but_lose_the_outcome  # type: ignore[method-assign]
    assert await run(fakes) == START
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == [("publish", "post_123")]


# a person decides


async def lost(fakes: Fakes, **changes: object) -> Approval:
    """Two answers were lost: a person must decide."""
    changes = {"needs_person": True, "attempt": an_attempt(2, sent_at=START), **changes}
    fakes.clock.at = later(hours=2)
    return await approved(fakes, state=State.UNKNOWN, **changes)


@pytest.mark.parametrize("by", [EDITOR, REQUESTER, APPROVER])
async def test_checking_again_settles_what_can_be_read(fakes: Fakes, by: str) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", status="published", published_at=START)

    checked = await publishing.check_again(fakes.workspace, "apr_1", by=by)
    assert (checked.state, checked.confirmed_at) == (State.PUBLISHED, START)
    assert fakes.socialcrm.sent == []


async def test_checking_again_sends_nothing(fakes: Fakes) -> None:
    before = await lost(fakes)

    assert await publishing.check_again(fakes.workspace, "apr_1", by=EDITOR) == before
    assert [name for name, _ in fakes.socialcrm.calls] == ["get_post"]
    assert fakes.queue.put_jobs == []


async def test_checking_again_while_the_bot_still_checks_waits_for_the_bot(fakes: Fakes) -> None:
    await approved(fakes, state=State.UNKNOWN, attempt=an_attempt(1, sent_at=START))

    checked = await publishing.check_again(
        fakes.workspace, "apr_1", by=EDITOR, timing=Timing(settle=timedelta(seconds=30))
    )
    assert checked.state is State.UNKNOWN
    assert fakes.queue.put_jobs == [
        Job(JobKind.ACT, "act:apr_1", TEAM, later(seconds=30), {"approval": "apr_1"})
    ]


async def test_checking_again_while_socialcrm_is_at_it_leaves_the_rest_to_the_bot(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.clock.at = later(minutes=5)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 1

    checked = await publishing.check_again(fakes.workspace, "apr_1", by=EDITOR)
    assert (checked.state, checked.needs_person) == (State.UNKNOWN, False)
    assert fakes.queue.put_jobs[-1].due == later(minutes=5, seconds=5)


async def test_checking_again_is_for_those_concerned(fakes: Fakes) -> None:
    await lost(fakes)

    with pytest.raises(NotPermittedError, match="the author or an approver"):
        await publishing.check_again(fakes.workspace, "apr_1", by="USTRANGER")
    assert fakes.socialcrm.calls == []


@pytest.mark.parametrize("decide", [publishing.check_again, publishing.publish_anyway])
async def test_only_an_unknown_outcome_is_checked(
    fakes: Fakes, decide: Callable[..., Awaitable[Approval]]
) -> None:
    await approved(fakes, state=State.PUBLISHED)

    with pytest.raises(TransitionError) as raised:
        await decide(fakes.workspace, "apr_1", by=APPROVER)
    assert (raised.value.step, raised.value.state) == ("check again", "published")


async def test_an_approver_can_have_it_published_anyway(fakes: Fakes) -> None:
    await lost(fakes)

    taken = await publishing.publish_anyway(fakes.workspace, "apr_1", by=SECOND_APPROVER)
    now = fakes.clock.now()
    assert (taken.state, taken.attempt, taken.act_at, taken.needs_person) == (
        State.APPROVED,
        None,
        now,
        False,
    )
    assert taken.decisions[-1] == a_decision(taken, by=SECOND_APPROVER, step=Step.NOT_APPLIED, at=now)
    assert fakes.queue.put_jobs == [Job(JobKind.ACT, "act:apr_1", TEAM, now, {"approval": "apr_1"})]
    assert fakes.announcer.states == [State.APPROVED]
    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_publishing_anyway_reads_once_more_and_may_find_it_done(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", status="published", published_at=START)

    assert (await publishing.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)).state is State.PUBLISHED
    assert [job.kind for job in fakes.queue.put_jobs] == [JobKind.REPORT]


async def test_publishing_anyway_does_not_interrupt_socialcrm(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 9

    with pytest.raises(TransitionError) as raised:
        await publishing.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    assert (raised.value.step, raised.value.state) == ("publish anyway", "publishing")
    assert (await stored(fakes)).state is State.UNKNOWN


async def test_publishing_anyway_is_not_done_unread(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError(), times=2)

    with pytest.raises(SocialCRMUnreachableError):
        await publishing.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    assert (await stored(fakes)).state is State.UNKNOWN


async def test_publishing_anyway_while_the_bot_still_checks_waits_for_the_bot(fakes: Fakes) -> None:
    await approved(fakes, state=State.UNKNOWN, attempt=an_attempt(1, sent_at=START))

    still = await publishing.publish_anyway(
        fakes.workspace, "apr_1", by=APPROVER, timing=Timing(settle=timedelta(seconds=30))
    )
    assert still.state is State.UNKNOWN
    assert fakes.queue.put_jobs[-1].due == later(seconds=30)


async def test_publishing_anyway_is_for_approvers(fakes: Fakes) -> None:
    await lost(fakes, policy=a_policy(approvers=(APPROVER, EDITOR, "UGUEST", "UOUTSIDE")))
    fakes.people.set("UGUEST", is_guest=True)
    fakes.people.set("UOUTSIDE", team_id="TELSEWHERE")

    for by in ("USTRANGER", REQUESTER, "UGUEST", "UOUTSIDE"):
        with pytest.raises(NotAnApproverError):
            await publishing.publish_anyway(fakes.workspace, "apr_1", by=by)
    with pytest.raises(SelfApprovalError):
        await publishing.publish_anyway(fakes.workspace, "apr_1", by=EDITOR)
    assert fakes.socialcrm.calls == []


# reading


@pytest.mark.parametrize(
    ("status", "action", "expected"),
    [
        ("published", ActionKind.PUBLISH, Seen.DONE),
        ("PUBLISHED", ActionKind.SCHEDULE, Seen.DONE),
        ("scheduled", ActionKind.SCHEDULE, Seen.DONE),
        ("scheduled", ActionKind.PUBLISH, Seen.RUNNING),
        ("publishing", ActionKind.PUBLISH, Seen.RUNNING),
        ("publishing", ActionKind.SCHEDULE, Seen.RUNNING),
        ("failed", ActionKind.PUBLISH, Seen.BROKEN),
        ("draft", ActionKind.PUBLISH, Seen.NOT_DONE),
        ("in_review", ActionKind.SCHEDULE, Seen.NOT_DONE),
    ],
)
def test_what_a_post_says_about_a_call(status: str, action: ActionKind, expected: Seen) -> None:
    assert seen(a_post(status=status), action) is expected


def test_the_waits_are_what_the_documents_say() -> None:
    assert Timing() == Timing(
        undo=timedelta(seconds=10),
        settle=timedelta(seconds=90),
        poll=timedelta(seconds=5),
        paused=timedelta(minutes=1),
        give_up=timedelta(hours=1),
        max_attempts=2,
    )


def test_a_scheduled_post_without_any_time_is_followed_at_once() -> None:
    fakes = some_fakes()
    job = outcomes.follow_job(fakes.workspace, an_approved(state=State.SCHEDULED))

    assert job.due == later(seconds=5)
    job = outcomes.follow_job(fakes.workspace, an_approved(state=State.SCHEDULED, at=LATER))
    assert job.due == LATER + timedelta(seconds=5)


# the log


async def test_the_log_tells_intent_call_and_outcome_in_that_order(fakes: Fakes) -> None:
    await approved(fakes)

    await run(fakes)

    log = fakes.audit.entries
    assert [(each.who, each.what, each.result) for each in log] == [
        ("", "intent_recorded", "done"),
        ("", "called", "accepted"),
        ("", "published", "done"),
    ]
    assert {each.content_hash for each in log} == {(await stored(fakes)).content.hash}


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (SocialCRMAmbiguousError("read timeout"), "answer lost"),
        (SocialCRMUnreachableError(), "not sent"),
        (InvalidRequestError("No."), "refused: invalid_request"),
        (NotConnectedError(), "refused: NotConnected"),
        (SocialCRMContractError(), "refused: SocialCRMContract"),
    ],
)
async def test_the_log_tells_what_a_call_was_answered_with(
    fakes: Fakes, error: ScrmError, result: str
) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("publish_post", error)

    await run(fakes)

    assert [each.result for each in fakes.audit.entries if each.what == "called"] == [result]


async def test_the_log_tells_who_took_it_on_to_publish_anyway(fakes: Fakes) -> None:
    await lost(fakes)

    await publishing.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)

    assert [(each.who, each.what) for each in fakes.audit.entries] == [(APPROVER, "published_anyway")]


async def test_a_call_that_comes_too_late_is_not_sent_and_tried_again(fakes: Fakes) -> None:
    await approved(fakes)
    publish = fakes.socialcrm.publish_post

    async def stand_still(post_id: str, **more: datetime) -> object:
        fakes.clock.advance(46)
        return await publish(post_id, **more)

    fakes.socialcrm.publish_post = stand_still  # type: ignore[method-assign,assignment]
    assert await run(fakes) is not None
    assert fakes.socialcrm.sent == []
    assert (await stored(fakes)).state is State.APPROVED


async def test_the_wait_after_a_lost_answer_counts_from_when_it_was_lost(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)
    publish = fakes.socialcrm.publish_post

    async def slowly(post_id: str, **more: datetime) -> object:
        fakes.clock.advance(40)
        return await publish(post_id, **more)

    fakes.socialcrm.publish_post = slowly  # type: ignore[method-assign,assignment]
    assert await run(fakes) == START + timedelta(seconds=40 + 90)
    attempt = (await stored(fakes)).attempt
    assert attempt is not None
    assert attempt.sent_at == START + timedelta(seconds=40)
