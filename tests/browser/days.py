"""Ten days of a workspace, played on a demo in this process, whose clock can be moved."""

import asyncio
import os
import re
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from threading import Thread
from typing import TypeVar
from zoneinfo import ZoneInfo

from scrm_bot.demo import run, story
from scrm_bot.demo.slack import labels
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.watch import Watch
from tests.browser.demo import Demo

T = TypeVar("T")
ZONE = ZoneInfo("Europe/Berlin")
NINE, THREE = time(9), time(15)
SPREAD = timedelta(seconds=30)  # within which the digests of one minute begin
A_CHART_AFTER = 2  # digests: two days' gains make a line
DIGEST = re.compile("digest|quiet day", re.IGNORECASE)
OURS = ("SCRM_", "SLACK_", "SOCIALCRM_", "REDIS_URL")
MARKET = "Market day! Find us by the fountain from nine until the rain wins. First fifty cups are on us."
JARS = "9,000 jars returned. That is a lot of plastic that never was. Thank you, all of you."
SOUP = "New at the counter: tomato soup at noon, as long as there is some."
LATTE = "Latte art for beginners on Saturday at four: bring a steady hand, we bring the milk."
GUIDE = "A guide to grinding at home, from coarse to fine, in five photos."
REFUSED = "Instagram wants at least one image with this post."
_POST = re.compile(r"post_\w+")


@dataclass(frozen=True, slots=True)
class Days:
    """The demo, and what people did on it, one day after the other; every method waits until it is there."""

    demo: run.Demo
    loop: asyncio.AbstractEventLoop

    @property
    def seen(self) -> Demo:
        """As a browser reaches it."""
        return Demo(self.demo.slack.url, self.demo.sandbox.url)

    def pass_quietly(self, days: int) -> None:
        """From the first digest on; by the end nothing is left of what was planned before."""
        self._do(self._command("/scrm digest on #social 09:00 Europe/Berlin daily", "09:00"))
        for day in range(days):
            self._do(self._next_digest(replies=1 if day < A_CHART_AFTER else 2))

    def pass_busily(self) -> None:
        """Two posts go out, one fails, one is scheduled, two are waited for; then the next digest comes."""
        self._do(self._busy_day())
        self._do(self._next_digest(replies=2))

    def pass_half_blind(self) -> None:
        """The next digest comes while SocialCRM does not tell trends, and may not tell accounts' numbers."""
        faults = self.demo.sandbox.sandbox.faults
        numbers = "/v1/accounts/analytics"  # silence about these would be waited out for half an hour
        refused = faults.add("error", code="forbidden_scope", path=numbers, times=None)
        silent = [faults.silence("/v1/trending"), refused]
        self._do(self._next_digest(replies=1))
        for fault in silent:
            faults.remove(fault)

    def _do(self, deed: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(deed, self.loop).result(timeout=120)

    async def _busy_day(self) -> None:
        self._move_to(THREE)
        for text in (MARKET, JARS):
            await self._approved(await self._asked(text, "instagram,facebook", "/scrm publish {}"), text)
        failing = await self._asked(SOUP, "instagram", "/scrm publish {}")
        path = f"/v1/posts/{failing}/publish"
        self.demo.sandbox.sandbox.faults.add("fail", path=path, message=REFUSED)
        await self._approved(failing, SOUP, "Failed")
        planned = await self._asked(LATTE, "instagram,x", "/scrm schedule {} in 20 hours")
        await self._approved(planned, LATTE, "Scheduled")
        await self._asked(GUIDE, "linkedin", "/scrm publish {} --note Before the weekend, please")

    async def _asked(self, text: str, accounts: str, command: str) -> str:
        saved = await self._command(f"/scrm draft {text} --to {accounts}", "Draft saved")
        found = _POST.search(labels.said(saved))
        assert found, labels.said(saved)
        await self._command(command.format(found[0]), "Asked for approval")
        return found[0]

    async def _approved(self, post_id: str, text: str, ending: str = "Published") -> None:
        ana = self._person("approver")
        await ana.click("Approve", containing=text[:30], channel="#approvals")
        watch = Watch(ana, frozenset())
        await watch.any_message(ending, text[:30], channel="#approvals")

    async def _command(self, command: str, words: str) -> Json:
        watch = await Watch.begin(self._person("editor"))
        await watch.person.command(command)
        return await watch.any_message(words)

    async def _next_digest(self, *, replies: int) -> None:
        """Move to just after nine, and wait for the digest with its details and, mostly, its chart."""
        ed = self._person("editor")
        before = len(_digests(await ed.state()))
        self._move_to(NINE)
        await ed.wait_for(lambda state: len(_digests(state)) > before, what="the next digest")
        await ed.wait_for(lambda state: _replies(state) >= replies, what="its thread")

    def _move_to(self, wall: time) -> None:
        now = self._now()
        then = datetime.combine(now.date(), wall, ZONE) + SPREAD
        then += timedelta(days=then <= now)
        self.demo.clock.move_to(then)
        self.demo.slack.tell_time()

    def _now(self) -> datetime:
        return self.demo.clock.now().astimezone(ZONE)

    def _person(self, role: str) -> Person:
        return Person(self.demo.slack.url, self.demo.slack.person(role).id, patience=60)


def _digests(state: Json) -> list[Json]:
    room = next(each for each in state["channels"] if each["name"] == "social")
    shared = [each for each in room["messages"] if not each["ephemeral"]]
    roots = [each for each in shared if each.get("thread_ts", each["ts"]) == each["ts"]]
    return [each for each in roots if DIGEST.search(labels.said(each)) and "bot_id" in each]


def _replies(state: Json) -> int:
    """In the thread of the newest digest."""
    return int(_digests(state)[-1].get("reply_count", 0))


@contextmanager
def passing(*, undo_seconds: float) -> Iterator[Days]:
    """A demo that is ready for people, with its loop in a thread: Playwright has the main one."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    stack = AsyncExitStack()

    async def begin() -> run.Demo:
        demo = await run.start(stack, port=0, undo_seconds=undo_seconds)
        await story.set_up(demo.slack, key=demo.key)
        return demo

    try:
        yield Days(asyncio.run_coroutine_threadsafe(begin(), loop).result(timeout=60), loop)
    finally:
        asyncio.run_coroutine_threadsafe(stack.aclose(), loop).result(timeout=60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
