"""The other messages about a request, all made from the stored state of it."""

from collections.abc import Iterable
from datetime import datetime

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.cards import CopyKind
from scrm_bot.domain.insights import Account
from scrm_bot.domain.workspaces import Pause
from scrm_bot.views import approvals
from scrm_bot.views.blocks import Block, Message, code, context, message, section
from scrm_bot.views.states import chip
from scrm_bot.views.words import channel

_REASONS = {
    "is_archived": "is archived",
    "not_in_channel": "does not have the bot in it any more",
    "channel_not_found": "is gone, or does not have the bot in it any more",
}


def copy(
    approval: Approval,
    kind: CopyKind,
    *,
    accounts: Iterable[Account],
    paused: Pause | None = None,
    now: datetime | None = None,
) -> Message:
    """A copy as it looks now: no copy has decisions to press."""
    match kind:
        case CopyKind.NEWS:
            return approvals.notice(approval, accounts=accounts)
        case CopyKind.NUDGE:
            told = approvals.notice(approval, accounts=accounts)
            return told if approval.is_open else _quiet(told.blocks)
        case _:
            shown = approvals.card(approval, accounts=accounts, paused=paused, now=now)
            return _quiet((*shown.blocks, *_where(approval)))


def overtaken(approval: Approval) -> Message:
    """What is left of a message when a newer one was sent to the same person: true for ever."""
    return message(context(f"There is a newer message about {code(approval.post_id)} below."))


def unreachable(approval: Approval) -> Message:
    """The card cannot be brought up to date: what still stands, what still works, and the way out."""
    where = channel(approval.card.channel) if approval.card else "The approvals channel"
    why = _REASONS.get(approval.unreachable, "cannot be written to")
    return message(
        section(
            f"⚠️ The card of {code(approval.post_id)} cannot be brought up to date: {where} {why}.\n"
            f"{chip(approval)}. The request itself is safe; `/scrm approvals` shows it and takes decisions.\n"
            "An admin can bring the channel back and `/invite` the bot, or choose another with "
            "`/scrm settings` for new requests."
        )
    )


def _where(approval: Approval) -> list[Block]:
    if approval.card is None or not approval.is_open:
        return []
    return [context(f"Decide on the card in {channel(approval.card.channel)}, or with `/scrm approvals`.")]


def _quiet(blocks: Iterable[Block]) -> Message:
    """Without anything to press."""
    return message(*(block for block in blocks if block.get("type") != "actions"))
