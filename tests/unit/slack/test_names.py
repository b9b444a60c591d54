"""What Slack cannot have given as an id never becomes part of a key."""

import pytest

from scrm_bot.slack import names
from scrm_bot.slack.command import Caller, HomeOpened
from scrm_bot.slack.payloads import Kind, UnreadableError, read
from scrm_bot.slack.readings import Reading, Uninstalled

EVENT = {"type": "event_callback", "event_id": "Ev1", "team_id": "T1"}


@pytest.mark.parametrize(
    "name",
    ["", "*", "T1/b", "T1:x", "T1?", "T 1", "\x00", "\ud800", "é", "T" * 65, None, 7, ["T1"], {"id": "T1"}],
)
def test_nothing_but_an_id_is_an_id(name: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        names.check_id(name)  # type: ignore[arg-type]


@pytest.mark.parametrize("team", ["*", "T1/brand", "T[0-9]", ["T1"], {"a": 1}])
def test_a_removal_names_one_workspace_and_no_pattern(team: object) -> None:
    with pytest.raises(UnreadableError):
        read(Kind.EVENT, EVENT | {"team_id": team, "event": {"type": "app_uninstalled"}})


@pytest.mark.parametrize("at", [10**30, -1, None, "now", True])
def test_a_removal_at_no_possible_time_counts_as_one_of_now(at: object) -> None:
    gone = read(Kind.EVENT, EVENT | {"event_time": at, "event": {"type": "app_uninstalled"}})

    assert isinstance(gone, Uninstalled)
    assert gone.at in {0, 1}


@pytest.mark.parametrize(
    "field", ["user_id", "channel", "enterprise_id", "trigger_id", "response_url", "message_ts"]
)
@pytest.mark.parametrize("value", [["x"], [], {}, 7, 0, None, "x y" * 1000])
def test_a_caller_is_all_ids_and_short_texts(field: str, value: object) -> None:
    told: dict[str, object] = {"team_id": "T1", "user_id": "U1"}
    caller = Caller(**{**told, field: value})  # type: ignore[arg-type]

    with pytest.raises((TypeError, ValueError)):
        names.check_caller(caller)


@pytest.mark.parametrize("event_id", ["Ev" * 1000, "Ev 1", "\ud800", "Ev\n1"])
def test_a_deed_with_an_odd_name_is_known_by_a_short_one(event_id: str) -> None:
    body = EVENT | {"event_id": event_id, "event": {"type": "app_home_opened", "user": "U1"}}
    first, second = read(Kind.EVENT, body), read(Kind.EVENT, body)

    assert isinstance(first, Reading)
    assert isinstance(first.deed, HomeOpened)
    assert first == second
    assert first.dedupe.startswith("e:")
    assert len(first.dedupe) == 66


def test_deeds_without_a_trigger_are_never_the_same() -> None:
    assert names.once("c", None) != names.once("c", None)
    assert names.once("c", "1.2", "x") == names.once("c", "1.2", "x") == "c:1.2:x"
