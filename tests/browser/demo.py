"""The demo as a process of its own, and a person's seat at its page."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 800}
PEOPLE = {"Ed": "U0EDITOR1", "Ana": "U0APPROV1", "Ada": "U0ADMIN01", "Gus": "U0GUEST01"}
TEXT = "Text (optional)"  # as the page, like Slack, shows the field: a post may be pictures alone
CHANNELS = {"social": "C0SOCIAL1", "approvals": "C0APPROV1", "general": "C0GENERAL"}

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the parts listen."""

    page: str
    sandbox: str

    def refuse(self, code: str, path: str) -> None:
        """Let SocialCRM refuse the next call to this path."""
        fault = {"kind": "error", "code": code, "path": path, "times": 1}
        body = json.dumps(fault).encode()
        asked = Request(
            f"{self.sandbox}/settings/faults", body, {"Content-Type": "application/json"}, method="POST"
        )
        with urlopen(asked, timeout=10):
            pass


@contextmanager
def running(*, undo_seconds: float) -> Iterator[Demo]:
    """A demo on free ports, ready for people, until the block ends."""
    ours = ("SCRM_", "SLACK_", "SOCIALCRM_", "REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment["SCRM_UNDO_SECONDS"] = str(undo_seconds)
    command = [sys.executable, "-m", "scrm_bot", "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            said = ""
            while "    Redis" not in said:  # the last line of where everything is
                line = process.stdout.readline()
                assert line, f"the demo ended before it was ready:\n{said}"
                said += line
            yield Demo(_address("Slack stand-in", said), _address("SocialCRM", said))
        finally:
            process.terminate()


def _address(name: str, said: str) -> str:
    found = re.search(rf"{name}\s+(http://\S+)", said)
    assert found, said
    return found[1]


@dataclass(frozen=True, slots=True)
class Seat:
    """A person at the page, who does only what can be seen and reached there."""

    page: Page

    @classmethod
    def take(
        cls,
        browser: Browser,
        demo: Demo,
        *,
        who: str = "Ed",
        at: str = "social",
        viewport: ViewportSize = DESK,
        theme: Theme = "light",
    ) -> "Seat":
        """Open the page; the browser's own preference decides between light and dark."""
        page = browser.new_page(viewport=viewport, color_scheme=theme, has_touch=viewport == PHONE)
        page.set_default_timeout(15_000)
        page.goto(f"{demo.page}/#user={PEOPLE[who]}&at={CHANNELS[at]}")
        seat = cls(page)
        seat.composer(at).wait_for()
        return seat

    def composer(self, channel: str = "social") -> Locator:
        return self.page.get_by_role("textbox", name=f"Message #{channel}", exact=True)

    def say(self, text: str, *, channel: str = "social") -> None:
        """Write into the open channel and press Enter."""
        self.composer(channel).fill(text)
        self.composer(channel).press("Enter")

    def become(self, name: str) -> None:
        self.page.get_by_role("button", name="Switch person").click()
        self.page.get_by_role("menuitemradio", name=name).click()
        self.page.get_by_role("button", name=f"Switch person. You are {name}").wait_for()

    def go(self, place: str) -> None:
        """Open a channel or app from the side, which a phone keeps behind a button."""
        drawer = self.page.get_by_role("button", name="Channels and apps")
        if drawer.is_visible():
            drawer.click()
        self.page.get_by_role("navigation").get_by_role("button", name=place).click()

    def modal(self, title: str) -> Locator:
        return self.page.get_by_role("dialog", name=title, exact=True)

    def message(self, *words: str | re.Pattern[str]) -> Locator:
        """The newest message that holds all of it."""
        found = self.page.get_by_role("article")
        for each in words:
            found = found.filter(has_text=each)
        return found.last

    def choose(self, modal: Locator, label: str, *options: str) -> None:
        """Choose in a select whose choices come from the bot."""
        modal.get_by_label(label).click()
        for option in options:
            self.page.get_by_role("option", name=option).click()
        self.page.keyboard.press("Escape")

    def settle(self) -> None:
        """Until nothing is loading any more."""
        expect(self.page.locator("[aria-busy=true], .spinner")).to_have_count(0)
