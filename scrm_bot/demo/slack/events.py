"""The Events API: envelopes, subscriptions, and retries as Slack makes them."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from scrm_bot.demo.slack.delivery import Parcel
from scrm_bot.demo.slack.errors import DeliveryError
from scrm_bot.demo.slack.mint import random_id
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Workspace

# The scope without which a subscription stays silent; events not listed need none.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "link_shared": "links:read",
    "file_shared": "files:read",
}
HOUR = 3600.0
PER_HOUR = 30_000


def envelope(space: Workspace, event: Json) -> Json:
    """The outer event, with an id of its own."""
    world = space.world
    return {
        "token": world.app.verification_token,
        "team_id": world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": random_id("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": world.app.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{random_id('X')}",
    }


@dataclass(slots=True)
class EventsApi:
    space: Workspace
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _sent_at: deque[float] = field(default_factory=deque)
    _limited_minute: int = 0
    _in_flight: int = 0
    _landed: asyncio.Event = field(default_factory=asyncio.Event)

    def announce(self, subscription: str, event: Json) -> None:
        """Deliver the event in the background, if the app subscribed to it and may have it."""
        if self._wanted(subscription):
            self.send(envelope(self.space, event))

    def send(self, outer: Json) -> None:
        """Deliver an envelope, whatever the subscriptions say."""
        if not self._within_limit():
            return
        self._start(outer)

    def _start(self, outer: Json) -> None:
        self._in_flight += 1
        task = asyncio.get_running_loop().create_task(self._deliver(outer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until no delivery is under way; retries that are due later do not count."""
        while self._in_flight:
            self._landed.clear()
            await self._landed.wait()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _wanted(self, subscription: str) -> bool:
        if subscription not in self.space.manifest.events:
            return False
        scope, token = EVENT_SCOPES.get(subscription), self.space.keys.bot
        return scope is None or (token is not None and scope in token.scopes)

    async def _deliver(self, outer: Json) -> None:
        reason = ""
        for attempt, delay in enumerate((0.0, *self.space.world.pace.retry_delays)):
            if attempt:
                await asyncio.sleep(delay)
                self._in_flight += 1
            reason = await self._attempt(Parcel("events_api", outer, attempt, reason))
            if not reason:
                return

    async def _attempt(self, parcel: Parcel) -> str:
        """Why the event has to be sent again; nothing when it has not."""
        try:
            reply = await self.space.post.deliver(parcel)
        except DeliveryError as error:
            return error.reason
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._landed.set()
        return "" if reply.ok or reply.no_retry else "http_error"

    def _within_limit(self) -> bool:
        """At most 30,000 events an hour; past it the app is told once a minute."""
        now = self.space.world.clock()
        while self._sent_at and self._sent_at[0] <= now - HOUR:
            self._sent_at.popleft()
        if len(self._sent_at) < PER_HOUR:
            self._sent_at.append(now)
            return True
        if int(now // 60) != self._limited_minute:
            self._limited_minute = int(now // 60)
            self._tell_limited()
        return False

    def _tell_limited(self) -> None:
        world = self.space.world
        notice = {
            "token": world.app.verification_token,
            "type": "app_rate_limited",
            "team_id": world.team_id,
            "minute_rate_limited": self._limited_minute * 60,
            "api_app_id": world.app.id,
        }
        self._start(notice)
