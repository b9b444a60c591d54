from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    InvalidRequestError,
    RateLimitedError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.posts import Drift
from scrm_bot.domain.workspaces import Secret
from scrm_bot.usecases import cards, outcomes, watching
from scrm_bot.usecases.outcomes import Timing
from tests.builders import ADMIN, APPROVER, EDITOR, LATER, a_card_ref, a_post, an_approved, an_attempt
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes, some_fakes

NEXT = START + timedelta(seconds=40)


async def run(fakes: Fakes) -> datetime | None:
    return await watching.watch(fakes.workspace, timing=Timing())


async def a_scheduled(fakes: Fakes, number: int = 1, **changes: object) -> Approval:
    """A request whose post SocialCRM holds for tomorrow."""
    post_id = f"post_{number}"
    fakes.socialcrm.posts[post_id] = a_post(
        id=post_id, status="scheduled", scheduled_at=LATER, created_at=START + timedelta(seconds=number)
    )
    changes = {"at": LATER, "confirmed_at": LATER, "card": a_card_ref(), "state": State.SCHEDULED, **changes}
    return await fakes.approvals.add(an_approved(id=f"apr_{number}", post_id=post_id, **changes))


async def stored(fakes: Fakes, number: int = 1) -> Approval:
    return await fakes.approvals.get(f"apr_{number}")


async def test_with_nothing_scheduled_there_is_nothing_to_watch(fakes: Fakes) -> None:
    await fakes.approvals.add(an_approved())

    assert await run(fakes) is None
    assert fakes.socialcrm.calls == []


async def test_what_is_as_approved_is_left_alone(fakes: Fakes) -> None:
    before = await a_scheduled(fakes)

    assert await run(fakes) == NEXT
    assert await stored(fakes) == before
    assert fakes.announcer.shown == []
    assert fakes.announcer.told == []


