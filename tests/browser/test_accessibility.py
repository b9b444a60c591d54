"""What axe-core finds to bar people from the page: nothing, in light and dark, on a desk and on a phone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ViewportSize

from tests.browser.conftest import TakeSeat
from tests.browser.demo import DESK, PHONE, Demo, Seat, Theme
from tests.browser.test_story import ask_to_publish

pytestmark = pytest.mark.browser

AT_REST = """() => Promise.all(document.getAnimations()
    .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
    .map((one) => one.finished.catch(() => null)))"""
# On a phone a thread or panel lies over the conversation, and hides it from everybody alike.
OF_WHAT_IS_COVERED = ("landmark-one-main", "page-has-heading-one")


@dataclass(frozen=True, slots=True)
class Barrier:
    """One rule, and where it is broken."""

    rule: str
    places: Sequence[str]


def barriers(seat: Seat) -> Iterator[Barrier]:
    """What keeps people out who hear the page, or see it differently."""
    seat.settle()
    seat.page.evaluate(AT_REST)
    covered = seat.page.get_by_role("main").count() == 0
    rules = {rule: {"enabled": not covered} for rule in OF_WHAT_IS_COVERED}
    options = {"resultTypes": ["violations"], "rules": rules}
    for found in Axe().run(seat.page, options=options).response["violations"]:
        yield Barrier(f"{found['id']}: {found['help']}", [node["html"][:200] for node in found["nodes"]])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_nobody_is_barred_from_the_main_screens(
    take_seat: TakeSeat, theme: Theme, viewport: ViewportSize
) -> None:
    seat = take_seat(theme=theme, viewport=viewport)
    assert list(barriers(seat)) == []

    ask_to_publish(seat, "Everybody is welcome")
    seat.go("approvals")
    seat.message("Everybody is welcome").wait_for()
    assert list(barriers(seat)) == []

    seat.go("scrm-bot")
    seat.page.get_by_role("tabpanel").get_by_role("button").first.wait_for()
    assert list(barriers(seat)) == []

    seat.go("Try what can go wrong")
    seat.page.get_by_role("button", name="Play: A reminder").wait_for()
    assert list(barriers(seat)) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/posts"])
def test_nobody_is_barred_from_socialcrms_own_pages(
    take_seat: TakeSeat, demo: Demo, path: str, theme: Theme
) -> None:
    seat = take_seat(theme=theme)
    seat.page.goto(f"{demo.sandbox}{path}")
    seat.page.get_by_role("button").first.wait_for()

    assert list(barriers(seat)) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_barred_from_a_modal_or_a_thread(take_seat: TakeSeat, theme: Theme) -> None:
    seat = take_seat(theme=theme)
    seat.say("/scrm draft")
    seat.modal("New social post").wait_for()
    assert list(barriers(seat)) == []
    seat.page.keyboard.press("Escape")

    seat.say("Shall we post this?")
    message = seat.message("Shall we post this?")
    message.hover()
    message.get_by_role("button", name="Reply in thread").click()
    seat.page.get_by_role("complementary", name="Thread").wait_for()
    assert list(barriers(seat)) == []
