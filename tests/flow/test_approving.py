"""Asking for approval, deciding, and what goes out."""

import asyncio

import pytest

from scrm_bot.demo.slack import labels
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim
from scrm_bot.slack import background
from scrm_bot.slack.surface import Surface
from scrm_bot.store.work import RedisWorkQueue
from tests.flow.conftest import House, a_house


async def test_nothing_is_scheduled_before_somebody_approves_it(house: House) -> None:
    post_id = await house.draft("Our spring menu is here")
    await house.editor.command("/scrm schedule last tomorrow 09:00")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    assert house.socialcrm.sandbox.posts.by_id[post_id].status == "draft"

    await house.approver.click("Approve", channel="#approvals")

    card = await house.approver.wait_for_message("Scheduled", channel="#approvals")
    assert house.socialcrm.sandbox.posts.by_id[post_id].status == "scheduled"
    assert "Approve" not in [label for label, _ in labels.buttons(card["blocks"])]


async def test_a_published_post_goes_out_once_and_is_read_before_and_after(house: House) -> None:
    post_id = await house.draft("We are open on Sunday")
    await house.editor.command("/scrm publish last")

    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Published", channel="#approvals")

    sandbox = house.socialcrm.sandbox
    assert sandbox.publish_calls(post_id) == 1
    calls = [f"{call.method} {call.path}" for call in sandbox.calls if post_id in call.path]
    published = calls.index(f"POST /v1/posts/{post_id}/publish")
    assert f"GET /v1/posts/{post_id}" in calls[:published]
    assert f"GET /v1/posts/{post_id}" in calls[published:]


async def test_two_clicks_on_approve_publish_once(house: House) -> None:
    post_id = await house.draft("Twice clicked")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    await house.approver.click("Approve", channel="#approvals")
    await house.approver.click("Approve", channel="#approvals", check=False)
    await house.approver.wait_for_message("Published", channel="#approvals")

    assert house.socialcrm.sandbox.publish_calls(post_id) == 1


@pytest.mark.parametrize("role", ["editor", "admin"])
async def test_who_may_not_approve_is_told_so_and_nothing_happens(house: House, role: str) -> None:
    post_id = await house.draft("Not yours to approve")
    await house.editor.command("/scrm publish last")
    person = house.slack.person(role)
    await person.wait_for_message("Approve", channel="#approvals")

    await person.click("Approve", channel="#approvals")

    told = await person.wait_for_message("approver", channel="#approvals")
    assert told
    assert house.socialcrm.sandbox.publish_calls(post_id) == 0


async def test_an_edit_in_socialcrm_after_asking_voids_the_request(house: House) -> None:
    post_id = await house.draft("The price is 5 euros")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    house.edit_in_socialcrm(post_id, "The price is 50 euros")

    await house.approver.click("Approve", channel="#approvals")

    card = await house.approver.wait_for_message("Asked about", channel="#approvals")
    assert "The price is ~5~ *50* euros" in card["text"]
    assert house.socialcrm.sandbox.publish_calls(post_id) == 0


async def test_a_rejection_needs_no_api_and_tells_the_author_why(house: House) -> None:
    post_id = await house.draft("With a typo")
    await house.editor.command("/scrm publish last")
    await house.approver.click("Reject", channel="#approvals")
    await house.approver.fill({"Reason": "Typo in the first line"})

    await house.approver.submit()

    card = await house.approver.wait_for_message("Rejected", channel="#approvals")
    assert "Typo in the first line" in labels.said(card)
    assert house.socialcrm.sandbox.publish_calls(post_id) == 0
    assert await house.editor.wait_for_message("Typo in the first line", channel="dm")


async def test_a_publish_whose_answer_is_lost_is_found_out_and_not_sent_again(house: House) -> None:
    post_id = await house.draft("Sent into a storm")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    house.socialcrm.sandbox.faults.add("drop_after", method="POST", path="/v1/posts/*/publish")

    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Published", channel="#approvals")

    assert house.socialcrm.sandbox.publish_calls(post_id) == 1
    assert house.socialcrm.sandbox.went_out[post_id] == 1


async def test_a_publish_that_never_arrived_is_sent_again_only_after_looking(house: House) -> None:
    post_id = await house.draft("Dropped on the way")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    house.socialcrm.sandbox.faults.add("drop", method="POST", path="/v1/posts/*/publish")

    await house.approver.click("Approve", channel="#approvals")
    await house.approver.wait_for_message("Published", channel="#approvals", seconds=20)

    assert house.socialcrm.sandbox.went_out[post_id] == 1


async def test_a_click_that_is_done_again_from_its_record_does_not_approve_what_was_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(background, "_FINISH_AGAIN", ())
    finish, run, redone = RedisWorkQueue.finish, Surface.run, asyncio.Event()
    lost: list[Claim] = []

    async def finish_or_not(queue: RedisWorkQueue, claim: Claim) -> bool:
        if claim.job.key.startswith("in:a:") and not lost:
            lost.append(claim)
            raise StoreUnavailableError
        return await finish(queue, claim)

    async def run_and_tell(surface: Surface, claim: Claim) -> None:
        await run(surface, claim)
        redone.set()

    monkeypatch.setattr(Surface, "run", run_and_tell)
    async with a_house(undo_seconds=60.0, lease_seconds=1.0) as house:
        await house.connect()
        await house.set_rules()
        post_id = await house.draft("Not this one")
        await house.editor.command("/scrm publish last")
        await house.approver.wait_for_message("Waiting for approval", channel="#approvals")
        monkeypatch.setattr(RedisWorkQueue, "finish", finish_or_not)
        await house.approver.click("Approve", channel="#approvals")
        await house.approver.wait_for_message("Approved", channel="#approvals")
        await house.approver.click("Undo", channel="#approvals")
        await house.approver.wait_for_message("Waiting for approval", channel="#approvals")

        async with asyncio.timeout(30):
            await redone.wait()
        card = await house.approver.wait_for_message("Not this one", channel="#approvals")

    assert "Approve" in [label for label, _ in labels.buttons(card["blocks"])]
    assert house.socialcrm.sandbox.publish_calls(post_id) == 0
