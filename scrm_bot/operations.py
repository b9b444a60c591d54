"""What an operator asks from a terminal: is everything as it should be, and what does the API say."""

import json
import os
import re
import time
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from platform import python_version
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from scrm_bot.checking import Finding, check
from scrm_bot.domain.errors import ScrmError, StoreUnavailableError, UsageError, VaultError
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Lane, OnWait, Turn
from scrm_bot.settings import Settings, SettingsError
from scrm_bot.slack.webapi import open_session
from scrm_bot.socialcrm.client import SocialCRMClient
from scrm_bot.socialcrm.http import Http
from scrm_bot.store import rotation
from scrm_bot.store.address import parse, place
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.rotation import Rotated
from scrm_bot.store.vault import Ring
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.telemetry.release import release
from scrm_bot.tenancy import SystemClock

_DELIVERED = re.compile(r'^scrm_deliveries_total\{[^}]*status="(\d+)"[^}]*\} [^0]', re.MULTILINE)
_MANY_DUE = 100
_LATE = 60.0  # seconds for which a job may be due while workers run
_SHOWN = 3
_CLOCKS_APART = 2.0  # seconds


async def doctor(settings: Settings) -> list[Finding]:
    """A running installation from outside and in: `check`, web, queues, clocks, keys, versions."""
    address = parse(settings.redis_url)
    database = Database(clients(address))
    try:
        inside = [await _queues(database), await _clocks(database), await _sealed(database, settings)]
    except StoreUnavailableError:
        inside = []  # said by the check of Redis
    finally:
        await database.close()
    return [*await check(settings), await _web(settings), *inside, _versions()]


async def rotate(settings: Settings) -> Finding:
    """Seal every stored key and token anew under the newest encryption key. Can be repeated at any time."""
    address = parse(settings.redis_url)
    database = Database(clients(address))
    try:
        turned = await rotation.rotate(database, Ring(settings.ring))
    except StoreUnavailableError as error:
        told = f"{address.shown} does not answer ({error}). What was sealed anew stays so; run it again."
        return Finding(good=False, what="keys", told=told)
    finally:
        await database.close()
    return told_of(turned)


def told_of(turned: Rotated) -> Finding:
    """Good once the older keys may leave: what changed meanwhile may have been sealed by one of them."""
    told = f"{turned.anew} sealed anew, {turned.already} were already"
    if turned.changed:
        told += f", {turned.changed} changed meanwhile: run it again"
    if turned.unreadable:
        told += f". No key in SCRM_ENCRYPTION_KEYS opens {', '.join(turned.unreadable)}"
    return Finding(good=not (turned.changed or turned.unreadable), what="keys", told=told)


async def read_api(settings: Settings, path: str) -> str:
    """The JSON of a documented GET, with the key in `SOCIALCRM_API_KEY`. Raises `ScrmError`."""
    key = os.environ.get("SOCIALCRM_API_KEY", "").strip()
    if not key:
        raise SettingsError("SOCIALCRM_API_KEY: missing, create one in SocialCRM under Settings, API keys")
    try:
        path.encode()  # what a terminal of another encoding sent
        parts = urlsplit(path)
    except ValueError:
        raise UsageError("This path cannot be read: one such as /v1/posts?limit=5.") from None
    http = Http(
        settings.socialcrm_api_url, budget=_OneCall(), clock=SystemClock(), key_header=settings.key_header
    )
    try:
        client = SocialCRMClient(http, _given(key), Lane.PEOPLE)
        found = await client.read(parts.path, dict(parse_qsl(parts.query)))
    finally:
        await http.close()
    return json.dumps(found, indent=2, ensure_ascii=False)


class _OneCall:
    """A terminal makes one call, by hand: nothing to share a budget with."""

    async def take(self, fingerprint: str, lane: Lane, *, on_wait: OnWait | None = None) -> Turn:
        del fingerprint, lane, on_wait
        return Turn(0)

    def give_back(self, fingerprint: str, turn: Turn) -> None: ...

    async def refused(self, fingerprint: str, *, retry_in: float | None) -> float:  # noqa: ARG002
        return retry_in or 0.0


