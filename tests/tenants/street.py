"""Many workspaces on one bot and one Redis: the neighbour, who has everything, and strangers, who try for it.

Slack is one that takes everything, so that nothing is hidden by a refusal of its own; it writes down what is
said with whose token. Each key of SocialCRM leads to its own sandbox.
"""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from scrm_bot import app
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.domain.workspaces import Installation, Secret, WorkspaceSettings
from scrm_bot.settings import load
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.settings import RedisSettingsStore
from scrm_bot.store.vault import Fingerprints, RedisKeyVault, Ring
from tests.chaos.running import until
from tests.flow.conftest import embedded
from tests.unit.slack.rig import SECRET, a_command, signature

ANN = "UANN"
APPROVALS = "CAPPROVALS"
MARKER = "zebrafish"  # in every text of the neighbour's, and in no other
LINKS = "app.socialcrm.org"
Json = dict[str, Any]
_SOON = 1000  # seconds


@dataclass(slots=True)
class Ears:
    """What was said to Slack and asked of SocialCRM, by team."""

    said: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, Json] = field(default_factory=dict)
    sandboxes: dict[str, tuple[str, str]] = field(default_factory=dict)  # key → team, the sandbox's address
    numbers: Any = field(default_factory=lambda: count(1))

    async def slack(self, request: web.Request) -> web.Response:
        team = request.headers.get("Authorization", "").rpartition("-")[2]
        args = dict(request.query)
        if request.content_type == "application/json":
            args |= await request.json()
        self.said.setdefault(team, []).append(f"{request.match_info['method']} {json.dumps(args)}")
        return web.json_response(self._answer(args, team))

    def _answer(self, args: Json, team: str) -> Json:
        number = next(self.numbers)
        user = {"id": args.get("user", ANN), "team_id": team, "tz": "Europe/Berlin", "profile": {}}
        told: Json = {"ok": True, "ts": f"{number}.000001", "channel": args.get("channel", "")}
        told |= {"view": {"id": f"V{number}"}, "user": user, "users": [], "usergroups": [], "messages": []}
        file = self.files.get(team, {})
        return {**told, "file": file if file.get("id") == args.get("file") else {}}

    async def response(self, request: web.Request) -> web.Response:
        told = f"response_url {json.dumps(await request.json())}"
        self.said.setdefault(request.match_info["team"], []).append(told)
        return web.Response(text="ok")

    async def socialcrm(self, request: web.Request) -> web.Response:
        """To the sandbox of whoever's key it is, as it came."""
        key = request.headers["Authorization"].removeprefix("Bearer ")
        team, base = self.sandboxes[key]
        self.asked.setdefault(team, []).append(f"{request.method} {request.path_qs}")
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method,
                f"{base}/{request.match_info['tail']}",
                params=request.query,
                data=await request.read(),
                headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            ) as answer,
        ):
            return web.Response(
                body=await answer.read(), status=answer.status, content_type=answer.content_type
            )

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self.slack)
        application.router.add_post("/response/{team}", self.response)
        application.router.add_route("*", "/v1/{tail:.*}", self.socialcrm)
        return application


