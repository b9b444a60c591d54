"""What a person was doing is not lost: the focus, good files, an open question, what is typed elsewhere."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, Route, expect

from tests.browser.conftest import TakeSeat
from tests.browser.demo import Demo, Seat
from tests.browser.test_craft import PICTURE
from tests.browser.test_story import ask_to_publish, filled_form

pytestmark = pytest.mark.browser


def question_about(ana: Seat, card: Locator) -> Locator:
    card.get_by_role("button", name="Reject").click()
    question = ana.page.get_by_role("alertdialog", name="Reject this post?")
    expect(question).to_be_visible()
    return question


def test_the_focus_stays_in_the_window_after_try_again_and_after_use(take_seat: TakeSeat, demo: Demo) -> None:
    seat = take_seat()
    form = filled_form(seat)
    demo.refuse("quota_exceeded", "/v1/ai/*")
    form.get_by_role("button", name="Rewrite").click()
    answer = seat.modal("Rewrite")

    answer.get_by_role("button", name="Try again").press("Enter")
    use = answer.get_by_role("button", name="Use")
    use.wait_for()
    expect(answer.get_by_role("button").and_(answer.locator(":focus"))).to_have_count(1)

    use.press("Enter")
    expect(answer).to_have_count(0)
    expect(form.locator(":focus")).to_have_count(1)


def test_one_wrong_file_does_not_keep_the_good_ones_away(take_seat: TakeSeat) -> None:
    seat = take_seat()
    form = filled_form(seat)
    chosen: list[FilePayload] = [
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"not a picture"},
        {"name": "blend.png", "mimeType": "image/png", "buffer": PICTURE},
        {"name": "sheet.csv", "mimeType": "text/csv", "buffer": b"nor this"},
    ]

    form.get_by_label("Media").set_input_files(chosen)

    expect(form.get_by_role("button", name="Remove blend.png")).to_be_visible()
    said = form.get_by_role("alert")
    expect(said).to_contain_text("notes.txt is not one of")
    expect(said).to_contain_text("sheet.csv is not one of")
    expect(form.get_by_role("button", name=re.compile("^Remove (notes|sheet)"))).to_have_count(0)


def test_files_that_are_chosen_while_others_are_on_their_way_come_along(take_seat: TakeSeat) -> None:
    seat = take_seat()
    form = filled_form(seat)
    media, held = form.get_by_label("Media"), list[Route]()
    more: list[FilePayload] = [
        {"name": "second.png", "mimeType": "image/png", "buffer": PICTURE},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"not a picture"},
    ]

    def hold(route: Route) -> None:
        held.append(route)

    seat.page.route("**/ui/upload", hold, times=1)

    media.set_input_files({"name": "first.png", "mimeType": "image/png", "buffer": PICTURE})
    media.set_input_files(more)
    expect(form.get_by_role("button", name="Remove second.png")).to_be_visible()
    expect(form.get_by_text("Uploading…")).to_have_count(1)
    held[0].continue_()

    expect(form.get_by_role("button", name="Remove first.png")).to_be_visible()
    expect(form.get_by_role("button", name="Remove second.png")).to_be_visible()
    expect(form.get_by_text("Uploading…")).to_have_count(0)
    expect(form.get_by_role("alert")).to_contain_text("notes.txt is not one of")


def test_an_open_question_outlives_a_decision_at_another_desk(take_seat: TakeSeat) -> None:
    text = "Both of us look at this"
    ask_to_publish(take_seat(), text)
    ana, elsewhere = take_seat("Ana", at="approvals"), take_seat("Ana", at="approvals")
    card = ana.message("Written by", text)
    question = question_about(ana, card)

    elsewhere.message("Written by", text).get_by_role("button", name="Approve").click()
    expect(card).to_contain_text("Published")

    expect(question).to_be_visible()
    question.get_by_role("button", name="Reject").click()
    told = ana.message("Nothing was changed", "already published")
    expect(told).to_contain_text("Only visible to you")
    expect(card).to_be_focused()


def test_the_focus_returns_to_the_button_that_asked(take_seat: TakeSeat) -> None:
    text = "Asked and left"
    ask_to_publish(take_seat(), text)
    ana = take_seat("Ana", at="approvals")
    card = ana.message("Written by", text)
    question = question_about(ana, card)

    ana.page.keyboard.press("Escape")

    expect(question).to_have_count(0)
    expect(card.get_by_role("button", name="Reject")).to_be_focused()


def test_saving_one_post_in_socialcrm_keeps_what_is_typed_into_another(
    take_seat: TakeSeat, demo: Demo
) -> None:
    page = take_seat().page
    page.goto(f"{demo.sandbox}/posts")
    status = page.get_by_role("status")
    posts = page.get_by_role("article").filter(has=page.get_by_label("Goes out"))
    one, other = posts.nth(0), posts.nth(1)
    name = one.get_attribute("aria-label") or ""
    zone = page.evaluate("new Date().toLocaleTimeString([], { timeZoneName: 'short' }).split(' ').at(-1)")
    expect(one).to_contain_text(zone)
    place = page.evaluate("new Intl.DateTimeFormat().resolvedOptions().timeZone")
    expect(one.get_by_text("Goes out")).to_have_text(f"Goes out ({place})")
    other.get_by_label("Text").fill("Half a thought")
    one.get_by_label("Text").fill("A whole one")

    one.get_by_role("button", name=f"Save {name}").press("Enter")

    expect(status).to_have_text(f"{name} is saved.")
    expect(one.get_by_label("Text")).to_have_value("A whole one")
    expect(one.get_by_role("button", name=f"Save {name}")).to_be_focused()
    expect(other.get_by_label("Text")).to_have_value("Half a thought")
    other.get_by_label("Text").press_sequentially("!")
    expect(status).to_have_text("")


def test_underscores_of_a_key_are_not_cut_off(take_seat: TakeSeat, demo: Demo) -> None:
    page = take_seat().page
    page.goto(demo.sandbox)
    key = page.get_by_label("API key")
    expect(key).to_have_attribute("placeholder", "sk_live_...")

    key.evaluate("(key) => { key.placeholder = '________' }")
    drawn = key.screenshot()
    key.evaluate("(key) => { key.placeholder = '' }")

    assert drawn != key.screenshot()


def test_people_and_the_bot_are_mentioned_by_any_of_their_names(take_seat: TakeSeat) -> None:
    seat = take_seat()

    seat.say("Ask @Ada, @Ada Admin or @ANA. Nobody is @Adam.")

    said = seat.message("Nobody is @Adam")
    expect(said).to_contain_text("Ask @Ada Admin, @Ada Admin or @Ana Approver. Nobody")
    seat.say("@Scrm-Bot help")
    expect(seat.message("/scrm draft")).to_be_visible()


def test_what_socialcrms_page_could_not_save_stays_typed(take_seat: TakeSeat, demo: Demo) -> None:
    page = take_seat().page
    page.goto(f"{demo.sandbox}/posts")
    post = page.get_by_role("article").filter(has=page.get_by_label("Goes out")).first
    post.get_by_label("Text").fill("Too late for this")
    post.get_by_label("Goes out").fill("2001-01-01T09:00")

    post.get_by_role("button", name="Save").click()

    expect(page.get_by_role("status")).not_to_have_text("")
    expect(page.get_by_role("status")).not_to_contain_text("is saved")
    expect(post.get_by_label("Text")).to_have_value("Too late for this")
