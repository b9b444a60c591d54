"""The card of an approval request, the same from one stored state wherever it is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scrm_bot.domain.approvals import ActionKind, Approval, Decision, State, Step
from scrm_bot.domain.insights import Account
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Pause
from scrm_bot.views import ids, networks
from scrm_bot.views.blocks import (
    MOST_CONTEXT,
    Block,
    Message,
    Option,
    View,
    actions,
    button,
    clip,
    code,
    confirm,
    context,
    divider,
    escape,
    header,
    line,
    message,
    overflow,
    section,
    size,
)
from scrm_bot.views.contents import contents, everything, fits_window, is_whole, media_of, time_of
from scrm_bot.views.states import chip, told
from scrm_bot.views.waiting import deadlines, reason_to_tell, warnings_told
from scrm_bot.views.windows import window
from scrm_bot.views.words import mention, moment

PAGE = 5  # of a list: everything about each of them fits into one message
_MOST_NOTE = 200
_MOST_NAMED = 8
_MOST_IN_ROW = 600
_MOST_EXCERPT = 600
_STOPPED_BY_PAUSE = frozenset({State.PENDING, State.ON_HOLD, State.APPROVED})
_ASK_AGAIN = frozenset(
    {State.REJECTED, State.CHANGES_REQUESTED, State.WITHDRAWN, State.EXPIRED, State.VOID, State.FAILED}
)
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
    buttons = _buttons(approval, now, whole=is_whole(approval, accounts=known))
    return message(*shown, *([actions(*buttons, block_id=ids.Row.CARD)] if buttons else []))


def steps(approval: Approval, *, accounts: Iterable[Account], now: datetime | None = None) -> list[Block]:
    """What can be done about a request, beside its `contents`; a row of buttons where there is anything."""
    buttons = _buttons(approval, now, whole=is_whole(approval, accounts=accounts))
    return [actions(*buttons)] if buttons else []


def banner(pause: Pause) -> Block:
    """Said wherever something would otherwise go out."""
    reason = f": {line(pause.reason, 300)}" if pause.reason.strip() else "."
    return section(
        f"🛑 *Paused* by {mention(pause.by)}{reason}\n"
        "Nothing goes out through the bot until `/scrm unpause`. "
        "Posts already handed to SocialCRM with a time will still go out."
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of the requests that wait: the first is number `start` of `total`. `all` are everybody's."""

    page: Sequence[Approval]
    start: int = 1
    total: int = 0
    all: bool = False


def listing(
    waiting: Waiting, *, accounts: Iterable[Account], paused: Pause | None = None, several: bool = False
) -> Message:
    """Open requests, numbered, a page at a time; approving is possible where all is seen.

    `several`: two or more of them wait for the reader's own word.
    """
    top = [header("Approvals"), *([banner(paused)] if paused else []), *(several_row() if several else [])]
    if not waiting.page:
        nothing = "Nothing is waiting. New requests come from `/scrm schedule` and `/scrm publish`."
        more = "There is nothing more on this page." if waiting.start > 1 else nothing
        return message(*top, section(more), *_paging(waiting))
    known = tuple(accounts)
    rows = [
        block
        for number, approval in enumerate(waiting.page, waiting.start)
        for block in row(approval, accounts=known, number=number)
    ]
    last = waiting.start + len(waiting.page) - 1
    how_far = f"{waiting.start} to {last} of {waiting.total}. " if waiting.total > len(waiting.page) else ""
    hint = f"{how_far}Use a number instead of an id, such as `/scrm approve {waiting.start}`."
    return message(*top, *rows, context(hint), *_paging(waiting))


def several_row() -> list[Block]:
    """The way to the window where each of them is decided."""
    return [actions(button("Decide several", ids.Action.DECIDE_SEVERAL))]


