"""Photograph the main screens for the documentation: `python -m tests.browser.screenshots [FOLDER]`

It needs a font with emoji, as people have one (Debian: fonts-noto-color-emoji).
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Locator, ViewportSize, sync_playwright

from tests.browser.days import Days, passing
from tests.browser.demo import CHROMIUM, FLAGS, PHONE, TEXT, Demo, Seat, Theme, running

FOLDER = Path(__file__).parents[2] / "docs" / "images"
CARD: ViewportSize = {"width": 1000, "height": 560}
BESIDE: ViewportSize = {"width": 1060, "height": 660}  # wide enough for a panel next to a channel
SCREEN: ViewportSize = {"width": 1160, "height": 840}
SHEET: ViewportSize = {"width": 960, "height": 1400}  # as high as a whole digest
BELOW: ViewportSize = {"width": 960, "height": 1080}  # and as its thread
LAUNCH = "Launch day is here. Our new espresso blend is roasted, packed and on its way to you"
MOST_BYTES = 200_000
KEPT = {
    "light": {
        *("first", "draft", "rewrite", "approval", "scheduled", "home", "wrong"),
        *("digest-rich", "digest-thread", "digest-quiet", "digest-partial"),
    },
    "dark": {
        *("approval", "home"),
        *("digest-rich", "digest-thread", "digest-quiet", "digest-partial"),
    },
    "phone": {"first", "draft", "approval", "wrong"},
}


@dataclass(frozen=True, slots=True)
class Studio:
    """Takes pictures in one theme and size; the suffix tells them apart."""

    browser: Browser
    folder: Path
    suffix: str
    theme: Theme = "light"
    screen: ViewportSize = field(default_factory=lambda: SCREEN)
    card: ViewportSize = field(default_factory=lambda: CARD)

    def seat(self, demo: Demo, *, who: str = "Ed", at: str = "social", card: bool = False) -> Seat:
        viewport = self.card if card else self.screen
        return Seat.take(self.browser, demo, who=who, at=at, viewport=viewport, theme=self.theme)

    def picture(self, seat: Seat, name: str, *, of: Locator | None = None) -> None:
        """Of the whole page, or of a part of it."""
        if name not in KEPT[self.suffix]:
            return
        seat.settle()
        seat.page.mouse.move(0, 0)
        path = self.folder / f"{name}-{self.suffix}.png"
        (of or seat.page).screenshot(path=path, animations="disabled", caret="hide")
        size = path.stat().st_size
        sys.stdout.write(f"{path.name}  {size // 1000} kB\n")
        assert size < MOST_BYTES, f"{path.name} is too large for the documentation"


def first(studio: Studio, demo: Demo) -> None:
    seat = studio.seat(demo)
    seat.message("Draft saved").wait_for()
    studio.picture(seat, "first")


def draft(studio: Studio, demo: Demo) -> None:
    """The modal, the assistant's answer over it, and the request that comes of it."""
    seat = studio.seat(demo)
    seat.say("/scrm draft")
    form = seat.modal("New social post")
    form.get_by_label(TEXT, exact=True).fill(LAUNCH)
    seat.choose(form, "Accounts", "Instagram", "LinkedIn")
    studio.picture(seat, "draft")
    form.get_by_role("button", name="Rewrite").click()
    answer = seat.modal("Rewrite")
    answer.get_by_role("button", name="Use").wait_for()
    studio.picture(seat, "rewrite")
    answer.get_by_role("button", name="Use").click()
    seat.modal("New social post").get_by_role("button", name="Save draft").click()
    seat.modal("Draft saved").get_by_role("button", name="Close", exact=True).click()
    seat.say("/scrm schedule last tomorrow 09:00 --note For the launch at nine")
    seat.message("Asked for approval").wait_for()
    seat.page.close()


def approval(studio: Studio, demo: Demo) -> None:
    """The card before and after the approver's click."""
    seat = studio.seat(demo, who="Ana", at="approvals", card=True)
    seat.message("Waiting for approval").wait_for()
    studio.picture(seat, "approval")
    seat.message("Waiting for approval").get_by_role("button", name="Approve").click()
    card = seat.message("Scheduled", "as read back", "Written by")
    card.wait_for()
    seat.message("Only visible to you", "Approved").wait_for()
    card.evaluate("(element) => element.scrollIntoView()")
    studio.picture(seat, "scheduled")
    seat.page.close()


def home(studio: Studio, demo: Demo) -> None:
    seat = studio.seat(demo, who="Ana")
    seat.go("scrm-bot")
    seat.page.get_by_role("tabpanel").get_by_role("button").first.wait_for()
    studio.picture(seat, "home")


def wrong(studio: Studio, demo: Demo) -> None:
    """What can go wrong, and the card of one that did."""
    seat = studio.seat(demo)
    if studio.screen == SCREEN:
        seat.page.set_viewport_size(BESIDE)
    seat.go("Try what can go wrong")
    panel = seat.page.get_by_role("complementary", name="Try what can go wrong")
    panel.get_by_role("button", name="Play: Edit it in SocialCRM").click()
    panel.get_by_text("The approval is void").wait_for()
    panel.get_by_role("button", name="Play again").first.wait_for()
    studio.picture(seat, "wrong")
    seat.page.close()


ALL: tuple[Callable[[Studio, Demo], None], ...] = (first, draft, approval, home, wrong)


def digests(days: Days, *studios: Studio) -> None:
    """A quiet one, one with everything, with its thread, and one for which not everything answered."""
    days.pass_quietly(9)
    for studio in studios:
        digest(studio, days.seen, "digest-quiet", "A quiet day")
    days.pass_busily()
    for studio in studios:
        digest(studio, days.seen, "digest-rich", "Needs you", thread="digest-thread")
    days.pass_half_blind()
    for studio in studios:
        digest(studio, days.seen, "digest-partial", "Not everything answered")


def digest(studio: Studio, demo: Demo, name: str, words: str, *, thread: str = "") -> None:
    seat = studio.seat(demo)
    found = seat.message("Daily digest", words)
    found.wait_for()
    seat.page.get_by_role("button", name="Hide this introduction").click()
    studio.picture(seat, name, of=found)
    if thread:
        seat.page.set_viewport_size(BELOW)
        found.get_by_role("button", name="2 replies").click()
        pane = seat.page.get_by_role("complementary", name="Thread")
        chart = pane.get_by_role("img", name="Daily impressions").last
        chart.wait_for()
        chart.evaluate("(picture) => picture.decode()")
        chart.scroll_into_view_if_needed()
        studio.picture(seat, thread, of=pane)
    seat.page.close()


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for studio in (
            Studio(browser, folder, "light"),
            Studio(browser, folder, "dark", theme="dark"),
            Studio(browser, folder, "phone", screen=PHONE, card=PHONE),
        ):
            with running(undo_seconds=1) as demo:
                for shots in ALL:
                    shots(studio, demo)
        with passing(undo_seconds=0.5) as days:
            sheet = partial(Studio, browser, folder, screen=SHEET)
            digests(days, sheet("light"), sheet("dark", theme="dark"))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
