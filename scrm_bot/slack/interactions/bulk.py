"""Several requests decided in one window: opening it, turning its pages, and carrying out what was chosen."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.bulk import Choice, Outcome, Wish, sight
from scrm_bot.domain.errors import ApprovalNotFoundError, ScrmError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.answering import in_modal
from scrm_bot.slack.command import Button, Click, Modal, Submission
from scrm_bot.slack.reading import metadata, new_key, words
from scrm_bot.slack.reply import (
    Answer,
    Answers,
    OpenModal,
    Progress,
    Reply,
    ShowErrors,
    ShowView,
    SubmissionAck,
    UpdateModal,
)
from scrm_bot.usecases import accounts, bulk
from scrm_bot.views import bulk as views
from scrm_bot.views import modals
from scrm_bot.views.blocks import View
from scrm_bot.views.bulk import Item, Sheet
from scrm_bot.views.ids import Action, Callback

log = logging.getLogger(__name__)

_LETTERS = {
    Choice.LEAVE: "-",
    Choice.APPROVE: "a",
    Choice.CHANGES: "c",
    Choice.REJECT: "r",
    Choice.HOLD: "h",
}
_CHOICES = {letter: choice for choice, letter in _LETTERS.items()}
_TOLD_EACH = 5  # decisions between two words of how far it is


@dataclass(frozen=True, slots=True)
class Window:
    """What one window is about: the requests as they were when it opened, and how many are on each page."""

    requests: tuple[tuple[str, str], ...]  # id and sight
    pages: tuple[int, ...]
    left: int = 0

    def numbers(self, page: int) -> range:
        """The numbers of the requests on a page, both from 1."""
        first = sum(self.pages[: page - 1]) + 1
        return range(first, first + self.pages[page - 1])


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the view itself carries, so that a submission can be checked without waiting for anything."""

    key: str
    page: int
    choices: tuple[Choice, ...]
    channel: str
    reason: str

    @classmethod
    def read(cls, about: Mapping[str, Any], state: Mapping[str, Any]) -> "Chosen":
        letters = str(about.get("chosen", ""))
        choices = [
            _choice(state.get(views.choice_id(number)), _CHOICES.get(letter, Choice.LEAVE))
            for number, letter in enumerate(letters, 1)
        ]
        key, channel = str(about.get("bulk", "")), str(about.get("channel", ""))
        return cls(key, int(about.get("page", 1)), tuple(choices), channel, words(state, Action.REASON))

    def metadata(self, page: int) -> str:
        letters = "".join(_LETTERS[choice] for choice in self.choices)
        return metadata(bulk=self.key, page=page, chosen=letters, channel=self.channel)


async def open_window(click: Click, workspace: Workspace) -> Answers:
    looking = modals.working(views.TITLE, "Looking…")
    return OpenModal(looking, push=in_modal(click), fill=partial(_first_page, workspace, click))


async def turn(click: Click, workspace: Workspace) -> Answers:
    """Another page, with what was chosen so far."""
    chosen = Chosen.read(click.metadata, click.state)
    window = await _kept(workspace, chosen.key)
    if window is None:
        return UpdateModal(modals.notice(views.TITLE, views.expired()), click.view_id)
    page = min(max(1, int(click.value) if click.value.isdecimal() else 1), len(window.pages))
    return UpdateModal(await _page(workspace, window, chosen, page), click.view_id)


def check(submission: Submission) -> SubmissionAck:
    """Something must be chosen, and a no needs its reason."""
    chosen = Chosen.read(submission.metadata, submission.state)
    if all(choice is Choice.LEAVE for choice in chosen.choices):
        at = next((name for name in submission.blocks if name.startswith(Action.CHOICE)), Action.REASON)
        return _refused(submission, at, "Choose something for at least one request.")
    if not chosen.reason and any(choice.needs_reason for choice in chosen.choices):
        told = "Say why: to reject or to request changes takes a reason, which the authors read."
        return _refused(submission, Action.REASON, told)
    return ShowView(modals.working(views.TITLE, "Deciding…"))


