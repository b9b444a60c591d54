"""What Slack sends becomes typed readings, whole and masked."""

from typing import Any

import pytest

from scrm_bot.slack.command import Click, HomeOpened, Invocation, Shortcut, Submission, Suggestion
from scrm_bot.slack.payloads import Kind, UnreadableError, kind_of, read
from scrm_bot.slack.readings import IGNORED, Reading, Uninstalled
from tests.unit.slack.rig import KEY, TEAM, a_click, a_command, a_submission, a_view

HELD: dict[str, tuple[dict[str, Any], Any]] = {
    "plain text": ({"type": "plain_text_input", "value": "Hi"}, "Hi"),
    "no text": ({"type": "plain_text_input", "value": None}, None),
    "a number": ({"type": "number_input", "value": "3"}, "3"),
    "an option": ({"type": "static_select", "selected_option": {"value": "o1"}}, "o1"),
    "no option": ({"type": "static_select", "selected_option": None}, None),
    "a suggestion": ({"type": "external_select", "selected_option": {"value": "o2"}}, "o2"),
    "a radio button": ({"type": "radio_buttons", "selected_option": {"value": "r"}}, "r"),
    "boxes": ({"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}, ["a", "b"]),
    "no boxes": ({"type": "checkboxes", "selected_options": []}, []),
    "suggestions": ({"type": "multi_external_select", "selected_options": [{"value": "a"}]}, ["a"]),
    "a person": ({"type": "users_select", "selected_user": "U1"}, "U1"),
    "people": ({"type": "multi_users_select", "selected_users": ["U1", "U2"]}, ["U1", "U2"]),
    "a channel": ({"type": "conversations_select", "selected_conversation": "C1"}, "C1"),
    "a public channel": ({"type": "channels_select", "selected_channel": "C2"}, "C2"),
    "a day": ({"type": "datepicker", "selected_date": "2026-12-01"}, "2026-12-01"),
    "a time": ({"type": "timepicker", "selected_time": "09:00", "timezone": "UTC"}, "09:00"),
    "a moment": ({"type": "datetimepicker", "selected_date_time": 1_790_000_000}, 1_790_000_000),
}


def deed_of(kind: Kind, body: dict[str, Any]) -> Any:
    reading = read(kind, body)
    assert isinstance(reading, Reading)
    return reading.deed


@pytest.mark.parametrize("name", HELD)
def test_every_input_is_read_by_its_type(name: str) -> None:
    element, expected = HELD[name]
    view = a_view("draft", state={"values": {"b1": {"field": element}}})
    submission = deed_of(Kind.SUBMISSION, a_submission("draft", view=view))

    assert submission.state == {"field": expected}
    assert submission.blocks == {"field": "b1"}


def test_a_file_field_holds_plain_objects_that_a_record_can_keep() -> None:
    element = {"type": "file_input", "files": [{"id": "F1"}, {"id": "F2"}]}
    view = a_view("draft", state={"values": {"b1": {"media": element}}})
    submission = deed_of(Kind.SUBMISSION, a_submission("draft", view=view))

    assert [held["id"] for held in submission.state["media"]] == ["F1", "F2"]


def test_a_command_is_read_with_every_way_to_answer() -> None:
    body = a_command("Draft Hello --to acct_1", response_url="https://hooks.example/1", trigger_id="1.2")
    call = deed_of(Kind.COMMAND, body)

    assert isinstance(call, Invocation)
    assert (call.line.verb, call.argument, call.line.flags) == ("draft", "Hello", {"to": "acct_1"})
    assert (call.caller.team_id, call.caller.user_id, call.caller.channel) == (TEAM, "UANN", "C1")
    assert (call.caller.response_url, call.caller.trigger_id) == ("https://hooks.example/1", "1.2")


def test_a_key_in_a_command_is_masked_and_noted() -> None:
    reading = read(Kind.COMMAND, a_command(f"connect {KEY}"))

    assert isinstance(reading, Reading)
    assert reading.leaked
    assert KEY not in repr(reading)


def test_the_same_delivery_has_the_same_name_and_another_has_another() -> None:
    body = a_command("draft")
    first, again, other = (
        read(Kind.COMMAND, body),
        read(Kind.COMMAND, body),
        read(Kind.COMMAND, a_command("draft")),
    )
    unnamed = [read(Kind.COMMAND, body | {"trigger_id": ""}) for _ in range(2)]

    assert isinstance(first, Reading)
    assert isinstance(other, Reading)
    assert first == again
    assert first.dedupe != other.dedupe
    assert unnamed[0] != unnamed[1]


def test_a_click_in_a_message_knows_its_message_and_thread() -> None:
    body = a_click({"action_id": "approve", "value": "apr_1"})
    body["message"]["thread_ts"] = "1.0"
    click = deed_of(Kind.CLICK, body)

    assert isinstance(click, Click)
    assert (click.action_id, click.value) == ("approve", "apr_1")
    assert (click.caller.message_ts, click.caller.thread_ts, click.caller.channel) == ("5.5", "1.0", "C1")


def test_a_click_in_a_modal_knows_its_views_and_where_they_began() -> None:
    body = a_click({"action_id": "rewrite"}, view=a_view("draft"), channel=None, message=None, container={})
    click = deed_of(Kind.CLICK, body)

    assert (click.view_id, click.view_callback, click.root_view_id) == ("V9", "draft", "V8")
    assert click.metadata == {"id": "m1", "channel": "C7"}
    assert click.state == {"text": "Hello"}
    assert click.caller.channel == "C7"


def test_a_menu_entry_is_the_clicks_value_and_part_of_its_state() -> None:
    chosen = {"type": "static_select", "action_id": "tone", "selected_option": {"value": "bold"}}
    many = {"type": "multi_users_select", "action_id": "who", "selected_users": ["U1"]}
    entry = {"type": "overflow", "action_id": "menu", "selected_option": {"value": "edit:apr_1"}}

    one, several, menu = (deed_of(Kind.CLICK, a_click(action)) for action in (chosen, many, entry))
    assert (one.value, one.state) == ("bold", {"tone": "bold"})
    assert (several.value, several.state) == ("", {"who": ["U1"]})
    assert (menu.value, menu.state) == ("edit:apr_1", {})


def test_a_submission_takes_the_response_url_of_its_channel_input() -> None:
    urls = [
        {
            "block_id": "b",
            "action_id": "channel",
            "channel_id": "C1",
            "response_url": "https://hooks.example/9",
        }
    ]
    submission = deed_of(Kind.SUBMISSION, a_submission("draft", response_urls=urls))

    assert isinstance(submission, Submission)
    assert submission.caller.response_url == "https://hooks.example/9"
    assert submission.previous_view_id == "V8"


def test_shortcuts_are_global_or_about_a_message() -> None:
    anywhere = a_click({}, channel=None, message=None, container=None) | {
        "type": "shortcut",
        "callback_id": "new",
    }
    about = a_click({}) | {"type": "message_action", "callback_id": "draft_from_message"}

    assert deed_of(Kind.SHORTCUT, anywhere).caller.channel == ""
    shortcut = deed_of(Kind.SHORTCUT, about)
    assert isinstance(shortcut, Shortcut)
    assert (shortcut.callback_id, shortcut.text) == ("draft_from_message", "card")


@pytest.mark.parametrize(
    ("message", "link"),
    [
        ({"ts": "1700000000.000100"}, "/archives/C1/p1700000000000100"),
        (
            {"ts": "1700000000.000100", "thread_ts": "1699999999.000200"},
            "/archives/C1/p1700000000000100?thread_ts=1699999999.000200&cid=C1",
        ),
        ({"ts": "1.2", "thread_ts": "1.2"}, "/archives/C1/p12"),
        ({"ts": "1|<!channel>.2"}, ""),
        ({}, ""),
    ],
)
def test_a_messages_shortcut_knows_where_the_message_is(message: dict[str, str], link: str) -> None:
    body = a_click({}) | {"type": "message_action", "callback_id": "draft_from_message", "message": message}
    body |= {"team": {"id": TEAM, "domain": "acme"}, "channel": {"id": "C1"}}
    shortcut = deed_of(Kind.SHORTCUT, body)

    assert isinstance(shortcut, Shortcut)
    assert shortcut.link == (f"https://acme.slack.com{link}" if link else "")


def test_a_messages_shortcut_has_the_words_as_their_author_saw_them() -> None:
    smile = {"type": "emoji", "name": "smile", "unicode": "1f604"}
    text = {"type": "text", "text": "We & you <3 ", "style": {"bold": True}}
    rich = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text, smile]}]}]
    message = {"text": "*We &amp; you &lt;3* :smile:", "blocks": rich}
    body = a_click({}) | {"type": "message_action", "callback_id": "draft_from_message", "message": message}
    shortcut = deed_of(Kind.SHORTCUT, body)

    assert isinstance(shortcut, Shortcut)
    assert shortcut.text == "We &amp; you &lt;3 😄"