def row(approval: Approval, *, accounts: Iterable[Account], number: int = 0) -> list[Block]:
    """A request in a list, with its buttons: Approve only where everything it is bound to is seen."""
    known = tuple(accounts)
    shown = escape(approval.content.body, _MOST_EXCERPT).strip() or "_No text yet._"
    place = f"*{number}.* " if number else ""
    facts = _in_row(approval, known)
    whole = is_whole_in_row(approval, accounts=known)
    if not whole:
        facts = [clip(facts[0], _MOST_IN_ROW // 2), "There is more to see before it is approved: *Show*."]
    buttons = [button("Show", ids.Action.SHOW_POST, approval.post_id)]
    if approval.state is State.PENDING and whole:
        buttons = [*_decisions(approval, whole=True), *buttons]
    return [divider(), section(f"{place}{chip(approval)}\n{shown}"), context(*facts), actions(*buttons)]


def is_whole_in_row(approval: Approval, *, accounts: Iterable[Account]) -> bool:
    """Whether a row of a list shows everything that an approval is bound to, and all that is to be known."""
    content, facts = approval.content, _in_row(approval, tuple(accounts))
    return (
        size(escape(content.body)) <= _MOST_EXCERPT
        and max(len(content.account_ids), len(content.media_ids)) <= _MOST_NAMED
        and sum(map(size, facts)) <= _MOST_IN_ROW
        and len(facts) <= MOST_CONTEXT
    )


def _in_row(approval: Approval, accounts: Sequence[Account]) -> list[str]:
    """Where it goes, when, who asks, what is attached, the note, and what it gets in the way of."""
    content = approval.content
    names = networks.names(content.account_ids, accounts, most=_MOST_NAMED, told=content.accounts_told)
    facts = [f"{names} · {time_of(approval)} · {mention(approval.requested_by)}"]
    if approval.content.media_ids:
        facts.append(f"*Media:* {media_of(approval.content)}")
    if approval.note.strip():
        facts.append(f"*Note:* {line(approval.note, _MOST_NOTE)}")
    return [*facts, *warnings_told(approval, accounts)]


def _paging(waiting: Waiting) -> list[Block]:
    buttons, whose = [], "all" if waiting.all else "mine"
    if waiting.start > 1:
        before = max(1, waiting.start - PAGE)
        buttons.append(button("Previous", ids.Action.APPROVALS_PREVIOUS, f"{whose}:{before}"))
    if waiting.start + PAGE <= waiting.total:
        buttons.append(button("Next", ids.Action.APPROVALS_NEXT, f"{whose}:{waiting.start + PAGE}"))
    return [actions(*buttons)] if buttons else []


def confirmation(approval: Approval, *, accounts: Iterable[Account], value: str) -> Message:
    """What a typed approval would approve, for the one who typed it; `value` goes with the click."""
    known = tuple(accounts)
    whole = is_whole(approval, accounts=known)
    asked = "*Approve this?* Nothing is approved yet. This is what it says now:"
    first = section(f"{chip(approval)}\n{asked}")
    confirmed = button("Confirm", ids.Action.CONFIRM_APPROVE, value, style="primary")
    way_on = confirmed if whole else _show_all(value)
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
    buttons = _next_steps(approval)
    return message(*shown, *([actions(*buttons, block_id=ids.Row.NOTICE)] if buttons else []))


def wanted_changes(approval: Approval) -> Message:
    """Said under the card, to the author: what should be different, and how to go on."""
    wanted = section(f"{mention(approval.author)} {chip(approval)}\n{told(approval)}")
    return message(wanted, actions(*_next_steps(approval), block_id=ids.Row.NOTICE))


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


def _buttons(approval: Approval, now: datetime | None, *, whole: bool) -> list[Block]:
    match approval.state:
        case State.PENDING:
            return [*_decisions(approval, whole=whole), _menu(approval, hold=True)]
        case State.ON_HOLD:
            resume = button("Resume", ids.Action.RESUME, approval.id, style="primary")
            return [resume, *_decisions(approval, whole=whole)[1:], _menu(approval, hold=False)]
        case State.APPROVED if _can_undo(approval, now):
            return [button("Undo", ids.Action.UNDO, approval.id)]
        case State.UNKNOWN if approval.needs_person:
            return _settling(approval)
        case State.VOID | State.FAILED if not approval.newer:
            return [button("Ask for approval", ids.Action.ASK_AGAIN, approval.id)]
        case _:
            return []


def _can_undo(approval: Approval, now: datetime | None) -> bool:
    """Within the window, and as long as it waits for another try. Scheduling has no window."""
    if approval.detail.strip():
        return True
    if approval.act_at is None:
        return False
    waits = approval.action is ActionKind.PUBLISH or approval.attempt is not None
    return waits if now is None else now < approval.act_at


def _decisions(approval: Approval, *, whole: bool) -> list[Block]:
    """Approve is there only where everything that it is bound to is seen; else the way to see it."""
    sure = confirm(
        "Reject this post?",
        "It will not go out, and its author is told. You can say why in the next step.",
        yes="Reject",
        no="Back",
        danger=True,
    )
    approve = button("Approve", ids.Action.APPROVE, approval.id, style="primary")
    return [
        approve if whole else _show_all(approval.id),
        button("Request changes", ids.Action.REQUEST_CHANGES, approval.id),
        button("Reject", ids.Action.REJECT, approval.id, style="danger", confirm=sure),
    ]


def _show_all(value: str) -> Block:
    return button("Show all", ids.Action.SHOW_REQUEST, value, style="primary")


def _menu(approval: Approval, *, hold: bool) -> Block:
    waiting = [ids.CardEntry.HOLD, ids.CardEntry.REASSIGN] if hold else []
    entries = [ids.CardEntry.EDIT, *waiting, ids.CardEntry.WITHDRAW, ids.CardEntry.HISTORY]
    options = [Option(entry.capitalize(), ids.menu_value(entry, approval.id)) for entry in entries]
    return overflow(ids.Action.CARD_MENU, options)


def _settling(approval: Approval) -> list[Block]:
    verb = "Publish" if approval.action is ActionKind.PUBLISH else "Schedule"
    sure = confirm(
        f"{verb} anyway?",
        "If the first try did go through, the post appears twice. Check it in SocialCRM first.",
        yes=f"{verb} anyway",
        no="Back",
        danger=True,
    )
    return [
        button("Check again", ids.Action.CHECK_AGAIN, approval.id, style="primary"),
        button(f"{verb} anyway", ids.Action.PUBLISH_ANYWAY, approval.id, style="danger", confirm=sure),
        button("Leave it", ids.Action.LEAVE, approval.id, confirm=_closing()),
    ]


def _closing() -> Block:
    return confirm(
        "Leave it as it is?",
        "This closes the request; whether the post went out stays unknown. Look in SocialCRM first.",
        yes="Leave it",
        no="Back",
    )


def _next_steps(approval: Approval) -> list[Block]:
    if approval.state in _ASK_AGAIN and not approval.newer:
        return [
            button("Edit", ids.Action.EDIT_POST, approval.post_id),
            button("Ask for approval", ids.Action.ASK_AGAIN, approval.id),
        ]
    if approval.is_open or approval.newer:
        return [button("Show approvals", ids.Action.SHOW_APPROVALS)]
    if approval.state is State.PUBLISHED:
        return [button("Stats", ids.Action.POST_STATS, approval.post_id)]
    return []
