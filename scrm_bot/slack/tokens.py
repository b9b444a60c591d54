"""Bot tokens that end after twelve hours, renewed in time (docs: authentication/using-token-rotation)."""

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Clock
from scrm_bot.slack.keeping import Keeper, Load

log = logging.getLogger(__name__)

_EARLY = timedelta(hours=2)  # a token is renewed so long before its end
_LOOKS, _PAUSE = 30, 0.5  # at what the process that renews it has done, where the old one serves no more
_LATER = 30.0  # seconds until another try makes sense
_METHOD = "oauth.v2.access"
_SPENT = frozenset({"invalid_refresh_token", "token_revoked"})
EXPIRED = "token_expired"

Lock = Callable[[str], AbstractAsyncContextManager[bool]]
"""Entered by one process at a time for a workspace; False for whoever finds it taken."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Renews what is about to end. A refresh token works once, so only one process may use it."""

    client_id: str
    client_secret: Secret
    load: Load
    keeper: Keeper
    lock: Lock
    clock: Clock
    session: aiohttp.ClientSession
    base_url: str

    async def find(self, team_id: str) -> Installation | None:
        """The installation with a token that serves, which one that is over does not.

        Raises `SlackRefusedError`: with `retry_in` where it may be renewed yet, without where only a new
        installation helps.
        """
        for _ in range(_LOOKS):
            found = await self._current(team_id)
            if found is None or not self._ends(found, within=_EARLY):
                return found
            async with self.lock(found.team_id) as mine:
                if mine:
                    return await self._renewed(found.team_id)
            if not self._ends(found):
                return found  # somebody else is at it, and this one is good for a while yet
            await self.clock.sleep(_PAUSE)
        raise SlackRefusedError(EXPIRED, method=_METHOD, retry_in=_LATER)

    def _ends(self, installation: Installation, *, within: timedelta = timedelta()) -> bool:
        at = installation.expires_at
        return bool(installation.refresh_token and at and at - self.clock.now() <= within)

    async def _renewed(self, team_id: str) -> Installation | None:
        old = await self._current(team_id)
        if old is None or not self._ends(old, within=_EARLY):
            return old
        try:
            answer = await self._exchange(old)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("the token of %s could not be renewed (%s)", old.team_id, _told(error))
            return await self._instead(old, _told(error))
        token, refresh = Secret(str(answer["access_token"])), Secret(str(answer["refresh_token"]))
        until = self.clock.now() + timedelta(seconds=int(answer["expires_in"]))
        fresh = replace(old, bot_token=token, refresh_token=refresh, expires_at=until)
        await self.keeper.keep(fresh, instead_of=old)
        return fresh

    async def _instead(self, old: Installation, why: str) -> Installation | None:
        """What serves although nothing was renewed: the old one until its end, or what came in meanwhile."""
        latest = await self._current(old.team_id)
        if latest is None or not self._ends(latest):
            return latest
        if why in _SPENT:
            raise SlackRefusedError("token_revoked", method=_METHOD)
        raise SlackRefusedError(EXPIRED, method=_METHOD, retry_in=_LATER)

    async def _current(self, team_id: str) -> Installation | None:
        """The newest one: what is stored, or what this process holds because it could not be stored yet."""
        held = self.keeper.held(team_id)
        if held:
            return held
        found = await self.load(team_id)
        return self.keeper.held(found.team_id) or found if found else None

    async def _exchange(self, old: Installation) -> dict[str, Any]:
        client = AsyncWebClient(base_url=self.base_url, session=self.session, retry_handlers=[], timeout=10)
        form = {
            "client_id": self.client_id,
            "client_secret": self.client_secret.reveal(),
            "grant_type": "refresh_token",
            "refresh_token": old.refresh_token.reveal() if old.refresh_token else "",
        }
        answer = await client.api_call(_METHOD, data=form)
        wanted = {"access_token", "refresh_token", "expires_in"}
        if not isinstance(answer.data, dict) or not wanted <= answer.data.keys():
            raise SlackApiError("no tokens in the answer", answer)  # type: ignore[no-untyped-call]
        return answer.data


def _told(error: Exception) -> str:
    """Slack's word, or the kind of failure: never a token."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or "refused")
    return type(error).__name__
