"""The manifest is valid, asks for no more than the code uses, and names what the code answers."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from scrm_bot.domain.approvals import IN_MOTION, OPEN, State
from scrm_bot.domain.steps import StepName, outputs, verdict
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.views.ids import Callback
from tests.builders import NOW, an_approved

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
SCHEMA = json.loads((ROOT / "tests/data/slack-manifest.schema.2.0.0.json").read_text())

# Which scope what the code does needs (docs.slack.dev/reference/scopes).
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "function_executed": None,
    "link_shared": "links:read",
    "message.im": "im:history",
    "tokens_revoked": None,
}
SCOPE_OF_CALL = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.unfurl": "links:write",
    "functions.completeSuccess": None,
    "functions.completeError": None,
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "usergroups.list": "usergroups:read",
    "views.open": None,
    "views.push": None,
    "views.update": None,
    "views.publish": None,
}


# What is asked for as optional: without it the code does less.
OPTIONAL_OF_CALL = {"conversations.history": {"channels:history", "groups:history"}}


def scopes() -> set[str]:
    return set(MANIFEST["oauth_config"]["scopes"]["bot"])


def test_the_manifest_fits_slacks_schema() -> None:
    jsonschema.validate(MANIFEST, SCHEMA)


def test_it_asks_for_exactly_what_events_calls_and_commands_need() -> None:
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    needed = {SCOPE_OF_EVENT[event] for event in events} | set(SCOPE_OF_CALL.values()) | {"commands"}

    assert scopes() == needed - {None}


def test_every_web_api_method_of_the_code_has_its_scope_told() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "scrm_bot/slack").rglob("*.py"))
    used = {name for name in SCOPE_OF_CALL if f'"{name}"' in code or name.replace(".", "_") in code}

    assert used == set(SCOPE_OF_CALL)


def test_what_it_asks_for_as_optional_is_used_and_told_apart() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "scrm_bot/slack").rglob("*.py"))
    optional = set(MANIFEST["oauth_config"]["scopes"]["bot_optional"])

    assert all(f'"{method}"' in code for method in OPTIONAL_OF_CALL)
    assert optional == set().union(*OPTIONAL_OF_CALL.values())
    assert not optional & scopes()


def test_every_shortcut_of_the_manifest_is_answered() -> None:
    callbacks = {shortcut["callback_id"] for shortcut in MANIFEST["features"]["shortcuts"]}

    assert callbacks == {Callback.NEW_POST, Callback.MY_APPROVALS, Callback.DRAFT_FROM_MESSAGE}


def test_every_step_of_the_manifest_is_done_and_names_its_person() -> None:
    steps = MANIFEST["functions"]

    assert set(steps) == set(StepName)
    assert all("user" in step["input_parameters"]["required"] for step in steps.values())


def test_what_slack_wants_of_an_app_with_steps_is_there() -> None:
    settings = MANIFEST["settings"]

    assert settings["org_deploy_enabled"] is True
    assert settings["function_runtime"] == "remote"


@pytest.mark.parametrize("decision", [state for state in State if state not in OPEN | IN_MOTION])
def test_every_way_a_request_ends_is_told_as_the_manifest_declares_it(decision: State) -> None:
    declared = MANIFEST["functions"]["ask_for_approval"]["output_parameters"]
    approval = an_approved(state=decision, detail="why")
    found = verdict(approval)

    assert found
    told = outputs(approval, found, now=NOW)
    assert set(declared["required"]) <= set(told) <= set(declared["properties"])
    assert found.decision in declared["properties"]["decision"]["description"]


def test_the_usage_hint_names_verbs_that_exist() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    hinted = {verb.strip(" []") for verb in command["usage_hint"].split("|")}

    assert hinted <= {known.verb for known in COMMANDS}


@pytest.mark.parametrize(
    "path", ["settings.interactivity.request_url", "settings.event_subscriptions.request_url"]
)
def test_everything_arrives_at_one_address(path: str) -> None:
    value: Any = MANIFEST
    for key in path.split("."):
        value = value[key]

    assert value.endswith("/slack/events")
