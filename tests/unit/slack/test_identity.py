"""Whose bot token was given, as Slack tells it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from scrm_bot.slack.identity import Identity

TOKEN = SecretStr("xoxb-1-" + "a" * 24)
ACME = {"ok": True, "team_id": "T1", "team": "Acme", "user_id": "UBOT", "bot_id": "B1", "enterprise_id": "E1"}


@dataclass(slots=True)
class AuthTest:
    """Slack's auth.test, as scripted."""

    url: str = ""
    answers: list[dict[str, Any]] = field(default_factory=lambda: [ACME])
    tokens: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"])
        return web.json_response(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])


@pytest.fixture
async def slack() -> AsyncIterator[AuthTest]:
    told = AuthTest()
    app = web.Application()
    app.router.add_post("/auth.test", told.answer)
    async with TestServer(app) as server:
        told.url = str(server.make_url("/"))
        yield told


async def test_it_is_learned_once(slack: AuthTest, session: aiohttp.ClientSession) -> None:
    identity = Identity(TOKEN, session=session, base_url=slack.url)

    found = await identity.learn()
    again = await identity.learn()

    assert found
    assert (found.team_id, found.team_name, found.bot_user_id, found.bot_id) == ("T1", "Acme", "UBOT", "B1")
    assert again is found
    assert slack.tokens == [f"Bearer {TOKEN.get_secret_value()}"]


@pytest.mark.parametrize(("team_id", "known"), [("T1", True), ("E1", True), ("T2", False)])
async def test_it_stands_for_its_own_workspace_and_organisation(
    slack: AuthTest, session: aiohttp.ClientSession, team_id: str, *, known: bool
) -> None:
    found = await Identity(TOKEN, session=session, base_url=slack.url).find(team_id)

    assert (found is not None) == known


async def test_a_refusal_is_asked_again_and_never_shows_the_token(
    slack: AuthTest, session: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    slack.answers = [{"ok": False, "error": "ratelimited"}, ACME]
    identity = Identity(TOKEN, session=session, base_url=slack.url)

    assert await identity.learn() is None
    assert (await identity.learn()) is not None
    assert "SlackApiError" in caplog.text
    assert TOKEN.get_secret_value() not in caplog.text


async def test_while_slack_does_not_answer_every_team_is_taken_at_its_word(
    session: aiohttp.ClientSession,
) -> None:
    identity = Identity(TOKEN, session=session, base_url="http://127.0.0.1:9/")

    found = await identity.find("T9")

    assert found
    assert (found.team_id, found.team_name) == ("T9", "")


async def test_without_a_token_there_is_nobody(session: aiohttp.ClientSession) -> None:
    identity = Identity(None, session=session, base_url="http://127.0.0.1:9/")

    assert await identity.learn() is None
    assert await identity.find("T1") is None
