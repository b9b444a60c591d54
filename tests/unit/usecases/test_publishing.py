from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import IN_MOTION, ActionKind, Approval, Attempt, State, Step
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
from scrm_bot.domain.posts import Drift, Post
from scrm_bot.domain.traces import Seen, Trace
from scrm_bot.domain.when import echo
from scrm_bot.domain.workspaces import Secret
from scrm_bot.usecases import approvals, changing, outcomes, publishing, reasons, taking_on
from scrm_bot.usecases.outcomes import Timing
from tests.builders import (
    ADMIN,
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
UNTOUCHED = Trace("draft", a_post().updated_at)


async def approved(fakes: Fakes, **changes: object) -> Approval:
    """An approved request whose undo window is over."""
    changes = {"act_at": START, "card": a_card_ref(), "requested_by": REQUESTER, **changes}
    return await fakes.approvals.add(an_approved(**changes))


async def run(fakes: Fakes, timing: Timing = TIMING) -> datetime | None:
    return await publishing.act(fakes.workspace, "apr_1", timing=timing)


async def stored(fakes: Fakes) -> Approval:
    return await fakes.approvals.get("apr_1")


async def run_through(fakes: Fakes, timing: Timing = TIMING) -> Approval:
    """Run the job as the worker does, whenever it wants to run again, until it ends or somebody must look."""
    for _ in range(60):
        again = await run(fakes, timing)
        if again is None or (await stored(fakes)).needs_person:
            return await stored(fakes)
        fakes.clock.at = max(fakes.clock.at, again)
    raise AssertionError("the job never ends")


def later(**parts: float) -> datetime:
    return START + timedelta(**parts)


def first(**changes: Any) -> Attempt:
    """The attempt of a request whose post was an untouched draft."""
    return an_attempt(**{"number": 1, "sent_at": START, "before": UNTOUCHED, **changes})


def sparse(fakes: Fakes, *, times: bool = False) -> None:
    """From here on posts are read without a status, and without times."""
    read = fakes.socialcrm.get_post

    async def without(post_id: str) -> Post:
        post = replace(await read(post_id), status="unknown")
        return post if times else replace(post, scheduled_at=None, published_at=None)

    fakes.socialcrm.get_post = without  # type: ignore[method-assign]


# the plain way


async def test_an_approved_post_is_published_once_and_told_as_read_back(fakes: Fakes) -> None:
    await approved(fakes)

    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.confirmed_at, done.detail) == (State.PUBLISHED, START, "")
    assert (done.attempt, done.changed_body) == (first(answered=True), None)
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
    assert [(each.state, each.attempt) for each in seen_by_the_call] == [(State.PUBLISHING, first())]


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
    assert (await stored(fakes)).attempt == first(answered=True)
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
    assert await run(fakes) == later(hours=1, minutes=10, seconds=1)
    lost = await stored(fakes)
    assert (lost.state, lost.needs_person, lost.detail) == (State.UNKNOWN, True, outcomes.STILL_AT_IT)


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
    await approved(fakes, standing="in_review")

    await run(fakes)
    assert (await stored(fakes)).state is State.PUBLISHED


async def test_a_word_that_nobody_was_asked_about_voids_the_approval(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", status="partially_published")
    await approved(fakes, standing="in_review")

    await run(fakes)
    void = await stored(fakes)
    assert (void.state, fakes.socialcrm.sent) == (State.VOID, [])
    assert void.detail == (
        "SocialCRM says “partially_published” of the post by now, a word that nobody was asked about."
    )


async def test_a_post_that_always_comes_without_a_status_is_published_by_the_answer(fakes: Fakes) -> None:
    sparse(fakes)
    await approved(fakes)

    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.confirmed_at, done.drift) == (State.PUBLISHED, START, ())
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_a_post_without_a_status_is_scheduled_by_the_time_it_is_read_with(fakes: Fakes) -> None:
    sparse(fakes, times=True)
    await approved(fakes, at=LATER)

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).confirmed_at) == (State.SCHEDULED, LATER)


async def test_a_lost_answer_about_a_post_without_a_status_is_a_persons_matter(fakes: Fakes) -> None:
    sparse(fakes)
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)

    assert await run(fakes) == later(seconds=5)
    assert ((await stored(fakes)).state, (await stored(fakes)).needs_person) == (State.UNKNOWN, False)
    lost = await run_through(fakes)
    assert (lost.needs_person, lost.detail, fakes.clock.now()) == (
        True,
        outcomes.NOBODY_KNOWS,
        later(seconds=90),
    )
    assert fakes.socialcrm.count("publish_post") == 1


