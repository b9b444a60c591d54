"""One call of Slack's Web API: what is sent, and how what comes back is named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.slack.webapi import WebApi, open_session, retry_after

TOKEN = "xoxb-very-secret"


class Slack:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.answer = web.Response(body=b'{"ok":true}')

    async def hear(self, request: web.Request) -> web.Response:
        named = {name: request.headers.get(name, "") for name in ("Authorization", "Content-Type")}
        self.asked.append((request.method, request.path_qs, named, await request.text()))
        return self.answer


@asynccontextmanager
async def an_api(slack: Slack) -> AsyncIterator[WebApi]:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.hear)
    async with TestServer(app) as server, open_session() as session:
        yield WebApi(session, base_url=str(server.make_url("/api")))


async def test_a_post_sends_json_without_what_is_not_given() -> None:
    slack = Slack()
    async with an_api(slack) as api:
        assert await api.send(TOKEN, "chat.postMessage", {"channel": "C1", "thread_ts": None}) == {"ok": True}

    ((method, path, headers, body),) = slack.asked
    assert (method, path, body) == ("POST", "/api/chat.postMessage", '{"channel": "C1"}')
    assert headers == {
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": "application/json;charset=utf-8",
    }


async def test_a_get_asks_in_its_address_and_never_puts_the_token_there() -> None:
    slack = Slack()
    async with an_api(slack) as api:
        await api.send(TOKEN, "files.getUploadURLExternal", {"filename": "a b", "length": 3}, verb="GET")

    ((method, path, _, body),) = slack.asked
    assert (method, path, body) == ("GET", "/api/files.getUploadURLExternal?filename=a+b&length=3", "")


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b'{"ok":false,"error":"is_archived"}', "is_archived"),
        (200, b'{"error":"odd"}', "odd"),
        (200, b"<html>", "unreachable"),
        (200, b"[1]", "unreachable"),
        (200, b"\xff\xfe", "unreachable"),
        (503, b"<html>", "http_503"),
        (500, b'{"ok":true}', "http_500"),
        (302, b"", "http_302"),
    ],
)
async def test_whatever_is_no_success_is_a_refusal_by_name(status: int, body: bytes, code: str) -> None:
    slack = Slack()
    slack.answer = web.Response(status=status, body=body, headers={"Location": "/api/elsewhere"})
    async with an_api(slack) as api:
        with pytest.raises(SlackRefusedError) as refused:
            await api.send(TOKEN, "chat.update", {})

    assert (refused.value.code, refused.value.retry_in) == (code, None)
    assert len(slack.asked) == 1
    assert TOKEN not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.parametrize(("told", "wait"), [("7", 7.0), ("soon", 1.0), (None, 1.0)])
async def test_a_limit_says_how_long_it_lasts(told: str | None, wait: float) -> None:
    slack = Slack()
    slack.answer = web.Response(status=429, headers={"Retry-After": told} if told else {})
    async with an_api(slack) as api:
        with pytest.raises(SlackRefusedError) as refused:
            await api.send(TOKEN, "chat.update", {})

    assert (refused.value.code, refused.value.retry_in) == ("ratelimited", wait)


async def test_what_slack_says_about_a_refusal_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    slack = Slack()
    slack.answer = web.Response(
        body=b'{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["too long"]}}'
    )
    async with an_api(slack) as api:
        with pytest.raises(SlackRefusedError, match="invalid_blocks"):
            await api.send(TOKEN, "chat.update", {})

    assert "too long" in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("30", 30.0),
        ("30.5", 30.5),
        (" 7 ", 7.0),
        ("9" * 400, 86_400.0),
        ("soon", 1.0),
        ("-1", 1.0),
        (None, 1.0),
    ],
)
def test_slack_is_left_alone_for_as_long_as_it_says(told: str | None, seconds: float) -> None:
    assert retry_after(told) == seconds