def test_a_suggestion_carries_what_was_typed() -> None:
    body = a_click({}) | {"type": "block_suggestion", "action_id": "accounts", "value": "acm"}
    asked = read(Kind.SUGGESTION, body)

    assert isinstance(asked, Suggestion)
    assert (asked.action_id, asked.typed) == ("accounts", "acm")


def event(**changes: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": changes}


def test_a_mention_is_read_as_a_command_without_the_name_it_began_with() -> None:
    call = deed_of(
        Kind.EVENT, event(type="app_mention", user="U1", text=" <@UBOT>  posts all", channel="C1", ts="3")
    )
    plain = deed_of(
        Kind.EVENT, event(type="app_mention", user="U1", text="help <@UBOT>", channel="C1", ts="3")
    )

    assert (call.line.verb, call.argument) == ("posts", "all")
    assert plain.line.verb == "help"


def test_the_home_tab_is_read_and_the_messages_tab_is_not() -> None:
    home = event(type="app_home_opened", user="U1", tab="home", channel="D1")

    assert isinstance(deed_of(Kind.EVENT, home), HomeOpened)
    assert read(Kind.EVENT, event(type="app_home_opened", user="U1", tab="messages")) is IGNORED


def test_goodbyes_are_read_and_a_persons_own_token_is_none() -> None:
    assert read(Kind.EVENT, event(type="app_uninstalled")) == Uninstalled(TEAM)
    assert read(Kind.EVENT, event(type="tokens_revoked", tokens={"bot": ["U1"]})) == Uninstalled(TEAM)
    assert read(Kind.EVENT, event(type="tokens_revoked", tokens={"oauth": ["U1"]})) is IGNORED


def test_an_organisation_stands_for_a_missing_team() -> None:
    command = deed_of(Kind.COMMAND, a_command("help", team_id="", enterprise_id="E1"))
    click = a_click({"action_id": "a"}, team=None, enterprise={"id": "E1"})
    click["user"].pop("team_id")

    assert command.caller.team_id == "E1"
    assert deed_of(Kind.CLICK, click).caller.team_id == "E1"


def test_nobodys_click_is_unreadable() -> None:
    click = a_click({"action_id": "a"}, team=None)
    click["user"].pop("team_id")

    with pytest.raises(UnreadableError):
        read(Kind.CLICK, click)


def test_kinds_are_told_by_type() -> None:
    assert kind_of(a_command("help")) is Kind.COMMAND
    assert kind_of({"type": "view_closed"}) is Kind.CLOSED
    assert kind_of({"type": "dialog_submission"}) is None
    assert kind_of({"type": 3}) is None
    assert kind_of({}) is None
