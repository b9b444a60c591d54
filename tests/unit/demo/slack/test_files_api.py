"""Files: sent to a place, shared, read with a token only."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack import files
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.screen import FormRefusedError
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import World
from tests.unit.demo.slack.bots import FakeBot, entry, modal

Json = dict[str, Any]
SOCIAL = "C0SOCIAL1"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


async def test_the_sdk_uploads_a_picture_into_a_channel(
    slack: RunningSlack, client: AsyncWebClient, ed: Person
) -> None:
    answer = await client.files_upload_v2(
        filename="chart.png",
        content=PNG,
        title="Chart",
        alt_txt="A chart",
        channel=SOCIAL,
        initial_comment="Look",
    )

    told = answer["files"][0]
    message = (await ed.messages("#social"))[-1]
    info = (await client.files_info(file=told["id"]))["file"]
    assert (told["mimetype"], told["title"], told["size"]) == ("image/png", "Chart", len(PNG))
    assert (message["text"], message["files"][0]["id"]) == ("Look", told["id"])
    assert (info["channels"], info["alt_txt"]) == ([SOCIAL], "A chart")
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {slack.world.app.bot_token}"}
        async with session.get(info["url_private"], headers=headers) as mine:
            content, kind = await mine.read(), mine.content_type
        async with session.get(info["url_private_download"], headers=headers) as downloaded:
            again = await downloaded.read()
        async with session.get(info["url_private"]) as strangers:
            page = await strangers.text()
        async with session.get(message["files"][0]["url_private"]) as seen:
            shown = await seen.read()
    assert (content, kind, again, shown) == (PNG, "image/png", PNG, PNG)
    assert "Sign in" in page


async def test_reading_a_file_needs_its_scope(world: World) -> None:
    manifest = {**DEFAULT, "oauth_config": {"scopes": {"bot": ["files:write"]}}}
    running = await serve(world=replace(world, manifest=manifest))
    client = AsyncWebClient(running.world.app.bot_token, base_url=running.api_url)
    try:
        told = (await client.files_upload_v2(filename="a.png", content=PNG))["files"][0]
        async with aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bearer {running.world.app.bot_token}"}
            async with session.get(told["url_private"], headers=headers) as answer:
                page = await answer.text()
            async with session.get(f"{running.url}/files/T-F0NONE/a.png") as missing:
                unknown = await missing.text()
    finally:
        await running.close()

    assert "Sign in" in page
    assert "Sign in" in unknown


@pytest.mark.parametrize("form", [True, False], ids=["multipart", "raw"])
async def test_bytes_may_come_raw_or_in_a_form(client: AsyncWebClient, *, form: bool) -> None:
    place = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    data = aiohttp.FormData()
    data.add_field("filename", b"hello", filename="a.txt")

    async with aiohttp.ClientSession() as session:
        async with session.post(place["upload_url"], data=data if form else b"hello") as answer:
            told = await answer.text()
        async with session.post(place["upload_url"], data=b"hello") as twice:
            assert twice.status == 404

    done = await client.files_completeUploadExternal(files=[{"id": place["file_id"]}])
    assert told == "OK - 5"
    assert done["files"][0]["size"] == 5


async def test_bytes_are_as_many_as_promised(client: AsyncWebClient) -> None:
    place = await client.files_getUploadURLExternal(filename="a.txt", length=6)

    async with aiohttp.ClientSession() as session, session.post(place["upload_url"], data=b"hello") as answer:
        assert answer.status == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": place["file_id"]}])


@pytest.mark.parametrize(
    ("method", "told", "error"),
    [
        ("files.getUploadURLExternal", {"filename": "a.txt"}, "invalid_arguments"),
        ("files.getUploadURLExternal", {"filename": "a.txt", "length": 2**40}, "file_upload_size_restricted"),
        (
            "files.getUploadURLExternal",
            {"filename": "a", "length": 1, "alt_txt": "x" * 1001},
            "alt_txt_too_large",
        ),
        ("files.completeUploadExternal", {"files": "[]"}, "invalid_arguments"),
        ("files.completeUploadExternal", {"files": '[{"id":"F0NONE"}]'}, "file_not_found"),
        ("files.info", {"file": "F0NONE"}, "file_not_found"),
    ],
)
async def test_an_unsound_upload_is_refused(
    client: AsyncWebClient, method: str, told: Json, error: str
) -> None:
    with pytest.raises(SlackApiError, match=error):
        await client.api_call(method, params=told)


async def test_the_oldest_files_make_room(client: AsyncWebClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROOM_BYTES", 10)
    first = (await client.files_upload_v2(filename="a.txt", content="12345678"))["files"][0]
    second = (await client.files_upload_v2(filename="b.txt", content="12345678"))["files"][0]

    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_info(file=first["id"])
    assert (await client.files_info(file=second["id"]))["ok"]


async def test_a_persons_file_reaches_the_bot_through_a_form(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    element = {"type": "file_input", "action_id": "files", "max_files": 1}
    await ed.command("/scrm")
    await client.views_open(
        trigger_id=bot.received[0].payload["trigger_id"], view=modal(entry("Media", element))
    )

    await ed.fill({"Media": [("a.png", PNG), ("b.png", PNG)]})
    with pytest.raises(FormRefusedError, match="no more than 1"):
        await ed.submit()
    await ed.fill({"Media": ("a.png", PNG)})
    await ed.submit()

    sent = bot.of_type("view_submission")[0]["view"]["state"]["values"]["media"]["files"]["files"][0]
    assert (sent["name"], sent["mimetype"]) == ("a.png", "image/png")
    assert "/files/T0ACME001-F" in sent["url_private"]
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {slack.world.app.bot_token}"}
        async with session.get(sent["url_private"], headers=headers) as answer:
            assert await answer.read() == PNG


async def test_a_person_shares_a_file_in_a_message(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    file = await ed.upload("notes.html", b"<script>")

    await ed.say("see", files=[file["id"]])
    await slack.idle()

    event = bot.events("message")[0]
    assert (event["subtype"], event["files"][0]["name"]) == ("file_share", "notes.html")
    async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.html"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