async def test_an_approved_time_that_has_passed_is_not_scheduled(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)
    fakes.clock.at = LATER

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert failed.state is State.FAILED
    assert failed.detail == (
        "Tue 1 Dec 2026, 09:00 Europe/Berlin passed before it could be scheduled. "
        "Nothing was sent; ask again."
    )
    assert [name for name, _ in fakes.socialcrm.calls] == ["get_post"]
    assert fakes.announcer.people_told == [APPROVER, EDITOR, REQUESTER]


async def test_an_approved_publish_that_waited_too_long_is_left(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.clock.at = later(hours=1)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError())

    assert await run(fakes) == later(hours=1, seconds=5)
    fakes.clock.at = later(hours=1, seconds=1)
    assert await run(fakes) is None
    assert fakes.socialcrm.count("get_post") == 2, "read first, and left after that"
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
    ("error", "wait", "why"),
    [
        (SocialCRMUnreachableError(), 5, "SocialCRM does not answer. Nothing was sent"),
        (SocialCRMAmbiguousError(), 5, "SocialCRM does not answer. Nothing was sent"),
        (SocialCRMContractError(), 5, "SocialCRM's answer could not be understood. Nothing was sent"),
        (
            RateLimitedError(retry_in=42),
            42,
            "Queued: too many calls wait for the key's turn. The next try is at",
        ),
        (BudgetExhaustedError(retry_in=7), 7, "Queued: "),
        (RateLimitedError(retry_in=0), 1, ""),
    ],
)
async def test_when_the_post_cannot_be_read_now_it_is_read_later_and_the_card_says_so(
    fakes: Fakes, error: ScrmError, wait: int, why: str
) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("get_post", error)

    assert await run(fakes) == later(seconds=wait)
    waiting = await stored(fakes)
    assert waiting.state is State.APPROVED
    assert waiting.detail.startswith(why)
    assert bool(waiting.detail) == bool(why)
    assert fakes.socialcrm.sent == []


@pytest.mark.parametrize("before", [None, first(number=2)], ids=["approved", "published anyway"])
async def test_after_redis_may_have_forgotten_a_call_it_waits_and_reads_before_the_next(
    fakes: Fakes, before: Attempt | None
) -> None:
    await approved(fakes, attempt=before)
    fakes.approvals.forgot_at = later(seconds=-20)

    again = await run(fakes)
    waiting = await stored(fakes)
    assert again == later(seconds=70)
    assert (waiting.state, waiting.attempt) == (State.APPROVED, before)
    assert waiting.detail == (
        "Queued: the bot's memory (Redis) has just begun anew, and an earlier call may still be on its way. "
        f"The next try is at {echo(again, waiting.zone)}."
    )
    assert fakes.announcer.states == [State.APPROVED]
    assert fakes.socialcrm.sent == []

    fakes.clock.at = again
    fakes.socialcrm.change("post_123", status="published", published_at=START)
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == []


async def test_after_that_wait_a_post_that_is_untouched_goes_out(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)
    fakes.approvals.forgot_at = START

    done = await run_through(fakes)
    assert (done.state, done.detail) == (State.SCHEDULED, "")
    assert fakes.socialcrm.sent == [("schedule", "post_123")]


async def test_after_redis_may_have_forgotten_a_call_nothing_is_told_as_not_sent_before_that_has_arrived(
    fakes: Fakes,
) -> None:
    await approved(fakes, at=LATER)
    fakes.clock.at = LATER
    fakes.approvals.forgot_at = LATER - timedelta(seconds=20)

    assert await run(fakes) == LATER + timedelta(seconds=70)
    waiting = await stored(fakes)
    assert waiting.state is State.APPROVED
    assert "an earlier call may still be on its way" in waiting.detail

    fakes.socialcrm.change("post_123", status="published", published_at=LATER)  # it has arrived
    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == []


