"""The main job at the page, by people who only see, click and type."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import TakeSeat
from tests.browser.demo import PHONE, TEXT, Demo, Seat

pytestmark = pytest.mark.browser

LAUNCH = "Launch day is here. Our new espresso blend is roasted, packed and on its way to you"
READ_BACK = "as read back from SocialCRM"


def filled_form(seat: Seat, text: str = LAUNCH) -> Locator:
    """The draft modal, with this text and an account."""
    seat.say("/scrm draft")
    form = seat.modal("New social post")
    form.get_by_label(TEXT, exact=True).fill(text)
    seat.choose(form, "Accounts", "Instagram")
    return form


def save(seat: Seat, form: Locator) -> None:
    form.get_by_role("button", name="Save draft").click()
    seat.modal("Draft saved").get_by_role("button", name="Close", exact=True).click()


def ask_to_publish(seat: Seat, text: str) -> None:
    seat.say(f"/scrm draft {text} --to instagram")
    seat.message("Draft saved", text).wait_for()
    seat.say("/scrm publish last")
    seat.message("Asked for approval").wait_for()


def test_a_post_is_drafted_rewritten_saved_approved_and_scheduled(take_seat: TakeSeat) -> None:
    seat = take_seat()
    form = filled_form(seat)

    form.get_by_role("button", name="Rewrite").click()
    answer = seat.modal("Rewrite")
    answer.get_by_role("button", name="Use").wait_for()
    shown = answer.inner_text()
    answer.get_by_role("button", name="Use").click()
    text = form.get_by_label(TEXT, exact=True)
    expect(text).not_to_have_value(LAUNCH)
    suggested = text.input_value()
    assert suggested in shown
    save(seat, form)
    seat.say("/scrm schedule last tomorrow 09:00")
    expect(seat.message("Asked for approval")).to_contain_text("approvals")

    seat.become("Ana")
    seat.go("approvals")
    card = seat.message("Written by", suggested)
    expect(card).to_contain_text("Waiting for approval")
    card.get_by_role("button", name="Approve").click()

    expect(card).to_contain_text("Scheduled")
    expect(card).to_contain_text(READ_BACK)
    expect(card).to_contain_text("09:00 Europe/Berlin")
    for name in ("Approve", "Request changes", "Reject"):
        expect(card.get_by_role("button", name=name)).to_have_count(0)


def test_a_post_is_published_once_it_cannot_be_undone_any_more(take_seat: TakeSeat) -> None:
    text = "Thank you for coming to the tasting"
    ask_to_publish(take_seat(), text)
    ana = take_seat("Ana", at="approvals")
    card = ana.message("Written by", text)

    card.get_by_role("button", name="Approve").click()
    expect(card.get_by_role("button", name="Undo")).to_be_visible()

    expect(card).to_contain_text("Published")
    expect(card).to_contain_text(READ_BACK)
    expect(card.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_card_changes_for_everybody_who_looks_at_it(take_seat: TakeSeat) -> None:
    text = "Everybody sees the same"
    ask_to_publish(take_seat(), text)
    ed, ana = take_seat(at="approvals"), take_seat("Ana", at="approvals")

    ana.message("Written by", text).get_by_role("button", name="Approve").click()

    expect(ed.message("Written by", text)).to_contain_text("Published")


def test_a_post_is_rejected_with_a_reason_that_its_author_reads(take_seat: TakeSeat) -> None:
    text, reason = "Half price for all", "It is not half price for all"
    ed = take_seat()
    ask_to_publish(ed, text)
    ana = take_seat("Ana", at="approvals")
    card = ana.message("Written by", text)

    card.get_by_role("button", name="Reject").click()
    question = ana.page.get_by_role("alertdialog", name="Reject this post?")
    question.get_by_role("button", name="Reject").click()
    modal = ana.modal("Reject")
    modal.get_by_label("Reason").fill(reason)
    modal.get_by_role("button", name="Reject").click()

    expect(card).to_contain_text("Rejected")
    expect(card).to_contain_text(reason)
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)
    ed.go("scrm-bot")
    ed.page.get_by_role("tab", name="Messages").click()
    expect(ed.message(reason)).to_be_visible()


def test_who_may_not_approve_is_told_so_and_nobody_else(take_seat: TakeSeat) -> None:
    text = "I would rather do it myself"
    ask_to_publish(take_seat(), text)
    ed, ana = take_seat(at="approvals"), take_seat("Ana", at="approvals")

    ed.message("Written by", text).get_by_role("button", name="Approve").click()

    no = ed.message("Nothing was changed", "Only visible to you")
    expect(no).to_be_visible()
    card = ana.message("Written by", text)
    expect(card).to_contain_text("Waiting for approval")
    expect(ana.message("Nothing was changed")).to_have_count(0)


def test_a_command_is_found_and_completed_by_keyboard(take_seat: TakeSeat) -> None:
    seat = take_seat()
    box, keys = seat.composer(), seat.page.keyboard

    box.press_sequentially("/scrm dig")
    expect(seat.page.get_by_role("option", name=re.compile("digest"))).to_be_visible()
    keys.press("Tab")
    expect(box).to_have_value(re.compile("^/scrm digest ?$"))
    keys.type("preview")
    keys.press("Enter")

    expect(seat.message("Daily digest")).to_contain_text("impressions")


def test_the_draft_modal_is_filled_and_left_by_keyboard(take_seat: TakeSeat) -> None:
    seat = take_seat()
    keys = seat.page.keyboard
    seat.say("/scrm draft")
    form = seat.modal("New social post")

    expect(form.get_by_label(TEXT, exact=True)).to_be_focused()
    keys.type("Typed without a mouse")
    form.get_by_label("Accounts").focus()
    keys.press("ArrowDown")
    seat.page.get_by_role("option").first.wait_for()
    keys.press("Enter")
    expect(form).to_contain_text("@fernhill")
    keys.press("Escape")
    keys.press("Escape")

    expect(form).to_have_count(0)
    expect(seat.composer()).to_be_focused()


def test_a_refused_call_is_explained_and_the_text_is_kept(take_seat: TakeSeat, demo: Demo) -> None:
    seat = take_seat()
    form = filled_form(seat)
    demo.refuse("quota_exceeded", "/v1/ai/*")

    form.get_by_role("button", name="Rewrite").click()
    answer = seat.modal("Rewrite")
    expect(answer).to_contain_text("quota for AI rewriting is used up")
    expect(answer).to_contain_text(LAUNCH)
    answer.get_by_role("button", name="Try again").click()

    expect(answer.get_by_role("button", name="Use")).to_be_visible()


def test_a_key_that_was_revoked_leads_back_to_connect(take_seat: TakeSeat, demo: Demo) -> None:
    seat = take_seat()
    demo.refuse("unauthorized", "/v1/posts")

    seat.say("/scrm posts")

    no = seat.message("refused this workspace's key")
    expect(no.get_by_role("button", name="Connect")).to_be_visible()


def test_a_guest_sees_no_approvals_and_may_write_no_rules(take_seat: TakeSeat) -> None:
    gus = take_seat("Gus")

    expect(gus.page.get_by_role("navigation").get_by_role("button", name="approvals")).to_have_count(0)
    gus.say("/scrm settings")

    expect(gus.message("Only visible to you", re.compile("admin", re.IGNORECASE))).to_be_visible()


def test_the_home_shows_what_waits_and_lets_it_be_approved(take_seat: TakeSeat) -> None:
    text = "Seen from the Home"
    ask_to_publish(take_seat(), text)
    ana = take_seat("Ana")
    ana.go("scrm-bot")
    home = ana.page.get_by_role("tabpanel")

    expect(home).to_contain_text(text)
    home.get_by_role("button", name="Approve").first.click()

    ana.go("approvals")
    expect(ana.message("Written by", text)).to_contain_text("Published")


def test_every_suggestion_of_the_first_page_works_at_once(take_seat: TakeSeat) -> None:
    seat = take_seat()

    def run(name: str) -> None:
        seat.page.get_by_role("button", name=f"Run: {name}").click()

    run("Read today's digest")
    expect(seat.message("Daily digest")).to_be_visible()
    run("See what is planned")
    expect(seat.message("Next 7 days")).to_be_visible()
    run("Schedule your newest draft")
    expect(seat.message("Asked for approval")).to_be_visible()
    run("Draft a post")
    expect(seat.modal("New social post")).to_be_visible()


def test_the_whole_job_fits_on_a_phone(take_seat: TakeSeat) -> None:
    text = "Written on the bus"
    seat = take_seat(viewport=PHONE)
    save(seat, filled_form(seat, text))
    seat.say("/scrm schedule last tomorrow 09:00")
    seat.message("Asked for approval").wait_for()

    seat.become("Ana")
    seat.go("approvals")
    card = seat.message("Written by", text)
    card.get_by_role("button", name="Approve").click()

    expect(card).to_contain_text("Scheduled")
    width = seat.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_dark_is_what_the_browser_asks_for_until_the_person_decides(take_seat: TakeSeat) -> None:
    seat = take_seat(theme="dark")
    writing = seat.page.get_by_role("heading", name="social", exact=True)
    bright = _brightness(writing)

    seat.page.get_by_role("button", name="Light theme").click()
    seat.page.get_by_role("button", name="Dark theme").wait_for()
    seat.page.reload()
    seat.composer().wait_for()

    assert bright > 0.7
    assert _brightness(writing) < 0.3


def _brightness(writing: Locator) -> float:
    """How bright the letters are, from 0 to 1."""
    colour = writing.evaluate("(element) => getComputedStyle(element).color")
    return sum(int(each) for each in re.findall(r"\d+", colour)[:3]) / (3 * 255)