@dataclass(slots=True)
class Street:
    """Everything running. `join` moves a workspace in, `do` sends what Slack would send of it."""

    ears: Ears
    bot: app.Bot
    database: Database
    ring: Ring
    url: str
    session: aiohttp.ClientSession
    sandboxes: Mapping[bool, socialcrm.RunningSandbox]  # the neighbour's, and that of all others
    keys: dict[str, str] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))

    async def join(self, team: str, *, neighbour: bool = False) -> None:
        """The bot is installed, a key is connected, Ann is admin and approver, as in every workspace here."""
        sandbox = self.sandboxes[neighbour]
        key = self.keys[team] = sandbox.sandbox.create_key(name=team)
        self.ears.sandboxes[key] = team, sandbox.base_url
        token = Secret(f"xoxb-{team}")
        installed = Installation(team, token, bot_user_id="UBOT", installer=ANN, team_name=f"Team {team}")
        await RedisInstallations(self.database, self.ring).save(installed)
        await self.vault(team).store(Secret(key), by=ANN, at=datetime.now(UTC))
        rules = WorkspaceSettings(APPROVALS, (ANN,), self_approval=True, timezone="Europe/Berlin")
        await RedisSettingsStore(self.database, team).change(lambda _: rules)

    def vault(self, team: str) -> RedisKeyVault:
        return RedisKeyVault(self.database, self.ring, Fingerprints(self.database, self.ring), team)

    async def post(self, body: bytes) -> str:
        """Send it, signed; the acknowledgement."""
        address = f"{self.bot.url}/slack/events"
        async with self.session.post(address, data=body, headers=signature(body)) as answer:
            assert answer.status == 200, body
            return await answer.text()

    async def command(self, team: str, text: str) -> str:
        where = self.response_url(team)
        trigger = f"{next(self.numbers)}.{team}"
        form = a_command(text, team_id=team, response_url=where, trigger_id=trigger)
        return await self.post(urlencode(form).encode())

    async def interact(self, team: str, payload: Json) -> str:
        told = {"team": {"id": team, "domain": "x"}, "trigger_id": f"{next(self.numbers)}.{team}"}
        told["user"] = {"id": ANN, "username": "ann", "team_id": team}
        return await self.post(urlencode({"payload": json.dumps(payload | told)}).encode())

    async def event(self, team: str, event: Json) -> str:
        whole = {"type": "event_callback", "team_id": team, "event_id": f"Ev{next(self.numbers)}{team}"}
        return await self.post(json.dumps(whole | {"event": event}).encode())

    def response_url(self, team: str) -> str:
        return f"{self.url}/response/{team}"

    async def settled(self, team: str, *kinds: str) -> None:
        """Wait until everything the team did is done, and its jobs of these kinds, too."""
        stored = keys.jobs(keys.shard_of(team))
        waiting = tuple(f"{team}/{kind}:".encode() for kind in ("in", *kinds))

        async def done() -> bool:
            return not any(name.startswith(waiting) for name in await self.database.do("HKEYS", stored))

        await until(done, what=f"all that {team} did to be done")

    async def attempted(self, team: str, key: str) -> None:
        """Wait until a job has been done, or was tried and given back."""
        shard, name = keys.shard_of(team), f"{team}/{key}"

        async def done() -> bool:
            if not await self.database.do("HEXISTS", keys.jobs(shard), name):
                return True
            claim = await self.database.do("HGET", keys.claims(shard), name)
            return claim is not None and bool(claim.endswith(b":0"))

        await until(done, what=f"{key} to be tried")

    def heard(self, team: str) -> str:
        """Everything that was said in the team's Slack."""
        return "\n".join(self.ears.said.get(team, []))

    async def records(self, team: str) -> Mapping[str, object]:
        """All that is kept of a team: its own keys, and its part of those that it shares."""
        found: dict[str, object] = {}
        async for name in self.database.scan(f"*{team}*"):
            if not 0 <= await self.database.do("TTL", name) < _SOON:  # those go by themselves meanwhile
                found[name] = await self.database.do("DUMP", name)
        found = {
            name: kept for name, kept in found.items() if kept is not None
        }  # gone since they were listed
        shard, mine = keys.shard_of(team), f"{team}/".encode()
        for shared in (keys.jobs(shard), keys.following(shard)):
            for own in await self.database.do("HKEYS", shared):
                if own.startswith(mine):
                    found[f"{shared} {own!r}"] = await self.database.do("HGET", shared, own)
        dead = await self.database.do("ZRANGE", keys.dead(shard), 0, -1)
        found[keys.dead(shard)] = [kept for kept in dead if f'"{team}"'.encode() in kept]
        return found


@asynccontextmanager
async def a_street() -> AsyncIterator[Street]:
    """The bot, open to every workspace. Nobody lives here yet."""
    async with AsyncExitStack() as stack:
        sandboxes = {}
        for neighbour in (True, False):
            config = SandboxConfig(requests_per_minute=100_000, ai_calls_per_month=100_000)
            sandboxes[neighbour] = await socialcrm.serve(config=config)
            stack.push_async_callback(sandboxes[neighbour].close)
        ears = Ears()
        server = await stack.enter_async_context(TestServer(ears.application()))
        url = str(server.make_url("")).rstrip("/")
        settings = load(
            slack_signing_secret=SECRET,
            slack_bot_token=None,
            slack_client_id="1.2",
            slack_client_secret="s",
            slack_api_url=f"{url}/api/",
            socialcrm_api_url=f"{url}/v1",
            encryption_keys=app.new_key(),
            link_domain=LINKS,
            port=0,
            undo_seconds=3600.0,
            watch_seconds=3600.0,
            rate_limit=100_000,
        )
        redis = embedded()
        bot = await app.start(settings, redis=redis)
        stack.push_async_callback(bot.close)
        database = Database(redis)
        stack.push_async_callback(database.close)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Street(ears, bot, database, Ring(settings.ring), url, session, sandboxes)


def later(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%d 09:00")
