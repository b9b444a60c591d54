"""response_url: what it may do, how often, how long."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.server import RunningSlack
from scrm_bot.demo.slack.world import ED
from tests.unit.demo.slack.bots import Clock, FakeBot, button, section

SOCIAL = "C0SOCIAL1"
CARD: list[dict[str, Any]] = [section("Card"), {"type": "actions", "elements": [button("Go")]}]


async def from_command(ed: Person, bot: FakeBot, channel: str = "#social") -> AsyncWebhookClient:
    await ed.command("/scrm", channel=channel)
    return AsyncWebhookClient(bot.received[-1].payload["response_url"])


async def from_click(person: Person, bot: FakeBot) -> AsyncWebhookClient:
    await person.click("Go", containing="Card")
    return AsyncWebhookClient(bot.of_type("block_actions")[-1]["response_url"])


async def test_an_answer_is_ephemeral_unless_it_says_otherwise(ed: Person, ana: Person, bot: FakeBot) -> None:
    respond = await from_command(ed, bot)

    first = await respond.send(text="to you")
    await respond.send(text="to all", response_type="in_channel")

    assert (first.status_code, first.body) == (200, "ok")
    assert [(m["text"], m["ephemeral"]) for m in await ed.messages("#social")] == [
        ("to you", True),
        ("to all", False),
    ]
    assert [m["text"] for m in await ana.messages("#social")] == ["to all"]


async def test_it_reaches_channels_the_bot_is_not_in(ed: Person, bot: FakeBot) -> None:
    respond = await from_command(ed, bot, "#general")

    await respond.send(text="here", response_type="in_channel")

    assert (await ed.messages("#general"))[-1]["text"] == "here"


async def test_the_sixth_use_is_refused(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    respond = await from_command(ed, bot)

    answers = [(await respond.send(text=str(number))).status_code for number in range(6)]

    assert answers == [200] * 5 + [404]
    assert "used_url" in slack.faults[0]


async def test_after_half_an_hour_it_is_refused(ed: Person, bot: FakeBot, clock: Clock) -> None:
    respond = await from_command(ed, bot)
    clock.ahead = 1801

    answer = await respond.send(text="late")

    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


async def test_a_url_nobody_gave_is_refused(slack: RunningSlack) -> None:
    answer = await AsyncWebhookClient(slack.url + "/response/T/1/x").send(text="x")

    assert (answer.status_code, "invalid_url" in answer.body) == (404, True)


async def test_the_original_can_be_replaced_and_deleted(
    client: AsyncWebClient, ed: Person, ana: Person, bot: FakeBot
) -> None:
    await client.chat_postMessage(channel=SOCIAL, text="Card", blocks=CARD)
    replace_it = await from_click(ana, bot)
    await replace_it.send(text="Card, decided", replace_original=True, blocks=CARD)
    replaced = (await ed.messages("#social"))[-1]
    delete_it = await from_click(ana, bot)

    await delete_it.send(delete_original=True)

    assert (replaced["text"], "edited" in replaced) == ("Card, decided", True)
    assert await ed.messages("#social") == []


async def test_an_ephemeral_original_stays_ephemeral(
    client: AsyncWebClient, ed: Person, ana: Person, bot: FakeBot
) -> None:
    await client.chat_postEphemeral(channel=SOCIAL, user=ED.id, text="Card", blocks=CARD)
    respond = await from_click(ed, bot)

    await respond.send(text="Card, done", replace_original=True, response_type="in_channel")

    assert [(m["text"], m["ephemeral"]) for m in await ed.messages("#social")] == [("Card, done", True)]
    assert await ana.messages("#social") == []
    await respond.send(delete_original=True)
    assert await ed.messages("#social") == []
    assert (await respond.send(delete_original=True)).status_code == 400


async def test_a_command_has_no_original_to_replace(ed: Person, bot: FakeBot) -> None:
    respond = await from_command(ed, bot)

    await respond.send(text="new", replace_original=True)

    assert [m["text"] for m in await ed.messages("#social")] == ["new"]


async def test_an_answer_can_go_into_a_thread(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    root = (await client.chat_postMessage(channel=SOCIAL, text="Card", blocks=CARD))["ts"]
    respond = await from_click(ed, bot)

    async with aiohttp.ClientSession() as session:
        said = {"text": "below", "response_type": "in_channel", "thread_ts": root}
        async with session.post(respond.url, json=said) as answer:
            assert answer.status == 200

    assert (await ed.messages("#social"))[-1]["thread_ts"] == root


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("{", "invalid_payload"),
        ("[]", "invalid_payload"),
        ('{"text":""}', "no_text"),
        ('{"blocks":[{"type":"banner"}]}', "invalid_blocks"),
        ('{"text":"x","response_type":"loud"}', "invalid_response_type"),
    ],
)
async def test_an_unsound_answer_is_refused(
    slack: RunningSlack, ed: Person, bot: FakeBot, body: str, error: str
) -> None:
    respond = await from_command(ed, bot)

    async with aiohttp.ClientSession() as session, session.post(respond.url, data=body) as answer:
        told = await answer.json()

    assert (answer.status, told["error"]) == (400, error)
    assert error in slack.faults[0]
