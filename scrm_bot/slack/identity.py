"""Whose bot token was given: one workspace, asked once."""

import logging

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from scrm_bot.domain.workspaces import Installation, Secret

log = logging.getLogger(__name__)


class Identity:
    """The installation that `SLACK_BOT_TOKEN` stands for."""

    def __init__(self, token: SecretStr | None, *, session: aiohttp.ClientSession, base_url: str) -> None:
        self._token = Secret(token.get_secret_value()) if token else None
        self._client = AsyncWebClient(base_url=base_url, session=session, timeout=5)
        self._known: Installation | None = None

    async def learn(self) -> Installation | None:
        """Ask Slack who the token belongs to (docs: auth.test). A refusal is logged and asked again later."""
        if self._token is None or self._known:
            return self._known
        try:
            answer = await self._client.auth_test(token=self._token.reveal())
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("SLACK_BOT_TOKEN: Slack did not say whose it is (%s)", type(error).__name__)
            return None
        self._known = Installation(
            team_id=str(answer["team_id"]),
            bot_token=self._token,
            bot_user_id=str(answer.get("user_id") or ""),
            bot_id=str(answer.get("bot_id") or ""),
            enterprise_id=str(answer.get("enterprise_id") or ""),
            team_name=str(answer.get("team") or ""),
        )
        return self._known

    async def find(self, team_id: str) -> Installation | None:
        """The installation, for the token's own workspace or organisation alone."""
        known = await self.learn()
        if known is None:
            return Installation(team_id, self._token) if self._token else None
        return known if team_id in {known.team_id, known.enterprise_id} else None
