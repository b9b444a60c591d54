"""One call of Slack's Web API on the process's own session: arguments in, answer out, refusals by name."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any, Literal

import aiohttp

from scrm_bot.domain.errors import SlackRefusedError

log = logging.getLogger(__name__)

Json = dict[str, Any]
Verb = Literal["POST", "GET"]
UNREACHABLE = "unreachable"
_LONGEST = 86_400.0  # seconds
_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII)
RATE_LIMITED = "ratelimited"
USER_AGENT = "scrm-bot (+https://socialcrm.org)"
_JSON = "application/json;charset=utf-8"


def open_session() -> aiohttp.ClientSession:
    """The one session of a process, for Slack's Web API and response_urls."""
    timeout = aiohttp.ClientTimeout(total=10, sock_connect=5)
    return aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())  # serves every team


class WebApi:
    """Sends once. Repeats, paces and tokens are the messenger's business. Raises `SlackRefusedError`.

    Slack's own client does the same with much ado: of what a call costs, most was spent in it.
    """

    def __init__(self, session: aiohttp.ClientSession, *, base_url: str) -> None:
        self._session = session
        self._base_url = base_url if base_url.endswith("/") else f"{base_url}/"

    async def send(self, token: str, method: str, args: Mapping[str, Any], *, verb: Verb = "POST") -> Json:
        """What Slack answered; a `SlackRefusedError` never holds the request, and so not the token."""
        headers = {"Authorization": f"Bearer {token}", "User-Agent": USER_AGENT}
        try:
            return await self._sent(method, args, headers, verb)
        except aiohttp.ClientConnectorError as error:
            raise SlackRefusedError(UNREACHABLE, method=method, retry_in=0.5) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackRefusedError(UNREACHABLE, method=method) from error

    async def _sent(self, method: str, args: Mapping[str, Any], headers: dict[str, str], verb: Verb) -> Json:
        url, given = self._base_url + method, {name: each for name, each in args.items() if each is not None}
        if verb == "GET":
            asked = self._session.get(url, params=given, headers=headers, allow_redirects=False)
        else:
            body = json.dumps(given).encode()
            asked = self._session.post(
                url, data=body, headers={**headers, "Content-Type": _JSON}, allow_redirects=False
            )
        async with asked as answer:
            told = _parsed(await answer.read())
            if answer.status == 200 and told.get("ok"):
                return told
            if answer.status == 200 and not told:  # it may have been done all the same
                raise SlackRefusedError(UNREACHABLE, method=method)
            raise _refusal(method, answer.status, told, answer.headers.get("Retry-After"))


def retry_after(told: str | None) -> float:
    """Seconds that Slack wants to be left alone for, a day at most; a second where it does not say."""
    return min(float(told), _LONGEST) if told and _SECONDS.fullmatch(told.strip()) else 1.0


def _parsed(body: bytes) -> Json:
    """Empty where it is nothing that Slack would say."""
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _refusal(method: str, status: int, told: Json, wait: str | None) -> SlackRefusedError:
    if status == 429:
        return SlackRefusedError(RATE_LIMITED, method=method, retry_in=retry_after(wait))
    code = str(told.get("error") or f"http_{status}")
    more = told.get("response_metadata")
    if isinstance(more, dict) and more.get("messages"):
        log.warning("Slack refused %s: %s %s", method, code, more["messages"])
    return SlackRefusedError(code, method=method)
