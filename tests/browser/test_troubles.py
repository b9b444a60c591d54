"""What can go wrong, played through the page's panel."""

import re

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.browser.conftest import TakeSeat
from tests.browser.demo import DESK, PHONE, Demo, Seat
from tests.browser.test_story import ask_to_publish

pytestmark = pytest.mark.browser

TITLE = "Try what can go wrong"
OF_A_CARD = "Written by"


def panel(seat: Seat) -> Locator:
    seat.go(TITLE)
    return seat.page.get_by_role("complementary", name=TITLE)


def play(panel: Locator, label: str, ending: str) -> None:
    panel.get_by_role("button", name=f"Play: {label}").click()
    expect(panel.get_by_role("log", name=f"What happened: {label}")).to_contain_text(ending)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_edit_in_socialcrm_voids_the_approval_and_the_card_says_what_changed(
    take_seat: TakeSeat, viewport: ViewportSize
) -> None:
    seat = take_seat(viewport=viewport)
    open_panel = panel(seat)

    play(open_panel, "Edit it in SocialCRM", "The approval is void")
    open_panel.get_by_role("button", name="Show me: Edit it in SocialCRM").click()

    card = seat.message(OF_A_CARD, "The post was changed")
    expect(card).to_be_in_viewport()
    expect(card).to_be_focused()
    expect(card).to_contain_text("five")
    expect(card.get_by_role("button", name=re.compile("^Ask"))).to_be_visible()
    width = seat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= viewport["width"]


def test_a_lost_answer_is_checked_before_it_is_told_and_the_post_is_out_once(take_seat: TakeSeat) -> None:
    seat = take_seat()
    open_panel = panel(seat)

    open_panel.get_by_role("button", name="Play: Lose the answer").click()
    card = seat.message(OF_A_CARD, "no. 1")
    expect(card).to_contain_text("Checking")
    expect(open_panel.get_by_role("button", name="Play: A reminder")).to_be_disabled()

    expect(card).to_contain_text("Published")
    expect(open_panel).to_contain_text("the post went out once")


def test_a_reminder_comes_once_the_clock_was_moved_and_is_shown_as_its_reader(take_seat: TakeSeat) -> None:
    seat = take_seat()
    open_panel = panel(seat)

    play(open_panel, "A reminder", "Ana is reminded")
    expect(open_panel).to_contain_text("The clock here is")
    open_panel.get_by_role("button", name="Show me, as Ana: A reminder").click()

    expect(seat.page.get_by_role("button", name="You are Ana")).to_be_visible()
    expect(seat.message("asks to publish this now", "no. 1")).to_be_in_viewport()


def test_the_panel_is_opened_played_and_left_by_keyboard(take_seat: TakeSeat) -> None:
    seat = take_seat()
    keys = seat.page.keyboard
    opener = seat.page.get_by_role("navigation").get_by_role("button", name=TITLE)

    opener.focus()
    keys.press("Enter")
    expect(seat.page.get_by_role("heading", name=TITLE)).to_be_focused()
    keys.press("Tab")
    keys.press("Tab")
    expect(seat.page.get_by_role("button", name="Play: Edit it in SocialCRM")).to_be_focused()
    keys.press("Escape")

    expect(opener).to_be_focused()
    expect(seat.page.get_by_role("complementary", name=TITLE)).to_have_count(0)


def test_a_post_that_is_edited_by_hand_in_socialcrm_is_not_published(take_seat: TakeSeat, demo: Demo) -> None:
    text = "Closed on Monday"
    ask_to_publish(take_seat(), text)
    ana, colleague = take_seat("Ana", at="approvals"), take_seat()
    colleague.page.goto(f"{demo.sandbox}/posts")
    post = colleague.page.get_by_role("article").first
    post.get_by_label("Text").fill("Closed on Tuesday")
    post.get_by_role("button", name="Save").click()
    expect(colleague.page.get_by_role("status")).to_contain_text("is saved")

    card = ana.message(OF_A_CARD, text)
    card.get_by_role("button", name="Approve").click()

    expect(ana.message(OF_A_CARD, "The post was changed")).to_contain_text("Tuesday")


def test_a_post_is_rescheduled_and_deleted_in_socialcrms_own_page(take_seat: TakeSeat, demo: Demo) -> None:
    page = take_seat().page
    page.goto(f"{demo.sandbox}/posts")
    status = page.get_by_role("status")
    post = page.get_by_role("article").filter(has=page.get_by_label("Goes out")).first
    name = post.get_attribute("aria-label") or ""

    post.get_by_label("Goes out").fill("2038-01-18T09:30")
    post.get_by_role("button", name=f"Save {name}").click()
    expect(status).to_have_text(f"{name} is saved.")
    expect(page.get_by_label(name, exact=True).get_by_label("Goes out")).to_have_value("2038-01-18T09:30")

    page.get_by_role("button", name=f"Delete {name}", exact=True).click()
    page.get_by_role("button", name=f"Really delete {name}?").click()
    expect(status).to_have_text(f"{name} is deleted.")
    expect(page.get_by_label(name, exact=True)).to_have_count(0)
