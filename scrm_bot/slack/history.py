"""Looking back through a channel for a message of the bot's own, by the mark that it carries."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.webapi import Json

Read = Callable[[Json], Awaitable[Json]]
"""A page of one channel's history, newest first."""

METHOD = "conversations.history"
TOO_LONG = "history_too_long"  # ours: more was said than is read
_PAGE, _PAGES = 100, 3
_CLOCKS_DIFFER = 60.0  # seconds between Slack's clock and ours, at the most


@dataclass(frozen=True, slots=True)
class Mark:
    """What a message is about, as its metadata tells it (docs: messaging/message-metadata)."""

    event_type: str
    key: str

    def written(self) -> Json:
        return {"event_type": self.event_type, "event_payload": {"key": self.key}}

    def is_of(self, message: Json) -> bool:
        found = message.get("metadata") or {}
        payload = found.get("event_payload") or {}
        return found.get("event_type") == self.event_type and payload.get("key") == self.key


async def find(read: Read, mark: Mark, *, bot: str, since: datetime, whole: bool) -> str | None:
    """The ts of the bot's newest message with this mark, not older than `since`.

    Of a channel where much was said, only the newest is read; with `whole` that is refused.
    """
    oldest = f"{max(since.timestamp() - _CLOCKS_DIFFER, 0.0):.6f}"
    args: Json = {"oldest": oldest, "limit": _PAGE, "include_all_metadata": "true"}
    async for message in _messages(read, args, whole=whole):
        if mark.is_of(message) and (not bot or message.get("user") == bot):
            return str(message["ts"])
    return None


async def _messages(read: Read, args: Json, *, whole: bool) -> AsyncIterator[Json]:
    """Newest first. Some apps may only turn one page a minute: then the first is all there is."""
    for page in range(_PAGES):
        try:
            answer = await read(args)
        except SlackRefusedError:
            if page == 0 or whole:
                raise
            return
        for message in answer.get("messages") or ():
            yield message
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        args = {**args, "cursor": cursor}
    if whole:
        raise SlackRefusedError(TOO_LONG, method=METHOD)
