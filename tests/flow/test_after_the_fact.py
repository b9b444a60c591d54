"""What happens once a post is handed over: watched until its time, told at its time, measured afterwards."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrm_bot.demo.slack import labels
from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.connection import Database
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.work import RedisWorkQueue
from tests.flow.conftest import House, a_house

SOON = 0.0001  # hours: a third of a second


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """It looks at scheduled posts all the time, and tells numbers at once."""
    async with a_house(watch_seconds=0.1, stats_hours=(SOON, 2 * SOON)) as house:
        await house.connect()
        await house.set_rules()
        yield house


async def scheduled(house: House, text: str = "Our spring menu is here") -> str:
    """A post that was approved, and that SocialCRM holds for tomorrow."""
    post_id = await house.draft(text)
    await house.editor.command("/scrm schedule last tomorrow 09:00")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    await house.approver.click("Approve", channel="#approvals")
    await card(house, "Scheduled")
    return post_id


async def card(house: House, words: str) -> str:
    """What the card says, once it says these words."""
    return labels.said(await house.approver.wait_for_message(words, channel="#approvals"))


def change(house: House, post_id: str, **changes: Any) -> None:
    """Somebody does something to the post in SocialCRM's own page."""
    posts = house.socialcrm.sandbox.posts.by_id
    posts[post_id] = replace(posts[post_id], **changes)


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[Database]:
    assert house.redis
    database = Database(house.redis)
    try:
        yield database
    finally:
        await database.close()


async def its_time_comes(house: House, post_id: str) -> Approval:
    """As if the post had been scheduled for a few seconds ago."""
    at = (datetime.now(UTC) - timedelta(seconds=6)).replace(microsecond=0)
    async with opened(house) as database:
        store = RedisApprovalStore(database, house.slack.world.team_id)
        request = await store.latest_for(post_id)
        assert request
        content = replace(request.content, at=at)
        approved = tuple(replace(word, content_hash=content.hash) for word in request.decisions)
        due = replace(request, content=content, decisions=approved, confirmed_at=at)
        change(house, post_id, scheduled_at=at)
        job = Job(JobKind.FOLLOW, f"follow:{request.id}", request.team_id, at, {"approval": request.id})
        return await store.save(due, jobs=[job])


async def test_an_edit_made_in_socialcrm_is_told_and_never_called_approved(house: House) -> None:
    post_id = await scheduled(house)

    change(house, post_id, body="Our spring menu costs double")

    told = await card(house, "not as approved")
    assert "Our spring menu ~is here~ *costs double*" in told
    assert "Approved by" not in told
    assert await house.editor.wait_for_message("costs double", channel="dm")
    assert await house.approver.wait_for_message("costs double", channel="dm")


async def test_a_post_that_was_changed_back_is_as_approved_again_in_every_copy(house: House) -> None:
    post_id = await scheduled(house)
    change(house, post_id, body="Something else")
    await house.editor.wait_for_message("not as approved", channel="dm")

    change(house, post_id, body="Our spring menu is here")

    assert "not as approved" not in await card(house, "Approved by")
    assert await house.editor.wait_for(_two_copies_without("not as approved"), what="copies that follow")


async def test_another_time_given_in_socialcrm_is_told(house: House) -> None:
    post_id = await scheduled(house)
    at = house.socialcrm.sandbox.posts.by_id[post_id].scheduled_at
    assert at

    change(house, post_id, scheduled_at=at + timedelta(hours=5))

    assert "approved for" in await card(house, "time was changed in SocialCRM")


async def test_a_post_deleted_in_socialcrm_closes_its_card(house: House) -> None:
    post_id = await scheduled(house)

    del house.socialcrm.sandbox.posts.by_id[post_id]

    assert await card(house, "gone from SocialCRM")
    assert await house.editor.wait_for_message("gone from SocialCRM", channel="dm")


async def test_at_its_time_the_thread_tells_that_it_is_out_and_then_its_numbers(house: House) -> None:
    post_id = await scheduled(house)
    shown = await house.approver.wait_for_message("Scheduled", channel="#approvals")

    await its_time_comes(house, post_id)

    numbers = await house.approver.wait_for_message("After 1 minute", channel="#approvals")
    assert numbers["thread_ts"] == shown["ts"]
    assert "Stats" in [label for label, _ in labels.buttons(numbers["blocks"])]
    assert await card(house, "Published")


async def test_a_failure_at_its_time_is_told_with_its_reason(house: House) -> None:
    post_id = await scheduled(house)
    path, reason = f"/v1/posts/{post_id}/publish", "Instagram did not take it."
    house.socialcrm.sandbox.faults.add("fail", path=path, message=reason)

    await its_time_comes(house, post_id)

    assert reason in await card(house, "Failed")
    assert await house.editor.wait_for_message(reason, channel="dm")
    assert await house.approver.wait_for_message(reason, channel="dm")


async def test_a_pause_is_on_every_open_card_and_its_end_lets_go_what_waits(house: House) -> None:
    post_id = await house.draft("Waiting for the press office")
    await house.editor.command("/scrm publish last")
    await card(house, "Approve")

    await house.admin.command("/scrm pause Sad news")
    assert "Sad news" in await card(house, "Paused")
    await house.admin.command("/scrm unpause")
    await house.approver.wait_for(
        lambda state: not labels.says(_newest_card(state), "Paused") or None, what="a card without a banner"
    )
    await house.approver.click("Approve", channel="#approvals")

    assert await card(house, "Published")
    assert house.socialcrm.sandbox.went_out[post_id] == 1


def _two_copies_without(words: str) -> Callable[[Any], list[Any] | None]:
    """What was told of the change and of its end, once neither says these words any more."""

    def find(state: Any) -> list[Any] | None:
        (room,) = [each for each in state["channels"] if each["is_im"]]
        told = [each for each in room["messages"] if labels.says(each, "Scheduled")]
        is_settled = len(told) == 2 and not any(labels.says(each, words) for each in told)
        return told if is_settled else None

    return find


def _newest_card(state: Any) -> Any:
    (room,) = [each for each in state["channels"] if each["name"] == "approvals"]
    return room["messages"][-1]


async def test_an_admin_puts_a_job_back_that_was_given_up(house: House) -> None:
    team_id = house.slack.world.team_id
    job = Job(JobKind.RENDER, "render:apr_gone", team_id, datetime.now(UTC), {"approval": "apr_gone"})
    async with opened(house) as database:
        queue = RedisWorkQueue(database)
        claim = await queue.accept(job, dedupe="given up", lease=60)
        assert claim
        await queue.bury(claim, reason="SlackRefusedError: invalid_blocks")

        await house.admin.command("/scrm status")
        assert labels.says(await house.admin.wait_for_message("Given up"), "invalid_blocks")
        await house.admin.click("Retry")

        assert await house.admin.wait_for_message("Trying again")
        assert list(await RedisJobQueue(database, team_id).dead()) == []
