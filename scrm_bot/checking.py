"""`scrm-bot check`: settings, Redis, Slack and the manifest, tried before anything is started."""

from dataclasses import dataclass
from secrets import token_hex

import yaml

from scrm_bot import app
from scrm_bot.domain.errors import SlackRefusedError, StoreUnavailableError
from scrm_bot.settings import Settings, SettingsError
from scrm_bot.slack.identity import Identity
from scrm_bot.slack.socket import open_address, passes
from scrm_bot.slack.webapi import open_session
from scrm_bot.store.address import parse
from scrm_bot.store.capabilities import Capabilities, concerns
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.locks import RedisLocks
from scrm_bot.store.schema import Schema, newer

_PROBE_SECONDS = 5  # for which the key that tries whether Redis can be written stays, should its end not come


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `scrm-bot check`."""

    good: bool
    what: str
    told: str


async def check(settings: Settings) -> list[Finding]:
    """A line each: settings, Redis, Slack, manifest. No secret is in any of them."""
    return [*_settings(settings), *await _redis(settings), *await _slack(settings), _manifest()]


def _settings(settings: Settings) -> list[Finding]:
    try:
        settings.require_slack().require_keys().require_settle()
    except SettingsError as error:
        return [Finding(good=False, what="settings", told=str(error))]
    if settings.concerns:
        return [Finding(good=False, what="settings", told=told) for told in settings.concerns]
    mode = "Socket Mode" if settings.slack_app_token else "HTTP"
    return [Finding(good=True, what="settings", told=f"complete, {mode}")]


async def _redis(settings: Settings) -> list[Finding]:
    address = parse(settings.redis_url)
    database = Database(clients(address))
    schema = Schema(database)
    try:
        await database.do("PING")
        found, stored = await database.capabilities(), await schema.stored()
        unwritable = await _unwritable(database)
    except StoreUnavailableError as error:
        told = f"{address.shown} does not answer ({error}): is it running, and REDIS_URL right?"
        return [Finding(good=False, what="Redis", told=told)]
    finally:
        await database.close()
    untold = f"; {', '.join(found.missing)} cannot be asked here" if found.missing else ""
    told = f"{address.shown} answers, version {found.version or 'unknown'}, schema {stored}{untold}"
    wrong = [*unwritable, *concerns(found)]
    if stored > schema.known:
        wrong.append(newer(stored, schema.known))
    return [
        Finding(good=True, what="Redis", told=told),
        *(Finding(good=False, what="Redis", told=each) for each in wrong),
        *_unread(found),
    ]


async def _unwritable(database: Database) -> list[str]:
    """Tried with a key that is written, and deleted by a script, as everything the bot keeps."""
    try:
        async with RedisLocks(database, seconds=_PROBE_SECONDS).hold(f"check:{token_hex(4)}"):
            pass
    except StoreUnavailableError as error:
        why = "is it a replica, or does its user lack the rights that docs/redis.md lists?"
        return [f"it answers, but nothing can be kept there ({error}): {why}"]
    return []


def _unread(found: Capabilities) -> list[Finding]:
    if found.eviction is not None:
        return []
    told = "maxmemory-policy cannot be read here: see to it that it is noeviction"
    return [Finding(good=True, what="Redis", told=told)]


async def _slack(settings: Settings) -> list[Finding]:
    return [await _bot_token(settings), *await _app_token(settings)]


async def _bot_token(settings: Settings) -> Finding:
    if settings.slack_bot_token is None:
        told = "tokens come from installations" if settings.slack_client_id else "no token to try"
        return Finding(good=bool(settings.slack_client_id), what="Slack", told=told)
    async with open_session() as session:
        identity = Identity(settings.slack_bot_token, session=session, base_url=settings.slack_api_url)
        found = await identity.learn()
    if found is None:
        told = "SLACK_BOT_TOKEN was not accepted, or Slack does not answer"
        return Finding(good=False, what="Slack", told=told)
    return Finding(good=True, what="Slack", told=f"the token is for {found.team_name or found.team_id}")


async def _app_token(settings: Settings) -> list[Finding]:
    if settings.slack_app_token is None:
        return []
    try:
        await open_address(settings.slack_app_token.get_secret_value(), base_url=settings.slack_api_url)
    except SlackRefusedError as refusal:
        told = "Slack could not be asked" if passes(refusal) else "it needs the scope connections:write"
        told = f"SLACK_APP_TOKEN was not accepted ({refusal.code}): {told}"
        return [Finding(good=False, what="Slack", told=told)]
    return [Finding(good=True, what="Slack", told="the app's token opens Socket Mode")]


def _manifest() -> Finding:
    try:
        document = app.manifest()
        (command,) = document["features"]["slash_commands"]
    except (OSError, ValueError, KeyError, yaml.YAMLError) as error:
        return Finding(good=False, what="manifest", told=f"manifest.yml cannot be read: {error}")
    return Finding(good=True, what="manifest", told=f"{command['command']}, {len(app.verbs())} verbs")
