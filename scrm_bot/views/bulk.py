"""Deciding about several requests: a window that shows each in full, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.bulk import Choice, Outcome, is_done
from scrm_bot.domain.insights import Account
from scrm_bot.domain.workspaces import Pause
from scrm_bot.views import approvals, ids, inputs, problems
from scrm_bot.views.blocks import (
    MOST_BODY,
    Block,
    Message,
    Option,
    View,
    actions,
    button,
    clip,
    context,
    divider,
    escape,
    header,
    line,
    message,
    section,
    sections,
    size,
)
from scrm_bot.views.contents import contents, is_whole
from scrm_bot.views.states import chip, told
from scrm_bot.views.waiting import progress
from scrm_bot.views.windows import window
from scrm_bot.views.words import listed, plural

TITLE = "Decide several"
MOST = 40  # in one window: what came of all of them fits into one message
_MOST_ON_PAGE = 6
_MOST_PAGE_SIZE = 20_000  # characters of posts on a page: Slack refuses views of more than 250 kB
_FRAME = 600  # what a request takes besides its text
_MOST_EXCERPT = 60
_MOST_ROW = 290
_LABELS = {
    Choice.LEAVE: "Leave as it is",
    Choice.APPROVE: "Approve",
    Choice.CHANGES: "Request changes",
    Choice.REJECT: "Reject",
    Choice.HOLD: "Hold",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One request, by its number in the window. `moved`: it is not any more what it was when that opened."""

    number: int
    approval: Approval | None
    choice: Choice = Choice.LEAVE
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the window. `chosen` counts the choices on all pages, `left` what is not in the window."""

    items: Sequence[Item]
    page: int = 1
    pages: int = 1
    total: int = 0
    left: int = 0
    chosen: int = 0
    reason: str = ""


def choice_id(number: int) -> str:
    """The action_id and block_id of the choice about the request with this number."""
    return f"{ids.Action.CHOICE}:{number}"


def paged(requests: Iterable[Approval]) -> list[int]:
    """How many of them go onto each page, so that a page is never more than Slack takes."""
    pages: list[int] = []
    room = 0
    for request in requests:
        weight = min(size(escape(request.content.body)), MOST_BODY) + _FRAME
        if not pages or pages[-1] == _MOST_ON_PAGE or weight > room:
            pages.append(0)
            room = _MOST_PAGE_SIZE
        pages[-1] += 1
        room -= weight
    return pages


def sheet(
    shown: Sheet,
    *,
    accounts: Iterable[Account],
    paused: Pause | None = None,
    now: datetime | None = None,
    metadata: str = "",
) -> View:
    """The requests of one page, each in full, each with its choice."""
    known = tuple(accounts)
    items = [block for item in shown.items for block in _item(item, shown.total, known, now)]
    blocks = [
        *([approvals.banner(paused)] if paused else []),
        context(_heading(shown)),
        *items,
        divider(),
        *_paging(shown),
        _reason(shown.reason),
    ]
    return window(ids.Callback.BULK, TITLE, blocks, submit="Decide", close="Cancel", metadata=metadata)


def nothing() -> Message:
    """Nobody's word is missing but other people's."""
    return message(
        section("Nothing waits for your decision right now. `/scrm approvals all` shows what others decide.")
    )


def expired() -> Message:
    return message(
        section(
            "This window is no longer kept, so nothing was decided. `/scrm approvals` opens it again, "
            "with the requests as they are now."
        )
    )


def results(outcomes: Sequence[Outcome]) -> Message:
    """What came of each; first of those where the answer was no."""
    done = sum(is_done(outcome) for outcome in outcomes)
    refused = [_row(outcome) for outcome in outcomes if not is_done(outcome)]
    rows = [*refused, *(_row(outcome) for outcome in outcomes if is_done(outcome))]
    goes_out = any(outcome.approval and outcome.approval.state is State.APPROVED for outcome in outcomes)
    undo = [context("What goes out at once can be undone for a moment, on its card.")] if goes_out else []
    return message(header(_summary(done, len(refused))), *sections("\n".join(rows)), *undo)


def _heading(shown: Sheet) -> str:
    parts = [f"{plural(shown.total, 'request')}, each decided by itself. What is left as it is stays open."]
    if shown.pages > 1:
        parts.append(f"Page {shown.page} of {shown.pages}; {plural(shown.chosen, 'choice')} made so far.")
    if shown.left:
        parts.append(f"{plural(shown.left, 'more request')} after these.")
    return " ".join(parts)


def _item(item: Item, total: int, accounts: Sequence[Account], now: datetime | None) -> list[Block]:
    place = f"*{item.number} of {total}*"
    if item.approval is None:
        return [divider(), section(f"{place}\nThis request is no longer there.")]
    first = section(f"{place}  {chip(item.approval)}\n{told(item.approval)}")
    content = contents(item.approval, accounts=accounts, now=now)
    whole = is_whole(item.approval, accounts=accounts)
    return [divider(), first, *content, *_choice(item, whole=whole)]


def _choice(item: Item, *, whole: bool) -> list[Block]:
    if item.moved:
        return [context("⚠️ It has changed since this window was opened, so it cannot be decided here.")]
    offered = [choice for choice in Choice if whole or choice is not Choice.APPROVE]
    options = [Option(_LABELS[choice], choice) for choice in offered]
    name = choice_id(item.number)
    chosen = item.choice if item.choice in offered else Choice.LEAVE
    menu = inputs.field(f"Decision {item.number}", inputs.select(name, options, initial=chosen))
    limit = [] if whole else [context("It is too long to be seen whole here: approve it on its card.")]
    return [*limit, menu]


def _paging(shown: Sheet) -> list[Block]:
    buttons = []
    if shown.page > 1:
        buttons.append(button("Previous", ids.Action.BULK_PREVIOUS, str(shown.page - 1)))
    if shown.page < shown.pages:
        buttons.append(button("Next", ids.Action.BULK_NEXT, str(shown.page + 1)))
    return [actions(*buttons)] if buttons else []


def _reason(reason: str) -> Block:
    element = inputs.text(ids.Action.REASON, initial=reason, multiline=True)
    return inputs.field(
        "Reason",
        element,
        optional=True,
        hint="Needed to reject or to request changes. The authors of all of these read it.",
    )


def _summary(done: int, refused: int) -> str:
    parts = [f"{plural(done, 'request')} decided"] if done else ["Nothing was decided"]
    return listed([*parts, f"{plural(refused, 'request')} not"] if done and refused else parts)


def _row(outcome: Outcome) -> str:
    approval = outcome.approval
    name = _name(approval)
    if outcome.error:
        why = problems.sentence(outcome.error).replace("\n", " ")
        return clip(f"⚠️ {name}: {why}", _MOST_ROW)
    state = chip(approval) if approval else "Decided"
    so_far = progress(approval) if approval and approval.state is State.PENDING else []
    return clip(f"{name}: {' · '.join([state, *so_far])}", _MOST_ROW)


def _name(approval: Approval | None) -> str:
    if approval is None:
        return "A request"
    excerpt = line(approval.content.body, _MOST_EXCERPT)
    return f"“{excerpt}”" if excerpt else "_No text_"
