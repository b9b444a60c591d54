"""Messages to the bot, with its name wherever people put it."""

from typing import Any

import pytest

from scrm_bot.slack.command import Invocation, KeySpotted
from scrm_bot.slack.payloads import Kind, read
from scrm_bot.slack.readings import IGNORED, Reading
from scrm_bot.slack.spoken import bots, line_of
from tests.unit.slack.rig import KEY, TEAM

BOT = "UBOT"
FILE = {
    "id": "F1",
    "name": "a.png",
    "mimetype": "image/png",
    "size": 3,
    "url_private": "https://files.example/1",
}


def heard(text: str, **changes: Any) -> Any:
    event = {
        "text": text,
        "type": "message",
        "channel_type": "im",
        "user": "U1",
        "channel": "D1",
        "ts": "3.0",
    }
    body = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1"}
    own = {"authorizations": [{"user_id": BOT, "is_bot": True}]}
    return read(Kind.EVENT, body | own | {"event": event | changes})


def call_of(reading: Any) -> Invocation:
    assert isinstance(reading, Reading)
    assert isinstance(reading.deed, Invocation)
    return reading.deed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<@UBOT> approvals", "approvals"),
        ("<@UBOT>, approvals", "approvals"),
        ("<@UBOT>: approvals", "approvals"),
        ("<@UBOT> - approvals", "approvals"),
        ("<@UBOT|scrm> approvals mine", "approvals mine"),
        ("*<@UBOT>* approvals", "approvals"),
        ("*<@UBOT> approvals*", "approvals"),
        ("<@UBOT> /scrm approvals", "approvals"),
        ("/scrm <@UBOT> approvals", "approvals"),
        ("hey <@UBOT> approvals", "approvals"),
        ("<@UANNA> and <@UBOT>, approve 3", "approve 3"),
        ("help <@UBOT>", "help"),
        ("approve 3 <@UBOT>", "approve 3"),
        ("draft Hello <@UBOT> posts are fun", "draft Hello posts are fun"),
        ("thanks <@UBOT> that was kind", "thanks that was kind"),
        ("<@UBOT> --brand Globex approvals", "--brand Globex approvals"),
        ("<@UBOT> :tada: it is", ":tada: it is"),
        ("<@UBOT> draft Thanks <@UBOT>", "draft Thanks <@UBOT>"),
        ("<@UBOT>", ""),
        ("", ""),
    ],
)
def test_the_bots_name_may_stand_anywhere(text: str, line: str) -> None:
    assert line_of(text, {BOT}) == line


def test_without_the_bots_id_the_name_that_stands_first_is_taken_for_its_own() -> None:
    assert line_of(" <@UOTHER>  posts all", ()) == "posts all"
    assert line_of("posts <@UOTHER>", ()) == "posts <@UOTHER>"


@pytest.mark.parametrize("told", [None, "x", [1], [{"user_id": "U2", "is_bot": False}]])
def test_what_slack_does_not_tell_names_no_bot(told: Any) -> None:
    assert bots({"authorizations": told}) == frozenset()


@pytest.mark.parametrize("text", ["approvals mine", "<@UBOT> approvals mine", "/scrm approvals mine"])
def test_a_direct_message_is_a_line_with_or_without_the_bots_name(text: str) -> None:
    call = call_of(heard(text, thread_ts="1.0"))

    assert (call.line.verb, call.argument) == ("approvals", "mine")
    assert (call.caller.channel, call.caller.thread_ts, call.caller.message_ts) == ("D1", "1.0", "3.0")


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B1"},
        {"user": BOT},
        {"subtype": "message_changed"},
        {"edited": {"user": "U1", "ts": "4.0"}},
        {"hidden": True},
        {"channel_type": "channel"},
        {"text": "  "},
    ],
)
def test_what_nobody_says_to_the_bot_just_now_is_not_answered(changes: dict[str, Any]) -> None:
    assert heard(**{"text": "approvals"} | changes) is IGNORED


def test_a_key_in_a_direct_message_is_pointed_out_and_nothing_else_is_done() -> None:
    reading = heard(f"connect {KEY}")

    assert isinstance(reading, Reading)
    assert isinstance(reading.deed, KeySpotted)


def test_a_messages_files_come_along() -> None:
    call = call_of(heard("draft Look", subtype="file_share", files=[FILE]))
    mention = call_of(heard("<@UBOT> draft Look", type="app_mention", channel="C1", files=[FILE]))

    assert [file.name for file in call.files] == ["a.png"]
    assert mention.files == call.files


def test_files_without_words_are_to_be_drafted() -> None:
    assert call_of(heard("", subtype="file_share", files=[FILE])).line.verb == "draft"


def test_a_message_that_is_too_long_is_known_by_it_and_a_key_beyond_its_end_is_seen() -> None:
    fits = heard("draft " + "x" * 11_994)
    cut = heard("<@UBOT> draft " + "x" * 12_000 + f" {KEY}", type="app_mention", channel="C1")

    assert isinstance(fits, Reading)
    assert not fits.cut
    assert len(call_of(fits).argument) == 11_994
    assert isinstance(cut, Reading)
    assert (cut.cut, cut.leaked) == (True, True)
