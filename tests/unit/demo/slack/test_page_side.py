"""What the page calls: state, live events, and who may call at all."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack import page
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import ANA, ED, Intro, World
from tests.unit.demo.slack.bots import FakeBot

Json = dict[str, Any]


async def get(slack: RunningSlack, path: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(slack.url + path, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_the_state_is_all_a_person_may_see(slack: RunningSlack) -> None:
    slack.tell_newcomers(Intro(title="Hello", verbs=({"verb": "draft", "usage": "", "summary": ""},)))
    ed, gus = await slack.person("ed").state(), await slack.person("guest").state()

    assert [channel["name"] for channel in ed["channels"]] == ["social", "approvals", "general", "SocialCRM"]
    assert [channel["name"] for channel in gus["channels"]] == ["social", "SocialCRM"]
    assert [user["role"] for user in ed["users"]] == ["editor", "approver", "admin", "guest", "bot"]
    assert (ed["me"]["id"], ed["team"]["id"], ed["bot"]["user_id"]) == (ED.id, "T0ACME001", "U0SCRMBOT")
    assert ed["commands"][0]["command"] == "/scrm"
    assert [shortcut["type"] for shortcut in ed["shortcuts"]] == ["global", "message"]
    assert (ed["intro"]["title"], ed["intro"]["verbs"][0]["verb"]) == ("Hello", "draft")
    assert (ed["home"], ed["views"]) == (None, [])


async def test_unread_counts_until_it_is_read(client: AsyncWebClient, ed: Person) -> None:
    await client.chat_postMessage(channel="C0SOCIAL1", text="x")
    before = (await ed.state())["channels"][0]["unread"]

    await ed._line.do("reset-read", {"channel": "C0SOCIAL1"})

    assert (before, (await ed.state())["channels"][0]["unread"]) == (1, 0)


async def next_event(events: aiohttp.ClientResponse) -> Json:
    async for line in events.content:
        if line.startswith(b"data: "):
            event: Json = json.loads(line[6:])
            return event
    raise AssertionError("the stream ended")


async def test_events_come_live_and_from_where_one_left(slack: RunningSlack, client: AsyncWebClient) -> None:
    url = f"{slack.url}/ui/events"
    async with aiohttp.ClientSession() as session:
        async with session.get(url, params={"user": ED.id}) as events:
            assert events.content_type == "text/event-stream"
            await client.chat_postMessage(channel="C0SOCIAL1", text="live")
            live = await next_event(events)
        async with session.get(url, params={"user": ED.id, "since": "0"}) as events:
            replayed = await next_event(events)

    assert (live["type"], live["channel"], live["message"]["text"]) == ("message", "C0SOCIAL1", "live")
    assert replayed == live


async def test_nobody_hears_what_is_for_others(slack: RunningSlack, client: AsyncWebClient) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/ui/events", params={"user": ANA.id}) as events,
    ):
        await client.chat_postEphemeral(channel="C0SOCIAL1", user=ED.id, text="psst")
        await client.chat_postMessage(channel="C0SOCIAL1", text="all")
        first = await next_event(events)

    assert first["message"]["text"] == "all"


async def test_a_silent_stream_has_a_heartbeat(world: World) -> None:
    running = await serve(world=replace(world, pace=replace(world.pace, heartbeat_seconds=0.01)))
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{running.url}/ui/events", params={"user": ED.id}) as events,
        ):
            lines = [await events.content.readline() for _ in range(3)]
    finally:
        await running.close()

    assert lines == [b": hello\n", b"\n", b": still here\n"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "[::1"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://localhost:5173"}, 200),
        ({"Host": "localhost"}, 200),
    ],
    ids=str,
)
async def test_only_this_machine_is_answered(
    slack: RunningSlack, headers: dict[str, str], status: int
) -> None:
    assert (await get(slack, f"/ui/state?user={ED.id}", **headers))[0] == status


@pytest.mark.parametrize(
    ("path", "body", "kind", "status"),
    [
        ("/ui/command", "user=U0EDITOR1", "application/x-www-form-urlencoded", 415),
        ("/ui/command", "{", "application/json", 400),
        ("/ui/command", "{}", "application/json", 400),
        ("/ui/dance", "{}", "application/json", 404),
        ("/ui/upload", "{}", "application/json", 415),
        ("/ui/upload", "--x--", "multipart/form-data; boundary=x", 400),
    ],
)
async def test_what_the_page_would_not_send_is_refused(
    slack: RunningSlack, path: str, body: str, kind: str, status: int
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.url + path, data=body, headers={"Content-Type": kind}) as answer,
    ):
        assert answer.status == status


async def test_an_unknown_person_sees_nothing(slack: RunningSlack) -> None:
    assert (await get(slack, "/ui/state?user=U0NOBODY"))[0] == 400
    assert (await get(slack, "/ui/events"))[0] == 400
    assert (await get(slack, "/ui/files/F0NONE"))[0] == 404


async def test_the_page_and_its_files_are_served(
    slack: RunningSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "DIST", tmp_path)
    missing = await get(slack, "/")
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "app.js").write_text("go()")
    (tmp_path / "secret.txt").write_text("no")

    assert missing == (200, page.MISSING)
    assert await get(slack, "/") == (200, "<!doctype html>")
    assert await get(slack, "/assets/app.js") == (200, "go()")
    assert (await get(slack, "/assets/..%2fsecret.txt"))[0] == 404
    assert (await get(slack, "/assets/none.js"))[0] == 404


async def test_a_closed_view_cannot_be_sent(ed: Person, bot: FakeBot) -> None:
    for deed in ("submit", "close", "typed"):
        outcome = await ed._line.do(deed, {"view_id": "V0NONE"}, check=False)
        assert outcome["message"] == "that view is not open any more"
