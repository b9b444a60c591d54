"""The card of an approval request, the same from one stored state wherever it is shown."""

from collections.abc import Iterable
from datetime import datetime

from scrm_bot.domain.approvals import Approval, Decision, State, Step
from scrm_bot.domain.insights import Account
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Pause
from scrm_bot.views import approval_buttons, ids, networks
from scrm_bot.views.blocks import (
    Block,
    Message,
    View,
    actions,
    button,
    code,
    context,
    escape,
    line,
    message,
    section,
)
from scrm_bot.views.contents import contents, everything, fits_window, is_whole
from scrm_bot.views.states import chip, told
from scrm_bot.views.waiting import deadlines, reason_to_tell
from scrm_bot.views.windows import window
from scrm_bot.views.words import mention, moment

_MOST_EXCERPT = 600
_STOPPED_BY_PAUSE = frozenset({State.PENDING, State.ON_HOLD, State.APPROVED})
_STEPS = {
    Step.APPROVE: "approved",
    Step.REJECT: "rejected",
    Step.REQUEST_CHANGES: "asked for changes",
    Step.HOLD: "put it on hold",
    Step.RESUME: "resumed it",
    Step.WITHDRAW: "withdrew it",
    Step.UNDO: "took the approval back",
    Step.REASSIGN: "handed it to",
    Step.NOT_APPLIED: "had it sent once more",
    Step.LEAVE: "left it as it is",
}


def card(
    approval: Approval,
    *,
    accounts: Iterable[Account],
    paused: Pause | None = None,
    now: datetime | None = None,
) -> Message:
    """The whole card. Without `now` an approved post counts as still inside its undo window."""
    shown = [section(f"{chip(approval)}\n{told(approval)}")]
    if paused and approval.state in _STOPPED_BY_PAUSE:
        shown.append(banner(paused))
    known = tuple(accounts)
    shown += contents(approval, accounts=known, now=now)
    buttons = approval_buttons.of_card(approval, now, whole=is_whole(approval, accounts=known))
    return message(*shown, *([actions(*buttons, block_id=ids.Row.CARD)] if buttons else []))


def steps(approval: Approval, *, accounts: Iterable[Account], now: datetime | None = None) -> list[Block]:
    """What can be done about a request, beside its `contents`; a row of buttons where there is anything."""
    buttons = approval_buttons.of_card(approval, now, whole=is_whole(approval, accounts=accounts))
    return [actions(*buttons)] if buttons else []


def banner(pause: Pause) -> Block:
    """Said wherever something would otherwise go out."""
    reason = f": {line(pause.reason, 300)}" if pause.reason.strip() else "."
    return section(
        f"🛑 *Paused* by {mention(pause.by)}{reason}\n"
        "Nothing goes out through the bot until `/scrm unpause`. "
        "Posts already handed to SocialCRM with a time will still go out."
    )


def confirmation(approval: Approval, *, accounts: Iterable[Account], value: str) -> Message:
    """What a typed approval would approve, for the one who typed it; `value` goes with the click."""
    known = tuple(accounts)
    whole = is_whole(approval, accounts=known)
    asked = "*Approve this?* Nothing is approved yet. This is what it says now:"
    first = section(f"{chip(approval)}\n{asked}")
    confirmed = button("Confirm", ids.Action.CONFIRM_APPROVE, value, style="primary")
    way_on = confirmed if whole else approval_buttons.show_all(value)
    return message(first, *contents(approval, accounts=known), actions(way_on))


def seen_whole(approval: Approval, *, accounts: Iterable[Account], metadata: str) -> View:
    """A window with everything there is of a request, and Approve where that is all of it."""
    blocks = [section(f"{chip(approval)}\n{told(approval)}"), *everything(approval, accounts=accounts)]
    if approval.state is not State.PENDING:
        return window(ids.Callback.NOTICE, "Request", blocks)
    if not fits_window(approval):
        limit = "It is too long to be seen whole in Slack, so it cannot be approved here: shorten the post."
        return window(ids.Callback.NOTICE, "Request", [*blocks, context(limit)])
    return window(ids.Callback.APPROVE, "Request", blocks, submit="Approve", close="Back", metadata=metadata)


def notice(approval: Approval, *, accounts: Iterable[Account], why: Why = Why.NEWS) -> Message:
    """What one person is told in a direct message, and why, with what they can do next."""
    text = escape(approval.content.body, _MOST_EXCERPT).strip() or "_No text yet._"
    content = approval.content
    names = networks.names(content.account_ids, accounts, most=4, told=content.accounts_told)
    reason = reason_to_tell(why, approval)
    shown = [section(reason)] if reason else []
    shown += [section(f"{chip(approval)}\n{told(approval)}"), section(text)]
    shown.append(context(" · ".join([names, code(approval.post_id), *deadlines(approval)])))
    buttons = approval_buttons.next_steps(approval)
    return message(*shown, *([actions(*buttons, block_id=ids.Row.NOTICE)] if buttons else []))


def wanted_changes(approval: Approval) -> Message:
    """Said under the card, to the author: what should be different, and how to go on."""
    wanted = section(f"{mention(approval.author)} {chip(approval)}\n{told(approval)}")
    return message(wanted, actions(*approval_buttons.next_steps(approval), block_id=ids.Row.NOTICE))


def history(approval: Approval) -> list[str]:
    """Everything people did to a request, oldest first, one line each."""
    asked = (
        f"{moment(approval.created_at, approval.zone)} {mention(approval.requested_by)} asked for approval"
    )
    return [asked, *(f"{moment(word.at, approval.zone)} {_did(word)}" for word in approval.decisions)]


def _did(word: Decision) -> str:
    """`@ben rejected: too long`."""
    what = f"{mention(word.by)} {_STEPS.get(word.step, word.step.value)}"
    if word.step is Step.REASSIGN:
        return f"{what} {mention(word.reason)}"
    return f"{what}: {line(word.reason, 300)}" if word.reason.strip() else what