async def test_once_no_forgotten_call_can_arrive_what_is_too_late_is_left(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)
    fakes.clock.at = LATER
    fakes.approvals.forgot_at = LATER - timedelta(seconds=20)

    left = await run_through(fakes)
    assert left.state is State.FAILED
    assert left.detail.endswith("passed before it could be scheduled. Nothing was sent; ask again.")
    assert fakes.clock.at == LATER + timedelta(seconds=70)
    assert fakes.socialcrm.sent == []


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (SocialCRMUnreachableError(), "SocialCRM does not answer"),
        (NotConnectedError(), "SocialCRM is not connected any more (`/scrm connect`)"),
    ],
)
async def test_where_a_call_may_be_forgotten_and_nothing_can_be_read_a_person_has_to_look(
    fakes: Fakes, error: ScrmError, why: str
) -> None:
    await approved(fakes, at=LATER)
    fakes.clock.at = LATER
    fakes.approvals.forgot_at = LATER - timedelta(seconds=20)
    fakes.socialcrm.refuse("get_post", error)

    again = await run(fakes)
    asked = await stored(fakes)
    assert (asked.state, asked.needs_person) == (State.UNKNOWN, True)
    assert asked.detail == (
        "The bot's memory (Redis) has just begun anew, so an earlier call may have been made, and the post "
        f"could not be read: {why}."
    )
    assert EDITOR in fakes.announcer.people_told

    assert again
    fakes.clock.at = again
    fakes.socialcrm.change("post_123", status="published", published_at=LATER)
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == []


