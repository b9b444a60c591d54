"""The card of an approval request, the same from one stored state wherever it is shown."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from scrm_bot.domain.approvals import ActionKind, Approval, Decision, State, Step
from scrm_bot.domain.insights import Account
from scrm_bot.domain.posts import Drift
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Pause
from scrm_bot.views import ids, networks
from scrm_bot.views.blocks import (
    Block,
    Message,
    Option,
    actions,
    body,
    button,
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
from scrm_bot.views.differences import difference
from scrm_bot.views.states import chip, told
from scrm_bot.views.waiting import deadlines, reason_to_tell, round_line, warnings
from scrm_bot.views.words import mention, mentions, moment, plural, when

MOST_LISTED = 8
_MOST_NOTE = 600
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
    shown += contents(approval, accounts=accounts, now=now)
    buttons = _buttons(approval, now)
    return message(*shown, *([actions(*buttons, block_id=ids.Row.CARD)] if buttons else []))


def contents(approval: Approval, *, accounts: Iterable[Account], now: datetime | None = None) -> list[Block]:
    """What a request is about, in full, without its state and its buttons."""
    known = tuple(accounts)
    facts = _facts(approval, known, now)
    return [*round_line(approval), *_text(approval), *facts, *warnings(approval, known)]


def steps(approval: Approval, *, now: datetime | None = None) -> list[Block]:
    """What can be done about a request, as a row of buttons where there is anything."""
    buttons = _buttons(approval, now)
    return [actions(*buttons)] if buttons else []


def banner(pause: Pause) -> Block:
    """Said wherever something would otherwise go out."""
    reason = f": {line(pause.reason, 300)}" if pause.reason.strip() else "."
    return section(
        f"🛑 *Paused* by {mention(pause.by)}{reason}\n"
        "Nothing goes out through the bot until `/scrm unpause`. "
        "Posts already handed to SocialCRM with a time will still go out."
    )


def listing(
    approvals: Sequence[Approval],
    *,
    accounts: Iterable[Account],
    paused: Pause | None = None,
    several: bool = False,
) -> Message:
    """Every open request, or the ones that wait for the reader; approving is possible where all is seen.

    `several`: two or more of them wait for the reader's own word.
    """
    top = [header("Approvals"), *([banner(paused)] if paused else []), *(several_row() if several else [])]
    if not approvals:
        return message(
            *top, section("Nothing is waiting. New requests come from `/scrm schedule` and `/scrm publish`.")
        )
    known = tuple(accounts)
    rows = [block for approval in approvals[:MOST_LISTED] for block in row(approval, accounts=known)]
    left = len(approvals) - MOST_LISTED
    more = (
        [context(f"{plural(left, 'more request')} not shown; decide some of these first.")]
        if left > 0
        else []
    )
    return message(*top, *rows, *more)


def several_row() -> list[Block]:
    """The way to the window where each of them is decided."""
    return [actions(button("Decide several", ids.Action.DECIDE_SEVERAL))]


def row(approval: Approval, *, accounts: Iterable[Account]) -> list[Block]:
    """A request in a list, with its buttons."""
    text = escape(approval.content.body)
    whole = size(text) <= _MOST_EXCERPT
    shown = escape(approval.content.body, _MOST_EXCERPT).strip() or "_No text yet._"
    names = networks.names(approval.content.account_ids, accounts, most=4)
    facts = context(f"{names} · {_time(approval, None)} · {mention(approval.requested_by)}")
    buttons = [button("Show", ids.Action.SHOW_POST, approval.post_id)]
    if approval.state is State.PENDING and whole:
        buttons = [*_decisions(approval), *buttons]
    return [divider(), section(f"{chip(approval)}\n{shown}"), facts, actions(*buttons)]


def notice(approval: Approval, *, accounts: Iterable[Account], why: Why = Why.NEWS) -> Message:
    """What one person is told in a direct message, and why, with what they can do next."""
    text = escape(approval.content.body, _MOST_EXCERPT).strip() or "_No text yet._"
    names = networks.names(approval.content.account_ids, accounts, most=4)
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


def _text(approval: Approval) -> list[Block]:
    if approval.state is State.VOID and approval.changed_body is not None:
        return difference("Asked about, and now", approval.content.body, approval.changed_body)
    if approval.state in {State.SCHEDULED, State.PUBLISHED} and approval.changed_body is not None:
        what = "What was approved, and what SocialCRM has"
        return difference(what, approval.content.body, approval.changed_body)
    return body(approval.content.body)


def _facts(approval: Approval, accounts: Sequence[Account], now: datetime | None) -> list[Block]:
    content = approval.content
    rows = [
        f"*To:* {networks.counts(content.body, content.account_ids, accounts)}",
        f"*When:* {_time(approval, now)}",
    ]
    if content.media_ids:
        rows.append(f"*Media:* {plural(len(content.media_ids), 'file')}")
    if approval.note.strip():
        rows.append(f"*Note:* {escape(approval.note, _MOST_NOTE)}")
    people = f"Written by {mention(approval.author)}"
    if approval.requested_by != approval.author:
        people += f", asked by {mention(approval.requested_by)}"
    return [
        section("\n".join(rows)),
        context(f"{people} · {code(approval.post_id)}", *_standing(approval, now)),
    ]


def _time(approval: Approval, now: datetime | None) -> str:
    at = approval.content.at
    if at is None:
        return "as soon as it is approved" if approval.is_open else "at once"
    if Drift.TIME in approval.drift and approval.confirmed_at:
        return f"{when(approval.confirmed_at, approval.zone)} (approved for {when(at, approval.zone)})"
    passed = " ⚠️ This time has passed." if now and approval.is_open and at <= now else ""
    return f"{when(at, approval.zone)}{passed}"


def progress(approval: Approval) -> list[str]:
    """`1 of 2 approvals (@ben)`; nothing once it is decided."""
    if not approval.is_open:
        return []
    policy, given = approval.policy, len(approval.approved_by)
    if policy.needed == 0 and policy.groups:
        count = f"{plural(given, 'approval')} so far, every approver is needed"
    else:
        goal = policy.goal(policy.approvers)
        count = f"{given} of {plural(goal, 'approval')}" if goal > 1 else "Needs 1 approval"
    by = f" ({mentions(approval.approved_by)})" if given else ""
    return [f"{count}{by}"]


def _standing(approval: Approval, now: datetime | None) -> list[str]:
    """`1 of 2 approvals (@ben) · due … · expires …`: the rules this request runs under."""
    parts = [*progress(approval), *deadlines(approval, now)]
    return [" · ".join(parts)] if parts else []


def _buttons(approval: Approval, now: datetime | None) -> list[Block]:
    match approval.state:
        case State.PENDING:
            return [*_decisions(approval), _menu(approval, hold=True)]
        case State.ON_HOLD:
            resume = button("Resume", ids.Action.RESUME, approval.id, style="primary")
            return [resume, *_decisions(approval)[1:], _menu(approval, hold=False)]
        case State.APPROVED if _can_undo(approval, now):
            return [button("Undo", ids.Action.UNDO, approval.id)]
        case State.UNKNOWN if approval.needs_person:
            return _settling(approval)
        case State.VOID | State.FAILED if not approval.newer:
            return [button("Ask for approval", ids.Action.ASK_AGAIN, approval.id)]
        case _:
            return []


def _can_undo(approval: Approval, now: datetime | None) -> bool:
    """Scheduling has no undo window: its wait is only ever a wait for another try."""
    if approval.act_at is None:
        return False
    waits = approval.action is ActionKind.PUBLISH or approval.attempt is not None
    return waits if now is None else now < approval.act_at


def _decisions(approval: Approval) -> list[Block]:
    sure = confirm(
        "Reject this post?",
        "It will not go out, and its author is told. You can say why in the next step.",
        yes="Reject",
        no="Back",
        danger=True,
    )
    return [
        button("Approve", ids.Action.APPROVE, approval.id, style="primary"),
        button("Request changes", ids.Action.REQUEST_CHANGES, approval.id),
        button("Reject", ids.Action.REJECT, approval.id, style="danger", confirm=sure),
    ]


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
    ]


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