def _given(key: str) -> Callable[[], Awaitable[tuple[Secret, str]]]:
    async def reveal() -> tuple[Secret, str]:
        return Secret(key), ""

    return reveal


async def _web(settings: Settings) -> Finding:
    url = f"http://{place(settings.host, settings.port)}"
    try:
        async with open_session() as session, session.get(f"{url}/readyz") as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError):
        told = f"nothing answers at {url}. Without `scrm-bot web` (or `run`) Slack's requests fail"
        return Finding(good=False, what="web", told=told)
    if status != 200:
        return Finding(good=False, what="web", told=f"{url} is up but not ready: it cannot reach Redis")
    if await _all_are_refused(settings):
        told = (
            f"{url} is ready, but every delivery had a wrong signature: is SLACK_SIGNING_SECRET this app's?"
        )
        return Finding(good=False, what="web", told=told)
    return Finding(good=True, what="web", told=f"{url} is ready")


async def _all_are_refused(settings: Settings) -> bool:
    """As the process that is asked has counted since its start: 401s, and nothing that was taken."""
    url = f"http://{place(settings.host, settings.metrics_port or settings.port)}/metrics"
    try:
        async with open_session() as session, session.get(url) as answer:
            page = await answer.text()
    except (aiohttp.ClientError, TimeoutError):
        return False
    statuses = set(_DELIVERED.findall(page))
    return "401" in statuses and not any(status.startswith("2") for status in statuses)


async def _queues(database: Database) -> Finding:
    queue = RedisWorkQueue(database)
    depth = await queue.depth()
    told = f"{depth.stored} jobs, {depth.due} of them due and waiting, {depth.dead} given up"
    if depth.due > _MANY_DUE or depth.late > _LATE:
        told += f". The first has waited for {depth.late:.0f} s"
        return Finding(
            good=False, what="queues", told=f"{told}. Is a worker running? `scrm-bot worker` adds one"
        )
    if depth.dead:
        shown = [f"{job.kind} of {job.team_id} ({reason})" for job, reason in await queue.given_up(_SHOWN)]
        told += f", such as {'; '.join(shown)}" if shown else ""
        told += ". Mend the cause; then `/scrm status` there has Try again. The log has each in full"
        return Finding(good=False, what="queues", told=told)
    return Finding(good=True, what="queues", told=told)


async def _clocks(database: Database) -> Finding:
    before = time.time()
    seconds, microseconds = await database.do("TIME")
    apart = abs(int(seconds) + int(microseconds) / 1e6 - (before + time.time()) / 2)
    if apart > _CLOCKS_APART:
        told = f"this machine and Redis are {apart:.1f} s apart: let NTP set both, for signatures and times"
        return Finding(good=False, what="clocks", told=told)
    return Finding(
        good=True, what="clocks", told=f"this machine and Redis agree within {apart * 1000:.0f} ms"
    )


async def _sealed(database: Database, settings: Settings) -> Finding:
    try:
        found = await rotation.rotate(database, Ring(settings.ring), dry_run=True)
    except VaultError as error:
        return Finding(good=False, what="keys", told=f"SCRM_ENCRYPTION_KEYS: {error}")
    told = f"{found.already} sealed by the newest key, {found.anew} by an older one"
    if found.unreadable:
        told += (
            f", {len(found.unreadable)} by none that is configured ({', '.join(found.unreadable[:_SHOWN])})"
        )
        told += ". Put their key back at the end of SCRM_ENCRYPTION_KEYS, or connect there again"
        return Finding(good=False, what="keys", told=told)
    if found.anew:
        told += ": `scrm-bot keys rotate` seals them anew"
    return Finding(good=True, what="keys", told=told)


def _versions() -> Finding:
    told = ", ".join(f"{name} {version(name)}" for name in ("slack-bolt", "slack-sdk", "redis", "httpx"))
    return Finding(
        good=True, what="versions", told=f"scrm-bot {release()}, Python {python_version()}, {told}"
    )


def refusal(error: ScrmError) -> str:
    """One line for a terminal."""
    return f"{type(error).__name__.removesuffix('Error')}: {error}"
