"""Cards in Slack: `ports.Announcer` of one team."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.cards import CopyKind, Posting
from scrm_bot.domain.errors import (
    ApprovalNotFoundError,
    NoApprovalsChannelError,
    ScrmError,
    SlackRefusedError,
)
from scrm_bot.domain.insights import Account
from scrm_bot.domain.jobs import LostJob
from scrm_bot.domain.remarks import Remark
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Connection, WorkspaceSettings
from scrm_bot.ports import Clock, SettingsStore
from scrm_bot.slack.branding import Marking
from scrm_bot.slack.history import Mark
from scrm_bot.slack.messenger import Draw, Messenger
from scrm_bot.usecases.slackwords import GONE, LOST
from scrm_bot.views import admin, approvals, copies, repairing, threads
from scrm_bot.views.blocks import Message

log = logging.getLogger(__name__)

_CARD = "scrm_card"


class SlackAnnouncer:
    """Posts through the messenger what views make of requests."""

    def __init__(
        self,
        team_id: str,
        *,
        messenger: Messenger,
        settings: SettingsStore,
        stored: Callable[[str], Awaitable[Approval]],
        accounts: Callable[[], Awaitable[Sequence[Account]]],
        clock: Clock,
        brand: str = "",
    ) -> None:
        self._team_id = team_id
        self._messenger = messenger
        self._settings = settings
        self._stored = stored
        self._accounts = accounts
        self._clock = clock
        self._brand = brand

    async def show(self, approval: Approval) -> CardRef:
        """Bring the card up to date; where there is none, find what an earlier try posted, or post it."""
        if approval.card:
            await self._redraw(approval.card, lambda: self._card_by_now(approval))
            return approval.card
        posting = approval.posting
        if posting and posting.tries > 1:
            found = await self._find(approval, posting)
            if found and await self._is_redrawn(found, lambda: self._card_by_now(approval)):
                return found
        channel = posting.channel if posting else await self._channel()
        mark, message = _mark(_CARD, approval), await self._card(approval)
        return CardRef(channel, await self._messenger.post(self._team_id, channel, message, mark=mark))

    async def show_copies(self, approval: Approval) -> None:
        """Bring all other messages up to date. One that is out of reach keeps no other waiting."""
        refused, looks = None, _Looks(self._by_now, self._copies)
        for copy in approval.copies:
            try:
                await self._is_redrawn(copy, partial(looks.of, approval, copy.kind))
            except SlackRefusedError as refusal:
                if refusal.code not in GONE:
                    refused = refusal
        if refused:
            raise refused

    async def tell(self, user_id: str, approval: Approval) -> CardRef:
        """The card as a direct message, without anything to press."""
        message = (await self._copies(approval))[CopyKind.CARD]
        mark = _mark("scrm_copy", approval)
        return await self._messenger.place(self._team_id, user_id, message, mark=mark)

    async def say_in_thread(self, approval: Approval, remark: Remark) -> None:
        """A reply under the card; nothing where there is no card."""
        if approval.card is None:
            return
        told = await self._signed(threads.remark(approval, remark))
        card, mark = approval.card, _mark("scrm_remark", approval)
        await self._messenger.post(self._team_id, card.channel, told, thread_ts=card.ts, mark=mark)

    async def notify(self, user_id: str, approval: Approval, *, why: Why) -> CardRef:
        """A direct message with what this person can do next. It has no decisions to press."""
        told = await self._signed(approvals.notice(approval, accounts=await self._known_accounts(), why=why))
        mark = _mark("scrm_notice", approval)
        placed = await self._messenger.place(self._team_id, user_id, told, mark=mark)
        return replace(placed, kind=CopyKind.NEWS if why is Why.NEWS else CopyKind.NUDGE)

    async def retire(self, copy: CardRef, approval: Approval) -> None:
        await self._is_redrawn(copy, lambda: self._signed(copies.overtaken(approval)))

    async def say_changes(self, approval: Approval) -> CardRef | None:
        """A reply under the card; nothing where there is no card."""
        if approval.card is None:
            return None
        told = await self._signed(approvals.wanted_changes(approval))
        card, mark = approval.card, _mark("scrm_notice", approval)
        placed = await self._messenger.place(self._team_id, card.channel, told, thread_ts=card.ts, mark=mark)
        return replace(placed, kind=CopyKind.NEWS)

    async def say_unreachable(self, user_id: str, approval: Approval) -> None:
        told, mark = await self._signed(copies.unreachable(approval)), _mark("scrm_notice", approval)
        await self._messenger.post(self._team_id, user_id, told, mark=mark)

    async def say_key_refused(self, user_id: str, connection: Connection) -> None:
        told = await self._signed(admin.key_refused(connection))
        await self._messenger.post(self._team_id, user_id, told)

    async def say_given_up(self, user_id: str, lost: LostJob) -> None:
        told = await self._signed(repairing.given_up(lost))
        await self._messenger.post(self._team_id, user_id, told)

    async def _card(self, approval: Approval) -> Message:
        settings = await self._settings.load()
        accounts = await self._known_accounts()
        card = approvals.card(approval, accounts=accounts, paused=settings.pause, now=self._clock.now())
        return self._marking(settings).message(card)

    async def _copies(self, approval: Approval) -> Mapping[CopyKind, Message]:
        """How each kind of copy looks now."""
        settings, accounts = await self._settings.load(), await self._known_accounts()
        now, paused, sign = self._clock.now(), settings.pause, self._marking(settings).message
        return {
            kind: sign(copies.copy(approval, kind, accounts=accounts, paused=paused, now=now))
            for kind in CopyKind
        }

    async def _signed(self, said: Message) -> Message:
        """The message as its brand's."""
        return self._marking(await self._settings.load()).message(said)

    def _marking(self, settings: WorkspaceSettings) -> Marking:
        return Marking(self._brand, settings.brands.label(self._brand))

    async def _find(self, approval: Approval, posting: Posting) -> CardRef | None:
        """The card that an earlier try has posted. Without the right to look, it is posted once more."""
        channel, since = posting.channel, posting.since
        try:
            ts = await self._messenger.find(
                self._team_id, channel, event_type=_CARD, key=approval.id, since=since
            )
        except SlackRefusedError as refusal:
            if refusal.retry_in is not None:
                raise
            log.info("not looked for a card that may have been posted: %s", refusal.code)
            return None
        return CardRef(channel, ts) if ts else None

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

    async def _card_by_now(self, approval: Approval) -> Message:
        return await self._card(await self._by_now(approval))

    async def _by_now(self, approval: Approval) -> Approval:
        """The request as it is stored, for whoever draws it after having waited."""
        try:
            return await self._stored(approval.id)
        except ApprovalNotFoundError:
            return approval

    async def _redraw(self, card: CardRef, draw: Draw) -> None:
        await self._messenger.redraw(self._team_id, card.channel, card.ts, draw)

    async def _is_redrawn(self, card: CardRef, draw: Draw) -> bool:
        """Whether the message is still there."""
        try:
            await self._redraw(card, draw)
        except SlackRefusedError as refusal:
            if refusal.code in LOST:
                return False
            raise
        return True


class _Looks:
    """How the copies of a request look, made anew only when it has moved."""

    def __init__(
        self,
        by_now: Callable[[Approval], Awaitable[Approval]],
        draw: Callable[[Approval], Awaitable[Mapping[CopyKind, Message]]],
    ) -> None:
        self._by_now = by_now
        self._draw = draw
        self._drawn: tuple[Approval, Mapping[CopyKind, Message]] | None = None

    async def of(self, approval: Approval, kind: CopyKind) -> Message:
        newest = await self._by_now(approval)
        if self._drawn is None or self._drawn[0] != newest:
            self._drawn = newest, await self._draw(newest)
        return self._drawn[1][kind]


def _mark(event_type: str, approval: Approval) -> Mark:
    return Mark(event_type, approval.id)
