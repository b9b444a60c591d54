"""Deliveries are for the installation that Slack names, whoever acted and wherever that was."""

from typing import Any

import pytest

from scrm_bot.slack.payloads import Kind, UnreadableError, read
from scrm_bot.slack.readings import Reading, Uninstalled
from scrm_bot.slack.whose import installed_team, removed_team
from tests.unit.slack.rig import a_click, a_command, a_submission, a_view

Json = dict[str, Any]
OURS, GUESTS = "T_OURS", "T_GUESTS"


def authorized(team_id: str | None, enterprise_id: str | None = None, **more: Any) -> Json:
    return {"authorizations": [{"team_id": team_id, "enterprise_id": enterprise_id, **more}]}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"team_id": OURS}, (OURS, "")),
        ({"team_id": OURS, "enterprise_id": "E1"}, (OURS, "E1")),
        ({"enterprise_id": "E1"}, ("E1", "E1")),
        ({"team": OURS}, (OURS, "")),
        ({"team": {"id": OURS}, "enterprise": {"id": "E1"}, "user": {"team_id": GUESTS}}, (OURS, "E1")),
        ({"team": None, "enterprise": {"id": "E1"}, "user": {"team_id": OURS}}, (OURS, "E1")),
        ({"team": None, "enterprise": "E1", "user": "U1", "view": {"team_id": OURS}}, (OURS, "E1")),
        ({"team": None, "enterprise": {"id": "E1"}, "user": {"id": "U1"}}, ("E1", "E1")),
    ],
)
def test_without_a_word_on_the_installation_it_is_where_it_happened(body: Json, expected: Any) -> None:
    assert installed_team(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"team_id": GUESTS, "enterprise_id": "E_GUESTS", **authorized(OURS)}, (OURS, "")),
        ({"team_id": GUESTS, **authorized(OURS, "E1")}, (OURS, "E1")),
        ({"team_id": OURS, "enterprise_id": "E1", **authorized(None, "E1")}, (OURS, "E1")),
        (
            {
                "team_id": GUESTS,
                "enterprise_id": "E_GUESTS",
                "context_team_id": OURS,
                "context_enterprise_id": "E1",
                **authorized(None, "E1"),
            },
            (OURS, "E1"),
        ),
        ({"team_id": GUESTS, "enterprise_id": "E_GUESTS", **authorized(None, "E1")}, ("E1", "E1")),
        ({"team_id": OURS, "authorizations": []}, (OURS, "")),
        ({"team_id": OURS, "authorizations": [{}]}, (OURS, "")),
    ],
)
def test_an_event_is_for_whom_it_is_authorized_for(body: Json, expected: Any) -> None:
    assert installed_team(body) == expected


@pytest.mark.parametrize(
    ("installed", "body", "expected"),
    [
        (OURS, {"team": {"id": GUESTS}, "enterprise": {"id": "E_GUESTS"}}, (OURS, "")),
        (OURS, {"team": {"id": OURS}, "enterprise": {"id": "E1"}}, (OURS, "E1")),
        ("E1", {"team": {"id": OURS}, "enterprise": {"id": "E1"}}, (OURS, "E1")),
        ("E1", {"team": {"id": GUESTS}, "enterprise": {"id": "E_GUESTS"}}, ("E1", "")),
    ],
)
def test_a_view_is_of_the_installation_that_opened_it(installed: str, body: Json, expected: Any) -> None:
    assert installed_team({**body, "view": {"app_installed_team_id": installed}}) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (authorized(None, "E1", is_enterprise_install=True), "E1"),
        (
            {"team_id": OURS, "enterprise_id": "E1", **authorized(None, "E1", is_enterprise_install=True)},
            "E1",
        ),
        ({"team_id": OURS, "enterprise_id": "E1", **authorized(OURS, "E1")}, OURS),
        ({"team_id": OURS, "authorizations": []}, OURS),
        ({"team_id": None, "enterprise_id": "E1"}, "E1"),
    ],
)
def test_what_was_installed_for_an_organisation_is_removed_from_it(body: Json, expected: str) -> None:
    assert removed_team(body) == expected
    told = {"type": "event_callback", "event": {"type": "app_uninstalled"}, **body}
    assert read(Kind.EVENT, told) == Uninstalled(expected)


SHARED: Json = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": GUESTS,
    "enterprise_id": "E_GUESTS",
    **authorized(OURS),
}
EVENTS: list[Json] = [
    {"type": "app_home_opened", "user": "U1"},
    {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.1", "text": "<@UBOT> posts"},
    {"type": "link_shared", "user": "U1", "channel": "C1", "links": [{"url": "https://a.example/1"}]},
    {"type": "function_executed", "function": {"callback_id": "x"}, "function_execution_id": "Fx1"},
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: str(event["type"]))
def test_every_event_of_a_shared_channel_is_ours(event: Json) -> None:
    received = read(Kind.EVENT, {**SHARED, "event": event})

    assert isinstance(received, Reading)
    assert (received.deed.caller.team_id, received.deed.caller.enterprise_id) == (OURS, "")


def test_what_is_done_in_a_view_of_ours_is_ours_whoever_does_it() -> None:
    view = a_view("draft", app_installed_team_id=OURS)
    guest = {"team": {"id": GUESTS}, "user": {"id": "U1", "team_id": GUESTS}}
    for received in (
        read(Kind.SUBMISSION, a_submission("draft", view=view, **guest)),
        read(Kind.CLICK, a_click({"action_id": "a"}, view=view, **guest)),
    ):
        assert isinstance(received, Reading)
        assert received.deed.caller.team_id == OURS


def test_what_names_no_workspace_is_nobodys() -> None:
    with pytest.raises(ValueError, match="no team"):
        installed_team({"user": {"id": "U1"}})
    with pytest.raises(UnreadableError):
        read(Kind.COMMAND, {**a_command("posts"), "team_id": ""})
