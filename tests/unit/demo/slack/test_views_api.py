"""views.*, triggers and the stack of modals."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.screen import FormRefusedError, RefusedError
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import ED, World
from tests.unit.demo.slack.bots import (
    TEXT_INPUT,
    Clock,
    FakeBot,
    Received,
    always,
    button,
    entry,
    modal,
    plain,
    section,
)

Json = dict[str, Any]
FORM = modal(entry("Text", TEXT_INPUT), callback_id="draft", private_metadata="kept", notify_on_close=True)
BUTTON = modal({"type": "actions", "block_id": "row", "elements": [button("More", "more")]})


async def trigger(slack: RunningSlack, ed: Person, bot: FakeBot) -> str:
    """A fresh trigger from a slash command."""
    await ed.command("/scrm")
    return str(bot.received[-1].payload["trigger_id"])


async def inner_trigger(ed: Person, bot: FakeBot) -> str:
    """A fresh trigger from the button in the open modal."""
    await ed.click("More")
    return str(bot.of_type("block_actions")[-1]["trigger_id"])


async def test_a_modal_opens_as_it_was_given(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    told = (await client.views_open(trigger_id=await trigger(slack, ed, bot), view=FORM))["view"]

    seen = await ed.wait_for_modal("Draft")
    assert seen == told
    assert (seen["private_metadata"], seen["callback_id"], seen["root_view_id"]) == (
        "kept",
        "draft",
        seen["id"],
    )
    assert seen["state"] == {"values": {"text": {"value": {"type": "plain_text_input", "value": None}}}}


async def test_a_trigger_is_good_once(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    given = await trigger(slack, ed, bot)
    await client.views_open(trigger_id=given, view=FORM)

    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=given, view=FORM)


async def test_a_trigger_is_good_for_three_seconds(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot, clock: Clock
) -> None:
    given = await trigger(slack, ed, bot)
    clock.ahead = 3.1

    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=given, view=FORM)


async def test_a_trigger_nobody_gave_is_no_trigger(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.3", view=FORM)
    with pytest.raises(SlackApiError, match="missing required field: trigger_id"):
        await client.api_call("views.open", json={"view": FORM})


async def test_a_refused_view_does_not_spend_the_trigger(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    given = await trigger(slack, ed, bot)

    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=given, view=modal(title="x" * 25))
    opened = await client.views_open(trigger_id=given, view=FORM)

    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    assert opened["ok"]


@pytest.mark.parametrize(
    ("view", "error"),
    [
        ("{", "must provide an object"),
        ("[]", "must provide an object"),
        ("", "missing required field: view"),
        (modal(*[section("x" * 2900)] * 90), "view_too_large"),
    ],
    ids=["no JSON", "no object", "nothing", "large"],
)
async def test_what_is_no_view_is_refused(client: AsyncWebClient, view: Any, error: str) -> None:
    with pytest.raises(SlackApiError, match=error):
        await client.api_call("views.open", json={"trigger_id": "1", "view": view})


async def test_an_external_id_belongs_to_one_view(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await client.views_open(trigger_id=await trigger(slack, ed, bot), view=FORM | {"external_id": "mine"})

    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=await trigger(slack, ed, bot), view=FORM | {"external_id": "mine"})
    updated = await client.views_update(external_id="mine", view=FORM | {"external_id": "mine"})

    assert updated["view"]["external_id"] == "mine"


async def test_an_update_needs_the_view_and_its_present_hash(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    view = (await client.views_open(trigger_id=await trigger(slack, ed, bot), view=FORM))["view"]
    changed = (await client.views_update(view_id=view["id"], hash=view["hash"], view=FORM))["view"]

    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id="V0NONE", view=FORM)
    with pytest.raises(SlackApiError, match="missing required field: view_id"):
        await client.api_call("views.update", json={"view": FORM})
    assert (changed["id"], changed["hash"] != view["hash"]) == (view["id"], True)


async def test_what_was_typed_stays_where_ids_stay(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    view = (await client.views_open(trigger_id=await trigger(slack, ed, bot), view=FORM))["view"]
    await ed.fill({"Text": "typed"})

    same = modal(entry("Text", TEXT_INPUT | {"initial_value": "offered"}))
    other = modal(entry("Text", TEXT_INPUT | {"initial_value": "offered"}) | {"block_id": "text2"})
    kept = (await client.views_update(view_id=view["id"], view=same))["view"]
    fresh = (await client.views_update(view_id=view["id"], view=other))["view"]

    assert kept["state"]["values"]["text"]["value"]["value"] == "typed"
    assert fresh["state"]["values"]["text2"]["value"]["value"] == "offered"


async def test_a_stack_holds_three_views(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    root = (await client.views_open(trigger_id=await trigger(slack, ed, bot), view=BUTTON))["view"]
    second = (await client.views_push(trigger_id=await inner_trigger(ed, bot), view=BUTTON))["view"]
    await client.views_push(trigger_id=await inner_trigger(ed, bot), view=BUTTON)

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=await inner_trigger(ed, bot), view=BUTTON)
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    assert len((await ed.state())["views"]) == 3


async def test_a_push_needs_a_trigger_from_inside(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await client.views_open(trigger_id=await trigger(slack, ed, bot), view=BUTTON)

    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_push(trigger_id=await trigger(slack, ed, bot), view=BUTTON)


async def test_a_home_is_published_with_its_hash(client: AsyncWebClient, ed: Person) -> None:
    home = {"type": "home", "blocks": [section("Needs me: 0")]}
    first = (await client.views_publish(user_id=ED.id, view=home))["view"]
    second = (await client.views_publish(user_id=ED.id, view=home, hash=first["hash"]))["view"]

    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ED.id, view=home, hash=first["hash"])
    with pytest.raises(SlackApiError, match="invalid user_id"):
        await client.views_publish(user_id="U0NOBODY", view=home)
    with pytest.raises(SlackApiError, match="must be one of: home"):
        await client.views_publish(user_id=ED.id, view=FORM)
    assert second["id"] == first["id"]
    assert (await ed.wait_for_home("Needs me"))["hash"] == second["hash"]


async def test_no_home_while_its_tab_is_off(world: World) -> None:
    features = {**DEFAULT["features"], "app_home": {"home_tab_enabled": False}}
    running = await serve(world=replace(world, manifest={**DEFAULT, "features": features}))
    client = AsyncWebClient(running.world.app.bot_token, base_url=running.api_url)
    try:
        with pytest.raises(SlackApiError, match="not_enabled"):
            await client.views_publish(user_id=ED.id, view={"type": "home", "blocks": []})
    finally:
        await running.close()


async def opened(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot, view: Json = FORM
) -> None:
    await client.views_open(trigger_id=await trigger(slack, ed, bot), view=view)


async def test_an_empty_answer_closes_the_modal(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await opened(slack, client, ed, bot)
    await ed.fill({"Text": "hi"})

    await ed.submit()

    sent = bot.of_type("view_submission")[0]
    assert sent["view"]["state"]["values"]["text"]["value"]["value"] == "hi"
    assert (sent["view"]["callback_id"], sent["view"]["private_metadata"], sent["response_urls"]) == (
        "draft",
        "kept",
        [],
    )
    assert await ed.modal() is None


async def test_required_fields_are_asked_for_before_the_bot_hears(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await opened(slack, client, ed, bot)

    with pytest.raises(FormRefusedError) as refused:
        await ed.submit()

    assert refused.value.errors == {"text": "Please complete this required field."}
    assert bot.of_type("view_submission") == []


async def test_errors_stand_under_their_fields(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await opened(slack, client, ed, bot)
    await ed.fill({"Text": "hi"})
    bot.answer = always({"response_action": "errors", "errors": {"text": "Too friendly."}})

    with pytest.raises(FormRefusedError, match="Too friendly"):
        await ed.submit()
    assert await ed.modal() is not None


async def test_an_answer_can_update_push_and_clear(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await opened(slack, client, ed, bot, modal(section("one")))

    bot.answer = always({"response_action": "update", "view": modal(section("two"), title="Two")})
    await ed.submit()
    two = await ed.wait_for_modal("Two")
    bot.answer = always({"response_action": "push", "view": modal(section("three"), title="Three")})
    await ed.submit()
    three = await ed.wait_for_modal("Three")
    bot.answer = always({"response_action": "clear"})
    await ed.submit()

    assert three["previous_view_id"] == two["id"]
    assert await ed.modal() is None
    assert slack.faults == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "explode"},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {"text": ""}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"ok": True},
        ["clear"],
        "ok",
    ],
    ids=str,
)
async def test_an_answer_slack_does_not_take_is_a_fault(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot, answer: object
) -> None:
    await opened(slack, client, ed, bot)
    await ed.fill({"Text": "hi"})
    bot.answer = always(answer)

    with pytest.raises(RefusedError, match="trouble connecting"):
        await ed.submit()
    assert "view_submission" in slack.faults[0]
    assert await ed.modal() is not None


async def test_a_late_or_failed_answer_leaves_the_modal_open(world: World) -> None:
    running = await serve(world=replace(world, pace=replace(world.pace, ack_seconds=0.1)))
    bot, released = FakeBot(always({})), asyncio.Event()
    await bot.start()
    await running.connect_bot(bot.url)
    client = AsyncWebClient(running.world.app.bot_token, base_url=running.api_url)
    ed = running.person("ed")

    async def sleepy(_received: Received) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async def broken(_received: Received) -> web.StreamResponse:
        return web.Response(status=500)

    try:
        await client.views_open(trigger_id=await trigger(running, ed, bot), view=modal(section("x")))
        bot.answer = sleepy
        late = await ed.submit(check=False)
        bot.answer = broken
        failed = await ed.submit(check=False)
        open_still = await ed.modal()
    finally:
        released.set()
        await bot.stop()
        await running.close()

    assert (late["error"], failed["error"]) == ("operation_timeout", "dispatch_failed")
    assert open_still is not None


async def test_cancel_tells_the_view_and_the_cross_tells_the_root(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    noisy = BUTTON | {"notify_on_close": True}
    await opened(slack, client, ed, bot, noisy)
    await client.views_push(trigger_id=await inner_trigger(ed, bot), view=noisy)
    top = await ed.wait_for_modal()

    await ed.close()
    root = await ed.wait_for_modal()
    await client.views_push(trigger_id=await inner_trigger(ed, bot), view=BUTTON)
    await ed.close(clear=True)

    closed = [(each["view"]["id"], each["is_cleared"]) for each in bot.of_type("view_closed")]
    assert closed == [(top["id"], False), (root["id"], True)]
    assert await ed.modal() is None


async def test_a_modal_that_did_not_ask_closes_silently(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await opened(slack, client, ed, bot, BUTTON)

    await ed.close()

    assert bot.of_type("view_closed") == []


async def test_a_conversation_chosen_with_a_response_url_brings_one(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    select = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    await opened(slack, client, ed, bot, modal(entry("Channel", select)))
    await ed.fill({"Channel": "#general"})

    await ed.submit()

    told = bot.of_type("view_submission")[0]["response_urls"][0]
    assert (told["block_id"], told["action_id"], told["channel_id"]) == ("channel", "where", "C0GENERAL")
    assert told["response_url"].startswith(slack.url + "/response/")


async def test_a_button_in_a_modal_tells_view_state_and_no_response_url(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    await opened(slack, client, ed, bot, modal(entry("Text", TEXT_INPUT), *BUTTON["blocks"]))
    await ed.fill({"Text": "so far"})

    await ed.click("More")

    sent = bot.of_type("block_actions")[0]
    assert sent["container"] == {"type": "view", "view_id": sent["view"]["id"]}
    assert sent["view"]["state"]["values"]["text"]["value"]["value"] == "so far"
    assert sent["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "more",
        "block_id": "row",
        "text": plain("More"),
        "action_ts": "",
    }
    assert not {"response_url", "message", "channel"} & set(sent)


async def test_inputs_tell_the_bot_only_when_asked_to(
    slack: RunningSlack, client: AsyncWebClient, ed: Person, bot: FakeBot
) -> None:
    loud = entry("Loud", TEXT_INPUT, dispatch_action=True)
    await opened(slack, client, ed, bot, modal(entry("Quiet", TEXT_INPUT), loud))

    await ed.fill({"Quiet": "a", "Loud": "b"})

    assert [each["actions"][0]["value"] for each in bot.of_type("block_actions")] == ["b"]
