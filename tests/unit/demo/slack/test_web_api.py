"""The door of the Web API: arguments, tokens, scopes, rates."""

import base64
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import ADA, ANA, ED, GUS, Pace, World
from tests.unit.demo.slack.bots import Clock

Json = dict[str, Any]


async def call(slack: RunningSlack, method: str, how: str = "POST", **request: Any) -> tuple[Json, Any]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(how, slack.api_url + method, **request) as response,
    ):
        return await response.json(), response


def bearer(slack: RunningSlack) -> dict[str, str]:
    return {"Authorization": f"Bearer {slack.world.app.bot_token}"}


@pytest.mark.parametrize("how", ["GET", "POST"])
async def test_arguments_may_come_in_the_query_on_every_method(slack: RunningSlack, how: str) -> None:
    query = {"channel": "#social", "text": "hi"}

    answer, _ = await call(slack, "chat.postMessage", how, params=query, headers=bearer(slack))

    assert answer["ok"] is True


async def test_arguments_of_all_three_places_are_one(slack: RunningSlack) -> None:
    query, body = {"channel": "C0SOCIAL1"}, {"text": "hi"}

    answer, _ = await call(slack, "chat.postMessage", headers=bearer(slack), params=query, json=body)

    assert answer["message"]["text"] == "hi"


async def test_a_form_may_carry_the_token_and_blocks_as_json(slack: RunningSlack) -> None:
    form = {"token": slack.world.app.bot_token, "channel": "#social", "blocks": '[{"type":"divider"}]'}

    answer, _ = await call(slack, "chat.postMessage", data=form)

    assert answer["message"]["blocks"][0]["type"] == "divider"


async def test_a_token_inside_a_json_body_does_not_count(slack: RunningSlack) -> None:
    answer, _ = await call(slack, "auth.test", json={"token": slack.world.app.bot_token})

    assert answer == {"ok": False, "error": "not_authed"} | {
        "warning": "missing_charset",
        "response_metadata": {"warnings": ["missing_charset"]},
    }


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-nobody", "invalid_auth")], ids=["none", "unknown"]
)
async def test_a_bad_token_is_refused(slack: RunningSlack, token: str, error: str) -> None:
    answer, _ = await call(slack, "auth.test", params={"token": token})

    assert answer == {"ok": False, "error": error}


async def test_an_app_token_opens_only_sockets(slack: RunningSlack) -> None:
    answer, _ = await call(slack, "auth.test", params={"token": slack.world.app.app_token})

    assert answer["error"] == "not_allowed_token_type"


