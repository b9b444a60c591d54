"""chat.* and conversations.*: what is said, changed, taken back and read again."""

from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import ED, GUS, Channel, World
from tests.unit.demo.slack.bots import FakeBot, button, section

Json = dict[str, Any]
SOCIAL, APPROVALS, GENERAL = "C0SOCIAL1", "C0APPROV1", "C0GENERAL"


async def test_a_posted_message_is_there_for_all(client: AsyncWebClient, ed: Person) -> None:
    posted = await client.chat_postMessage(channel=SOCIAL, text="hello", blocks=[section("hello")])

    seen = (await ed.messages("#social"))[-1]
    assert (seen["ts"], seen["text"], seen["bot_id"]) == (posted["ts"], "hello", "B0SCRMBOT")
    assert seen["blocks"][0]["block_id"] == posted["message"]["blocks"][0]["block_id"] != ""


async def test_ids_that_were_given_are_echoed(client: AsyncWebClient) -> None:
    block = {
        "type": "actions",
        "block_id": "mine",
        "elements": [
            button("Go", "act"),
            {"type": "overflow", "options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]},
        ],
    }

    told = (await client.chat_postMessage(channel=SOCIAL, text="x", blocks=[block]))["message"]["blocks"][0]

    assert (told["block_id"], told["elements"][0]["action_id"]) == ("mine", "act")
    assert told["elements"][1]["action_id"]


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL, "text": "x"}, "not_in_channel"),
        ({"channel": SOCIAL}, "no_text"),
        ({"channel": SOCIAL, "text": " "}, "no_text"),
        ({"channel": SOCIAL, "markdown_text": "x", "text": "y"}, "markdown_text_conflict"),
        ({"channel": SOCIAL, "markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"channel": SOCIAL, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": SOCIAL, "text": "x", "blocks": '{"type":"divider"}'}, "invalid_blocks_format"),
        ({"channel": SOCIAL, "text": "x", "blocks": [section("x" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"channel": SOCIAL, "text": "x", "attachments": [{}] * 101}, "too_many_attachments"),
        ({"channel": SOCIAL, "text": "x", "attachments": "[1]"}, "invalid_attachments"),
        ({"channel": SOCIAL, "text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": SOCIAL, "text": "x", "metadata": "[]"}, "invalid_metadata_format"),
        ({"channel": SOCIAL, "text": "x", "metadata": '{"event_type":"a"}'}, "invalid_metadata_schema"),
        (
            {
                "channel": SOCIAL,
                "text": "x",
                "metadata": {"event_type": "a", "event_payload": {"a": "x" * 16_000}},
            },
            "metadata_too_large",
        ),
        ({"channel": SOCIAL, "text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"channel": SOCIAL, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_message_slack_would_refuse_is_refused(
    client: AsyncWebClient, told: Json, error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json=told)

    assert refused.value.response["error"] == error


async def test_refused_blocks_are_explained_in_both_places(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=SOCIAL, text="x", blocks=[section("x" * 3001)])

    sentence = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert refused.value.response["errors"] == [sentence]
    assert refused.value.response["response_metadata"] == {"messages": [f"[ERROR] {sentence}"]}


async def test_blocks_in_attachments_are_checked_too(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(channel=SOCIAL, text="x", attachments=[{"blocks": [section("")]}])


async def test_too_long_a_text_is_cut_with_a_warning(client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel=SOCIAL, text="x" * 40_001)

    assert len(answer["message"]["text"]) == 40_000
    assert answer["response_metadata"] == {"warnings": ["message_truncated"]}
    assert answer["warning"] == "message_truncated"


async def test_a_scope_opens_public_channels_without_membership(world: World) -> None:
    manifest = {**DEFAULT, "oauth_config": {"scopes": {"bot": ["chat:write", "chat:write.public"]}}}
    closed = Channel("C0CLOSED1", "old", (ED.id, "U0SCRMBOT"), is_archived=True)
    secret = Channel("C0SECRET1", "secret", (ED.id,), is_private=True)
    running = await serve(world=replace(world, manifest=manifest, channels=(*world.channels, closed, secret)))
    client = AsyncWebClient(running.world.app.bot_token, base_url=running.api_url)
    try:
        posted = await client.chat_postMessage(channel=GENERAL, text="x")
        with pytest.raises(SlackApiError, match="channel_not_found"):
            await client.chat_postMessage(channel=secret.id, text="x")
        with pytest.raises(SlackApiError, match="is_archived"):
            await client.chat_postMessage(channel=closed.id, text="x")
    finally:
        await running.close()

    assert posted["ok"]


async def test_a_persons_id_is_a_direct_message(client: AsyncWebClient, ed: Person, ana: Person) -> None:
    posted = await client.chat_postMessage(channel=ED.id, text="just you")
    opened = await client.conversations_open(users=ED.id)

    assert posted["channel"] == opened["channel"]["id"]
    assert (await ed.messages("dm"))[-1]["text"] == "just you"
    assert await ana.messages("dm") == []


async def test_no_direct_message_while_the_messages_tab_is_off(world: World) -> None:
    features = {**DEFAULT["features"], "app_home": {"home_tab_enabled": True, "messages_tab_enabled": False}}
    running = await serve(world=replace(world, manifest={**DEFAULT, "features": features}))
    client = AsyncWebClient(running.world.app.bot_token, base_url=running.api_url)
    try:
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel=ED.id, text="x")
    finally:
        await running.close()

    assert refused.value.response["error"] == "messages_tab_disabled"


async def test_only_one_person_sees_an_ephemeral_message(
    client: AsyncWebClient, ed: Person, ana: Person
) -> None:
    said = await client.chat_postEphemeral(channel=SOCIAL, user=ED.id, text="psst")

    mine = (await ed.messages("#social"))[-1]
    assert (mine["text"], mine["ephemeral"]) == ("psst", True)
    assert await ana.messages("#social") == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=SOCIAL, ts=said["message_ts"], text="louder")


@pytest.mark.parametrize(
    ("user", "channel", "error"),
    [("U0NOBODY", SOCIAL, "user_not_found"), (GUS.id, APPROVALS, "user_not_in_channel")],
)
async def test_an_ephemeral_message_needs_someone_there(
    client: AsyncWebClient, user: str, channel: str, error: str
) -> None:
    with pytest.raises(SlackApiError, match=error):
        await client.chat_postEphemeral(channel=channel, user=user, text="x")


async def test_an_update_keeps_blocks_unless_it_brings_others(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=SOCIAL, text="a", blocks=[section("a")])
    ts = posted["ts"]

    kept = await client.chat_update(channel=SOCIAL, ts=ts, text="b")
    bare = await client.chat_update(channel=SOCIAL, ts=ts, text="c", blocks=[])

    assert kept["message"]["blocks"] == posted["message"]["blocks"]
    assert "blocks" not in bare["message"]
    assert bare["message"]["edited"]["user"] == "U0SCRMBOT"


async def test_others_messages_cannot_be_changed(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    ts = await ed.say("mine")

    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=SOCIAL, ts=ts, text="x")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=SOCIAL, ts=ts)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=SOCIAL, ts="1.000000", text="x")


