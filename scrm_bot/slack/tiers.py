"""How often Slack takes each of its methods from one workspace, and a pace for each that stays below it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from scrm_bot.slack.pace import Pace, Shared

MINUTE = 60.0
LATE = 1.1  # so many minutes' worth of turns is kept in one: a call may be a tenth of it on its way


@dataclass(frozen=True, slots=True)
class Tier:
    """`a_minute` calls in any minute, of which `burst` may come at once.

    After a burst the rest are spread over the minute, so that no window of one ever holds more.
    """

    a_minute: int
    burst: int

    @property
    def reserve(self) -> int:
        """What background work leaves of the burst to people."""
        return self.burst // 3


# as Slack's page of rate limits calls them
TIER_2 = Tier(20, 5)
TIER_3 = Tier(50, 10)
TIER_4 = Tier(100, 25)
HUNDREDS = Tier(300, 60)  # "several hundred"; chat.postMessage is paced for each channel besides

OWN_PLACE = "chat.update"  # its turns are taken where updates of one message become one
PACED_ELSEWHERE = frozenset(
    {OWN_PLACE, "chat.postMessage"}
)  # the latter for its channel: there it is refused
TRIGGERED = frozenset({"views.open", "views.push"})  # of a person who waits: a trigger lives three seconds
TRIGGER_SECONDS = 2.0

METHODS: Mapping[str, Tier] = {
    "assistant.threads.setStatus": HUNDREDS,
    "assistant.threads.setSuggestedPrompts": TIER_3,
    "assistant.threads.setTitle": TIER_3,
    "auth.revoke": TIER_3,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": HUNDREDS,
    "chat.unfurl": TIER_3,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "functions.completeError": TIER_3,
    "functions.completeSuccess": TIER_3,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}


class Tiers:
    """The paces of all methods, made as they are called. A method that is not listed counts as tier 2.

    `minute` is Slack's, and a test's own.
    """

    def __init__(
        self,
        *,
        shared: Shared | None = None,
        minute: float = MINUTE,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._shared = shared
        self._minute = minute
        self._monotonic = monotonic
        self._sleep = sleep
        self._paces: dict[str, Pace] = {}

    def of(self, method: str) -> Pace:
        if method not in self._paces:
            tier = METHODS.get(method, TIER_2)
            self._paces[method] = Pace(
                self._minute * LATE / max(tier.a_minute - tier.burst, 1),
                burst=tier.burst,
                reserve=tier.reserve,
                shared=self._shared,
                monotonic=self._monotonic,
                sleep=self._sleep,
            )
        return self._paces[method]
