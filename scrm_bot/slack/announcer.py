"""Cards and digests in Slack: `ports.Announcer` of one team."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import NoApprovalsChannelError, ScrmError, SlackRefusedError
from scrm_bot.domain.insights import Account
from scrm_bot.domain.remarks import Remark
from scrm_bot.domain.waiting import Why
from scrm_bot.ports import Clock, SettingsStore
from scrm_bot.slack.messenger import Messenger
from scrm_bot.usecases.cards import GONE
from scrm_bot.views import approvals, threads
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
        """Post the card, or bring it up to date; a card that is gone is posted anew."""
        message = await self._card(approval)
        if approval.card and await self._update(approval.card, message):
            return approval.card
        channel = approval.card.channel if approval.card else await self._channel()
        return CardRef(channel, await self._messenger.post(self._team_id, channel, message))

    async def show_copies(self, approval: Approval) -> None:
        """Bring the direct messages up to date. One that is out of reach keeps no other waiting."""
        if not approval.copies:
            return
        message, refused = _quiet(await self._card(approval)), None
        for copy in approval.copies:
            try:
                await self._update(copy, message)
            except SlackRefusedError as refusal:
                if refusal.code not in GONE:
                    refused = refusal
        if refused:
            raise refused

    async def tell(self, user_id: str, approval: Approval) -> CardRef:
        """The card as a direct message, without anything to press."""
        message = _quiet(await self._card(approval))
        return await self._messenger.place(self._team_id, user_id, message)

    async def say_in_thread(self, approval: Approval, remark: Remark) -> None:
        """A reply under the card; nothing where there is no card."""
        if approval.card is None:
            return
        told, card = threads.remark(approval, remark), approval.card
        await self._messenger.post(self._team_id, card.channel, told, thread_ts=card.ts)

    async def notify(self, user_id: str, approval: Approval, *, why: Why) -> None:
        """A direct message with what this person can do next. It has no decisions to press: they go stale."""
        told = approvals.notice(approval, accounts=await self._known_accounts(), why=why)
        await self._messenger.post(self._team_id, user_id, told)

    async def say_changes(self, approval: Approval) -> None:
        """A reply under the card; nothing where there is no card."""
        if approval.card is None:
            return
        told, card = approvals.wanted_changes(approval), approval.card
        await self._messenger.post(self._team_id, card.channel, told, thread_ts=card.ts)

    async def send_digest(self, channel: str, report: Report, *, run_key: str) -> None:
        """Post one digest. `run_key` was claimed by the caller, so that it is sent once."""
        await self._messenger.post(self._team_id, channel, self._digest(report))
        log.info("sent the digest %s", run_key)

    async def _card(self, approval: Approval) -> Message:
        settings = await self._settings.load()
        accounts = await self._known_accounts()
        return approvals.card(approval, accounts=accounts, paused=settings.pause, now=self._clock.now())

    async def _known_accounts(self) -> Sequence[Account]:
        try:
            return await self._accounts()
        except ScrmError:
            log.warning("a card shows accounts by id: their names could not be had", exc_info=True)
            return ()

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


def _quiet(message: Message) -> Message:
    """Without anything to press."""
    quiet = tuple(block for block in message.blocks if block.get("type") != "actions")
    return Message(message.text, quiet)
