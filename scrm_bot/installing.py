"""Installing the bot into many workspaces: the routes, the welcome, and tokens that end."""

import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import aiohttp

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Clock
from scrm_bot.settings import Settings
from scrm_bot.slack import oauth
from scrm_bot.slack.installed import Installations, Load
from scrm_bot.slack.keeping import Keeper
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.tokens import Renewal
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.locks import RedisLocks
from scrm_bot.store.states import RedisStates
from scrm_bot.views import help as help_page

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Greeter:
    """Writes to whoever installed the bot, with the way to Connect."""

    messenger: Messenger
    installed: Installations

    async def welcome(self, installation: Installation) -> None:
        self.installed.drop(installation.team_id)  # what was remembered of an earlier installation
        if not installation.installer:
            return
        try:
            await self.messenger.post(installation.team_id, installation.installer, help_page.welcome())
        except ScrmError:
            log.warning(
                "whoever installed the bot in %s was not greeted", installation.team_id, exc_info=True
            )


def load_with(
    stack: AsyncExitStack,
    settings: Settings,
    *,
    stored: RedisInstallations,
    session: aiohttp.ClientSession,
    clock: Clock,
) -> Load:
    """How an installation is found: with a token that is renewed in time, where tokens end.

    Closing the stack tries once more to store what could not be stored.
    """
    if not settings.slack_client_id or not settings.slack_client_secret:
        return stored.find
    keeper = Keeper(stored.find, stored.save, clock)
    stack.push_async_callback(keeper.close)
    renewal = Renewal(
        client_id=settings.slack_client_id,
        client_secret=Secret(settings.slack_client_secret.get_secret_value()),
        load=stored.find,
        keeper=keeper,
        lock=RedisLocks(stored.database).hold,
        clock=clock,
        session=session,
        base_url=settings.slack_api_url,
    )
    return renewal.find


def routes(
    settings: Settings,
    *,
    database: Database,
    stored: RedisInstallations,
    session: aiohttp.ClientSession,
    clock: Clock,
    greeter: Greeter,
    scopes: Sequence[str],
) -> list[Any]:
    """`/slack/install` and `/slack/oauth_redirect`, where the bot is for many workspaces."""
    if not settings.slack_client_id or not settings.slack_client_secret:
        return []
    config = oauth.OAuthConfig(
        client_id=settings.slack_client_id,
        client_secret=Secret(settings.slack_client_secret.get_secret_value()),
        scopes=tuple(scopes),
        states=RedisStates(database, Secret(settings.slack_client_secret.get_secret_value()), clock),
        save=stored.save,
        session=session,
        clock=clock,
        welcome=greeter.welcome,
        base_url=settings.slack_api_url,
        # beside the API: slack.com has it there, and so has slack-gov.com
        authorize_url=urljoin(settings.slack_api_url, "/oauth/v2/authorize"),
        public_url=settings.public_url,
    )
    return oauth.routes(config)
