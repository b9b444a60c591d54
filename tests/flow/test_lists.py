"""Lists of thousands of posts, and what can be done to one of them."""

from datetime import UTC, datetime, timedelta

import pytest

from scrm_bot.demo.slack import labels
from scrm_bot.demo.socialcrm.posts import Post, Status
from tests.flow.conftest import House

MOST_CALLS = 20


@pytest.fixture
def full(house: House) -> House:
    """Ten thousand posts, the newest first in number; every thousandth has failed."""
    book = house.socialcrm.sandbox.posts.by_id
    book.clear()
    now = datetime.now(UTC)
    for number in range(1, 10_001):
        at = now - timedelta(minutes=number)
        book[f"post_{number}"] = Post(
            id=f"post_{number}",
            body=f"Story number {number}.",
            account_ids=("acct_1",),
            status=Status.FAILED if number % 1_000 == 0 else Status.DRAFT,
            created_at=at,
            updated_at=at,
        )
    return house


async def test_every_click_among_ten_thousand_makes_a_bounded_number_of_calls(full: House) -> None:
    calls = full.socialcrm.sandbox.calls

    await full.editor.command("/scrm posts")
    await full.editor.wait_for_message("*10.* Story number 10.", channel="#social")
    first = len(calls)
    await full.editor.click("Next", channel="#social")
    await full.editor.wait_for_message("*20.* Story number 20.", channel="#social")
    second = len(calls) - first

    assert first <= MOST_CALLS + 2  # and the accounts' names
    assert second <= MOST_CALLS
    await full.editor.command("/scrm show 15")
    assert await full.editor.wait_for_message("Story number 15.", channel="#social")
    assert not full.slack.faults


async def test_what_is_rare_is_found_page_by_page(full: House) -> None:
    calls = full.socialcrm.sandbox.calls
    await full.editor.command("/scrm posts failed")
    await full.editor.wait_for_message("None of these yet", channel="#social")

    before = len(calls)
    await full.editor.click("Next", channel="#social")

    found = await full.editor.wait_for_message("Story number 1000.", channel="#social")
    assert "posts 951 to 1,900" in labels.said(found)
    assert len(calls) - before <= MOST_CALLS
    await full.editor.click("Previous", channel="#social")
    assert await full.editor.wait_for_message("None of these yet", channel="#social")


async def test_the_calendar_of_ten_thousand_says_how_far_it_looked(full: House) -> None:
    calls = full.socialcrm.sandbox.calls
    before = len(calls)

    await full.editor.command("/scrm calendar")

    assert await full.editor.wait_for_message("Looked at the newest 950 posts", channel="#social")
    assert len(calls) - before <= MOST_CALLS + 2


async def test_a_post_is_scheduled_and_decided_from_its_card(house: House) -> None:
    post_id = await house.draft("We are open on Sunday")
    await house.editor.command("/scrm show last")
    await house.editor.wait_for_message("Attach", channel="#social")

    await house.editor.click("Schedule", containing="Attach", channel="#social")
    await house.editor.fill({"When": "tomorrow 09:00"})
    await house.editor.submit()
    await house.approver.wait_for_message("We are open on Sunday", channel="#approvals")
    await house.approver.command(f"/scrm show {post_id}")
    await house.approver.wait_for_message("Request for approval:", channel="#social")
    await house.approver.click("Approve", containing="Request for approval:", channel="#social")

    assert await house.approver.wait_for_message("Scheduled", channel="#approvals")
    assert house.socialcrm.sandbox.posts.by_id[post_id].status == "scheduled"
    assert not house.slack.faults


async def test_an_edit_says_before_that_it_voids_the_request(house: House) -> None:
    await house.draft("We are open on Sunday")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")

    await house.editor.command("/scrm edit last")
    await house.editor.wait_for_modal("Edit post", containing="Saving a change makes it void")
    await house.editor.fill({"Text": "We are closed on Sunday"})
    await house.editor.submit()

    assert await house.approver.wait_for_message("The post was changed", channel="#approvals")


async def test_deleting_asks_and_hands_the_text_back(house: House) -> None:
    post_id = await house.draft("We are open on Sunday")
    await house.editor.command("/scrm publish last")
    await house.approver.wait_for_message("Approve", channel="#approvals")
    await house.editor.command("/scrm delete last")
    await house.editor.wait_for_message("request for approval is closed with it", channel="#social")

    await house.editor.click("Delete", containing="Delete this post?", channel="#social")

    told = await house.editor.wait_for_message("gone from SocialCRM", channel="#social")
    assert "```We are open on Sunday```" in told["text"]
    assert post_id not in house.socialcrm.sandbox.posts.by_id
    assert not house.slack.faults


async def test_the_assistant_is_in_the_cards_menu(house: House) -> None:
    await house.draft("We are open on Sunday")
    await house.editor.command("/scrm show last")
    await house.editor.wait_for_message("Attach", channel="#social")

    await house.editor.click("Hashtags", containing="Attach", channel="#social")

    assert await house.editor.wait_for_message("#", channel="#social")
    assert not house.slack.faults
