"""Slack's own framework against the stand-in, over HTTP and over Socket Mode."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import World
from tests.unit.demo.slack.bots import TEXT_INPUT, button, entry, modal, plain, section

Json = dict[str, Any]
ACCOUNTS = {"type": "multi_external_select", "action_id": "accounts", "min_query_length": 0}


def _hear(app: AsyncApp) -> None:
    """The events it listens to."""

    @app.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]}
        )

    @app.event("app_mention")
    async def mention(event: Json, say: Any) -> None:
        await say("You called?", thread_ts=event["ts"])

    @app.event("message")
    async def message() -> None:
        """Heard, and left alone."""


def build(slack: RunningSlack, client: AsyncWebClient) -> AsyncApp:
    """A small bot: a form, a card, one button, a Home, an answer to mentions."""
    told = slack.world.app

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T0ACME001", bot_token=told.bot_token, bot_user_id=told.bot_user_id
        )

    app = AsyncApp(signing_secret=told.signing_secret, client=client, authorize=authorize)
    _hear(app)

    @app.command("/scrm")
    async def command(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(entry("Text", TEXT_INPUT), entry("Accounts", ACCOUNTS), callback_id="draft")
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.options("accounts")
    async def accounts(ack: Any) -> None:
        await ack(options=[{"text": plain("@acme on X"), "value": "acct_1"}])

    @app.view("draft")
    async def draft(ack: Any, view: Json, client: AsyncWebClient) -> None:
        await ack()
        text = view["state"]["values"]["text"]["value"]["value"]
        blocks = [section(text), {"type": "actions", "elements": [button("👍 Approve", "approve")]}]
        await client.chat_postMessage(channel="C0APPROV1", text=text, blocks=blocks)

    @app.action("approve")
    async def approve(ack: Any, body: Json, client: AsyncWebClient, respond: Any) -> None:
        await ack()
        text = f"Approved by <@{body['user']['id']}>"
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text=text, blocks=[]
        )
        await respond("Thank you")

    return app


@pytest.fixture
async def over_http(slack: RunningSlack, client: AsyncWebClient) -> AsyncIterator[RunningSlack]:
    runner = web.AppRunner(build(slack, client).web_app("/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await slack.connect_bot(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", verify=True)
    yield slack
    await runner.cleanup()


@pytest.fixture
async def over_socket(slack: RunningSlack, client: AsyncWebClient) -> AsyncIterator[RunningSlack]:
    app_client = AsyncWebClient(base_url=slack.api_url)
    handler = AsyncSocketModeHandler(build(slack, client), slack.world.app.app_token, web_client=app_client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.until(lambda running: running.sockets.connected)
    yield slack
    await handler.close_async()  # type: ignore[no-untyped-call]


async def play(slack: RunningSlack) -> None:
    """The main job: draft, approve, Home, mention."""
    ed, ana = slack.person("editor"), slack.person("approver")
    await ed.command("/scrm draft")
    form = await ed.wait_for_modal("Draft")
    await ed.fill({"Text": "Hello & welcome", "Accounts": ["acme"]}, view=form)
    await ed.submit()
    await ed.wait_for_no_modal()
    await ana.click("Approve", containing="Hello & welcome", channel="#approvals")
    await ed.wait_for_message("Approved by <@U0APPROV1>", channel="#approvals")
    await ana.wait_for_message("Thank you", channel="#approvals")
    await ed.open_home()
    await ed.wait_for_home("Welcome")
    await ed.say("@socialcrm hello")
    await ana.wait_for_message("You called?", channel="#social")


async def test_the_main_job_over_signed_http(over_http: RunningSlack) -> None:
    await play(over_http)

    assert over_http.faults == []
    assert [call.method for call in over_http.calls if not call.ok] == []


async def test_the_main_job_over_sockets(over_socket: RunningSlack) -> None:
    await play(over_socket)

    assert over_socket.faults == []
    assert {delivered.parcel.kind for delivered in over_socket.deliveries} == {
        "slash_commands",
        "interactive",
        "events_api",
    }


async def test_a_delivery_waits_for_an_app_that_reconnects(slack: RunningSlack) -> None:
    client, token = AsyncWebClient(base_url=slack.api_url), slack.world.app.app_token
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect((await client.apps_connections_open(app_token=token))["url"]) as first:
            await first.receive_json()
            _, notice = await asyncio.gather(
                slack.disconnect_sockets("refresh_requested"), first.receive_json()
            )
        typed = asyncio.create_task(slack.person("ed").command("/scrm"))
        async with session.ws_connect((await client.apps_connections_open(app_token=token))["url"]) as second:
            await second.receive_json()
            envelope = await second.receive_json()
            await second.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "hi"}})
            outcome = await typed

    assert (notice["type"], notice["reason"]) == ("disconnect", "refresh_requested")
    assert (envelope["type"], envelope["payload"]["command"]) == ("slash_commands", "/scrm")
    assert outcome == {"ok": True}


async def test_only_an_app_token_opens_a_socket(slack: RunningSlack) -> None:
    client = AsyncWebClient(base_url=slack.api_url)

    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.apps_connections_open(app_token=slack.world.app.bot_token)


async def test_a_socket_needs_its_ticket_once(slack: RunningSlack) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=slack.world.app.app_token))["url"]

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as link:
            hello = await link.receive_json()
            await link.send_str("?")
            await slack.until(lambda running: running.faults)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url)

    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": "A0SCRMBOT"}
    assert refused.value.status == 403


async def test_envelopes_are_acknowledged_with_their_answers(slack: RunningSlack, ed: Person) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=slack.world.app.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
        await link.receive_json()
        await slack.until(lambda running: running.sockets.connected)
        await ed.open_home()
        event = await link.receive_json()
        await link.send_json({"envelope_id": event["envelope_id"]})
        await slack.idle()

    assert (event["type"], event["accepts_response_payload"], event["retry_attempt"]) == (
        "events_api",
        False,
        0,
    )
    assert event["payload"]["event"]["type"] == "app_home_opened"
    assert slack.deliveries[-1].failure == ""


async def test_a_socket_without_an_answer_times_out(world: World) -> None:
    running = await serve(world=replace(world, pace=replace(world.pace, ack_seconds=0.05)))
    client = AsyncWebClient(base_url=running.api_url)
    url = (await client.apps_connections_open(app_token=running.world.app.app_token))["url"]
    try:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
            await link.receive_json()
            await running.until(lambda slack: slack.sockets.connected)
            outcome = await running.person("ed").command("/scrm", check=False)
    finally:
        await running.close()

    assert outcome["error"] == "operation_timeout"


async def test_at_most_ten_sockets_are_open(slack: RunningSlack) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    token = slack.world.app.app_token
    async with aiohttp.ClientSession() as session:
        links = [
            await session.ws_connect((await client.apps_connections_open(app_token=token))["url"])
            for _ in range(10)
        ]
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect((await client.apps_connections_open(app_token=token))["url"])
        for link in links:
            await link.close()

    assert (len(links), refused.value.status) == (10, 429)
