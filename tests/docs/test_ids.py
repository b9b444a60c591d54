"""Whatever people can touch is handled, and every id is one that somebody can touch."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrm_bot.slack.interactions import BUTTONS, MODALS, SHORTCUTS
from scrm_bot.slack.notices import AGAIN
from scrm_bot.views.ids import Action, Callback

GOLDENS = Path(__file__).parents[1] / "goldens"
VIEWS = Path(__file__).parents[2] / "scrm_bot/views"
ACTING = {"button", "overflow"}  # what does something as soon as it is used; all else is read later
SHORTCUT_IDS = {shortcut.callback_id for shortcut in SHORTCUTS}


def parts(document: Any) -> Iterator[dict[str, Any]]:
    """Every object in a view."""
    match document:
        case dict():
            yield document
            for value in document.values():
                yield from parts(value)
        case list():
            for value in document:
                yield from parts(value)


SHOWN = [part for path in sorted(GOLDENS.glob("*.json")) for part in parts(json.loads(path.read_text()))]
TOUCHED = {part["action_id"].partition(":")[0] for part in SHOWN if part.get("type") in ACTING}
READ = {
    part["action_id"].partition(":")[0]
    for part in SHOWN
    if part.get("action_id") and part.get("type") not in ACTING
}
SUBMITTED = {part["callback_id"] for part in SHOWN if part.get("callback_id") and part.get("submit")}
HANDLED = {button.action_id for button in BUTTONS}


def test_every_button_and_menu_entry_has_its_handler() -> None:
    assert sorted(TOUCHED - HANDLED) == []


def test_every_modal_that_can_be_submitted_has_its_handler() -> None:
    assert sorted(SUBMITTED) == sorted(modal.callback_id for modal in MODALS)


def test_every_handler_is_for_something_people_can_touch() -> None:
    dispatching = {part["element"]["action_id"] for part in SHOWN if part.get("dispatch_action")} | {
        element["action_id"]
        for part in SHOWN
        if part.get("type") == "actions"
        for element in part["elements"]
    }
    by_card = {Action.HOLD, Action.WITHDRAW}  # the same steps as in the card's menu, for cards without one

    assert HANDLED - TOUCHED - dispatching <= by_card


def test_every_id_is_used() -> None:
    assert {str(action) for action in Action} == TOUCHED | READ | HANDLED
    assert {str(callback) for callback in Callback} == SUBMITTED | SHORTCUT_IDS | {Callback.NOTICE}


def test_nothing_is_handled_twice() -> None:
    ids = [button.action_id for button in BUTTONS]
    callbacks = [modal.callback_id for modal in MODALS]

    assert len(ids) == len(set(ids))
    assert len(callbacks) == len(set(callbacks))


def test_the_surfaces_own_button_has_no_other_meaning() -> None:
    assert AGAIN not in {*Action, *HANDLED}
