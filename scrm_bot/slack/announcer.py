"""Cards and digests in Slack: `ports.Announcer` of one team."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import NoApprovalsChannelError, ScrmError, SlackRefusedError
from scrm_bot.domain.insights import Account
from scrm_bot.ports import Clock, SettingsStore
from scrm_bot.slack.messenger import Messenger
from scrm_bot.views import approvals
from scrm_bot.views.blocks import Message

log = logging.getLogger(__name__)

_LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})


class Digest(Protocol):
    def __call__(self, report: Report) -> Message:
        """The digest as a message."""


class SlackAnnouncer:
    """Posts through the messenger what views make of requests and reports."""

    def __init__(
        self,
        team_id: str,
        *,
        messenger: Messenger,
        settings: SettingsStore,
        accounts: Callable[[], Awaitable[Sequence[Account]]],
        clock: Clock,
        digest: Digest,
    ) -> None:
        self._team_id = team_id
        self._messenger = messenger
        self._settings = settings
        self._accounts = accounts
        self._clock = clock
        self._digest = digest

    async def show(self, approval: Approval) -> CardRef:
        """Post the card, or bring every copy up to date; a card that is gone is posted anew."""
        message = await self._card(approval)
        for copy in approval.copies:
            await self._update(copy, message)
        if approval.card and await self._update(approval.card, message):
            return approval.card
        channel = approval.card.channel if approval.card else await self._channel()
        return CardRef(channel, await self._messenger.post(self._team_id, channel, message))

    async def tell(self, user_id: str, approval: Approval) -> None:
        """The card as a direct message, without anything to press."""
        message = await self._card(approval)
        quiet = tuple(block for block in message.blocks if block.get("type") != "actions")
        await self._messenger.post(self._team_id, user_id, Message(message.text, quiet))

    async def send_digest(self, channel: str, report: Report, *, run_key: str) -> None:
        """Post one digest. `run_key` was claimed by the caller, so that it is sent once."""
        await self._messenger.post(self._team_id, channel, self._digest(report))
        log.info("sent the digest %s", run_key)

    async def _card(self, approval: Approval) -> Message:
        settings = await self._settings.load()
        try:
            accounts = await self._accounts()
        except ScrmError:
            log.warning("a card shows accounts by id: their names could not be had", exc_info=True)
            accounts = ()
        return approvals.card(approval, accounts=accounts, paused=settings.pause, now=self._clock.now())

    async def _channel(self) -> str:
        channel = (await self._settings.load()).approvals_channel
        if not channel:
            raise NoApprovalsChannelError
        return channel

    async def _update(self, card: CardRef, message: Message) -> bool:
        """Whether the card is still there."""
        try:
            await self._messenger.update(self._team_id, card.channel, card.ts, message)
        except SlackRefusedError as refusal:
            if refusal.code in _LOST:
                return False
            raise
        return True
