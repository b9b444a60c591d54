"""Photograph the main screens for the documentation: `python -m tests.browser.screenshots [FOLDER]`"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser.demo import CHROMIUM, FLAGS, PHONE, Demo, Seat, Theme, running

FOLDER = Path(__file__).parents[2] / "docs" / "images"
CARD: ViewportSize = {"width": 1000, "height": 560}
BESIDE: ViewportSize = {"width": 1060, "height": 660}  # wide enough for a panel next to a channel
SCREEN: ViewportSize = {"width": 1160, "height": 840}
LAUNCH = "Launch day is here. Our new espresso blend is roasted, packed and on its way to you"
MOST_BYTES = 180_000
KEPT = {
    "light": {"first", "draft", "rewrite", "approval", "scheduled", "digest", "home", "wrong"},
    "dark": {"approval", "digest", "home"},
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

    def picture(self, seat: Seat, name: str) -> None:
        if name not in KEPT[self.suffix]:
            return
        seat.settle()
        seat.page.mouse.move(0, 0)
        path = self.folder / f"{name}-{self.suffix}.png"
        seat.page.screenshot(path=path, animations="disabled", caret="hide")
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
    form.get_by_label("Text", exact=True).fill(LAUNCH)
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


def digest(studio: Studio, demo: Demo) -> None:
    seat = studio.seat(demo)
    seat.page.get_by_role("button", name="Hide this introduction").click()
    seat.say("/scrm digest preview")
    digest = seat.message("Daily digest")
    digest.wait_for()
    digest.evaluate("(element) => element.scrollIntoView()")
    studio.picture(seat, "digest")


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


ALL: tuple[Callable[[Studio, Demo], None], ...] = (first, draft, approval, digest, home, wrong)


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
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
