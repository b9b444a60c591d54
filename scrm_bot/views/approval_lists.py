"""Requests in a list: each with what an approval is bound to, and the way to the rest of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.insights import Account
from scrm_bot.domain.workspaces import Pause
from scrm_bot.views import approval_buttons, ids, networks
from scrm_bot.views.approvals import banner
from scrm_bot.views.blocks import (
    MOST_CONTEXT,
    Block,
    Message,
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
    size,
)
from scrm_bot.views.contents import media_of, time_of
from scrm_bot.views.states import chip
from scrm_bot.views.waiting import warnings_told
from scrm_bot.views.words import mention

PAGE = 5  # of a list: everything about each of them fits into one message
_MOST_NOTE = 200
_MOST_NAMED = 8
_MOST_IN_ROW = 600
_MOST_EXCERPT = 600


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of the requests that wait: the first is number `start` of `total`. `all` are everybody's.

    `decides` are the ids of those that wait for the word of the one who reads it, None where many do, any of
    whom may decide; `withdraws` those of the ones that this reader may withdraw.
    """

    page: Sequence[Approval]
    start: int = 1
    total: int = 0
    all: bool = False
    decides: Collection[str] | None = None
    withdraws: Collection[str] = ()

    def is_for(self, approval: Approval) -> bool:
        """Whether a reader's word may be wanted about it."""
        return self.decides is None or approval.id in self.decides


def listing(
    waiting: Waiting, *, accounts: Iterable[Account], paused: Pause | None = None, several: bool = False
) -> Message:
    """Open requests, numbered, a page at a time; deciding is possible for those who may, where all is seen.

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
        for block in _numbered(number, approval, waiting, known)
    ]
    last = waiting.start + len(waiting.page) - 1
    how_far = f"{waiting.start} to {last} of {waiting.total}. " if waiting.total > len(waiting.page) else ""
    hint = f"{how_far}Use a number instead of an id, such as `/scrm {_example(waiting)}`."
    return message(*top, *rows, context(hint), *_paging(waiting))


def _numbered(number: int, approval: Approval, waiting: Waiting, known: Sequence[Account]) -> list[Block]:
    decides, withdraws = waiting.is_for(approval), approval.id in waiting.withdraws
    return row(approval, accounts=known, number=number, decides=decides, withdraws=withdraws)


def _example(waiting: Waiting) -> str:
    """What the reader can do with a number of this page."""
    decided = (number for number, each in enumerate(waiting.page, waiting.start) if waiting.is_for(each))
    first = next(decided, None)
    return f"approve {first}" if first else f"show {waiting.start}"


def several_row() -> list[Block]:
    """The way to the window where each of them is decided."""
    return [actions(button("Decide several", ids.Action.DECIDE_SEVERAL))]


def row(
    approval: Approval,
    *,
    accounts: Iterable[Account],
    number: int = 0,
    decides: bool = True,
    withdraws: bool = False,
) -> list[Block]:
    """A request in a list, with its buttons: Approve only where everything it is bound to is seen.

    `decides`: the reader's word may be wanted; else the way out is there instead, for one who `withdraws`.
    """
    known = tuple(accounts)
    shown = escape(approval.content.body, _MOST_EXCERPT).strip() or "_No text yet._"
    place = f"*{number}.* " if number else ""
    facts = _in_row(approval, known)
    whole = is_whole_in_row(approval, accounts=known)
    if decides and not whole:
        facts = [clip(facts[0], _MOST_IN_ROW // 2), "There is more to see before it is approved: *Show*."]
    buttons = [button("Show", ids.Action.SHOW_POST, approval.post_id)]
    if approval.state is State.PENDING and decides and whole:
        buttons = [*approval_buttons.decisions(approval, whole=True), *buttons]
    if approval.is_open and withdraws and not decides:
        buttons.append(approval_buttons.withdraw(approval.id))
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
    shared = ":shared" if waiting.decides is None else ""
    if waiting.start > 1:
        before = max(1, waiting.start - PAGE)
        buttons.append(button("Previous", ids.Action.APPROVALS_PREVIOUS, f"{whose}:{before}{shared}"))
    if waiting.start + PAGE <= waiting.total:
        buttons.append(button("Next", ids.Action.APPROVALS_NEXT, f"{whose}:{waiting.start + PAGE}{shared}"))
    return [actions(*buttons)] if buttons else []
