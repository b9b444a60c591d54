"""What is not a well-formed request from Slack is refused with 4xx, and nothing ever answers 5xx."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from scrm_bot.slack import web as slack_web
from scrm_bot.slack.guard import MOST_BYTES
from tests.unit.slack.rig import SECRET, TEAM, a_click, a_command, a_rig, a_submission, a_view, signature

DEEP = b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
COMMAND = urlencode(a_command("echo hi")).encode()


def payload(value: object) -> bytes:
    return urlencode({"payload": value if isinstance(value, str) else json.dumps(value)}).encode()


def event(value: object, **changes: object) -> bytes:
    whole = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": value} | changes
    return json.dumps(whole).encode()


SIGNED: dict[str, bytes] = {
    "nothing": b"",
    "a brace": b"{",
    "cut JSON": b'{"type": "event_callback", "event"',
    "a JSON list": b"[1, 2]",
    "JSON null": b"null",
    "bytes that are not UTF-8": b"\xff\xfe{}",
    "a form that is not UTF-8": b"command=%2Fscrm&text=%ff%fe",
    "NUL in the body": b"command=\x00&text=\x00",
    "JSON nested too deep": DEEP,
    "a payload that is not JSON": payload("{"),
    "a payload that is a list": payload([1]),
    "a payload that is text": payload('"text"'),
    "a payload that is a number": payload(7),
    "an empty payload": b"payload=",
    "a thousand fields": b"&".join(b"a%d=1" % number for number in range(1000)),
    "an empty object": b"{}",
    "an unknown type": b'{"type": "surprise"}',
    "a type that is a list": b'{"type": ["event_callback"]}',
    "an unknown type without its view": payload({"type": "surprise", "view": None}),
    "an event that is text": event("text"),
    "an event that is null": event(None),
    "an event without a type": event({}),
    "an event whose type is a number": event({"type": 3}),
    "an event whose type is a list": event({"type": []}),
    "an event of an unknown type": event({"type": "reaction_added"}),
    "a mention without a user": event({"type": "app_mention", "text": "x"}),
    "a mention whose text is a number": event({"type": "app_mention", "user": "U1", "text": 5}),
    "a message whose text is null": event({"type": "message", "user": "U1", "text": None, "ts": "1"}),
    "an event without its id": event({"type": "app_mention", "user": "U1", "ts": "1"}, event_id=None),
    "authorizations that are text": event({"type": "message"}, authorizations="x"),
    "authorizations of numbers": event({"type": "message"}, authorizations=[1]),
    "an app_uninstalled without a team": json.dumps(
        {"type": "event_callback", "event": {"type": "app_uninstalled"}}
    ).encode(),
    "a click without actions": payload(a_click({}, actions=[])),
    "a click whose actions are text": payload(a_click({}, actions="approve")),
    "a click whose actions are numbers": payload(a_click({}, actions=[1])),
    "a click without an action_id": payload(a_click({})),
    "a click without a user": payload(a_click({"action_id": "a"}, user=None)),
    "a click whose user is text": payload(a_click({"action_id": "a"}, user="U1")),
    "a click whose team is a number": payload(a_click({"action_id": "a"}, team=7)),
    "a click whose view is a list": payload(a_click({"action_id": "a"}, view=[])),
    "a click whose state is text": payload(a_click({"action_id": "a"}, state="x")),
    "a click whose values are a list": payload(a_click({"action_id": "a"}, state={"values": [1]})),
    "a click with an option that is a number": payload(
        a_click({"action_id": "a", "type": "static_select", "selected_option": 3})
    ),
    "a submission without a view": payload(a_submission("draft", view={"id": 3})),
    "a submission whose metadata is not JSON": payload(
        a_submission("draft", view=a_view("draft", private_metadata="{"))
    ),
    "a submission whose metadata is a list": payload(
        a_submission("draft", view=a_view("draft", private_metadata="[1]"))
    ),
    "response_urls that are numbers": payload(a_submission("draft", response_urls=[1])),
    "a shortcut without a callback_id": payload(a_click({}) | {"type": "shortcut"}),
    "a suggestion without an action_id": payload(a_click({}) | {"type": "block_suggestion"}),
    "a dialog of long ago": payload({"type": "dialog_submission", "user": {"id": "U1"}}),
    "a view that was closed": payload(a_submission("draft") | {"type": "view_closed"}),
    "a command without a user": b"command=%2Fscrm&text=hi&team_id=T1",
    "a command without a team": b"command=%2Fscrm&text=hi&user_id=U1",
    "a command in JSON with a list for text": b'{"command": "/scrm", "text": [], "user_id": 3}',
    "a lone surrogate": b'{"type": "event_callback", "event": {"type": "\\ud800"}, "event_id": "1"}',
}
ACKNOWLEDGED = {
    "a click with an option that is a number",
    "an event of an unknown type",
    "a message whose text is null",
    "a submission whose metadata is not JSON",
    "a submission whose metadata is a list",
    "a view that was closed",
    "a mention whose text is a number",
    "a lone surrogate",
}


@pytest.mark.parametrize("name", SIGNED)
async def test_a_signed_oddity_is_acknowledged_or_refused_and_never_an_error(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_rig() as rig:
        status, body = await rig.post(SIGNED[name])
        await rig.settled()

        assert status == 200 if name in ACKNOWLEDGED else 400 <= status < 500
        assert "Traceback" not in body
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("name", SIGNED)
async def test_an_unsigned_oddity_is_refused_before_it_is_read(name: str) -> None:
    async with a_rig() as rig:
        status, _ = await rig.post(SIGNED[name], headers={"Content-Type": "application/json"})

        assert status == 401


WRONG: dict[str, dict[str, str]] = {
    "nothing": {},
    "no signature": {"X-Slack-Request-Timestamp": str(int(time.time()))},
    "no timestamp": {"X-Slack-Signature": "v0=abc"},
    "a timestamp in words": signature(COMMAND) | {"X-Slack-Request-Timestamp": "yesterday"},
    "a negative timestamp": signature(COMMAND) | {"X-Slack-Request-Timestamp": "-1"},
    "a timestamp with a fraction": signature(COMMAND) | {"X-Slack-Request-Timestamp": "1.5"},
    "a timestamp in other digits": signature(COMMAND) | {"X-Slack-Request-Timestamp": "١٢٣"},
    "a timestamp beyond all years": signature(COMMAND) | {"X-Slack-Request-Timestamp": "9" * 5000},
    "an empty timestamp": signature(COMMAND) | {"X-Slack-Request-Timestamp": ""},
    "a stale timestamp": signature(COMMAND, at=int(time.time()) - 301),
    "a timestamp of tomorrow": signature(COMMAND, at=int(time.time()) + 86_400),
    "another secret": signature(COMMAND, secret="another"),
    "another body": signature(b"command=%2Fscrm"),
    "a signature that is no ASCII": signature(COMMAND) | {"X-Slack-Signature": "v0=ü"},
    "a signature without its version": signature(COMMAND)
    | {"X-Slack-Signature": signature(COMMAND)["X-Slack-Signature"][3:]},
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_slack_did_not_sign_just_now_is_refused(name: str) -> None:
    async with a_rig() as rig:
        status, _ = await rig.post(COMMAND, headers=WRONG[name])

        assert status == 401
        assert rig.queue.seen == set()


async def test_a_long_body_is_refused_by_its_announced_length() -> None:
    async with a_rig() as rig:
        body = b"a" * (MOST_BYTES + 1)

        assert (await rig.post(body))[0] == 413


async def test_a_long_body_without_a_length_is_refused_as_it_comes() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 100_000

    async with a_rig() as rig, rig.client.post("/slack/events", data=chunks()) as response:
        assert response.status == 413


async def test_only_posts_are_taken() -> None:
    async with a_rig() as rig:
        for method in ("GET", "PUT", "DELETE"):
            async with rig.client.request(method, "/slack/events") as response:
                assert response.status == 405


async def test_slacks_check_of_the_address_is_answered() -> None:
    async with a_rig() as rig:
        status, body = await rig.post(b'{"type": "url_verification", "challenge": "c1"}')

        assert (status, json.loads(body)) == (200, {"challenge": "c1"})


async def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_web, "_BODY_WITHIN", 0.01)
    async with a_rig() as rig:
        reader, writer = await asyncio.open_connection(rig.client.host, rig.client.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        head = await reader.readline()
        writer.close()
        await writer.wait_closed()

        assert b"408" in head


async def test_a_connection_that_never_sends_a_whole_request_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slack_web, "_IDLE", 0.05)
    async with a_rig() as rig:
        server = slack_web.Server(rig.application)
        port = await server.start("127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-")
        rest = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await writer.wait_closed()
        await server.stop()

        assert rest == b""


async def test_health_readiness_and_metrics_answer() -> None:
    async with a_rig() as rig:
        await rig.command("help")
        seen = {}
        for path in ("/healthz", "/readyz", "/metrics"):
            async with rig.client.get(path) as response:
                seen[path] = (response.status, await response.text())
        rig.ready = False
        async with rig.client.get("/readyz") as response:
            unready = response.status

        assert seen["/healthz"] == (200, "ok\n")
        assert seen["/readyz"][0] == 200
        assert 'scrm_deliveries_total{kind="command",status="200"} 1.0' in seen["/metrics"][1]
        assert unready == 503


async def test_a_wrong_secret_is_told_once_and_strangers_are_not(caplog: pytest.LogCaptureFixture) -> None:
    async with a_rig() as rig:
        for _ in range(3):
            assert (await rig.post(COMMAND, headers=signature(COMMAND) | {"X-Slack-Signature": "v0=x"}))[
                0
            ] == 401
            assert (await rig.post(COMMAND, headers={}))[0] == 401
        assert caplog.text == ""

        for _ in range(3):
            assert (await rig.post(COMMAND, headers=signature(COMMAND, secret="e" * 32)))[0] == 401

    (told,) = [record.getMessage() for record in caplog.records]
    assert "SLACK_SIGNING_SECRET" in told
    assert "e" * 32 not in told
    assert SECRET not in told
