"""Events: who hears of what, in which shape, and how often it is tried."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack import events
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import ED, World
from tests.unit.demo.slack.bots import FakeBot, Received, nothing, section

Json = dict[str, Any]
SOCIAL = "C0SOCIAL1"


async def test_an_event_comes_in_its_envelope(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    ts = await ed.say("hello @socialcrm & co")
    await slack.idle()

    outer = bot.of_type("event_callback")[0]
    assert outer["event_id"].startswith("Ev")
    assert (outer["team_id"], outer["api_app_id"]) == ("T0ACME001", "A0SCRMBOT")
    assert outer["authorizations"] == [
        {
            "enterprise_id": None,
            "team_id": "T0ACME001",
            "user_id": "U0SCRMBOT",
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ]
    event = bot.events("message")[0]
    told = {key: event[key] for key in ("user", "text", "channel", "channel_type", "ts", "event_ts")}
    text = "hello <@U0SCRMBOT> &amp; co"
    assert told == {
        "user": ED.id,
        "text": text,
        "channel": SOCIAL,
        "channel_type": "channel",
        "ts": ts,
        "event_ts": ts,
    }
    assert bot.events("app_mention")[0]["text"] == text


async def test_each_event_has_an_id_of_its_own(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    await ed.say("@socialcrm hi")
    await slack.idle()

    ids = [outer["event_id"] for outer in bot.of_type("event_callback")]
    assert len(ids) == len(set(ids)) == 2


async def test_the_bot_hears_only_where_it_is_a_member(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    await ed.say("@socialcrm here?", channel="#general")
    await ed.say("in private", channel="dm")
    await slack.idle()

    assert [event["channel_type"] for event in bot.events("message")] == ["im"]
    assert bot.events("app_mention") == []


async def test_changes_and_deletions_are_told(
    slack: RunningSlack, client: AsyncWebClient, bot: FakeBot
) -> None:
    ts = (await client.chat_postMessage(channel=SOCIAL, text="a"))["ts"]
    await client.chat_update(channel=SOCIAL, ts=ts, text="b")
    await client.chat_delete(channel=SOCIAL, ts=ts)
    await slack.idle()

    said, changed, deleted = sorted(bot.events("message"), key=lambda event: float(event["event_ts"]))
    assert (said["bot_id"], said["text"]) == ("B0SCRMBOT", "a")
    assert (changed["subtype"], changed["hidden"]) == ("message_changed", True)
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("a", "b")
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)


async def test_links_to_our_domains_are_told(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    await ed.say("https://app.socialcrm.example/p/1 and https://other.example/2")
    await slack.idle()

    links = bot.events("link_shared")[0]["links"]
    assert links == [{"url": "https://app.socialcrm.example/p/1", "domain": "app.socialcrm.example"}]


async def test_opening_the_home_brings_the_view_once_there_is_one(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await ed.open_home()
    await slack.idle()
    await client.views_publish(user_id=ED.id, view={"type": "home", "blocks": [section("x")]})
    await ed.open_home()
    await slack.idle()
    await ed.open_home("messages")
    await slack.idle()

    first, second, third = bot.events("app_home_opened")
    assert (first["tab"], "view" in first, first["user"]) == ("home", False, ED.id)
    assert second["view"]["type"] == "home"
    assert (third["tab"], "view" in third) == ("messages", False)


async def test_an_event_that_was_not_subscribed_to_is_not_sent(world: World) -> None:
    manifest = {**DEFAULT, "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}}
    running, bot = await serve(world=replace(world, manifest=manifest)), FakeBot(nothing)
    await bot.start()
    await running.connect_bot(bot.url)
    try:
        await running.person("ed").say("@socialcrm hi")
        await running.idle()
    finally:
        await bot.stop()
        await running.close()

    assert [event["event"]["type"] for event in bot.of_type("event_callback")] == ["app_mention"]


async def test_a_subscription_without_its_scope_stays_silent(world: World) -> None:
    manifest = {**DEFAULT, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    running, bot = await serve(world=replace(world, manifest=manifest)), FakeBot(nothing)
    await bot.start()
    await running.connect_bot(bot.url)
    try:
        await running.person("ed").say("@socialcrm hi")
        await running.person("ed").open_home()
        await running.idle()
    finally:
        await bot.stop()
        await running.close()

    assert [event["event"]["type"] for event in bot.of_type("event_callback")] == ["app_home_opened"]


async def refused(_received: Received) -> web.StreamResponse:
    return web.Response(status=503)


async def test_a_failed_event_is_sent_again_three_times(
    slack: RunningSlack, ed: Person, bot: FakeBot
) -> None:
    bot.answer = refused

    await ed.open_home()
    await slack.until(lambda running: len(running.deliveries) == 4)

    tries = [
        (each.headers.get("X-Slack-Retry-Num"), each.headers.get("X-Slack-Retry-Reason"))
        for each in bot.received
    ]
    assert tries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({each.payload["event_id"] for each in bot.received}) == 1
    assert [each.failure for each in slack.deliveries] == ["http_error"] * 4


async def test_a_retry_that_is_answered_is_the_last(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    async def second_time(received: Received) -> web.StreamResponse:
        return web.Response(status=200 if "X-Slack-Retry-Num" in received.headers else 500)

    bot.answer = second_time
    await ed.open_home()
    await slack.until(lambda running: len(running.deliveries) == 2)
    await slack.idle()

    assert len(bot.received) == 2


async def test_no_retry_is_made_when_the_answer_says_so(
    slack: RunningSlack, ed: Person, bot: FakeBot
) -> None:
    async def never_again(_received: Received) -> web.StreamResponse:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    bot.answer = never_again
    await ed.open_home()
    await slack.until(lambda running: len(running.deliveries) == 1)
    await slack.idle()

    assert len(bot.received) == 1


@pytest.mark.parametrize("reason", ["http_timeout", "connection_failed", "too_many_redirects"])
async def test_the_reason_of_a_retry_is_told(world: World, reason: str) -> None:
    running = await serve(world=replace(world, pace=replace(world.pace, ack_seconds=0.1)))
    released = asyncio.Event()

    async def fail(received: Received) -> web.StreamResponse:
        if "X-Slack-Retry-Num" in received.headers:
            return web.Response()
        if reason == "http_timeout":
            await released.wait()
        if reason == "too_many_redirects":
            return web.Response(status=307, headers={"Location": "/slack/events"})
        raise ConnectionResetError

    bot = FakeBot(fail)
    await bot.start()
    await running.connect_bot(bot.url if reason != "connection_failed" else "http://127.0.0.1:1/")
    try:
        await running.person("ed").open_home()
        await running.until(lambda slack: len(slack.deliveries) >= 2)
    finally:
        released.set()
        await bot.stop()
        await running.close()

    assert running.deliveries[0].failure == reason
    assert running.deliveries[1].parcel.reason == reason


async def test_past_the_hourly_limit_the_app_is_told_once(
    slack: RunningSlack, ed: Person, bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "PER_HOUR", 2)

    for _ in range(4):
        await ed.open_home()
    await slack.until(lambda running: len(running.deliveries) == 3)
    await slack.idle()

    kinds = sorted(each.payload["type"] for each in bot.received)
    assert kinds == ["app_rate_limited", "event_callback", "event_callback"]


async def test_a_step_runs_and_is_completed_once(
    slack: RunningSlack, client: AsyncWebClient, bot: FakeBot
) -> None:
    run = slack.run_function("draft_post", user=ED.id, inputs={"text": "hi"})
    other = slack.run_function("draft_post", user=ED.id, inputs={})
    await slack.idle()

    await client.functions_completeSuccess(function_execution_id=run, outputs={"id": "1"})
    await client.functions_completeError(function_execution_id=other, error="no")

    event = bot.events("function_executed")[0]
    assert (event["function"]["callback_id"], event["inputs"]["text"]) == ("draft_post", "hi")
    assert slack.space.executions[run] | {"callback_id": ""} == {
        "state": "succeeded",
        "outputs": {"id": "1"},
        "callback_id": "",
    }
    with pytest.raises(SlackApiError, match="execution_not_in_running_state"):
        await client.functions_completeSuccess(function_execution_id=run, outputs={})


async def test_an_uninstall_is_told_and_kills_the_token(
    slack: RunningSlack, client: AsyncWebClient, bot: FakeBot
) -> None:
    slack.uninstall()
    slack.uninstall()
    await slack.idle()

    assert len(bot.events("app_uninstalled")) == 1
    assert bot.events("tokens_revoked")[0]["tokens"]["bot"] == ["U0SCRMBOT"]
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"channel": "C0GENERAL"}, "sees no channel"),
        ({"channel": SOCIAL, "thread_ts": "1.000000"}, "there is no thread"),
        ({"channel": SOCIAL, "files": ["F0NONE"]}, "file_not_found"),
    ],
    ids=["channel", "thread", "file"],
)
async def test_a_guest_says_nothing_where_nothing_is(
    slack: RunningSlack, bot: FakeBot, said: Json, told: str
) -> None:
    outcome = await slack.person("guest")._line.do("message", {**said, "text": "x"}, check=False)

    assert told in outcome["message"]
    assert bot.received == []
