"""Installing the bot into a workspace: /slack/install and /slack/oauth_redirect (docs: oauth/v2)."""

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import escape
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.domain.errors import ScrmError, StoreUnavailableError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Clock

log = logging.getLogger(__name__)

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
_COOKIE = "scrm_install"
_LIFE = 600  # seconds from "Add to Slack" to the answer
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>{title}</title><body style="font:16px system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem">'
    "<h1>{title}</h1><p>{text}</p></body></html>"
)


class StateStore(Protocol):
    """One-time words that tie the answer to the browser that asked."""

    def issue(self, *, seconds: int) -> str: ...
    async def consume(self, state: str) -> bool:
        """True once for an issued word that has not run out. Raises `StoreUnavailableError`."""


@dataclass(frozen=True, slots=True)
class OAuthConfig:
    """`authorize_url` is Slack's consent page; `public_url` is the bot's, "" for the request's own.

    `welcome` greets whoever installed the bot, in Slack; it raises nothing.
    """

    client_id: str
    client_secret: Secret
    scopes: tuple[str, ...]
    states: StateStore
    save: Callable[[Installation], Awaitable[None]]
    session: aiohttp.ClientSession
    clock: Clock
    welcome: Callable[[Installation], Awaitable[None]]
    base_url: str = "https://slack.com/api/"
    authorize_url: str = "https://slack.com/oauth/v2/authorize"
    public_url: str = ""


def routes(config: OAuthConfig) -> list[web.RouteDef]:
    """For `WebConfig.routes`."""
    flow = _Flow(config)
    return [web.get(INSTALL, flow.install), web.get(REDIRECT, flow.redirected)]


class _Flow:
    def __init__(self, config: OAuthConfig) -> None:
        self._config = config
        self._client = AsyncWebClient(base_url=config.base_url, session=config.session, retry_handlers=[])

    async def install(self, request: web.Request) -> web.Response:
        """Send the browser to Slack, with a word that comes back."""
        state = self._config.states.issue(seconds=_LIFE)
        query = {
            "client_id": self._config.client_id,
            "scope": ",".join(self._config.scopes),
            "redirect_uri": self._redirect_uri(request),
            "state": state,
        }
        response = web.Response(
            status=302, headers={"Location": f"{self._config.authorize_url}?{urlencode(query)}"}
        )
        secure = self._redirect_uri(request).startswith("https://")
        response.set_cookie(_COOKIE, state, max_age=_LIFE, httponly=True, samesite="Lax", secure=secure)
        return response

    async def redirected(self, request: web.Request) -> web.Response:
        """Exchange the code for a token, once, for the browser that asked."""
        state = request.query.get("state", "")
        if not state or not _same(state, request.cookies.get(_COOKIE, "")):
            return _stale()
        code = request.query.get("code", "")
        if not code:
            return _page(
                200,
                "Nothing was installed",
                f'You said no, and that is fine. <a href="{INSTALL}">Change your mind</a>?',
            )
        try:
            is_fresh = await self._config.states.consume(state)
        except StoreUnavailableError:
            log.warning("an installation could not begin: the store is away")
            return _page(
                503,
                "Not just now",
                "The bot's storage does not answer, so nothing was installed. "
                f'<a href="{INSTALL}">Try again</a> in a minute.',
            )
        return await self._installed(request, code) if is_fresh else _stale()

    async def _installed(self, request: web.Request, code: str) -> web.Response:
        try:
            installation = await self._exchange(code, self._redirect_uri(request))
            await self._config.save(installation)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, KeyError, ScrmError):
            log.exception("an installation failed")
            return _page(
                502,
                "That did not work",
                f'Slack or our storage did not answer as expected. <a href="{INSTALL}">Try again</a>.',
            )
        await self._config.welcome(installation)
        response = _page(200, "Installed", _next_step(installation))
        response.del_cookie(_COOKIE)
        return response

    async def _exchange(self, code: str, redirect_uri: str) -> Installation:
        form = {
            "client_id": self._config.client_id,
            "client_secret": self._config.client_secret.reveal(),
            "code": code,
            "redirect_uri": redirect_uri,
        }
        answer = await self._client.api_call("oauth.v2.access", data=form)
        data = answer.data if isinstance(answer.data, dict) else {}
        token = str(data["access_token"])
        tested = await self._client.api_call("auth.test", headers={"Authorization": f"Bearer {token}"})
        now = self._config.clock.now()
        installed_at = _by_slack(answer.headers) or now
        return _installation(data, str(tested.get("bot_id") or ""), now=now, installed_at=installed_at)

    def _redirect_uri(self, request: web.Request) -> str:
        host = request.host.encode("utf-8", "replace").decode()  # whatever a stranger's Host header holds
        base = self._config.public_url.rstrip("/") or f"{request.scheme}://{host}"
        return base + REDIRECT


def _by_slack(headers: Mapping[str, str]) -> datetime | None:
    """When Slack answered, by the clock that also tells when the bot is removed. Ours may differ from it."""
    try:
        said = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, OverflowError):
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)  # "-0000" is UTC that names no place


def _installation(
    data: Mapping[str, Any], bot_id: str, *, now: datetime, installed_at: datetime
) -> Installation:
    """Installed for a whole organisation there is no team: then the organisation's id stands for it."""
    enterprise, team = data.get("enterprise") or {}, data.get("team") or {}
    return Installation(
        team_id=str(team.get("id") or enterprise["id"]),
        bot_token=Secret(str(data["access_token"])),
        bot_user_id=str(data.get("bot_user_id") or ""),
        bot_id=bot_id,
        installer=str((data.get("authed_user") or {}).get("id") or ""),
        enterprise_id=str(enterprise.get("id") or ""),
        team_name=str(team.get("name") or enterprise.get("name") or ""),
        scopes=tuple(scope for scope in str(data.get("scope") or "").split(",") if scope),
        app_id=str(data.get("app_id") or ""),
        installed_at=installed_at,
        refresh_token=Secret(str(data["refresh_token"])) if data.get("refresh_token") else None,
        expires_at=now + timedelta(seconds=int(data["expires_in"])) if data.get("expires_in") else None,
    )


def _next_step(installation: Installation) -> str:
    """Where to go on, and what to do there."""
    told = (
        "The bot has written to you in Slack: press <b>Connect</b> there, or type <code>/scrm connect</code>."
    )
    if not installation.app_id:
        return f"{told} You can close this page."
    where = urlencode({"app": installation.app_id, "team": installation.team_id})
    return f'{told} <a href="https://slack.com/app_redirect?{escape(where)}">Open Slack</a>.'


def _same(given: str, expected: str) -> bool:
    """Bytes that are no text came from no browser of ours, and must compare all the same."""
    return hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass")
    )


def _stale() -> web.Response:
    told = f'This link was used or is too old. <a href="{INSTALL}">Start again</a>.'
    return _page(400, "Please start again", told)


def _page(status: int, title: str, text: str) -> web.Response:
    return web.Response(status=status, text=_PAGE.format(title=title, text=text), content_type="text/html")
