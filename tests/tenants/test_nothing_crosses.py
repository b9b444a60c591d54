"""Everything that can be touched, typed or run in Slack, tried with what is another workspace's."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest

from scrm_bot.domain.steps import StepName
from scrm_bot.slack.command import Button, Command, Modal, ShortcutHandler
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.interactions import BUTTONS, MODALS, SHORTCUTS
from scrm_bot.slack.notices import AGAIN
from scrm_bot.views.ids import Action, Callback
from tests.tenants.conftest import Case
from tests.tenants.loot import EXECUTION, FILE, KEPT, NEIGHBOUR, a_view, clicks, submissions
from tests.tenants.street import ANN, APPROVALS, LINKS, MARKER, Json

VERBS = tuple(command.verb for command in COMMANDS if command.verb)


async def tried(case: Case, payloads: Sequence[Json]) -> str:
    """A stranger sends all of these; the stranger's team. Nothing must have crossed."""
    team, before = await case.stranger(), await case.look()
    answers = [await case.street.interact(team, payload) for payload in payloads]
    assert answers
    await case.nothing_crossed(team, before, *answers)
    return team


@pytest.mark.parametrize("action_id", [*(button.action_id for button in BUTTONS), AGAIN])
async def test_a_button_gives_nothing_of_another_team(case: Case, action_id: str) -> None:
    await tried(case, [*clicks(action_id, case.loot)])


@pytest.mark.parametrize("modal", MODALS, ids=lambda modal: modal.callback_id)
async def test_a_modal_gives_nothing_of_another_team(case: Case, modal: Modal) -> None:
    verbs = VERBS if modal.callback_id == Callback.PICK_POST else ()
    await tried(case, [*submissions(modal.callback_id, case.loot, verbs)])


@pytest.mark.parametrize("shortcut", SHORTCUTS, ids=lambda shortcut: shortcut.callback_id)
async def test_a_shortcut_gives_nothing_of_another_team(case: Case, shortcut: ShortcutHandler) -> None:
    message: Json = {"type": "message", "ts": "5.5", "text": "Hello", "files": [{"id": FILE["id"]}]}
    about: Json = {"callback_id": shortcut.callback_id, "channel": {"id": APPROVALS}}
    await tried(case, [about | {"type": "shortcut"}, about | {"type": "message_action", "message": message}])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.verb or "console")
async def test_a_command_gives_nothing_of_another_team(case: Case, command: Command) -> None:
    street, team, before = case.street, await case.stranger(), await case.look()
    answers = []
    for name in case.loot.names():
        tails = (name, f"{name} tomorrow 09:00", f"GET /v1/posts/{name}")
        answers += [await street.command(team, f"{command.verb} {rest}") for rest in tails]
    answers += [
        await street.command(team, f"{command.verb} {rest}")
        for rest in ("", "last", "1", f"--brand {NEIGHBOUR}")
    ]
    await case.nothing_crossed(team, before, *answers)
    assert street.heard(team) or any(answers)


async def test_no_menu_offers_anything_of_another_team(case: Case) -> None:
    typed = ["", MARKER, case.loot.posts[0], KEPT]
    asked: list[Json] = [
        {"type": "block_suggestion", "action_id": action_id, "value": words, "view": view}
        for action_id in Action
        for words in typed
        for view in (a_view("draft", case.loot, case.loot.requests[0], post=case.loot.posts[0]),)
    ]
    await tried(case, asked)


@pytest.mark.parametrize("step", StepName)
async def test_a_workflow_reaches_nothing_of_another_team(case: Case, step: StepName) -> None:
    street, team, before = case.street, await case.stranger(), await case.look()
    for name in case.loot.names():
        inputs = {"user": ANN, "post": name, "text": "A text", "accounts": "all", "note": name}
        run: Json = {"type": "function_executed", "inputs": inputs, "function": {"callback_id": step}}
        await street.event(team, run | {"function_execution_id": f"{EXECUTION}{name[-4:]}"})
    await case.nothing_crossed(team, before)


async def test_the_home_and_what_is_said_show_nothing_of_another_team(case: Case) -> None:
    street, team, before = case.street, await case.stranger(), await case.look()
    await street.event(team, {"type": "app_home_opened", "user": ANN, "tab": "home"})
    for name in case.loot.names():
        said: Json = {"user": ANN, "channel": APPROVALS, "ts": "9.9", "text": f"<@UBOT> show {name}"}
        await street.event(team, {"type": "app_mention", **said})
        links = [{"domain": LINKS, "url": f"https://{LINKS}/posts/{name}"}]
        shared: Json = {"type": "link_shared", "user": ANN, "channel": APPROVALS, "message_ts": "9.9"}
        await street.event(team, shared | {"links": links})
    await case.nothing_crossed(team, before)


async def test_in_a_shared_channel_nothing_comes_from_the_company_of_whoever_acts(case: Case) -> None:
    """A delivery to the stranger's installation, of something that somebody of the neighbour's did."""
    street, team, before = case.street, await case.stranger(), await case.look()
    said: Json = {"user": ANN, "channel": APPROVALS, "ts": "9.9", "text": "<@UBOT> posts"}
    for number, event in enumerate(
        ({"type": "app_home_opened", "user": ANN}, {"type": "app_mention", **said})
    ):
        whole: Json = {"type": "event_callback", "event_id": f"Ev{number}shared{team}", "event": event}
        whole |= {
            "team_id": NEIGHBOUR,
            "authorizations": [{"team_id": team, "is_bot": True, "user_id": "UBOT"}],
        }
        await street.post(json.dumps(whole).encode())
    for payload in submissions(Callback.DRAFT, case.loot, ()):
        view = payload["view"] | {"app_installed_team_id": team}
        told = payload | {"view": view, "trigger_id": f"{view['id']}.shared.{team}"}
        told |= {"team": {"id": NEIGHBOUR}, "user": {"id": ANN, "team_id": NEIGHBOUR}}
        await street.post(urlencode({"payload": json.dumps(told)}).encode())
    await case.nothing_crossed(team, before)
    assert street.heard(team)


def test_every_table_is_tried() -> None:
    assert all(isinstance(each, Button) for each in BUTTONS)
    assert {len(BUTTONS), len(MODALS), len(SHORTCUTS), len(COMMANDS)}.isdisjoint({0})
