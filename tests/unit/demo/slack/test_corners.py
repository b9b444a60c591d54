"""The rarer turns: what is refused late, kept apart, or goes without saying."""

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from scrm_bot.demo.slack import files, tickets
from scrm_bot.demo.slack.blockkit import problems
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.messages import fallback
from scrm_bot.demo.slack.screen import RefusedError
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import World
from tests.unit.demo.slack.bots import TEXT_INPUT, FakeBot, Received, button, entry, modal, plain, section

Json = dict[str, Any]
SOCIAL = "C0SOCIAL1"


async def broken(_received: Received) -> web.StreamResponse:
    return web.Response(status=500)


async def test_a_shortcut_that_fails_is_told(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    bot.answer = broken
    failed = await ed.shortcut("New social post", check=False)
    await bot.stop()
    gone = await ed.shortcut("New social post", check=False)

    assert (failed["error"], gone["error"]) == ("dispatch_failed", "dispatch_failed")
    assert slack.faults == ["shortcut was answered with HTTP 500"]


@pytest.mark.parametrize(
    "said",
    [
        {"type": "global", "callback_id": "dance"},
        {"type": "message", "callback_id": "draft_from_message", "channel": SOCIAL, "message_ts": "1.000000"},
    ],
    ids=["shortcut", "message"],
)
async def test_a_shortcut_to_nowhere_is_told(ed: Person, bot: FakeBot, said: Json) -> None:
    with pytest.raises(RefusedError, match="not_found"):
        await ed._line.do("shortcut", said)


async def test_only_the_view_on_top_can_be_sent(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    view = modal({"type": "actions", "elements": [button("More")]})
    await ed.command("/scrm")
    root = (await client.views_open(trigger_id=bot.received[-1].payload["trigger_id"], view=view))["view"]
    await ed.click("More")
    await client.views_push(trigger_id=bot.received[-1].payload["trigger_id"], view=view)

    outcome = await ed._line.do("submit", {"view_id": root["id"]}, check=False)

    assert "on top of" in outcome["message"]


async def test_a_view_that_was_closed_meanwhile_takes_no_push(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    view = modal({"type": "actions", "elements": [button("More")]})
    await ed.command("/scrm")
    await client.views_open(trigger_id=bot.received[-1].payload["trigger_id"], view=view)
    await ed.click("More")
    await ed.close()

    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_push(trigger_id=bot.received[-1].payload["trigger_id"], view=view)


async def test_a_view_that_clears_on_close_takes_all_with_it(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    row = {"type": "actions", "elements": [button("More")]}
    await ed.command("/scrm")
    await client.views_open(trigger_id=bot.received[-1].payload["trigger_id"], view=modal(row))
    await ed.click("More")
    pushed = modal(row, clear_on_close=True)
    await client.views_push(trigger_id=bot.received[-1].payload["trigger_id"], view=pushed)

    await ed.close()

    assert await ed.modal() is None


async def test_a_view_takes_a_new_external_id_only_if_it_is_free(
    client: AsyncWebClient, ed: Person, ana: Person, bot: FakeBot
) -> None:
    for person, name in ((ed, "one"), (ana, "two")):
        await person.command("/scrm")
        await client.views_open(
            trigger_id=bot.received[-1].payload["trigger_id"], view=modal(section("x"), external_id=name)
        )

    renamed = await client.views_update(external_id="one", view=modal(section("x"), external_id="three"))
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_update(external_id="three", view=modal(section("x"), external_id="two"))
    assert renamed["view"]["external_id"] == "three"


async def test_a_close_that_is_not_acknowledged_is_a_fault(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await ed.command("/scrm")
    view = modal(section("x"), notify_on_close=True)
    await client.views_open(trigger_id=bot.received[-1].payload["trigger_id"], view=view)
    await bot.stop()

    await ed.close()

    assert slack.faults == ["view_closed was not acknowledged: connection_failed"]


async def test_two_channels_in_a_form_but_one_asks_for_a_response_url(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    quiet = {"type": "channels_select", "action_id": "quiet"}
    loud = {"type": "channels_select", "action_id": "loud", "response_url_enabled": True}
    await ed.command("/scrm")
    form = modal(entry("Quiet", quiet, optional=True), entry("Loud", loud, optional=True))
    await client.views_open(trigger_id=bot.received[-1].payload["trigger_id"], view=form)
    await ed.fill({"Quiet": "#social"})

    await ed.submit()

    assert bot.of_type("view_submission")[0]["response_urls"] == []


async def test_a_workflow_button_runs_slacks_own_workflow(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    workflow = {"trigger": {"url": "https://slack.com/shortcuts/Ft1"}}
    element = {"type": "workflow_button", "text": plain("Run"), "workflow": workflow}
    posted = await client.chat_postMessage(
        channel=SOCIAL, text="x", blocks=[section("x") | {"accessory": element}]
    )
    block_id = posted["message"]["blocks"][0]["block_id"]
    container = {"type": "message", "channel_id": SOCIAL, "message_ts": posted["ts"]}

    action = {"block_id": block_id, "action_id": ""}
    assert (await ed._line.do("action", {"container": container, "action": action}))["ok"]
    assert bot.of_type("block_actions") == []


async def test_an_option_that_is_not_offered_cannot_be_clicked(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    element = {"type": "overflow", "action_id": "o", "options": [{"text": plain("A"), "value": "a"}]}
    block = {"type": "actions", "block_id": "b", "elements": [element]}
    ts = (await client.chat_postMessage(channel=SOCIAL, text="x", blocks=[block]))["ts"]
    action = {"block_id": "b", "action_id": "o", "selected_option": {"value": "z"}}
    container = {"type": "message", "channel_id": SOCIAL, "message_ts": ts}

    for wrong in (action, action | {"action_id": "p"}):
        with pytest.raises(RefusedError, match="there is no"):
            await ed._line.do("action", {"container": container, "action": wrong})


async def test_buttons_in_attachments_and_threads_work(
    client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    root = (await client.chat_postMessage(channel=SOCIAL, text="root"))["ts"]
    inner = [{"blocks": [section("inside"), {"type": "actions", "elements": [button("Go")]}]}]
    await client.chat_postMessage(
        channel=SOCIAL, text="x", attachments=inner, thread_ts=root, reply_broadcast=True, username="Digest"
    )

    await ed.click("Go", containing="inside")

    sent = bot.of_type("block_actions")[0]
    assert (sent["container"]["thread_ts"], sent["message"]["subtype"]) == (root, "thread_broadcast")
    assert sent["message"]["username"] == "Digest"


async def test_an_archived_channel_takes_no_changes(slack: RunningSlack, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel=SOCIAL, text="x"))["ts"]
    slack.space.rooms[SOCIAL].is_archived = True

    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_update(channel=SOCIAL, ts=ts, text="y")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_getPermalink(channel=SOCIAL, message_ts="1.000000")


async def test_a_direct_message_is_opened_by_its_own_id(client: AsyncWebClient, ed: Person) -> None:
    room = (await client.conversations_open(users=ed.id))["channel"]["id"]

    again = (await client.conversations_open(channel=room, return_im=True))["channel"]

    assert (again["id"], again["user"], again["is_im"]) == (room, ed.id, True)


async def test_status_and_step_need_their_arguments(client: AsyncWebClient) -> None:
    for method, told in (
        ("assistant.threads.setStatus", {"channel_id": SOCIAL, "thread_ts": "1.000000"}),
        ("functions.completeSuccess", {"function_execution_id": "Fx", "outputs": "[]"}),
        ("files.completeUploadExternal", {"files": ""}),
    ):
        with pytest.raises(SlackApiError, match="missing required field"):
            await client.api_call(method, params=told)


async def test_the_bot_is_a_user_as_well(client: AsyncWebClient, slack: RunningSlack) -> None:
    told = (await client.users_info(user="U0SCRMBOT"))["user"]

    assert (told["is_bot"], told["profile"]["bot_id"]) == (True, "B0SCRMBOT")
    assert slack.person("ana").id == "U0APPROV1"
    with pytest.raises(KeyError):
        slack.person("nobody")


async def test_an_empty_json_body_is_no_body(slack: RunningSlack) -> None:
    headers = {"Authorization": f"Bearer {slack.world.app.bot_token}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + "auth.test", headers=headers) as answer,
    ):
        assert (await answer.json())["ok"] is True


@pytest.mark.parametrize("size", ["page", "bot"])
async def test_a_file_too_large_to_keep_is_refused(
    slack: RunningSlack, ed: Person, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setattr("scrm_bot.demo.slack.uploads.FILE_BYTES", 3)
    url = slack.url + "/ui/upload"
    form = aiohttp.FormData({"user": ed.id})
    form.add_field("file", b"1234", filename="a.txt")

    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        assert answer.status == 413


async def test_a_form_without_a_file_fills_nothing(client: AsyncWebClient) -> None:
    place = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    form = aiohttp.FormData({"note": "x"}, default_to_multipart=True)

    async with aiohttp.ClientSession() as session, session.post(place["upload_url"], data=form) as answer:
        assert answer.status == 400


async def test_a_file_nobody_has_is_not_found_with_a_token(slack: RunningSlack) -> None:
    headers = {"Authorization": f"Bearer {slack.world.app.bot_token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/files/T0ACME001-F0NONE/a.png", headers=headers) as answer,
    ):
        assert answer.status == 404


def test_a_shelf_forgets_its_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "KEPT", 2)
    shelf: tickets.Shelf[int] = tickets.Shelf()

    for number in range(4):
        shelf[str(number)] = number

    assert list(shelf) == ["2", "3"]
    assert files.ROOM_BYTES > files.FILE_BYTES


def test_a_message_without_text_gets_one_from_its_blocks() -> None:
    assert fallback([section("one"), {"type": "divider"}, section("two")]) == "one two"
    assert fallback([]) == "This content can't be displayed."


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        (
            {"type": "input", "label": plain("x"), "element": TEXT_INPUT | {"max_length": "9"}},
            "must be an integer",
        ),
        (
            {"type": "input", "label": plain("x"), "element": TEXT_INPUT | {"multiline": "yes"}},
            "must be a boolean",
        ),
        ({"type": "input", "label": plain("x"), "element": "text"}, "must provide an object"),
        ({"type": "actions", "elements": "button"}, "must provide an array"),
        (
            {
                "type": "input",
                "label": plain("x"),
                "element": TEXT_INPUT | {"max_length": 1, "initial_value": "xx"},
            },
            "must be less than 2 characters",
        ),
        ({"type": "image", "alt_text": "x", "slack_file": {}}, "must define either `id` or `url`"),
    ],
)
def test_values_of_a_wrong_kind_are_told(block: Json, sentence: str) -> None:
    assert sentence in [problem.message for problem in problems([block], "message")]


async def test_an_app_that_left_its_sockets_is_not_there(world: World) -> None:
    running = await serve(world=replace(world, pace=replace(world.pace, ack_seconds=0.05)))
    client = AsyncWebClient(base_url=running.api_url)
    url = (await client.apps_connections_open(app_token=running.world.app.app_token))["url"]
    try:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as link:
            await asyncio.gather(running.disconnect_sockets("link_disabled"), link.receive(), link.receive())
        outcome = await running.person("ed").command("/scrm", check=False)
    finally:
        await running.close()

    assert outcome["error"] == "dispatch_failed"


async def test_a_manifest_names_the_app(world: World) -> None:
    document = {**DEFAULT, "display_information": {"name": "Acme Posts"}, "features": {"slash_commands": []}}
    running = await serve(world=replace(world, manifest=document))
    try:
        state = await running.person("ed").state()
    finally:
        await running.close()

    assert (state["bot"]["name"], state["commands"], state["shortcuts"]) == ("Acme Posts", [], [])
    assert state["users"][-1]["name"] == "acme posts"


async def test_markdown_text_becomes_a_markdown_block(client: AsyncWebClient) -> None:
    told = (await client.chat_postMessage(channel=SOCIAL, markdown_text="**bold**", blocks=""))["message"]

    assert (told["text"], told["blocks"][0]["type"]) == ("**bold**", "markdown")


async def test_changes_where_the_bot_is_no_member_are_not_told_to_it(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await ed.command("/scrm", channel="#general")
    await AsyncWebhookClient(bot.received[0].payload["response_url"]).send(
        text="x", response_type="in_channel"
    )
    ts = (await ed.messages("#general"))[-1]["ts"]

    await client.chat_update(channel="C0GENERAL", ts=ts, text="y")
    await slack.idle()

    assert bot.of_type("event_callback") == []


async def test_a_link_in_a_thread_says_so(slack: RunningSlack, ed: Person, bot: FakeBot) -> None:
    root = await ed.say("root")
    await ed.say("https://socialcrm.example/1", thread_ts=root)
    await slack.idle()

    assert bot.events("link_shared")[0]["thread_ts"] == root


async def test_a_bot_that_breaks_off_its_answer_is_not_reached(slack: RunningSlack, ed: Person) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"no HTTP at all\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        await slack.connect_bot(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        outcome = await ed.command("/scrm", check=False)

    assert outcome["error"] == "dispatch_failed"
    assert slack.deliveries[0].failure == "unknown_error"


async def test_a_bot_with_no_certificate_is_an_ssl_error(
    slack: RunningSlack, ed: Person, bot: FakeBot
) -> None:
    await slack.connect_bot(bot.url.replace("http:", "https:"))

    await ed.command("/scrm", check=False)

    assert slack.deliveries[0].failure == "ssl_error"
