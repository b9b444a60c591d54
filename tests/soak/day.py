"""What one workspace does all day: everything there is, again and again, sent as Slack sends it."""

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp

from scrm_bot.demo.socialcrm.posts import Status
from scrm_bot.domain.approvals import State
from scrm_bot.store import keys
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.views.ids import Action, Callback, Row
from tests.chaos.running import until
from tests.fuzz.bot import RunningBot
from tests.unit.slack.rig import Json, a_click, a_command, a_submission, a_view, signature

_ASKED = (
    *(
        "posts",
        "show last",
        "stats",
        "status",
        "accounts",
        "calendar",
        "approvals",
        "trending",
        "persona",
        "help",
    ),
    *("hashtags Spring is here", "ideas spring", "rewrite Spring is here", "compose spring", "team", "audit"),
    *("digest preview", "digest status", "settings", "draft", "nosuchverb", "api GET /v1/posts"),
)
_KEPT_POSTS = 60  # in the sandbox, of what went out


@dataclass(slots=True)
class Day:
    """One team's. `done` counts what it did, `unexpected` holds what should not have come of it."""

    bot: RunningBot
    team: str
    session: aiohttp.ClientSession
    done: Counter[str] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))

    async def live(self, *, until_then: float, leaves_every: int) -> None:
        """Until this moment of the monotonic clock. Every so often the team removes the bot, and is back."""
        parts: tuple[Callable[[], Awaitable[None]], ...] = (
            self.ask,
            self.publish,
            self.ask,
            self.fill_in,
            self.plan,
            self.change_mind,
        )
        for number in count(1):
            for part in parts:
                if time.monotonic() >= until_then:
                    return
                await part()
                self.done[part.__name__] += 1
            if number % leaves_every == 0:
                await self.leave_and_return()
                self.done["leave_and_return"] += 1

    async def ask(self) -> None:
        """Commands, the Home, a message with a shortcut, a menu."""
        for text in _ASKED:
            await self.command(text)
        event: Json = {"type": "app_home_opened", "user": "UANN", "tab": "home"}
        await self.event(event)
        for callback in (Callback.NEW_POST, Callback.MY_APPROVALS):
            await self.interact(a_click({}) | {"type": "shortcut", "callback_id": callback})
        menu = a_click({}) | {"type": "block_suggestion", "action_id": Action.ACCOUNTS, "value": "a"}
        await self.interact(menu)

    async def publish(self) -> None:
        """From a draft to the network, exactly once."""
        post = self.draft("goes out")
        await self.command(f"publish {post}")
        await self.decide(post, Action.APPROVE)
        posts = self.bot.sandbox.sandbox.posts

        async def out() -> bool:
            posts.settle()
            return posts.by_id[post].status is Status.PUBLISHED

        await self.until(out, f"{post} to be published")
        if posts.went_out[post] != 1:
            self.unexpected.append(f"{post} went out {posts.went_out[post]} times")
        self._tidy()

    async def fill_in(self) -> None:
        """The draft's modal, submitted; and one whose answer is a refusal beside its field."""
        for text in (f"Typed by {self.team}", " "):
            values = {"text:0": {Action.TEXT: {"type": "plain_text_input", "value": text}}}
            view = a_view(Callback.DRAFT, private_metadata=json.dumps({"channel": "C1", "zone": "UTC"}))
            await self.interact(a_submission(Callback.DRAFT, view=view | {"state": {"values": values}}))

    async def plan(self) -> None:
        """A digest is switched on, muted, sent at once, and off."""
        for words in ("on <#C1|social> 09:00", "mute 1d", "now", "off"):
            await self.command(f"digest {words}")

    async def change_mind(self) -> None:
        """A request that is held, and withdrawn; an edit, and a deletion."""
        post = self.draft("is withdrawn")
        await self.command(f"schedule {post} 2030-01-01 09:00")
        await self.decide(post, Action.HOLD)
        await self.decide(post, Action.WITHDRAW)
        await self.command(f"edit {post}")
        await self.command(f"delete {post}")

    async def leave_and_return(self) -> None:
        await self.event({"type": "app_uninstalled"})  # without Slack's time: whole seconds are long here
        waiting = keys.jobs(keys.shard_of(self.team))

        async def forgotten() -> bool:
            """Nothing is left of it but the last look, which comes later."""
            names = await self.bot.database.do("HKEYS", waiting)
            return [name for name in names if name.startswith(self.team.encode())] == [
                f"{self.team}/purge:again".encode()
            ]

        await self.until(forgotten, f"{self.team} to be forgotten")
        await self.bot.move_in(self.team)

    def draft(self, words: str) -> str:
        """Made in SocialCRM itself; its id."""
        posts = self.bot.sandbox.sandbox.posts
        return posts.create(body=f"This {words} of {self.team}", account_ids=("acct_1",), media_ids=()).id

    async def decide(self, post: str, action: Action) -> None:
        """Press a button of the post's request, once it is there."""
        store = RedisApprovalStore(self.bot.database, self.team)
        wanted = {State.PENDING, State.ON_HOLD}

        async def asked() -> str | None:
            found = await store.latest_for(post)
            return found.id if found and found.state in wanted and found.card else None

        request = await self.until(asked, f"a request for {post}")
        if request:
            value = {"action_id": action, "block_id": Row.CARD, "value": request}
            await self.interact(a_click(value))

    async def until(self, find: Callable[[], Awaitable[Any]], what: str) -> Any:
        """What is found; that it is not is unexpected."""
        try:
            return await until(find, what=what)
        except AssertionError as error:
            self.unexpected.append(str(error))
            return None

    async def command(self, text: str) -> None:
        form = a_command(text, team_id=self.team, response_url=self.bot.response_url)
        await self.send(urlencode(form | {"trigger_id": f"{next(self.numbers)}.{self.team}"}).encode())

    async def interact(self, payload: Json) -> None:
        told = payload | {"team": {"id": self.team, "domain": "x"}, "response_url": self.bot.response_url}
        told |= {"trigger_id": f"{next(self.numbers)}.{self.team}"}
        told["user"] = {"id": "UANN", "username": "ann", "team_id": self.team}
        await self.send(urlencode({"payload": json.dumps(told)}).encode())

    async def event(self, event: Json, **more: object) -> None:
        name = f"Ev{next(self.numbers)}{self.team}{time.monotonic_ns()}"
        whole = {"type": "event_callback", "team_id": self.team, "event_id": name, "event": event} | more
        await self.send(json.dumps(whole).encode())

    async def send(self, body: bytes) -> None:
        address = f"http://127.0.0.1:{self.bot.port}/slack/events"
        async with self.session.post(address, data=body, headers=signature(body)) as answer:
            await answer.read()
            self.done[f"answered {answer.status}"] += 1
            if answer.status != 200:
                self.unexpected.append(f"HTTP {answer.status} for {body[:200]!r}")

    def _tidy(self) -> None:
        """So that what grows is the bot and not what there is to read."""
        posts = self.bot.sandbox.sandbox.posts.by_id
        out = [post.id for post in posts.values() if post.status is Status.PUBLISHED]
        for post_id in out[:-_KEPT_POSTS]:
            del posts[post_id]
