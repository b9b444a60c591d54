"""The driver: finding things by their words, filling every field, and saying what was seen instead."""

import asyncio
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack import forms, labels
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.filling import NoSuchOptionError
from scrm_bot.demo.slack.screen import FormRefusedError, NotSeenError, RefusedError
from scrm_bot.demo.slack.server import RunningSlack
from scrm_bot.demo.slack.world import ANA, ED
from tests.unit.demo.slack.bots import TEXT_INPUT, FakeBot, always, button, entry, modal, plain, section

Json = dict[str, Any]
OPTIONS = [{"text": plain(word), "value": word.lower()} for word in ("Formal", "Casual")]


@pytest.mark.parametrize(
    ("label", "wanted", "rank"),
    [
        ("Approve", "approve", 2),
        ("✅ Approve!", "Approve", 2),
        (":white_check_mark: Approve", "Approve", 2),
        ("Approve (2)", "Approve", 1),
        ("Approvals", "Approve", 0),
        ("Request&nbsp;changes", "Request changes", 2),
        ("Anything", "", 0),
    ],
)
def test_labels_match_without_case_emoji_and_punctuation(label: str, wanted: str, rank: int) -> None:
    assert labels.matches(label, wanted) == rank


def test_the_closest_label_wins() -> None:
    assert labels.best([("Edit text", 1), ("Edit", 2), ("Edit", 3)], "edit") == 2
    assert labels.best([("Delete", 1)], "edit") is None


def test_the_words_of_a_message_are_found_in_its_blocks() -> None:
    message = {
        "text": "fallback",
        "blocks": [section("Tea &amp; cake")],
        "attachments": [{"fallback": "old"}],
    }

    assert labels.says(message, "tea & CAKE")
    assert labels.says(message, "old")
    assert not labels.says(message, "coffee")


def element(kind: str, **more: object) -> Json:
    return {"type": kind, "action_id": "value", **more}


FIELDS: list[tuple[str, Json, object, Json]] = [
    ("text", TEXT_INPUT, "hi", {"value": "hi"}),
    ("cleared", TEXT_INPUT | {"initial_value": "x"}, None, {"value": None}),
    ("number", element("number_input", is_decimal_allowed=False), 3, {"value": "3"}),
    ("select", element("static_select", options=OPTIONS), "casual", {"selected_option": OPTIONS[1]}),
    (
        "grouped",
        element("static_select", option_groups=[{"label": plain("Tone"), "options": OPTIONS}]),
        "Formal",
        {"selected_option": OPTIONS[0]},
    ),
    ("radio", element("radio_buttons", options=OPTIONS), "Formal", {"selected_option": OPTIONS[0]}),
    ("part of a label", element("static_select", options=OPTIONS), "asual", {"selected_option": OPTIONS[1]}),
    (
        "multi",
        element("multi_static_select", options=OPTIONS),
        ["Casual", "Formal"],
        {"selected_options": OPTIONS[::-1]},
    ),
    (
        "one of many",
        element("multi_static_select", options=OPTIONS),
        "Casual",
        {"selected_options": OPTIONS[1:]},
    ),
    ("yes", element("checkboxes", options=OPTIONS[:1]), True, {"selected_options": OPTIONS[:1]}),
    ("no", element("checkboxes", options=OPTIONS[:1]), False, {"selected_options": []}),
    ("user", element("users_select"), "@ana", {"selected_user": ANA.id}),
    ("users", element("multi_users_select"), ["Ana Approver", ED.id], {"selected_users": [ANA.id, ED.id]}),
    ("channel", element("conversations_select"), "#approvals", {"selected_conversation": "C0APPROV1"}),
    ("channels", element("multi_channels_select"), ["social"], {"selected_channels": ["C0SOCIAL1"]}),
    ("date", element("datepicker"), date(2026, 12, 1), {"selected_date": "2026-12-01"}),
    ("time", element("timepicker"), time(9, 30), {"selected_time": "09:30"}),
    (
        "moment",
        element("datetimepicker"),
        datetime(2026, 12, 1, 9, tzinfo=UTC),
        {"selected_date_time": 1_796_115_600},
    ),
    (
        "rich",
        element("rich_text_input"),
        "hi",
        {
            "rich_text_value": {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
            }
        },
    ),
]


async def show(client: AsyncWebClient, ed: Person, bot: FakeBot, view: Json) -> None:
    await ed.command("/scrm")
    await client.views_open(trigger_id=bot.received[-1].payload["trigger_id"], view=view)


@pytest.mark.parametrize(
    ("kind", "entered", "held"), [case[1:] for case in FIELDS], ids=[case[0] for case in FIELDS]
)
async def test_every_kind_of_field_can_be_filled(
    client: AsyncWebClient, ed: Person, bot: FakeBot, kind: Json, entered: Any, held: Json
) -> None:
    await show(client, ed, bot, modal(entry("📅 The field", kind, optional=True)))

    await ed.fill({"the field": entered})
    await ed.submit()

    values = bot.of_type("view_submission")[0]["view"]["state"]["values"]
    assert values == {"📅 the field": {"value": {"type": kind["type"], **held}}}