async def test_what_was_seen_is_drawn_by_a_job_too_for_nobody_would_see_it_again(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    fakes.socialcrm.change("post_1", status="draft", scheduled_at=None)

    await run(fakes)

    assert (await stored(fakes)).state is State.VOID
    assert fakes.queue.jobs["render:apr_1"].due == START + cards.AGAIN


@pytest.mark.parametrize(
    ("change", "drift"),
    [
        ({"body": "Other words"}, (Drift.TEXT,)),
        ({"account_ids": ("acct_2",)}, (Drift.ACCOUNTS,)),
        ({"media_ids": ("media_1",)}, (Drift.MEDIA,)),
        ({"scheduled_at": LATER + timedelta(hours=1)}, (Drift.TIME,)),
        ({"body": "Other", "scheduled_at": LATER + timedelta(minutes=1)}, (Drift.TEXT, Drift.TIME)),
    ],
)
async def test_a_change_made_in_socialcrm_is_told_to_author_and_approvers(
    fakes: Fakes, change: dict[str, object], drift: tuple[Drift, ...]
) -> None:
    await a_scheduled(fakes)
    post = fakes.socialcrm.change("post_1", **change)

    assert await run(fakes) == NEXT
    found = await stored(fakes)
    assert (found.state, found.drift, found.confirmed_at) == (State.SCHEDULED, drift, post.scheduled_at)
    assert found.changed_body == (post.body if Drift.TEXT in drift else None)
    assert fakes.announcer.people_told == [APPROVER, EDITOR]
    assert fakes.announcer.shown[-1].drift == drift
    assert fakes.audit.deeds == ["changed_in_socialcrm"]


async def test_a_change_is_told_once(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    fakes.socialcrm.change("post_1", body="Other words")

    await run(fakes)
    await run(fakes)

    assert fakes.announcer.people_told == [APPROVER, EDITOR]


async def test_what_is_changed_back_is_as_approved_again(fakes: Fakes) -> None:
    before = await a_scheduled(fakes)
    fakes.socialcrm.change("post_1", body="Other words")
    await run(fakes)
    fakes.socialcrm.change("post_1", body=before.content.body)

    await run(fakes)

    assert ((await stored(fakes)).drift, (await stored(fakes)).changed_body) == ((), None)
    assert fakes.announcer.shown[-1].drift == ()


async def test_a_few_seconds_are_no_other_time(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    fakes.socialcrm.change("post_1", scheduled_at=LATER + timedelta(seconds=59))

    await run(fakes)

    assert (await stored(fakes)).drift == ()


async def test_a_post_given_an_earlier_time_is_followed_there(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    sooner = START + timedelta(minutes=3)
    fakes.socialcrm.change("post_1", scheduled_at=sooner)

    await run(fakes)

    assert fakes.queue.jobs["follow:apr_1"].due == sooner + timedelta(seconds=5)
    assert fakes.queue.jobs["watch"].due == START


async def test_a_deleted_post_closes_the_request(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    del fakes.socialcrm.posts["post_1"]

    assert await run(fakes) == NEXT
    assert ((await stored(fakes)).state, (await stored(fakes)).detail) == (State.VOID, outcomes.GONE)
    assert fakes.announcer.people_told == [APPROVER, EDITOR]


async def test_a_post_that_another_key_does_not_show_is_not_taken_for_deleted(fakes: Fakes) -> None:
    mine = await fakes.vault.store(Secret("sk-first-1111"), by=ADMIN, at=START)
    before = await a_scheduled(fakes, attempt=an_attempt(key=mine.fingerprint))
    await fakes.vault.store(Secret("sk-other-2222"), by=ADMIN, at=START)
    posts, fakes.socialcrm.posts = fakes.socialcrm.posts, {}

    assert await run(fakes) == NEXT
    assert await stored(fakes) == before
    assert fakes.announcer.told == []

    fakes.socialcrm.posts = posts
    fakes.socialcrm.change("post_1", body="Other words")
    await run(fakes)
    assert (await stored(fakes)).drift == (Drift.TEXT,)


async def test_a_post_that_its_own_key_does_not_show_any_more_is_gone(fakes: Fakes) -> None:
    mine = await fakes.vault.store(Secret("sk-first-1111"), by=ADMIN, at=START)
    await a_scheduled(fakes, attempt=an_attempt(key=mine.fingerprint))
    fakes.socialcrm.posts.clear()

    await run(fakes)

    assert (await stored(fakes)).detail == outcomes.GONE


async def test_a_post_that_was_published_early_is_told_as_such(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    fakes.socialcrm.change("post_1", status="published", published_at=START)

    await run(fakes)

    done = await stored(fakes)
    assert (done.state, done.drift) == (State.PUBLISHED, (Drift.TIME,))


async def test_what_was_moved_and_went_out_is_not_as_approved(fakes: Fakes) -> None:
    await a_scheduled(fakes, drift=(Drift.TIME,), confirmed_at=LATER + timedelta(hours=1))
    fakes.socialcrm.change("post_1", status="published", published_at=LATER + timedelta(hours=1))

    await run(fakes)

    done = await stored(fakes)
    assert (done.state, done.drift) == (State.PUBLISHED, (Drift.TIME,))
    assert fakes.announcer.told == [], "they know"


async def test_one_post_costs_one_read() -> None:
    fakes = some_fakes()
    await a_scheduled(fakes)

    await run(fakes)

    assert fakes.socialcrm.calls == [("get_post", "post_1")]


async def test_many_posts_cost_a_page_of_fifty(fakes: Fakes) -> None:
    for number in range(1, 41):
        await a_scheduled(fakes, number)

    await run(fakes)

    assert [name for name, _ in fakes.socialcrm.calls] == ["list_posts"]


async def test_posts_on_further_pages_are_found_there(fakes: Fakes) -> None:
    for number in range(1, 61):
        await a_scheduled(fakes, number)

    await run(fakes)

    assert [name for name, _ in fakes.socialcrm.calls] == ["list_posts", "list_posts"]


async def test_what_a_page_does_not_have_is_read_by_itself(fakes: Fakes) -> None:
    for number in (1, 2):
        await a_scheduled(fakes, number)
    for number in range(100, 160):
        fakes.socialcrm.posts[f"post_{number}"] = a_post(
            id=f"post_{number}", created_at=START + timedelta(hours=1)
        )

    await run(fakes)

    assert fakes.socialcrm.calls == [("list_posts", ""), ("get_post", "post_2"), ("get_post", "post_1")]


async def test_a_difference_in_a_list_is_looked_at_before_anybody_is_told(fakes: Fakes) -> None:
    for number in (1, 2):
        await a_scheduled(fakes, number)
    listed = fakes.socialcrm.list_posts

    async def stale(*, limit: int = 20, offset: int = 0) -> object:
        page = await listed(limit=limit, offset=offset)
        return [replace(post, body="As it was an hour ago") for post in page]

    fakes.socialcrm.list_posts = stale  # type: ignore[method-assign,assignment]
    await run(fakes)

    assert fakes.socialcrm.count("get_post") == 2
    assert fakes.announcer.told == []


async def test_while_socialcrm_does_not_answer_the_next_round_looks(fakes: Fakes) -> None:
    before = await a_scheduled(fakes)
    fakes.socialcrm.refuse("get_post", RateLimitedError())

    assert await run(fakes) == NEXT
    assert await stored(fakes) == before


ODD = [SocialCRMContractError(), SocialCRMAmbiguousError(), InvalidRequestError()]


@pytest.mark.parametrize("error", ODD)
async def test_a_post_that_cannot_be_read_keeps_nobody_from_the_others(
    fakes: Fakes, error: ScrmError
) -> None:
    for number in (1, 2):
        await a_scheduled(fakes, number)
        fakes.socialcrm.change(f"post_{number}", body="Other words")
    fakes.socialcrm.refuse("get_post", error)

    assert await run(fakes) == NEXT
    assert fakes.socialcrm.count("get_post") == 2
    assert ((await stored(fakes, 2)).drift, (await stored(fakes, 1)).drift) == ((), (Drift.TEXT,))


@pytest.mark.parametrize("error", ODD)
async def test_where_the_list_cannot_be_read_each_post_is_read_by_itself(
    fakes: Fakes, error: ScrmError
) -> None:
    for number in (1, 2):
        await a_scheduled(fakes, number)
    fakes.socialcrm.refuse("list_posts", error)

    assert await run(fakes) == NEXT
    assert [name for name, _ in fakes.socialcrm.calls] == ["list_posts", "get_post", "get_post"]


@pytest.mark.parametrize("error", [RateLimitedError(), SocialCRMUnreachableError(), UnauthorizedError()])
@pytest.mark.parametrize("call", ["list_posts", "get_post"])
async def test_what_would_be_answered_to_every_read_ends_the_round(
    fakes: Fakes, error: ScrmError, call: str
) -> None:
    for number in (1, 2):
        await a_scheduled(fakes, number)
        fakes.socialcrm.change(f"post_{number}", body="Other words")
    fakes.socialcrm.refuse(call, error)

    assert await run(fakes) == NEXT
    assert fakes.socialcrm.calls[-1][0] == call
    assert fakes.socialcrm.count(call) == 1


async def test_posts_whose_time_has_come_are_left_to_their_own_jobs(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    fakes.clock.at = LATER

    assert await run(fakes) is None
    assert fakes.socialcrm.calls == []


async def test_a_request_that_somebody_moved_meanwhile_waits_for_the_next_round(fakes: Fakes) -> None:
    await a_scheduled(fakes)
    fakes.socialcrm.change("post_1", body="Other words")
    save = fakes.approvals.save

    async def slower(approval: Approval, **more: object) -> Approval:
        fakes.approvals.save = save  # type: ignore[method-assign]
        raise ApprovalConflictError

    fakes.approvals.save = slower  # type: ignore[method-assign]
    assert await run(fakes) == NEXT
    assert fakes.announcer.told == []
    await run(fakes)
    assert fakes.announcer.people_told == [APPROVER, EDITOR]
