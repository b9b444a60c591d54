"""OAuth v2: consent, a code that is good once, and the token for it."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.demo.slack.manifest import DEFAULT
from scrm_bot.demo.slack.server import RunningSlack, serve
from scrm_bot.demo.slack.world import ADA, World
from tests.unit.demo.slack.bots import Clock

# slack_sdk still uses a class aiohttp is about to drop
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
BACK = "http://127.0.0.1:3000/slack/oauth_redirect"


async def authorize(slack: RunningSlack, **query: str) -> tuple[int, str, dict[str, list[str]]]:
    asked = {
        "client_id": slack.world.app.client_id,
        "scope": "commands,chat:write",
        "state": "s",
        "redirect_uri": BACK,
    }
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/oauth/v2/authorize", params=asked | query, allow_redirects=False) as answer,
    ):
        location = answer.headers.get("Location", "")
        assert not location or location.startswith(BACK)
        return answer.status, await answer.text(), parse_qs(urlsplit(location).query)


async def redeem(slack: RunningSlack, code: str, /, **changes: Any) -> dict[str, Any]:
    app = slack.world.app
    told = {
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "code": code,
        "redirect_uri": BACK,
    }
    answer = await AsyncWebClient(base_url=slack.api_url).oauth_v2_access(**(told | changes))
    data = answer.data
    assert isinstance(data, dict)
    return data


async def test_an_install_ends_with_a_token_that_works(world: World) -> None:
    running = await serve(world=replace(world, installed=False))
    try:
        status, _, back = await authorize(running, user=ADA.id)
        told = await redeem(running, back["code"][0])
        me = await AsyncWebClient(told["access_token"], base_url=running.api_url).auth_test()
    finally:
        await running.close()

    assert (status, back["state"]) == (302, ["s"])
    assert told["authed_user"] == {"id": ADA.id}
    assert told["team"] == {"id": "T0ACME001", "name": "Acme Social"}
    assert (told["scope"], told["token_type"], told["bot_user_id"]) == (
        "chat:write,commands",
        "bot",
        "U0SCRMBOT",
    )
    assert (told["enterprise"], told["is_enterprise_install"], told["app_id"]) == (None, False, "A0SCRMBOT")
    assert me["ok"]


async def test_the_page_asks_who_and_a_no_goes_back(slack: RunningSlack) -> None:
    status, page, _ = await authorize(slack)
    _, _, back = await authorize(slack, deny="1")

    assert (status, "Allow as Ada Admin" in page, "Gus" in page) == (200, True, False)
    assert (back["error"], back["state"]) == (["access_denied"], ["s"])


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"client_id": "1"}, "invalid_client_id"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
    ],
)
async def test_a_wrong_install_link_is_said(slack: RunningSlack, query: dict[str, str], error: str) -> None:
    status, page, _ = await authorize(slack, **query)

    assert (status, error in page) == (400, True)


async def test_only_registered_addresses_are_gone_back_to(world: World) -> None:
    oauth = {**DEFAULT["oauth_config"], "redirect_urls": [BACK]}
    running = await serve(world=replace(world, manifest={**DEFAULT, "oauth_config": oauth}))
    try:
        status, page, _ = await authorize(running, redirect_uri="https://evil.example/")
        default, _, back = await authorize(running, redirect_uri="", user=ADA.id)
        told = await redeem(running, back["code"][0], redirect_uri="")
    finally:
        await running.close()

    assert (status, "bad_redirect_uri" in page) == (400, True)
    assert (default, told["ok"]) == (302, True)


async def test_a_code_is_good_once_for_ten_minutes_and_for_one_address(
    slack: RunningSlack, clock: Clock
) -> None:
    code = (await authorize(slack, user=ADA.id))[2]["code"][0]

    for changes, error in [
        ({"client_id": "1"}, "invalid_client_id"),
        ({"client_secret": "1"}, "bad_client_secret"),
        ({"code": "1"}, "invalid_code"),
        ({"redirect_uri": "http://127.0.0.1/"}, "bad_redirect_uri"),
    ]:
        with pytest.raises(SlackApiError, match=error):
            await redeem(slack, code, **changes)
    assert (await redeem(slack, code))["ok"]
    with pytest.raises(SlackApiError, match="code_already_used"):
        await redeem(slack, code)
    late = (await authorize(slack, user=ADA.id))[2]["code"][0]
    clock.ahead = 601
    with pytest.raises(SlackApiError, match="invalid_code"):
        await redeem(slack, late)


async def test_credentials_in_a_broken_header_are_refused(slack: RunningSlack) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + "oauth.v2.access", headers={"Authorization": "Basic ?"}) as answer,
    ):
        assert (await answer.json())["error"] == "invalid_client_id"


async def test_other_grants_are_refused(slack: RunningSlack) -> None:
    with pytest.raises(SlackApiError, match="invalid_grant_type"):
        await redeem(slack, "1", grant_type="refresh_token", refresh_token="x")


async def test_after_an_uninstall_a_new_install_brings_a_new_token(slack: RunningSlack) -> None:
    old = slack.world.app.bot_token
    same = (await redeem(slack, (await authorize(slack, user=ADA.id))[2]["code"][0]))["access_token"]
    slack.uninstall()

    fresh = (await redeem(slack, (await authorize(slack, user=ADA.id))[2]["code"][0]))["access_token"]

    assert same == old != fresh
    assert fresh.startswith("xoxb-")