@pytest.mark.parametrize(("told", "error"), [({}, "no_text"), ({"text": "x" * 4001}, "msg_too_long")])
async def test_an_update_has_limits_of_its_own(client: AsyncWebClient, told: Json, error: str) -> None:
    ts = (await client.chat_postMessage(channel=SOCIAL, text="a"))["ts"]

    with pytest.raises(SlackApiError, match=error):
        await client.api_call("chat.update", json={"channel": SOCIAL, "ts": ts, **told})


async def test_a_deleted_message_is_gone(client: AsyncWebClient, ed: Person) -> None:
    ts = (await client.chat_postMessage(channel=SOCIAL, text="a"))["ts"]

    await client.chat_delete(channel=SOCIAL, ts=ts)

    assert await ed.messages("#social") == []


async def test_threads_hang_together(client: AsyncWebClient, ed: Person) -> None:
    root = (await client.chat_postMessage(channel=SOCIAL, text="root"))["ts"]
    reply = (await client.chat_postMessage(channel=SOCIAL, text="reply", thread_ts=root))["ts"]
    await client.chat_postMessage(channel=SOCIAL, text="to the reply", thread_ts=reply)

    thread = (await client.conversations_replies(channel=SOCIAL, ts=root))["messages"]
    history = (await client.conversations_history(channel=SOCIAL))["messages"]
    link = (await client.chat_getPermalink(channel=SOCIAL, message_ts=reply))["permalink"]
    assert [message["text"] for message in thread] == ["root", "reply", "to the reply"]
    assert [(message["text"], message["reply_count"]) for message in history] == [("root", 2)]
    assert (await ed.messages("#social"))[0]["reply_count"] == 2
    assert link.endswith(f"?thread_ts={root}&cid={SOCIAL}")


async def test_metadata_is_told_only_when_asked_for(client: AsyncWebClient) -> None:
    metadata = {"event_type": "approval", "event_payload": {"id": "1"}}
    await client.chat_postMessage(channel=SOCIAL, text="a", metadata=metadata)

    plain = (await client.conversations_history(channel=SOCIAL))["messages"][0]
    full = (await client.conversations_history(channel=SOCIAL, include_all_metadata=True))["messages"][0]

    assert "metadata" not in plain
    assert full["metadata"] == metadata


async def test_history_is_read_between_two_times(client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel=SOCIAL, text=str(n)))["ts"] for n in range(4)]

    inner = await client.conversations_history(channel=SOCIAL, oldest=stamps[0], latest=stamps[3])
    outer = await client.conversations_history(
        channel=SOCIAL, oldest=stamps[0], latest=stamps[3], inclusive=True
    )

    assert [message["text"] for message in inner["messages"]] == ["2", "1"]
    assert [message["text"] for message in outer["messages"]] == ["3", "2", "1", "0"]


async def test_links_unfold_where_they_were_shared(client: AsyncWebClient, ed: Person, bot: FakeBot) -> None:
    link = "https://socialcrm.example/posts/1"
    ts = await ed.say(f"look at {link}")
    where: Json = {"channel": SOCIAL, "ts": ts}

    await client.chat_unfurl(**where, unfurls={link: {"blocks": [section("Post 1")]}})

    assert (await ed.messages("#social"))[-1]["attachments"][0]["from_url"] == link
    for told, error in [
        ({**where, "unfurls": {"https://other.example": {}}}, "cannot_unfurl_url"),
        ({**where, "unfurls": {link: {"blocks": [section("")]}}}, "invalid_blocks"),
        ({**where, "unfurls": []}, "invalid_unfurls_format"),
        ({"channel": SOCIAL, "ts": "1.000000", "unfurls": {}}, "cannot_unfurl_message"),
    ]:
        with pytest.raises(SlackApiError, match=error):
            await client.api_call("chat.unfurl", json=told)


async def test_the_status_of_a_thread_is_kept(client: AsyncWebClient, slack: RunningSlack) -> None:
    ts = (await client.chat_postMessage(channel=SOCIAL, text="a"))["ts"]

    await client.assistant_threads_setStatus(channel_id=SOCIAL, thread_ts=ts, status="is thinking")

    assert slack.space.statuses == {(SOCIAL, ts): "is thinking"}