@pytest.mark.parametrize(
    ("kind", "entered", "sentence"),
    [
        (TEXT_INPUT | {"min_length": 3}, "hi", "at least 3"),
        (TEXT_INPUT | {"max_length": 1}, "hi", "at most 1"),
        (element("email_text_input"), "me", "email"),
        (element("url_text_input"), "me", "URL"),
        (element("number_input", is_decimal_allowed=False), "x", "number"),
        (element("number_input", is_decimal_allowed=False), "1.5", "whole"),
        (element("number_input", is_decimal_allowed=True, min_value="2"), "1.5", "2 or more"),
        (element("number_input", is_decimal_allowed=True, max_value="1"), "1.5", "1 or less"),
        (element("multi_users_select", max_selected_items=1), [ANA.id, ED.id], "no more than 1"),
    ],
)
async def test_an_entry_that_does_not_fit_is_said_at_its_field(
    client: AsyncWebClient, ed: Person, bot: FakeBot, kind: Json, entered: Any, sentence: str
) -> None:
    await show(client, ed, bot, modal(entry("Field", kind)))
    await ed.fill({"Field": entered})

    with pytest.raises(FormRefusedError, match=sentence):
        await ed.submit()


async def test_external_selects_are_asked_with_what_was_typed_and_then_with_nothing(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await show(
        client, ed, bot, modal(entry("Accounts", element("multi_external_select", min_query_length=0)))
    )
    bot.answer = always({"options": OPTIONS})

    await ed.fill({"Accounts": ["Formal", "casual"]})
    with pytest.raises(NoSuchOptionError, match="does not offer 'Rude', only \\['Formal', 'Casual'\\]"):
        await ed.fill({"Accounts": ["Rude"]})

    asked = [each["value"] for each in bot.of_type("block_suggestion")]
    assert asked == ["Formal", "casual", "Rude", ""]


@pytest.mark.parametrize(
    ("kind", "entered"),
    [(element("users_select"), "nobody"), (element("static_select", options=OPTIONS), "Rude")],
)
async def test_what_is_not_offered_cannot_be_chosen(
    client: AsyncWebClient, ed: Person, bot: FakeBot, kind: Json, entered: str
) -> None:
    await show(client, ed, bot, modal(entry("Field", kind)))

    with pytest.raises(NoSuchOptionError, match=entered):
        await ed.fill({"Field": entered})


async def test_errors_quote_what_was_seen(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    hurried = Person(ed.url, ed.id, patience=0.05)
    blocks = [section("Post 7"), {"type": "actions", "elements": [button("Reject")]}]
    await client.chat_postMessage(channel="C0SOCIAL1", text="card", blocks=blocks)

    with pytest.raises(NotSeenError, match=r"(?s)button 'Approve'.*#social: card Post 7.*\['Reject'\]"):
        await hurried.click("Approve")
    with pytest.raises(NotSeenError, match="a message with 'gone'"):
        await hurried.wait_for_message("gone")
    with pytest.raises(NotSeenError, match="a Home with"):
        await hurried.wait_for_home("x")
    with pytest.raises(NotSeenError, match="sees no channel '#nowhere'"):
        await hurried.messages("#nowhere")
    with pytest.raises(NotSeenError, match="no global shortcut"):
        await hurried.shortcut("Dance")
    await show(client, ed, bot, modal(entry("Text", TEXT_INPUT)))
    with pytest.raises(NotSeenError, match=r"no field 'When', only \['Text', 'value'\]"):
        await hurried.fill({"When": "now"})
    with pytest.raises(NotSeenError, match=r"(?s)to close.*modal 'Draft'"):
        await hurried.wait_for_no_modal()


async def test_a_click_waits_for_its_button(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    waiting = asyncio.create_task(ed.click("Approve", containing="Post 8"))
    await client.chat_postMessage(channel="C0SOCIAL1", text="Post 7")
    blocks = [section("Post 8"), {"type": "actions", "elements": [button("Approve", value="8")]}]
    await client.chat_postMessage(channel="C0SOCIAL1", text="Post 8", blocks=blocks)
    await waiting

    assert bot.of_type("block_actions")[0]["actions"][0]["value"] == "8"


async def test_the_home_has_buttons_and_fields_too(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    select = element("users_select", placeholder=plain("Approver"))
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("Connect", "connect"), select]}]
    await client.views_publish(user_id=ED.id, view={"type": "home", "blocks": blocks})

    await ed.click("Connect", home=True)
    await ed.choose("Approver", "ana", home=True)

    clicked, chosen = bot.of_type("block_actions")
    assert (clicked["view"]["type"], clicked["actions"][0]["action_id"]) == ("home", "connect")
    assert chosen["actions"][0]["selected_user"] == ANA.id
    home = await ed.home()
    assert home is not None
    assert home["state"]["values"]["b"]["value"]["selected_user"] == ANA.id


async def test_failures_are_raised_or_returned_as_asked(slack: RunningSlack, ed: Person) -> None:
    returned = await ed.command("/scrm", check=False)

    assert returned["error"] == "dispatch_failed"
    with pytest.raises(RefusedError, match="dispatch_failed"):
        await ed.command("/scrm")
    with pytest.raises(RefusedError, match="HTTP 400"):
        await Person(ed.url, "U0NOBODY")._line.do("home", {})


def test_cards_and_containers_have_fields_inside() -> None:
    card = {"type": "card", "block_id": "c", "actions": [button("Go")]}
    blocks = [{"type": "carousel", "elements": [card]}, {"type": "container", "child_blocks": [card]}]

    assert [(field.block_id, field.kind) for field in forms.fields(blocks)] == [("c", "button")] * 2
