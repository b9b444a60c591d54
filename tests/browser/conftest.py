"""Chromium for the package, and for each test a demo and seats of its own."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from tests.browser.demo import CHROMIUM, DESK, FLAGS, Demo, Seat, Theme, running

# longer than a person needs to see "Undo", shorter than a test wants to wait
UNDO_SECONDS = 1.0
NO_CHROMIUM = (
    "NO BROWSER TEST IS RUN: there is no `chromium` on PATH. "
    "Debian: apt-get install chromium; elsewhere any Chromium under that name."
)

expect.set_options(timeout=30_000)  # milliseconds; a lost answer alone is settled after ten seconds

TakeSeat = Callable[..., Seat]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Only for this package: while Playwright's own loop runs, no other test could run one."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def demo(browser: Browser) -> Iterator[Demo]:  # the browser comes first: without it nothing is started
    with running(undo_seconds=UNDO_SECONDS) as demo:
        yield demo


@pytest.fixture
def take_seat(browser: Browser, demo: Demo) -> Iterator[TakeSeat]:
    """Opens the page for somebody, and closes it in the end. What the page complains about fails the test."""
    seats: list[Seat] = []
    complaints: list[str] = []

    def take(
        who: str = "Ed", *, at: str = "social", viewport: ViewportSize = DESK, theme: Theme = "light"
    ) -> Seat:
        seat = Seat.take(browser, demo, who=who, at=at, viewport=viewport, theme=theme)
        seat.page.on("pageerror", lambda error: complaints.append(str(error)))
        seats.append(seat)
        return seat

    yield take
    for seat in seats:
        seat.page.close()
    assert complaints == []