async def decide(submission: Submission, workspace: Workspace) -> Answers:
    chosen = Chosen.read(submission.metadata, submission.state)
    window = await _kept(workspace, chosen.key)
    if window is None:
        return UpdateModal(modals.notice(views.TITLE, views.expired()), submission.view_id)
    wishes = [
        Wish(about, choice, seen)
        for (about, seen), choice in zip(window.requests, chosen.choices, strict=False)
        if choice is not Choice.LEAVE
    ]
    return _deciding(submission, workspace, wishes, chosen.reason)


async def _deciding(
    submission: Submission, workspace: Workspace, wishes: Sequence[Wish], reason: str
) -> AsyncGenerator[Answer, None]:
    """One after the other. The list of what came of them is told where the window was, and beside it."""
    outcomes: list[Outcome] = []
    for wish in wishes:
        outcomes.append(await _one(workspace, wish, submission.caller.user_id, reason))
        if len(outcomes) % _TOLD_EACH == 0 and len(outcomes) < len(wishes):
            so_far = f"Decided {len(outcomes)} of {len(wishes)}…"
            yield Progress(modals.working(views.TITLE, so_far), submission.view_id)
    told = views.results(outcomes)
    yield Reply(told)
    yield Progress(modals.notice(views.TITLE, told), submission.view_id)


async def _one(workspace: Workspace, wish: Wish, by: str, reason: str) -> Outcome:
    """A fault of the bot's own in one must not lose the others."""
    try:
        return await bulk.carry_out(workspace, wish, by=by, reason=reason)
    except Exception:
        log.exception("one of several decisions failed")
        return Outcome(wish, None, ScrmError())


async def _first_page(workspace: Workspace, click: Click) -> View:
    waiting = await bulk.waiting(workspace, by=click.caller.user_id)
    shown = waiting[: views.MOST]
    if not shown:
        return modals.notice(views.TITLE, views.nothing())
    requests = tuple((request.id, sight(request)) for request in shown)
    window = Window(requests, tuple(views.paged(shown)), len(waiting) - len(shown))
    key = new_key()
    await workspace.memory.keep(
        _name(key), {"requests": requests, "pages": window.pages, "left": window.left}
    )
    chosen = Chosen(key, 1, (Choice.LEAVE,) * len(shown), click.caller.channel, "")
    return await _page(workspace, window, chosen, 1)


async def _page(workspace: Workspace, window: Window, chosen: Chosen, page: int) -> View:
    numbers = window.numbers(page)
    items = await asyncio.gather(*(_item(workspace, window, chosen, number) for number in numbers))
    sheet = Sheet(
        items,
        page,
        len(window.pages),
        total=len(window.requests),
        left=window.left,
        chosen=sum(choice is not Choice.LEAVE for choice in chosen.choices),
        reason=chosen.reason,
    )
    return views.sheet(
        sheet,
        accounts=await accounts.known_or_none(workspace),
        paused=(await workspace.settings.load()).pause,
        now=workspace.clock.now(),
        metadata=chosen.metadata(page),
    )


async def _item(workspace: Workspace, window: Window, chosen: Chosen, number: int) -> Item:
    about, seen = window.requests[number - 1]
    request = await _request(workspace, about)
    moved = request is not None and sight(request) != seen
    return Item(number, request, chosen.choices[number - 1], moved)


async def _request(workspace: Workspace, approval_id: str) -> Approval | None:
    try:
        return await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return None


async def _kept(workspace: Workspace, key: str) -> Window | None:
    kept = await workspace.memory.recall(_name(key))
    if kept is None:
        return None
    requests = tuple((str(about), str(seen)) for about, seen in kept["requests"])
    return Window(requests, tuple(kept["pages"]), int(kept["left"]))


def _choice(typed: object, otherwise: Choice) -> Choice:
    """What the page's own menu says; what was chosen before for requests of other pages."""
    try:
        return Choice(str(typed)) if typed else otherwise
    except ValueError:
        return otherwise


def _refused(submission: Submission, name: str, told: str) -> ShowErrors:
    return ShowErrors(((submission.blocks.get(name, name), told),))


def _name(key: str) -> str:
    return f"bulk:{key}"


BUTTONS = (
    Button(Action.DECIDE_SEVERAL, open_window, role=Role.NOBODY),
    Button(Action.BULK_NEXT, turn, role=Role.NOBODY),
    Button(Action.BULK_PREVIOUS, turn, role=Role.NOBODY),
)
MODALS = (Modal(Callback.BULK, check, decide, role=Role.NOBODY),)
