"""Rate limits: per method and app, and for messages per channel too."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from scrm_bot.demo.slack.errors import RefusalError

TIERS = {1: 4, 2: 20, 3: 50, 4: 100}  # the first is one a minute, and a small burst is let through
METHOD_TIERS = {
    1: ("apps.connections.open", "apps.uninstall"),
    2: ("users.list", "conversations.list", "usergroups.list", "usergroups.users.list"),
    3: (
        "chat.update",
        "chat.delete",
        "chat.unfurl",
        "conversations.open",
        "conversations.info",
        "conversations.history",
        "conversations.replies",
        "functions.completeSuccess",
        "functions.completeError",
        "team.info",
        "bots.info",
        "auth.revoke",
    ),
    4: (
        "views.open",
        "views.push",
        "views.update",
        "views.publish",
        "chat.postEphemeral",
        "users.info",
        "conversations.members",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
        "files.info",
        "oauth.v2.access",
    ),
}
PER_MINUTE = {method: TIERS[tier] for tier, methods in METHOD_TIERS.items() for method in methods} | {
    "auth.test": 600,
    "chat.getPermalink": 600,
    "chat.postMessage": 300,
    "assistant.threads.setStatus": 300,
}
CHANNEL_BURST = 4
MINUTE = 60.0


@dataclass(slots=True)
class Rates:
    """A window of a minute for each method, and about one message a second for each channel."""

    clock: Callable[[], float]
    strict: bool
    _windows: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _channels: dict[str, float] = field(default_factory=dict)

    def count(self, method: str) -> None:
        limit = PER_MINUTE.get(method)
        if not self.strict or limit is None:
            return
        window, now = self._windows[method], self.clock()
        while window and window[0] <= now - MINUTE:
            window.popleft()
        if len(window) >= limit:
            raise RefusalError("ratelimited", retry_after=math.ceil(window[0] + MINUTE - now) or 1)
        window.append(now)

    def count_message(self, channel: str) -> None:
        """One message into `channel`: a second each, after a small burst."""
        if not self.strict:
            return
        now = self.clock()
        full_at = max(self._channels.get(channel, now), now)
        if full_at - now > CHANNEL_BURST - 1:
            raise RefusalError("ratelimited", retry_after=math.ceil(full_at - now - CHANNEL_BURST + 1) or 1)
        self._channels[channel] = full_at + 1
