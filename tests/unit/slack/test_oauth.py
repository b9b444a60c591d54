"""Installing: one browser, one word, one time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.slack.oauth import INSTALL, REDIRECT, OAuthConfig, routes
from tests.fakes.clock import START, FixedClock
from tests.unit.slack.rig import FakeSlack

GRANTED = {
    "ok": True,
    "access_token": "xoxb-new",
    "scope": "commands,chat:write",
    "bot_user_id": "UBOT",
    "team": {"id": "T1", "name": "Acme"},
    "enterprise": None,
    "authed_user": {"id": "UADMIN"},
}


class States:
    def __init__(self) -> None:
        self.issued: set[str] = set()
        self.away = False

    def issue(self, *, seconds: int) -> str:
        self.issued.add(f"word{seconds}")
        return f"word{seconds}"

    async def consume(self, state: str) -> bool:
        if self.away:
            raise StoreUnavailableError
        known = state in self.issued
        self.issued.discard(state)
        return known


class Door:
    def __init__(self, slack: FakeSlack, session: aiohttp.ClientSession, *, public_url: str = "") -> None:
        self.saved: list[Installation] = []
        self.welcomed: list[Installation] = []
        self.broken = False
        self.states = States()
        application = web.Application()
        config = OAuthConfig(
            client_id="1.2",
            client_secret=Secret("shh"),
            scopes=("commands", "chat:write"),
            states=self.states,
            save=self._save,
            session=session,
            clock=FixedClock(),
            welcome=self._welcome,
            base_url=f"{slack.url}/api/",
            public_url=public_url,
        )
        application.add_routes(routes(config))
        self.browser = TestClient(TestServer(application))

    async def _save(self, installation: Installation) -> None:
        if self.broken:
            raise StoreUnavailableError
        self.saved.append(installation)

    async def _welcome(self, installation: Installation) -> None:
        self.welcomed.append(installation)

    async def begin(self) -> dict[str, list[str]]:
        async with self.browser.get(INSTALL, allow_redirects=False) as response:
            assert response.status == 302
            return parse_qs(urlsplit(response.headers["Location"]).query)

    async def end(self, **query: str) -> tuple[int, str]:
        async with self.browser.get(REDIRECT, params=query) as response:
            return response.status, await response.text()


@asynccontextmanager
async def a_door(*, public_url: str = "") -> AsyncIterator[tuple[Door, FakeSlack]]:
    slack = FakeSlack()
    slack.answers = {"oauth.v2.access": GRANTED, "auth.test": {"bot_id": "BBOT"}}
    async with TestServer(slack.application()) as server, aiohttp.ClientSession() as session:
        slack.url = str(server.make_url("")).rstrip("/")
        door = Door(slack, session, public_url=public_url)
        async with door.browser:
            yield door, slack


async def test_an_installation_is_saved_with_everything_that_is_needed_later() -> None:
    async with a_door() as (door, _):
        asked = await door.begin()
        status, page = await door.end(state=asked["state"][0], code="c1")

        assert (status, asked["scope"]) == (200, ["commands,chat:write"])
        assert "/scrm connect" in page
        (saved,) = door.saved
        assert (saved.team_id, saved.bot_id, saved.installer) == ("T1", "BBOT", "UADMIN")
        assert (saved.bot_token.reveal(), saved.scopes) == ("xoxb-new", ("commands", "chat:write"))


async def test_whoever_installed_it_is_greeted_and_led_on() -> None:
    async with a_door() as (door, slack):
        slack.answers["oauth.v2.access"] = GRANTED | {"app_id": "A1"}
        asked = await door.begin()
        _, page = await door.end(state=asked["state"][0], code="c1")

        assert door.welcomed == door.saved
        assert "https://slack.com/app_redirect?app=A1&amp;team=T1" in page


async def test_a_token_that_ends_is_kept_with_what_renews_it() -> None:
    async with a_door() as (door, slack):
        slack.answers["oauth.v2.access"] = GRANTED | {"refresh_token": "xoxe-1-x", "expires_in": 43_200}
        asked = await door.begin()
        await door.end(state=asked["state"][0], code="c1")

        (saved,) = door.saved
        assert saved.refresh_token
        assert saved.refresh_token.reveal() == "xoxe-1-x"
        assert saved.expires_at == START + timedelta(hours=12)


@pytest.mark.parametrize(
    ("told", "ahead"),
    [
        ("Mon, 30 Nov 2026 09:01:00 GMT", 60),
        ("Mon, 30 Nov 2026 09:01:00 -0000", 60),
        ("some day", 0),
        ("Mon, 30 Nov 99999999999999999999 09:01:00 GMT", 0),
    ],
)
async def test_slack_s_clock_says_when_it_was_as_it_says_when_the_bot_is_removed(
    told: str, ahead: int
) -> None:
    async with a_door() as (door, slack):
        slack.refusals["oauth.v2.access"] = [(200, GRANTED | {"expires_in": 60}, {"Date": told})]
        asked = await door.begin()
        await door.end(state=asked["state"][0], code="c1")

        (saved,) = door.saved
        assert saved.installed_at == START + timedelta(seconds=ahead)
        assert saved.expires_at == START + timedelta(seconds=60)  # this one is compared with the bot's own


async def test_a_word_is_good_once() -> None:
    async with a_door() as (door, _):
        asked = await door.begin()
        await door.end(state=asked["state"][0], code="c1")
        status, _ = await door.end(state=asked["state"][0], code="c1")

        assert status == 400
        assert len(door.saved) == 1


async def test_a_word_from_another_browser_is_refused() -> None:
    async with a_door() as (door, _):
        await door.begin()
        door.browser.session.cookie_jar.clear()

        assert (await door.end(state="word600", code="c1"))[0] == 400
        assert (await door.end(code="c1"))[0] == 400
        assert (await door.end(state="ü", code="c1"))[0] == 400
        assert door.saved == []


@pytest.mark.parametrize("cookie", [b"\xff", b"\xed\xa0\x80", "ü".encode(), b"", b'"', b"word600;;"])
async def test_a_cookie_that_no_browser_of_ours_sends_is_refused(cookie: bytes) -> None:
    async with a_door() as (door, _):
        server = door.browser.server
        assert isinstance(server, TestServer)
        reader, writer = await asyncio.open_connection(server.host, server.port)
        head = b"GET /slack/oauth_redirect?state=%ff&code=c1 HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n"
        writer.write(head + b"Cookie: scrm_install=" + cookie + b"\r\n\r\n")
        answer = await reader.read()
        writer.close()

        assert answer.startswith(b"HTTP/1.1 400")
        assert door.saved == []


async def test_a_host_that_is_no_text_gets_an_answer_all_the_same() -> None:
    async with a_door() as (door, _):
        server = door.browser.server
        assert isinstance(server, TestServer)
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(b"GET /slack/install HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()

        assert answer.startswith(b"HTTP/1.1 302")


async def test_while_the_store_is_away_a_sentence_says_so_and_nothing_is_exchanged() -> None:
    async with a_door() as (door, slack):
        asked = await door.begin()
        door.states.away = True
        status, page = await door.end(state=asked["state"][0], code="c1")

        assert status == 503
        assert "nothing was installed" in page
        assert slack.calls == []


async def test_saying_no_installs_nothing() -> None:
    async with a_door() as (door, _):
        asked = await door.begin()
        status, page = await door.end(state=asked["state"][0], error="access_denied")

        assert status == 200
        assert "Nothing was installed" in page


async def test_a_refused_code_and_a_store_that_is_gone_offer_another_try() -> None:
    async with a_door() as (door, slack):
        slack.refuse("oauth.v2.access", "invalid_code")
        refused = await door.end(state=(await door.begin())["state"][0], code="c1")
        door.broken = True
        lost = await door.end(state=(await door.begin())["state"][0], code="c1")

        assert (refused[0], lost[0]) == (502, 502)
        assert "Try again" in refused[1]
        assert "invalid_code" not in refused[1]


async def test_an_organisation_wide_installation_is_kept_under_the_organisation() -> None:
    async with a_door() as (door, slack):
        slack.answers["oauth.v2.access"] = GRANTED | {"team": None, "enterprise": {"id": "E1", "name": "Org"}}
        await door.end(state=(await door.begin())["state"][0], code="c1")

        assert (door.saved[0].team_id, door.saved[0].enterprise_id) == ("E1", "E1")


async def test_behind_a_proxy_the_public_address_is_given_to_slack() -> None:
    async with a_door(public_url="https://bot.example/") as (door, _):
        asked = await door.begin()

        assert asked["redirect_uri"] == ["https://bot.example/slack/oauth_redirect"]
