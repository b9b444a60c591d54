"""Things given out once and for a short time: trigger ids, response URLs, install codes."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.messages import Message
from scrm_bot.demo.slack.mint import Mint
from scrm_bot.demo.slack.rooms import Room

KEPT = 5000
RESPONSE_URL_USES = 5
CODE_SECONDS = 600
Held = TypeVar("Held")


class Shelf(OrderedDict[str, Held], Generic[Held]):
    """A dict that forgets its oldest entries, so a demo left running does not grow."""

    def __setitem__(self, key: str, value: Held) -> None:
        super().__setitem__(key, value)
        while len(self) > KEPT:
            self.popitem(last=False)


@dataclass(slots=True)
class Trigger:
    user: str
    made_at: float
    view_id: str = ""
    used: bool = False


@dataclass(slots=True)
class Triggers:
    mint: Mint
    seconds: float
    _given: Shelf[Trigger] = field(default_factory=Shelf)

    def give(self, user: str, *, view_id: str = "") -> str:
        trigger_id = self.mint.trigger()
        self._given[trigger_id] = Trigger(user, self.mint.now(), view_id)
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """The trigger, if it can still be exchanged. Does not spend it."""
        trigger = self._given.get(trigger_id)
        if trigger is None:
            raise RefusalError("invalid_trigger_id")
        if trigger.used:
            raise RefusalError("exchanged_trigger_id")
        if self.mint.now() - trigger.made_at > self.seconds:
            raise RefusalError("expired_trigger_id")
        return trigger


@dataclass(slots=True)
class ResponseUrl:
    """Where a bot may answer one interaction, and what that interaction was on."""

    user: str
    room: Room
    made_at: float
    source: Message | None = None
    uses: int = 0


@dataclass(slots=True)
class ResponseUrls:
    mint: Mint
    seconds: float
    base: str = ""
    _given: Shelf[ResponseUrl] = field(default_factory=Shelf)

    def give(self, team: str, user: str, room: Room, source: Message | None = None) -> str:
        path = f"{team}/{secrets.randbelow(10**12):012d}/{secrets.token_urlsafe(18)}"
        self._given[path] = ResponseUrl(user, room, self.mint.now(), source)
        return f"{self.base}/response/{path}"

    def use(self, path: str) -> ResponseUrl:
        """Spend one use."""
        link = self._given.get(path)
        if link is None:
            raise RefusalError("invalid_url")
        if self.mint.now() - link.made_at > self.seconds:
            raise RefusalError("expired_url")
        if link.uses >= RESPONSE_URL_USES:
            raise RefusalError("used_url")
        link.uses += 1
        return link


@dataclass(slots=True)
class Code:
    user: str
    scopes: frozenset[str]
    redirect_uri: str
    made_at: float
    used: bool = False


@dataclass(slots=True)
class Codes:
    mint: Mint
    _given: Shelf[Code] = field(default_factory=Shelf)

    def give(self, user: str, *, scopes: frozenset[str], redirect_uri: str) -> str:
        code = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(24)}"
        self._given[code] = Code(user, scopes, redirect_uri, self.mint.now())
        return code

    def redeem(self, given: str, *, redirect_uri: str) -> Code:
        code = self._given.get(given)
        if code is None or self.mint.now() - code.made_at > CODE_SECONDS:
            raise RefusalError("invalid_code")
        if code.used:
            raise RefusalError("code_already_used")
        if code.redirect_uri and redirect_uri != code.redirect_uri:
            raise RefusalError("bad_redirect_uri")
        code.used = True
        return code