async def test_a_missing_scope_says_what_is_needed_and_what_is_there(world: World) -> None:
    manifest = {**DEFAULT, "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}}}
    running = await serve(world=replace(world, manifest=manifest))
    try:
        answer, response = await call(running, "users.list", headers=bearer(running))
    finally:
        await running.close()

    wanted = {"error": "missing_scope", "needed": "users:read", "provided": "chat:write,commands"}
    assert answer == {"ok": False, **wanted}
    assert response.headers["X-OAuth-Scopes"] == "chat:write,commands"
    assert response.headers["X-Accepted-OAuth-Scopes"] == "users:read"


async def test_an_unknown_method_is_named(slack: RunningSlack) -> None:
    answer, _ = await call(slack, "chat.shout", headers=bearer(slack))

    assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


@pytest.mark.parametrize(
    ("body", "error"), [("{", "invalid_json"), ("[1]", "json_not_object"), (b"\xff", "invalid_json")]
)
async def test_a_body_that_is_no_json_object_is_refused(
    slack: RunningSlack, body: str | bytes, error: str
) -> None:
    headers = bearer(slack) | {"Content-Type": "application/json; charset=utf-8"}

    answer, _ = await call(slack, "chat.postMessage", data=body, headers=headers)

    assert answer["error"] == error


async def test_a_missing_argument_is_named(slack: RunningSlack) -> None:
    answer, _ = await call(slack, "users.info", headers=bearer(slack))

    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"] == {"messages": ["[ERROR] missing required field: user"]}


async def test_the_51st_update_in_a_minute_has_to_wait(world: World, clock: Clock) -> None:
    strict = replace(world, pace=replace(Pace(), strict_rates=True))
    running = await serve(world=strict)
    client = AsyncWebClient(running.world.app.bot_token, base_url=running.api_url)
    try:
        ts = (await client.chat_postMessage(channel="C0SOCIAL1", text="0"))["ts"]
        for number in range(50):
            await client.chat_update(channel="C0SOCIAL1", ts=ts, text=str(number))
        with pytest.raises(SlackApiError) as refused:
            await client.chat_update(channel="C0SOCIAL1", ts=ts, text="50")
        clock.ahead = 61
        later = await client.chat_update(channel="C0SOCIAL1", ts=ts, text="51")
    finally:
        await running.close()

    assert refused.value.response.status_code == 429
    assert refused.value.response.data == {"ok": False, "error": "ratelimited"}
    assert 0 < int(refused.value.response.headers["Retry-After"]) <= 60
    assert later["ok"]


async def test_a_channel_takes_about_a_message_a_second(world: World, clock: Clock) -> None:
    running = await serve(world=replace(world, pace=replace(Pace(), strict_rates=True)))
    client = AsyncWebClient(running.world.app.bot_token, base_url=running.api_url)
    try:
        for _ in range(4):
            await client.chat_postMessage(channel="C0SOCIAL1", text="x")
        with pytest.raises(SlackApiError, match="ratelimited"):
            await client.chat_postMessage(channel="C0SOCIAL1", text="x")
        elsewhere = await client.chat_postMessage(channel="C0APPROV1", text="x")
        clock.ahead = 2
        later = await client.chat_postMessage(channel="C0SOCIAL1", text="x")
    finally:
        await running.close()

    assert elsewhere["ok"]
    assert later["ok"]


async def test_calls_are_kept_with_their_answers_and_without_secrets(slack: RunningSlack) -> None:
    told = {"client_id": slack.world.app.client_id, "client_secret": "hush", "code": "1"}

    await call(slack, "oauth.v2.access", data=told)

    kept = slack.calls_of("oauth.v2.access")[0]
    assert kept.answer == {"ok": False, "error": "bad_client_secret"}
    assert "hush" not in str(kept)
    assert not kept.ok


async def test_people_have_zones_and_roles(client: AsyncWebClient) -> None:
    ada = (await client.users_info(user=ADA.id))["user"]
    gus = (await client.users_info(user=GUS.id))["user"]
    everyone = (await client.users_list())["members"]

    assert (ada["tz"], ada["is_admin"], ada["is_owner"]) == ("Europe/Berlin", True, True)
    assert (gus["tz"], gus["is_restricted"]) == ("America/New_York", True)
    assert ada["tz_offset"] in {3600, 7200}
    assert [user["is_bot"] for user in everyone] == [False] * 4 + [True]


async def test_pages_follow_each_other_by_cursor(client: AsyncWebClient) -> None:
    seen: list[str] = []
    async for page in await client.users_list(limit=2):
        seen.extend(user["id"] for user in page["members"])

    assert seen[:3] == [ED.id, ANA.id, ADA.id]
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("method", "told", "error"),
    [
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.list", {"cursor": "?"}, "invalid_cursor"),
        ("users.list", {"cursor": base64.b64encode(b"next:x").decode()}, "invalid_cursor"),
        ("users.list", {"limit": "1001"}, "invalid_limit"),
        ("users.list", {"limit": "many"}, "invalid_arguments"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("bots.info", {"bot": "B0NONE"}, "bot_not_found"),
        ("conversations.info", {"channel": "C0NONE"}, "channel_not_found"),
        ("conversations.list", {"types": "clubs"}, "invalid_types"),
        ("conversations.open", {}, "users_list_not_supplied"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("conversations.open", {"users": f"{ED.id},{ANA.id}"}, "not_enough_users"),
        ("conversations.history", {"channel": "C0GENERAL"}, "not_in_channel"),
        ("conversations.history", {"channel": "C0SOCIAL1", "oldest": "long ago"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": "C0SOCIAL1", "latest": "soon"}, "invalid_ts_latest"),
        ("conversations.replies", {"channel": "C0SOCIAL1", "ts": "1.000000"}, "thread_not_found"),
        (
            "functions.completeSuccess",
            {"function_execution_id": "Fx0", "outputs": "{}"},
            "function_execution_not_found",
        ),
        ("functions.completeSuccess", {"function_execution_id": "Fx0", "outputs": "{"}, "invalid_arguments"),
        (
            "assistant.threads.setStatus",
            {"channel_id": "C0SOCIAL1", "thread_ts": "1.000000", "status": ""},
            "invalid_thread_ts",
        ),
    ],
)
async def test_what_is_not_there_is_refused(
    client: AsyncWebClient, method: str, told: Json, error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, params=told)

    assert refused.value.response["error"] == error


async def test_the_rest_of_the_directory(client: AsyncWebClient, slack: RunningSlack) -> None:
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    members = (await client.usergroups_users_list(usergroup=groups[0]["id"]))["users"]
    team = (await client.team_info())["team"]
    bot = (await client.bots_info(bot="B0SCRMBOT"))["bot"]
    me = await client.auth_test()

    assert groups[0]["users"] == members == [ANA.id, ADA.id]
    assert (team["id"], bot["user_id"], me["user_id"]) == (
        "T0ACME001",
        slack.world.app.bot_user_id,
        bot["user_id"],
    )


async def test_channels_are_listed_by_kind_and_membership(client: AsyncWebClient) -> None:
    public = (await client.conversations_list())["channels"]
    private = (await client.conversations_list(types="private_channel"))["channels"]
    members = (await client.conversations_members(channel="C0SOCIAL1"))["members"]
    info = (await client.conversations_info(channel="C0GENERAL"))["channel"]

    assert [(c["name"], c["is_member"]) for c in public] == [("social", True), ("general", False)]
    assert [c["name"] for c in private] == ["approvals"]
    assert set(members) >= {ED.id, GUS.id}
    assert info["is_general"] is True


async def test_a_revoked_token_is_dead(client: AsyncWebClient) -> None:
    tried = await client.auth_revoke(test=True)
    done = await client.auth_revoke()

    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.auth_test()
    assert (tried["revoked"], done["revoked"]) == (False, True)