async def test_while_it_waits_so_it_can_be_undone(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.approvals.forgot_at = START
    await run(fakes)

    undone = await approvals.steer(fakes.workspace, "apr_1", Step.UNDO, by=EDITOR)
    assert (undone.state, undone.detail) == (State.PENDING, "")
    fakes.clock.advance(3600)
    assert await run(fakes) is None
    assert fakes.socialcrm.sent == []


async def test_what_a_card_says_of_waiting_is_gone_once_it_is_over(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError(), times=3)

    await run(fakes)
    await run(fakes)
    assert len(fakes.announcer.shown) == 1
    done = await run_through(fakes)
    assert (done.state, done.detail) == (State.PUBLISHED, "")


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
    REFUSALS,
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


@pytest.mark.parametrize(("error", "sentence"), [*REFUSALS, (NotFoundError(), reasons.NO_SUCH_POST)])
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
    assert waiting.detail
    done = await run_through(fakes)
    assert (done.state, done.attempt) == (
        State.PUBLISHED,
        first(answered=True),
    )
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
    assert (waiting.state, waiting.attempt) == (State.APPROVED, first())
    assert (await run_through(fakes)).attempt == first(number=2, sent_at=later(seconds=90), answered=True)


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
    assert (waiting.state, waiting.attempt) == (State.APPROVED, first())
    assert await run(fakes) is None
    done = await stored(fakes)
    assert (done.state, done.attempt) == (
        State.PUBLISHED,
        first(number=2, sent_at=later(seconds=90), answered=True),
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
    assert await run(fakes) == fakes.clock.now() + TIMING.slow
    assert len(fakes.announcer.told) == told, "nobody is told twice"


async def test_an_answered_call_that_left_no_trace_is_never_made_again(fakes: Fakes) -> None:
    await approved(fakes, state=State.PUBLISHING, attempt=an_attempt(1, sent_at=START, answered=True))
    fakes.clock.at = later(seconds=90)

    lost = await run_through(fakes)
    assert (lost.state, lost.needs_person, lost.detail) == (State.UNKNOWN, True, outcomes.NO_TRACE)
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
    assert await run(fakes) == later(minutes=10)


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


async def with_key(fakes: Fakes, key: str) -> None:
    await fakes.vault.store(Secret(key), by=ADMIN, at=START)


@pytest.mark.parametrize("state", [State.UNKNOWN, State.APPROVED])
async def test_a_post_that_another_key_does_not_show_is_not_taken_for_gone(
    fakes: Fakes, state: State
) -> None:
    await with_key(fakes, "sk-first-1111")
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)
    await run(fakes)
    assert (await stored(fakes)).state is State.UNKNOWN
    fakes.clock.advance(90)
    if state is State.APPROVED:  # found untouched, and about to be sent again
        await run(fakes)
    await with_key(fakes, "sk-other-2222")
    fakes.socialcrm.posts.clear()

    asked = await run_through(fakes, replace(TIMING, poll=timedelta(minutes=10)))
    assert (asked.state, asked.needs_person) == (State.UNKNOWN, True)
    assert asked.detail.endswith("another key is connected by now, and it does not show the post.")
    assert fakes.socialcrm.count("publish_post") == 1


@pytest.mark.parametrize("at", [None, LATER], ids=["publish", "schedule"])
async def test_before_its_call_a_post_that_another_key_does_not_show_is_not_told_as_gone(
    fakes: Fakes, at: datetime | None
) -> None:
    mine = await fakes.vault.store(Secret("sk-first-1111"), by=ADMIN, at=START)
    await approved(fakes, at=at, key=mine.fingerprint)
    await with_key(fakes, "sk-other-2222")
    fakes.socialcrm.posts.clear()

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert failed.state is State.FAILED
    assert failed.detail == (
        "Nothing was sent: another key is connected by now, and it does not show the post. Connect the key "
        "that it was asked for with (`/scrm connect`), or draft it anew; then ask again."
    )
    assert fakes.announcer.people_told == [APPROVER, EDITOR, REQUESTER]
    assert fakes.socialcrm.sent == []


async def test_a_post_that_is_gone_under_the_key_it_was_asked_for_with_closes_the_request(
    fakes: Fakes,
) -> None:
    mine = await fakes.vault.store(Secret("sk-first-1111"), by=ADMIN, at=START)
    await approved(fakes, key=mine.fingerprint)
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
    assert await run(fakes) == later(hours=1, minutes=10, seconds=1)
    lost = await stored(fakes)
    assert lost.needs_person
    assert lost.detail == (
        "The post could not be read back for over an hour: "
        "SocialCRM does not accept the workspace's key (`/scrm connect`)."
    )
    told = len(fakes.announcer.told)
    assert await run(fakes) == later(hours=1, minutes=10, seconds=1)
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

    checked = await taking_on.check_again(fakes.workspace, "apr_1", by=by)
    assert (checked.state, checked.confirmed_at) == (State.PUBLISHED, START)
    assert fakes.socialcrm.sent == []


async def test_checking_again_sends_nothing(fakes: Fakes) -> None:
    before = await lost(fakes)

    assert await taking_on.check_again(fakes.workspace, "apr_1", by=EDITOR) == before
    assert [name for name, _ in fakes.socialcrm.calls] == ["get_post"]
    (job,) = fakes.queue.put_jobs
    assert (job.kind, job.due) == (JobKind.ACT, later(hours=2, minutes=10)), "the bot goes on looking"


async def test_checking_again_while_the_bot_still_checks_waits_for_the_bot(fakes: Fakes) -> None:
    await approved(fakes, state=State.UNKNOWN, attempt=an_attempt(1, sent_at=START))

    checked = await taking_on.check_again(
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

    checked = await taking_on.check_again(fakes.workspace, "apr_1", by=EDITOR)
    assert (checked.state, checked.needs_person) == (State.UNKNOWN, False)
    assert fakes.queue.put_jobs[-1].due == later(minutes=5, seconds=5)


async def test_checking_again_is_for_those_concerned(fakes: Fakes) -> None:
    await lost(fakes)

    with pytest.raises(NotPermittedError, match="the author or an approver"):
        await taking_on.check_again(fakes.workspace, "apr_1", by="USTRANGER")
    assert fakes.socialcrm.calls == []


@pytest.mark.parametrize("decide", [taking_on.check_again, taking_on.publish_anyway, taking_on.leave])
async def test_only_an_unknown_outcome_is_checked(
    fakes: Fakes, decide: Callable[..., Awaitable[Approval]]
) -> None:
    await approved(fakes, state=State.PUBLISHED)

    with pytest.raises(TransitionError) as raised:
        await decide(fakes.workspace, "apr_1", by=APPROVER)
    assert raised.value.state == "published"


async def test_an_approver_can_have_it_published_anyway(fakes: Fakes) -> None:
    await lost(fakes)

    taken = await taking_on.publish_anyway(fakes.workspace, "apr_1", by=SECOND_APPROVER)
    now = fakes.clock.now()
    assert (taken.state, taken.attempt, taken.act_at, taken.needs_person) == (
        State.APPROVED,
        an_attempt(2, sent_at=START),
        now,
        False,
    )
    assert taken.decisions[-1] == a_decision(taken, by=SECOND_APPROVER, step=Step.NOT_APPLIED, at=now)
    assert fakes.queue.put_jobs[-1] == Job(JobKind.ACT, "act:apr_1", TEAM, now, {"approval": "apr_1"})
    assert fakes.announcer.states == [State.APPROVED]
    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_publishing_anyway_reads_once_more_and_may_find_it_done(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", status="published", published_at=START)

    assert (await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)).state is State.PUBLISHED
    assert [job.kind for job in fakes.queue.put_jobs] == [JobKind.REPORT]


async def test_publishing_anyway_does_not_interrupt_socialcrm(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 9

    with pytest.raises(TransitionError) as raised:
        await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    assert (raised.value.step, raised.value.state) == ("publish anyway", "publishing")
    assert (await stored(fakes)).state is State.UNKNOWN


async def test_publishing_anyway_is_not_done_unread(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError(), times=2)

    with pytest.raises(SocialCRMUnreachableError):
        await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    assert (await stored(fakes)).state is State.UNKNOWN


async def test_publishing_anyway_while_the_bot_still_checks_waits_for_the_bot(fakes: Fakes) -> None:
    await approved(fakes, state=State.UNKNOWN, attempt=an_attempt(1, sent_at=START))

    still = await taking_on.publish_anyway(
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
            await taking_on.publish_anyway(fakes.workspace, "apr_1", by=by)
    with pytest.raises(SelfApprovalError):
        await taking_on.publish_anyway(fakes.workspace, "apr_1", by=EDITOR)
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
        ("in_review", ActionKind.SCHEDULE, Seen.UNCLEAR),
    ],
)
def test_what_a_post_says_about_a_call(status: str, action: ActionKind, expected: Seen) -> None:
    assert outcomes.found(a_post(status=status), an_approved(at=at_of(action))) is expected


def at_of(action: ActionKind) -> datetime | None:
    return LATER if action is ActionKind.SCHEDULE else None


def test_the_waits_are_what_the_documents_say() -> None:
    assert Timing() == Timing(
        undo=timedelta(seconds=10),
        settle=timedelta(seconds=90),
        poll=timedelta(seconds=5),
        paused=timedelta(minutes=1),
        give_up=timedelta(hours=1),
        leave=timedelta(seconds=5),
        slow=timedelta(minutes=10),
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

    await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)

    assert [(each.who, each.what) for each in fakes.audit.entries] == [(APPROVER, "published_anyway")]


async def test_a_call_that_comes_too_late_is_not_sent_and_tried_again(fakes: Fakes) -> None:
    await approved(fakes)
    publish = fakes.socialcrm.publish_post

    async def stand_still(post_id: str, **more: datetime) -> object:
        fakes.clock.advance(6)
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
        try:
            return await publish(post_id, **more)
        finally:
            fakes.clock.advance(40)

    fakes.socialcrm.publish_post = slowly  # type: ignore[method-assign,assignment]
    assert await run(fakes) == START + timedelta(seconds=40 + 90)
    attempt = (await stored(fakes)).attempt
    assert attempt is not None
    assert attempt.sent_at == START + timedelta(seconds=40)


# what nobody can read a yes or a no from


async def test_a_word_that_nobody_knows_is_read_again_and_never_answered_by_another_call(
    fakes: Fakes,
) -> None:
    await approved(fakes)
    publish = fakes.socialcrm.publish_post

    async def queued(post_id: str, **more: datetime) -> object:
        await publish(post_id, **more)
        fakes.socialcrm.change(post_id, status="queued", published_at=None)
        raise SocialCRMAmbiguousError("read timeout")

    fakes.socialcrm.publish_post = queued  # type: ignore[method-assign,assignment]
    assert await run(fakes) == later(seconds=5)
    assert ((await stored(fakes)).state, (await stored(fakes)).needs_person) == (State.UNKNOWN, False)
    fakes.clock.at = later(hours=1, seconds=1)
    assert await run(fakes) == later(hours=1, minutes=10, seconds=1)
    lost = await stored(fakes)
    assert lost.detail == "SocialCRM says “queued” of the post, which does not tell whether it went out."
    assert fakes.socialcrm.sent == [("publish", "post_123")]
    fakes.socialcrm.change("post_123", status="published", published_at=START)
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED, "it was noticed later"


async def test_an_accepted_call_whose_post_has_an_unknown_word_is_on_its_way(fakes: Fakes) -> None:
    await approved(fakes)
    publish = fakes.socialcrm.publish_post

    async def queue(post_id: str, **more: datetime) -> object:
        await publish(post_id, **more)
        return fakes.socialcrm.change(post_id, status="queued", published_at=None)

    fakes.socialcrm.publish_post = queue  # type: ignore[method-assign,assignment]
    assert await run(fakes) == later(seconds=5)
    assert ((await stored(fakes)).state, (await stored(fakes)).attempt) == (
        State.PUBLISHING,
        first(answered=True),
    )
    assert await run(fakes) == later(seconds=5)


async def test_the_very_word_it_had_before_means_that_nothing_was_done(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", status="in_review")
    await approved(fakes, standing="in_review")
    fakes.socialcrm.lose_answer("publish_post", applied=False)

    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.count("publish_post") == 2


@pytest.mark.parametrize("at", [None, LATER])
async def test_a_draft_with_a_time_that_it_had_not_before_is_not_taken_as_untouched(
    fakes: Fakes, at: datetime | None
) -> None:
    await approved(fakes, at=at)
    method = "schedule_post" if at else "publish_post"
    fakes.socialcrm.lose_answer(method, applied=False)
    await run(fakes)
    times = {"scheduled_at": LATER} if at else {"published_at": START}
    fakes.socialcrm.change("post_123", **times)
    fakes.clock.at = later(seconds=91)

    assert await run(fakes) == later(seconds=96)
    assert fakes.socialcrm.count(method) == 1


async def test_a_failure_from_before_the_call_is_not_taken_for_its_outcome(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", status="failed", error="The token expired.")
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", late=timedelta(seconds=20))

    assert await run(fakes) == later(seconds=90)
    assert (await stored(fakes)).state is State.UNKNOWN
    assert (await run_through(fakes)).state is State.PUBLISHED
    assert fakes.socialcrm.sent == [("publish", "post_123")]


async def test_a_failure_with_another_reason_is_the_outcome(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", status="failed", error="The token expired.")
    await approved(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)
    await run(fakes)
    fakes.socialcrm.change("post_123", error="Too long for X.")

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).detail) == (State.FAILED, "Too long for X.")


async def test_a_call_that_failed_late_is_not_made_again(fakes: Fakes) -> None:
    await twice(fakes)
    fakes.socialcrm.change("post_123", status="failed", error="Too long for X.")

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).detail) == (State.FAILED, "Too long for X.")
    assert fakes.socialcrm.count("publish_post") == 1


async def test_a_no_to_the_second_call_about_a_post_with_an_unknown_word_is_not_believed(
    fakes: Fakes,
) -> None:
    await twice(fakes)

    async def refuse(post_id: str, **_: datetime) -> object:
        fakes.socialcrm.change(post_id, status="queued")
        raise InvalidRequestError("It is queued already.")

    fakes.socialcrm.publish_post = refuse  # type: ignore[method-assign,assignment]
    assert await run(fakes) == later(seconds=95)
    assert (await stored(fakes)).state is State.UNKNOWN


# read first, whatever the hour


async def test_a_time_that_has_passed_does_not_hide_that_it_is_scheduled(fakes: Fakes) -> None:
    await approved(fakes, at=LATER)
    fakes.socialcrm.change("post_123", status="published", published_at=LATER)
    fakes.clock.at = LATER + timedelta(minutes=1)

    assert await run(fakes) is None
    assert ((await stored(fakes)).state, (await stored(fakes)).confirmed_at) == (State.PUBLISHED, LATER)


async def test_what_waited_too_long_and_cannot_be_read_is_told_as_unread(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError())
    fakes.clock.at = later(hours=1, seconds=1)

    assert await run(fakes) is None
    failed = await stored(fakes)
    assert failed.state is State.FAILED
    assert failed.detail == (
        "It could not be published soon after its approval, so it was left. "
        "The bot knows of no call for it, and could not read the post: SocialCRM does not answer. "
        "Look in SocialCRM before you ask again."
    )


@pytest.mark.parametrize("error", [SocialCRMUnreachableError(), UnauthorizedError()])
async def test_after_a_first_call_what_cannot_be_read_is_a_persons_matter(
    fakes: Fakes, error: ScrmError
) -> None:
    await approved(fakes, attempt=first())
    fakes.socialcrm.refuse("get_post", error)
    fakes.clock.at = later(hours=1, seconds=1)

    assert await run(fakes) == later(hours=1, minutes=10, seconds=1)
    lost = await stored(fakes)
    assert (lost.state, lost.needs_person) == (State.UNKNOWN, True)
    assert lost.detail.startswith("The post could not be read again: SocialCRM does not a")


async def test_after_a_first_call_a_time_that_has_passed_is_told_as_such(fakes: Fakes) -> None:
    await approved(fakes, at=LATER, attempt=first())
    fakes.clock.at = LATER

    await run(fakes)
    assert (await stored(fakes)).detail.endswith("Nothing more was sent; ask again.")


async def test_a_pause_of_hours_does_not_count_as_waiting(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.settings.settings = some_settings(pause=a_pause())
    assert await run(fakes) == later(seconds=60)
    fakes.clock.at = later(hours=4)
    assert await run(fakes) == later(hours=4, seconds=60)
    fakes.settings.settings = some_settings()
    fakes.clock.at = later(hours=5)

    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED
    assert [each.what for each in fakes.audit.entries][:1] == ["intent_recorded"]


async def test_what_somebody_else_is_publishing_for_an_hour_is_a_persons_matter(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.socialcrm.change("post_123", status="publishing")
    fakes.socialcrm.publishing_reads = 9

    fakes.clock.at = later(hours=1, seconds=1)
    assert await run(fakes) == later(hours=1, minutes=10, seconds=1)
    lost = await stored(fakes)
    assert (lost.state, lost.attempt, lost.detail) == (State.UNKNOWN, None, outcomes.STILL_AT_IT)
    fakes.socialcrm.change("post_123", status="draft")
    fakes.socialcrm.lose_answer("publish_post", applied=False)
    await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    assert (await run_through(fakes)).needs_person
    assert fakes.socialcrm.count("publish_post") == 1, "one decision, one call"


# one request at a time, and no change meanwhile


async def test_a_request_that_a_newer_one_has_overtaken_sends_nothing(fakes: Fakes) -> None:
    await approved(fakes)
    fakes.approvals.latest["post_123"] = "apr_2"
    fakes.approvals.approvals["apr_2"] = an_approved(id="apr_2")

    assert await run(fakes) is None
    closed = await stored(fakes)
    assert (closed.state, closed.detail) == (
        State.WITHDRAWN,
        "Replaced by a newer request for the same post.",
    )
    assert fakes.socialcrm.calls == []


async def test_a_request_that_is_overtaken_just_before_its_intent_sends_nothing(fakes: Fakes) -> None:
    await approved(fakes)
    read = fakes.socialcrm.get_post

    async def overtaken(post_id: str) -> object:
        fakes.approvals.latest["post_123"] = "apr_2"
        fakes.approvals.approvals["apr_2"] = an_approved(id="apr_2")
        return await read(post_id)

    fakes.socialcrm.get_post = overtaken  # type: ignore[method-assign,assignment]
    assert await run(fakes) == START
    assert await run(fakes) is None
    assert ((await stored(fakes)).state, fakes.socialcrm.sent) == (State.WITHDRAWN, [])


async def test_while_the_post_is_being_changed_nothing_is_read_or_sent(fakes: Fakes) -> None:
    await approved(fakes)

    async with changing.mark(fakes.workspace, "post_123"):
        assert await run(fakes) == later(seconds=5)
        assert fakes.socialcrm.calls == []
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED


async def test_a_change_that_begins_between_the_read_and_the_intent_goes_first(fakes: Fakes) -> None:
    await approved(fakes)
    read = fakes.socialcrm.get_post

    async def then_change(post_id: str) -> object:
        await fakes.memory.keep("changing:post_123", {"by": "somebody"})
        return await read(post_id)

    fakes.socialcrm.get_post = then_change  # type: ignore[method-assign,assignment]
    assert await run(fakes) == later(seconds=5)
    waiting = await stored(fakes)
    assert (waiting.state, waiting.attempt, fakes.socialcrm.sent) == (State.APPROVED, None, [])


async def test_a_pause_that_begins_while_the_post_is_read_holds_it_back(fakes: Fakes) -> None:
    await approved(fakes)
    read = fakes.socialcrm.get_post

    async def then_pause(post_id: str) -> object:
        fakes.settings.settings = some_settings(pause=a_pause())
        return await read(post_id)

    fakes.socialcrm.get_post = then_pause  # type: ignore[method-assign,assignment]
    assert await run(fakes) == later(seconds=60)
    waiting = await stored(fakes)
    assert (waiting.state, waiting.attempt, waiting.act_at) == (State.APPROVED, None, None)
    assert fakes.socialcrm.sent == []
    fakes.socialcrm.get_post = read  # type: ignore[method-assign]
    fakes.settings.settings = some_settings()
    fakes.clock.at = later(hours=4)
    assert await run(fakes) is None
    assert (await stored(fakes)).state is State.PUBLISHED


# the way out


@pytest.mark.parametrize("by", [EDITOR, REQUESTER, APPROVER, ADMIN])
async def test_what_nobody_can_find_out_can_be_left(fakes: Fakes, by: str) -> None:
    await lost(fakes)
    fakes.people.admins.add(ADMIN)

    left = await taking_on.leave(fakes.workspace, "apr_1", by=by)
    assert (left.state, left.needs_person) == (State.WITHDRAWN, False)
    assert left.decisions[-1] == a_decision(left, by=by, step=Step.LEAVE, at=fakes.clock.now())
    assert [(each.who, each.what) for each in fakes.audit.entries] == [(by, "left_as_it_is")]
    assert fakes.announcer.states == [State.WITHDRAWN]
    assert await run(fakes) is None
    assert fakes.socialcrm.sent == []


async def test_leaving_reads_once_more_and_may_find_it_done(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", status="published", published_at=START)

    assert (await taking_on.leave(fakes.workspace, "apr_1", by=EDITOR)).state is State.PUBLISHED


async def test_as_long_as_a_call_may_still_arrive_nothing_can_be_left(fakes: Fakes) -> None:
    await approved(fakes, state=State.UNKNOWN, attempt=first())

    with pytest.raises(TransitionError) as raised:
        await taking_on.leave(fakes.workspace, "apr_1", by=EDITOR)
    assert (raised.value.step, raised.value.state) == ("leave", "unknown")
    assert (await stored(fakes)).state is State.UNKNOWN


async def test_a_stranger_cannot_leave_it(fakes: Fakes) -> None:
    await lost(fakes)

    with pytest.raises(NotPermittedError):
        await taking_on.leave(fakes.workspace, "apr_1", by="USTRANGER")


@pytest.mark.parametrize("status", ["draft", "queued"])
async def test_checking_again_after_an_edit_in_socialcrm_closes_the_request(
    fakes: Fakes, status: str
) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", body="Other words", status=status)

    checked = await taking_on.check_again(fakes.workspace, "apr_1", by=EDITOR)
    assert (checked.state, checked.detail) == (State.VOID, outcomes.CHANGED)


async def test_after_a_week_nobody_looks_any_more(fakes: Fakes) -> None:
    await lost(fakes)

    fakes.clock.at = later(days=6)
    assert await run(fakes) == later(days=6, minutes=10)
    fakes.clock.at = later(days=7)
    assert await run(fakes) is None
    assert (await stored(fakes)).needs_person


async def test_publishing_anyway_is_one_call_even_when_its_answer_is_lost(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.lose_answer("publish_post", applied=False)

    await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    again = await run_through(fakes)
    assert (again.state, again.attempt and again.attempt.number) == (State.UNKNOWN, 3)
    fakes.clock.advance(91)
    assert (await run_through(fakes)).needs_person
    assert fakes.socialcrm.count("publish_post") == 1


async def test_a_no_to_publishing_anyway_is_not_believed_unread(fakes: Fakes) -> None:
    await lost(fakes)
    await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    fakes.socialcrm.refuse("publish_post", InvalidRequestError("published already"))
    fakes.socialcrm.let_pass("get_post")
    fakes.socialcrm.refuse("get_post", SocialCRMUnreachableError())

    await run(fakes)
    assert (await stored(fakes)).state is State.UNKNOWN


async def test_publishing_anyway_takes_on_a_word_that_nobody_knows(fakes: Fakes) -> None:
    await lost(fakes)
    fakes.socialcrm.change("post_123", status="Partially_Published")

    taken = await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    assert taken.standing == "partially_published"
    assert (await run_through(fakes)).state is State.PUBLISHED


async def test_a_second_click_does_not_count_for_the_call_that_the_first_one_led_to(fakes: Fakes) -> None:
    await lost(fakes)
    read, reads = fakes.socialcrm.get_post, list[str]()

    async def meanwhile(post_id: str) -> object:
        reads.append(post_id)
        if len(reads) == 2:  # the first click, its call, and its lost answer
            current = await stored(fakes)
            begun = current.put_back(current.attempt).begun(at=fakes.clock.now())
            await fakes.approvals.save(begun.moved(Step.LOSE_TRACK))
        return await read(post_id)

    fakes.socialcrm.get_post = meanwhile  # type: ignore[method-assign,assignment]
    with pytest.raises(TransitionError):
        await taking_on.publish_anyway(fakes.workspace, "apr_1", by=APPROVER)
    assert (await stored(fakes)).state is State.UNKNOWN
