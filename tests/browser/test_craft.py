"""A post from first thought to publication, from wherever the hand already is."""

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import ViewportSize, expect

from scrm_bot.demo.slack.wire import Json
from tests.browser.conftest import TakeSeat
from tests.browser.demo import DESK, PHONE, TEXT, Demo, Seat
from tests.browser.test_story import LAUNCH, READ_BACK, save

pytestmark = pytest.mark.browser

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)
VIEWPORTS = pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])


def post_with(demo: Demo, text: str) -> Json:
    """The one post with this text, as SocialCRM has it."""
    with urlopen(f"{demo.sandbox}/settings/posts", timeout=10) as answer:
        posts = json.load(answer)["data"]
    (found,) = [post for post in posts if post["body"] == text]
    return dict(found)


def open_shortcut(seat: Seat, name: str) -> None:
    seat.page.get_by_role("button", name="Shortcuts").click()
    seat.page.get_by_role("menuitem", name=name).click()


@VIEWPORTS
def test_a_post_goes_from_a_shortcut_with_a_picture_and_the_assistant_over_the_home_to_publication(
    take_seat: TakeSeat, demo: Demo, viewport: ViewportSize
) -> None:
    seat = take_seat(viewport=viewport)
    open_shortcut(seat, "New social post")
    form = seat.modal("New social post")
    form.get_by_label(TEXT, exact=True).fill(LAUNCH)
    seat.choose(form, "Accounts", "Instagram")
    form.get_by_label("Media").set_input_files(
        {"name": "blend.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    expect(form).to_contain_text("blend.png")
    form.get_by_role("button", name="Rewrite").click()
    seat.modal("Rewrite").get_by_role("button", name="Use").click()
    text = form.get_by_label(TEXT, exact=True)
    expect(text).not_to_have_value(LAUNCH)
    written = text.input_value()
    expect(form).to_contain_text("blend.png")
    form.get_by_label("Ask for approval").check()
    form.get_by_role("button", name="Ask for approval").click()
    told = seat.page.get_by_role("dialog").filter(has_text="Asked for approval")
    told.get_by_role("button", name="Close", exact=True).click()

    seat.become("Ana")
    seat.go("scrm-bot")
    home = seat.page.get_by_role("tabpanel")
    expect(home).to_contain_text(written[:40])
    home.get_by_role("button", name="Approve").first.click()

    seat.go("approvals")
    card = seat.message("Written by", written)
    expect(card).to_contain_text("Published")
    expect(card).to_contain_text(READ_BACK)
    assert len(post_with(demo, written)["media_ids"]) == 1
    assert seat.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_message_with_a_picture_becomes_a_draft_of_both(take_seat: TakeSeat, demo: Demo) -> None:
    text = "The new bar is up and running"
    seat = take_seat()
    seat.page.get_by_label("Files to attach").set_input_files(
        {"name": "bar.png", "mimeType": "image/png", "buffer": PICTURE}
    )
    seat.page.get_by_role("button", name="Remove bar.png").wait_for()
    seat.say(text)
    message = seat.message(text)
    message.hover()
    message.get_by_role("button", name="More message actions").click()
    seat.page.get_by_role("menuitem", name="Draft a post from this").click()

    form = seat.modal("New social post")
    expect(form.get_by_label(TEXT, exact=True)).to_have_value(text)
    expect(form).to_contain_text("bar.png")
    seat.choose(form, "Accounts", "Instagram")
    save(seat, form)

    assert len(post_with(demo, text)["media_ids"]) == 1
