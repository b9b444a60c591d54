"""The bot as it is run, in a process of its own, with everything it talks to; and how much it holds."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from scrm_bot import app
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.domain.workspaces import Installation, Secret, WorkspaceSettings
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.settings import RedisSettingsStore
from scrm_bot.store.vault import Fingerprints, RedisKeyVault, Ring
from tests.chaos.running import Processes, until
from tests.chaos.strikes import Strikes
from tests.conftest import RedisServer, free_port
from tests.unit.slack.rig import SECRET

_GAUGE = re.compile(r"^scrm_background_tasks (\S+)$", re.MULTILINE)
_numbers = count(1)
_DRAINED = 60.0  # seconds in which one of them ends: a channel takes one message a second, however many wait
UNEXPECTED = "by a fault of its own"  # what a person is told of an error that nobody foresaw


@dataclass(frozen=True, slots=True)
class Held:
    """What the bot's process holds: megabytes, open files and connections, work that goes on."""

    megabytes: float
    files: int
    tasks: int


@dataclass(slots=True)
class RunningBot:
    processes: Processes
    database: Database
    port: int
    slack: str
    sandbox: socialcrm.RunningSandbox
    ring: Ring
    heard: Counter[str]

    @property
    def response_url(self) -> str:
        return f"{self.slack}/response/1"

    async def held(self) -> Held:
        """Once nothing is under way any more."""
        left = await self.tasks()
        while left:
            told = f"one of {left} tasks to end"
            (left,) = await until(partial(self._fewer, left), what=told, seconds=_DRAINED)
        return await self.seen()

    async def seen(self) -> Held:
        """The same as it is at this moment."""
        process = Path("/proc", str(self.processes.processes["run"].pid))
        status = (process / "status").read_text()
        (kilobytes,) = re.findall(r"VmRSS:\s+(\d+) kB", status)
        return Held(int(kilobytes) / 1024, sum(1 for _ in (process / "fd").iterdir()), await self.tasks())

    async def tasks(self) -> int:
        address = f"http://127.0.0.1:{self.port}/metrics"
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            found = _GAUGE.search(await answer.text())
        assert found, "the metrics do not tell of the tasks"
        return int(float(found[1]))

    async def kept(self) -> tuple[int, float]:
        """How many keys there are in Redis, and its megabytes."""
        info = await self.database.do("INFO", "memory")
        return int(await self.database.do("DBSIZE")), int(info["used_memory"]) / 2**20

    def errors(self) -> Counter[str]:
        """What the bot did not expect, by who says so.

        A handler that meets a view whose metadata the bot never wrote tells the person that something went
        wrong: that is counted, and no error of the bot's.
        """
        found = re.findall(r"^\S+ ERROR (\S+ )\[\S+\] (.*)$", self.processes.said(), re.MULTILINE)
        return Counter(logger + said for logger, said in found)

    async def move_in(self, team: str) -> None:
        """The team installs the bot and connects a key. Ann is its admin and approver."""
        stored, now = RedisInstallations(self.database, self.ring), datetime.now(UTC)
        await stored.save(Installation(team, Secret(f"xoxb-{team}"), installer="UANN", installed_at=now))
        vault = RedisKeyVault(self.database, self.ring, Fingerprints(self.database, self.ring), team)
        await vault.store(Secret(self.sandbox.sandbox.create_key(name=team)), by="UANN", at=now)
        rules = WorkspaceSettings("C1", ("UANN",), self_approval=True)
        await RedisSettingsStore(self.database, team).change(lambda _: rules)

    async def _fewer(self, than: int) -> tuple[int] | None:
        now = await self.tasks()
        return (now,) if now < than else None


async def _slack(heard: Counter[str], request: web.Request) -> web.Response:
    """A Slack that takes everything, and counts how often it was told of something unexpected."""
    said = await request.read()
    heard["said"] += 1
    heard[UNEXPECTED] += UNEXPECTED.encode() in said
    number = next(_numbers)
    user = {"id": request.query.get("user", "UANN"), "tz": "Europe/Berlin", "profile": {}}
    told: dict[str, Any] = {"ok": True, "ts": f"{number}.000001", "channel": "C1", "user": user}
    return web.json_response(told | {"view": {"id": f"V{number}"}, "messages": [], "usergroups": []})


@asynccontextmanager
async def a_running_bot(
    redis: RedisServer, folder: Path, *, teams: Sequence[str], **more: str
) -> AsyncIterator[RunningBot]:
    """These teams have installed it, and connected their keys. `more` are settings."""
    application, heard = web.Application(client_max_size=2**24), Counter[str]()
    application.router.add_route("*", "/{path:.*}", partial(_slack, heard))
    sandbox = await socialcrm.serve(config=SandboxConfig(requests_per_minute=10**9, ai_calls_per_month=10**9))
    database = Database(clients(parse(redis.url)))
    await database.do("FLUSHDB")
    port = free_port()
    async with TestServer(application) as server:
        slack = str(server.make_url("")).rstrip("/")
        environment = {
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "s",
            "SLACK_API_URL": f"{slack}/api/",
            "SOCIALCRM_API_URL": sandbox.base_url,
            "REDIS_URL": redis.url,
            "SCRM_ENCRYPTION_KEYS": app.new_key(),
            "SCRM_PORT": str(port),
            "SCRM_RATE_LIMIT": "100000",
            "SCRM_KEEP_AUDIT_DAYS": "0",
            **more,
        }
        strikes = Strikes(folder / "strikes")
        processes = Processes(folder=folder, environment=environment, strikes=strikes, shipped=True)
        ring = Ring([environment["SCRM_ENCRYPTION_KEYS"]])
        bot = RunningBot(processes, database, port, slack, sandbox, ring, heard)
        try:
            for team in teams:
                await bot.move_in(team)
            await processes.start("run")
            await until(processes._is_ready, what="the bot to be ready")
            yield bot
        finally:
            await processes.end()
            await database.close()
            await sandbox.close()
