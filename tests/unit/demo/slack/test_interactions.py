"""Commands, buttons, shortcuts and options, as the bot receives them."""

import asyncio
import hashlib
import hmac
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.messages import EARLIER_KEPT
from scrm_bot.demo.slack.screen import RefusedError
from scrm_bot.demo.slack.server import NotVerifiedError, RunningSlack, serve
from scrm_bot.demo.slack.world import ED, World
from tests.unit.demo.slack.bots import FakeBot, Received, always, button, modal, plain, section

Json = dict[str, Any]
SOCIAL = "C0SOCIAL1"
CARD = [
    section("Post 1"),
    {"type": "actions", "block_id": "row", "elements": [button("✅ Approve", "approve", value="7")]},
]


async def late_click(person: Person, ts: str, **action: object) -> Json:
    """On the row of the message as it was once: the page had not yet heard of its change."""
    container = {"type": "message", "channel_id": SOCIAL, "message_ts": ts}
    return await person._line.do(
        "action", {"container": container, "action": {"block_id": "row", **action}}, check=False
    )


async def test_a_command_comes_signed_and_whole(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    await ed.command("/scrm draft Hello  world ")

    received = bot.received[0]
    headers = {name.lower(): value for name, value in received.headers.items()}
    assert SignatureVerifier(slack.world.app.signing_secret).is_valid_request(received.raw, headers)
    secret, base = slack.world.app.signing_secret.encode(), headers["x-slack-request-timestamp"].encode()
    expected = hmac.new(secret, b"v0:" + base + b":" + received.raw, hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == f"v0={expected}"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert received.payload | {"response_url": "", "trigger_id": "", "token": ""} == {
        "token": "",
        "team_id": "T0ACME001",
        "team_domain": "acme-social",
        "channel_id": SOCIAL,
        "channel_name": "social",
        "user_id": ED.id,
        "user_name": "ed",
        "command": "/scrm",
        "text": "draft Hello  world",
        "api_app_id": "A0SCRMBOT",
        "is_enterprise_install": "false",
        "response_url": "",
        "trigger_id": "",
    }


async def test_people_channels_and_links_are_escaped_when_asked_for(ed: Person, bot: FakeBot) -> None:
    await ed.command("/scrm draft @ana. in #social & <b> https://a.example/?x=1&y=2 me@ana.example @nobody")

    text = bot.received[0].payload["text"]
    assert text == (
        "draft <@U0APPROV1|ana>. in <#C0SOCIAL1|social> &amp; &lt;b&gt; "
        "<https://a.example/?x=1&amp;y=2> me@ana.example @nobody"
    )


async def test_a_channel_is_found_in_any_letter_case(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    await ed.command("/scrm digest on #Social 09:00 #nowhere")
    await ed.say("Look into #SOCIAL")

    assert bot.received[0].payload["text"] == "digest on <#C0SOCIAL1|social> 09:00 #nowhere"
    assert (await ed.messages("#social"))[-1]["text"] == "Look into <#C0SOCIAL1|social>"


async def test_without_escaping_text_comes_as_it_was_typed(world: World) -> None:
    command = {"command": "/scrm", "description": "d", "should_escape": False}
    features = {**DEFAULT["features"], "slash_commands": [command]}
    running, bot = (
        await serve(world=replace(world, manifest={**DEFAULT, "features": features})),
        FakeBot(always({})),
    )
    await bot.start()
    await running.connect_bot(bot.url)
    try:
        await running.person("ed").command("/scrm draft @ana & <b>")
    finally:
        await bot.stop()
        await running.close()

    assert bot.received[0].payload["text"] == "draft @ana & <b>"


async def test_a_private_channel_keeps_its_name(ed: Person, bot: FakeBot) -> None:
    await ed.command("/scrm", channel="#approvals")

    assert bot.received[0].payload["channel_name"] == "privategroup"


@pytest.mark.parametrize(
    ("body", "seen_by_all"),
    [({"text": "hi"}, False), ({"text": "hi", "response_type": "in_channel"}, True)],
    ids=["ephemeral", "in channel"],
)
async def test_a_body_in_the_answer_is_shown(
    ed: Person, ana: Person, bot: FakeBot, body: Json, *, seen_by_all: bool
) -> None:
    bot.answer = always(body)

    await ed.command("/scrm")

    assert (await ed.messages("#social"))[-1]["text"] == "hi"
    assert bool(await ana.messages("#social")) is seen_by_all


async def test_a_plain_body_is_shown_to_the_person(ed: Person, bot: FakeBot) -> None:
    async def answer(_received: Received) -> web.StreamResponse:
        return web.Response(text="just so")

    bot.answer = answer
    await ed.command("/scrm")

    assert (await ed.messages("#social"))[-1] | {"ts": ""} | {"ephemeral": True, "text": "just so"}


@pytest.mark.parametrize(
    "body", [{"text": ""}, {"response_type": "loud", "text": "x"}, {"blocks": [section("")]}, ["x"]], ids=str
)
async def test_a_bad_body_is_a_fault(slack: RunningSlack, ed: Person, bot: FakeBot, body: object) -> None:
    bot.answer = always(body)

    outcome = await ed.command("/scrm", check=False)

    assert outcome["error"] == "invalid_command_response"
    assert len(slack.faults) == 1


async def test_a_command_nobody_offers_is_said(ed: Person, bot: FakeBot) -> None:
    with pytest.raises(RefusedError, match="/nope is not a valid command"):
        await ed.command("/nope")


async def test_a_bot_that_is_not_there_or_says_no_is_told(
    slack: RunningSlack, ed: Person, bot: FakeBot
) -> None:
    async def refuse(_received: Received) -> web.StreamResponse:
        return web.Response(status=404)

    bot.answer = refuse
    refused = await ed.command("/scrm", check=False)
    await bot.stop()
    gone = await ed.command("/scrm", check=False)
    await slack.connect_bot("")
    never = await ed.command("/scrm", check=False)

    assert {each["error"] for each in (refused, gone, never)} == {"dispatch_failed"}
    assert 'failed with the error "dispatch_failed"' in gone["message"]


async def test_a_bot_that_is_late_times_out(world: World) -> None:
    running, released = (
        await serve(world=replace(world, pace=replace(world.pace, ack_seconds=0.05))),
        asyncio.Event(),
    )

    async def sleepy(_received: Received) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    bot = FakeBot(sleepy)
    await bot.start()
    await running.connect_bot(bot.url)
    try:
        with pytest.raises(RefusedError, match="operation_timeout"):
            await running.person("ed").command("/scrm")
    finally:
        released.set()
        await bot.stop()
        await running.close()


async def test_the_request_url_answers_a_challenge(slack: RunningSlack, bot: FakeBot) -> None:
    async def answer(received: Received) -> web.StreamResponse:
        return web.Response(text=received.payload["challenge"])

    with pytest.raises(NotVerifiedError):
        await slack.connect_bot(bot.url, verify=True)
    bot.answer = answer
    await slack.connect_bot(bot.url, verify=True)

    assert bot.received[-1].payload["type"] == "url_verification"


async def test_a_button_on_a_message_tells_all_about_it(
    client: AsyncWebClient, ana: Person, bot: FakeBot
) -> None:
    posted = await client.chat_postMessage(channel=SOCIAL, text="card", blocks=CARD)

    await ana.click("approve", containing="Post 1")

    sent = bot.of_type("block_actions")[0]
    assert sent["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": SOCIAL,
        "is_ephemeral": False,
    }
    assert sent["message"]["blocks"] == posted["message"]["blocks"]
    assert sent["channel"] == {"id": SOCIAL, "name": "social"}
    assert (sent["user"]["id"], sent["actions"][0]["value"], sent["state"]) == (
        "U0APPROV1",
        "7",
        {"values": {}},
    )
    assert {"response_url", "trigger_id", "team", "token", "api_app_id"} <= set(sent)


async def test_a_button_on_an_ephemeral_message_tells_no_message(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await client.chat_postEphemeral(channel=SOCIAL, user=ED.id, text="card", blocks=CARD)

    await ed.click("Approve")

    sent = bot.of_type("block_actions")[0]
    assert sent["container"]["is_ephemeral"] is True
    assert "message" not in sent


async def test_choices_in_a_message_come_with_its_state(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    options = [{"text": plain(word), "value": word.lower()} for word in ("Edit", "Hold")]
    blocks = [
        {
            "type": "actions",
            "block_id": "row",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "tone",
                    "placeholder": plain("Tone"),
                    "options": options,
                },
                {"type": "overflow", "action_id": "more", "options": options},
                {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01"},
            ],
        }
    ]
    await client.chat_postMessage(channel=SOCIAL, text="card", blocks=blocks)

    await ed.choose("Tone", "Hold", containing="card")
    await ed.click("Edit", containing="card")

    chosen, clicked = bot.of_type("block_actions")
    assert chosen["actions"][0]["selected_option"] == options[1]
    assert chosen["state"]["values"]["row"] == {
        "tone": {"type": "static_select", "selected_option": options[1]},
        "day": {"type": "datepicker", "selected_date": "2026-12-01"},
    }
    assert clicked["actions"][0]["selected_option"] == options[0]


async def test_options_are_asked_for_and_checked(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    select = {"type": "external_select", "action_id": "accounts", "min_query_length": 0}
    view = modal({"type": "input", "block_id": "a", "label": plain("Account"), "element": select})
    await ed.command("/scrm")
    await client.views_open(trigger_id=bot.received[0].payload["trigger_id"], view=view)
    bot.answer = always({"options": [{"text": plain("@acme"), "value": "acct_1"}]})

    offered = await ed.options("Account", "ac")
    await ed.fill({"Account": "acme"})
    bot.answer = always({"options": [{"text": plain("x" * 76), "value": "1"}]})
    unsound = await ed.options("Account")
    bot.answer = always([])
    wrong = await ed.options("Account")

    sent = bot.of_type("block_suggestion")[0]
    assert (sent["action_id"], sent["block_id"], sent["value"]) == ("accounts", "a", "ac")
    assert sent["container"]["type"] == "view"
    assert (offered, unsound, wrong) == (["@acme"], [], [])
    assert len(slack.faults) == 2


async def test_options_for_a_select_in_a_message(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    select = {
        "type": "external_select",
        "action_id": "who",
        "placeholder": plain("Who"),
        "min_query_length": 0,
    }
    await client.chat_postMessage(
        channel=SOCIAL, text="card", blocks=[{**section("Pick"), "accessory": select}]
    )
    bot.answer = always(
        {"option_groups": [{"label": plain("All"), "options": [{"text": plain("Zoe"), "value": "z"}]}]}
    )

    await ed.choose("Who", "Zoe", containing="Pick")

    assert bot.of_type("block_suggestion")[0]["channel"]["id"] == SOCIAL
    assert bot.of_type("block_actions")[0]["actions"][0]["selected_option"]["value"] == "z"


async def test_shortcuts_come_with_or_without_a_message(ed: Person, bot: FakeBot) -> None:
    ts = await ed.say("make this a post")

    await ed.shortcut("New social post")
    await ed.shortcut("Draft a post", containing="make this")

    globally, on_message = bot.of_type("shortcut")[0], bot.of_type("message_action")[0]
    assert (globally["callback_id"], "response_url" in globally, "channel" in globally) == (
        "new_social_post",
        False,
        False,
    )
    assert (on_message["callback_id"], on_message["message_ts"]) == ("draft_from_message", ts)
    assert (on_message["message"]["text"], on_message["channel"]["id"]) == ("make this a post", SOCIAL)


async def test_a_click_on_what_left_the_message_meanwhile_comes_as_it_was_seen(
    client: AsyncWebClient, ana: Person, bot: FakeBot
) -> None:
    posted = await client.chat_postMessage(channel=SOCIAL, text="card", blocks=CARD)
    decided = await client.chat_update(
        channel=SOCIAL, ts=posted["ts"], text="card", blocks=[section("Rejected by Ada")]
    )

    outcome = await late_click(ana, posted["ts"], action_id="approve", value="7")

    sent = bot.of_type("block_actions")[0]
    assert outcome["ok"] is True
    assert (sent["actions"][0]["action_id"], sent["actions"][0]["value"]) == ("approve", "7")
    assert sent["message"]["blocks"] == decided["message"]["blocks"]


async def test_a_click_is_on_the_button_that_was_seen_not_on_its_successor(
    client: AsyncWebClient, ana: Person, bot: FakeBot
) -> None:
    posted = await client.chat_postMessage(channel=SOCIAL, text="card", blocks=CARD)
    second_round = [{**CARD[1], "elements": [button("✅ Approve", "approve", value="8")]}]
    await client.chat_update(channel=SOCIAL, ts=posted["ts"], text="card", blocks=second_round)

    await late_click(ana, posted["ts"], action_id="approve", value="7")

    assert bot.of_type("block_actions")[0]["actions"][0]["value"] == "7"


async def test_an_option_that_left_the_message_meanwhile_can_still_be_chosen(
    client: AsyncWebClient, ana: Person, bot: FakeBot
) -> None:
    edit, hold = ({"text": plain(word), "value": word.lower()} for word in ("Edit", "Hold"))
    more = [{"type": "overflow", "action_id": "more", "options": [option]} for option in (edit, hold)]
    before, after = ([{"type": "actions", "block_id": "row", "elements": [each]}] for each in more)
    posted = await client.chat_postMessage(channel=SOCIAL, text="card", blocks=before)
    await client.chat_update(channel=SOCIAL, ts=posted["ts"], text="card", blocks=after)

    chosen = await late_click(ana, posted["ts"], action_id="more", selected_option=edit)
    never = await late_click(
        ana, posted["ts"], action_id="more", selected_option={**edit, "value": "elsewhere"}
    )

    assert bot.of_type("block_actions")[0]["actions"][0]["selected_option"] == edit
    assert (chosen["ok"], never["error"]) == (True, "not_found")


async def test_only_the_newest_versions_of_a_message_are_kept(
    client: AsyncWebClient, ana: Person, bot: FakeBot
) -> None:
    posted = await client.chat_postMessage(channel=SOCIAL, text="card", blocks=CARD)
    for count in range(EARLIER_KEPT + 1):
        await client.chat_update(
            channel=SOCIAL, ts=posted["ts"], text="card", blocks=[section(f"Change {count}")]
        )

    outcome = await late_click(ana, posted["ts"], action_id="approve", value="7")

    assert (outcome["error"], bot.of_type("block_actions")) == ("not_found", [])


@pytest.mark.parametrize(
    "said",
    [
        {"container": {"type": "view", "view_id": "V0NONE"}},
        {"container": {"type": "message", "channel_id": SOCIAL, "message_ts": "1.000000"}},
        {"container": {"type": "message", "channel_id": "C0NONE", "message_ts": "1.000000"}},
    ],
    ids=["view", "message", "channel"],
)
async def test_what_is_gone_cannot_be_clicked(ed: Person, bot: FakeBot, said: Json) -> None:
    outcome = await ed._line.do(
        "action", {**said, "action": {"action_id": "a", "block_id": "b"}}, check=False
    )

    assert (outcome["ok"], outcome["error"]) == (False, "not_found")
    assert bot.received == []
