"""Charts: drawn, sent where Slack says, and shown in the thread; a failure is a line in the log."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import World
from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.charts import Chart
from scrm_bot.domain.errors import DrawingError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack.charts import SlackCharts
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.uploads import Uploads
from tests.builders import a_chart

TEAM = "T0001"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
SOCIAL = "C0SOCIAL1"


class FakeDrawing:
    """Draws every chart the same. `broken` is what it says instead."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = ""

    async def png(self, svg: str) -> bytes:
        self.asked.append(svg)
        if self.broken:
            raise DrawingError(self.broken)
        return PNG


@dataclass
class Desk:
    """A strict Slack, and the charts of its one workspace."""

    slack: RunningSlack
    messenger: Messenger
    drawing: FakeDrawing
    charts: SlackCharts

    async def post(self) -> CardRef:
        answer = await self.messenger.call(TEAM, "chat.postMessage", {"channel": SOCIAL, "text": "Digest"})
        return CardRef(SOCIAL, str(answer["ts"]))

    async def show(self, chart: Chart | None = None) -> bool:
        return await self.charts.show(chart or a_chart(), await self.post())


def a_desk(slack: RunningSlack, session: aiohttp.ClientSession, *, api_url: str = "") -> Desk:
    token = Secret(slack.world.app.bot_token)

    async def installation(team_id: str) -> Installation:
        return Installation(team_id, token)

    messenger = Messenger(
        session=session, installations=Installations(installation), base_url=api_url or slack.api_url
    )
    drawing, uploads = FakeDrawing(), Uploads(session, api_url=api_url or slack.api_url)
    return Desk(slack, messenger, drawing, SlackCharts(TEAM, messenger, uploads, drawing))


@pytest.fixture
async def desk(slack: RunningSlack, session: aiohttp.ClientSession) -> Desk:
    return a_desk(slack, session)


async def test_the_picture_is_in_the_thread_with_what_it_says_in_words(desk: Desk) -> None:
    digest = await desk.post()

    assert await desk.charts.show(a_chart(name="日本のお茶"), digest)

    (reply,) = [
        message
        for message in await desk.slack.person("editor").messages("#social")
        if message.get("thread_ts") == digest.ts and message["ts"] != digest.ts
    ]
    (file,) = reply["files"]
    assert reply["text"] == ""
    words = "Followers of 日本のお茶, 7 days: 1,200 to 1,260, highest Tue 1,260"
    assert (file["title"], file["alt_txt"]) == ("Followers of 日本のお茶", words)
    assert (file["mimetype"], file["size"], file["channels"]) == ("image/png", len(PNG), [SOCIAL])
    assert "Followers of this account" in desk.drawing.asked[0]


async def test_a_chart_that_cannot_be_drawn_is_left_out_and_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.drawing.broken = "the drawing process ended"

    assert not await desk.show()
    assert "left out: the drawing process ended" in caplog.text


async def test_without_the_right_to_write_files_there_is_no_chart_and_no_error(
    session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = {**DEFAULT, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    poor = await serve(world=World(manifest=manifest))
    try:
        assert not await a_desk(poor, session).show()
    finally:
        await poor.close()
    assert "files.getUploadURLExternal: missing_scope" in caplog.text


async def test_a_channel_that_is_gone_meanwhile_costs_the_chart_alone(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    assert not await desk.charts.show(a_chart(), CardRef("C0NOWHERE", "1.000000"))
    assert "files.completeUploadExternal: " in caplog.text


Answer = Callable[[web.Request], Awaitable[web.Response]]


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_bytes_that_slack_does_not_take_are_not_shared(
    session: aiohttp.ClientSession, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    tokens: list[str] = []

    async def take(request: web.Request) -> web.Response:
        tokens.append(request.headers.get("Authorization", ""))
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    assert await sent_to(session, take) == f"upload: http_{status}"
    assert tokens == [""]


async def test_a_line_that_breaks_while_bytes_are_sent_is_told_as_such(
    session: aiohttp.ClientSession,
) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    assert await sent_to(session, hang_up) == "upload: unreachable"


async def sent_to(session: aiohttp.ClientSession, answer: Answer) -> str:
    """What comes of sending bytes to a server that answers so."""
    application = web.Application()
    application.router.add_post("/upload", answer)
    async with TestServer(application) as server:
        uploads = Uploads(session, api_url=str(server.make_url("/api/")))
        return await refusal(uploads, str(server.make_url("/upload")))


async def refusal(uploads: Uploads, url: str) -> str:
    with pytest.raises(Exception, match="upload: ") as raised:
        await uploads.send(url, PNG)
    return str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://files.example/upload", "file:///etc/passwd", "", "http://127.0.0.1:1/upload"]
)
async def test_bytes_go_nowhere_without_tls_but_to_the_stand_in(
    session: aiohttp.ClientSession, url: str
) -> None:
    uploads = Uploads(session, api_url="https://slack.com/api/")

    assert await refusal(uploads, url) == "upload: unsafe_upload_url"
