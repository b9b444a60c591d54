"""Workers killed while digests are sent: no channel has two, and one that has none is said.

SCRM_CHAOS_DIGESTS makes it longer, SCRM_CHAOS_SEED another.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from scrm_bot import app
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.domain.digests import DigestSchedule, Trouble
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.runs import Run, RunState, run_key
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.store.vault import Fingerprints, RedisKeyVault, Ring
from scrm_bot.store.work import RedisWorkQueue
from tests.chaos.channels import Channels, serve, token_of
from tests.chaos.running import Processes, until
from tests.chaos.strikes import FOLDER_VARIABLE, Strikes
from tests.conftest import RedisServer

DIGESTS = int(os.environ.get("SCRM_CHAOS_DIGESTS", "200"))
SEED = int(os.environ.get("SCRM_CHAOS_SEED", "1"))
WORKERS = ("worker", "worker2")
POINTS = ("digest-gathered", "digest-begun", "digest-posted", "digest-sent")
CHANNELS = 5  # of a team
_LONGEST_READ = 30.0  # seconds for the runs of all, beside all that works on them
_OVER = {RunState.TOLD, RunState.UNSURE}

pytestmark = pytest.mark.redis


@dataclass(slots=True, kw_only=True)
class Newsroom(Processes):
    """Many teams whose digests are due at once, and the workers that send them."""

    channels: Channels
    database: Database
    random: Random
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))
    places: list[tuple[str, str]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    @property
    def day(self) -> str:
        return f"{self.at:%Y-%m-%d}"

    async def open(self, digests: int, key: str) -> None:
        """So many channels, all due now."""
        ring = Ring([self.environment["SCRM_ENCRYPTION_KEYS"]])
        for number in range(digests):
            team, channel = f"T{number // CHANNELS:04}", f"C{number:05}"
            if number % CHANNELS == 0:
                await RedisInstallations(self.database, ring).save(
                    Installation(team, Secret(token_of(team)), bot_user_id="UBOT")
                )
                vault = RedisKeyVault(self.database, ring, Fingerprints(self.database, ring), team)
                await vault.store(Secret(key), by="UADA", at=self.at)
            schedule = DigestSchedule(channel, f"{self.at:%H:%M}", "UTC", created_by="UADA", since=self.at)
            args = {"channel": channel, "at": self.at.isoformat()}
            job = Job(JobKind.DIGEST, run_key(channel, self.day), team, self.at, args)
            await RedisScheduleStore(self.database, team).save(schedule, jobs=[job])
            self.places.append((team, channel))

    async def runs(self) -> dict[tuple[str, str], Run]:
        stores = {team: RedisScheduleStore(self.database, team) for team, _ in self.places}
        found = await asyncio.gather(
            *(stores[team].run_of(channel, self.day) for team, channel in self.places)
        )
        return dict(zip(self.places, found, strict=True))

    async def storm(self) -> None:
        """Kill whoever works, here and there and at the worst moments, until every digest is settled."""
        await self.up(*WORKERS)
        least = max(len(POINTS), len(self.places) // 10)
        while self.kills.total() < least and not await self.is_over():
            await self._strike()
        self.strikes.disarm()
        await self.up(*WORKERS)
        seconds = 60 + len(self.places)
        await until(self.is_over, what="every digest to be settled", seconds=seconds)

    async def is_over(self) -> bool:
        """Whether all are settled, and none is on its way to be told."""
        if (await RedisWorkQueue(self.database).depth()).due:
            return False  # without reading all runs again and again, in the loop that also is Slack
        return all(run.state in _OVER for run in (await self.runs()).values())

    async def _strike(self) -> None:
        point = POINTS[self.kills.total() % len(POINTS)]
        if self.random.random() < 0.7:
            self.arm(point)
            ended = [asyncio.create_task(self.processes[part].wait()) for part in WORKERS]
            await asyncio.wait(ended, timeout=5.0, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.cancel()
            self.strikes.disarm()
            self.kills[point] += 1
        else:
            await asyncio.sleep(self.random.random())
            await self.kill(self.random.choice(WORKERS))
            self.kills["anywhere"] += 1
        await self.up(*WORKERS)


@asynccontextmanager
async def a_newsroom(folder: Path, *, may_look: bool) -> AsyncIterator[Newsroom]:
    async with AsyncExitStack() as stack:
        redis = RedisServer(folder)
        redis.start()
        stack.callback(redis.stop)
        sandbox = await socialcrm.serve(config=SandboxConfig(requests_per_minute=1_000_000))
        stack.push_async_callback(sandbox.close)
        random = Random(SEED)
        channels = await stack.enter_async_context(serve(Channels(random, may_look=may_look)))
        database = Database(clients(parse(redis.url)), deadline=_LONGEST_READ)
        stack.push_async_callback(database.close)
        strikes = Strikes(folder / "strikes")
        strikes.folder.mkdir()
        environment = {
            "SLACK_SIGNING_SECRET": "0" * 32,
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "secret",
            "SLACK_API_URL": channels.url,
            "SOCIALCRM_API_URL": sandbox.base_url,
            "REDIS_URL": redis.url,
            "SCRM_ENCRYPTION_KEYS": app.new_key(),
            "SCRM_RATE_LIMIT": "100000",
            "SCRM_LEASE_SECONDS": "1",
            FOLDER_VARIABLE: str(folder),
        }
        newsroom = Newsroom(
            channels=channels,
            database=database,
            random=random,
            folder=folder,
            environment=environment,
            strikes=strikes,
        )
        stack.push_async_callback(newsroom.end)
        await newsroom.open(DIGESTS, sandbox.sandbox.create_key(name="Acme"))
        yield newsroom


async def test_where_the_bot_may_look_every_channel_has_exactly_one_digest(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with a_newsroom(tmp_path_factory.mktemp("looking"), may_look=True) as newsroom:
        await newsroom.storm()

        runs, day = await newsroom.runs(), newsroom.day
        found = Counter(
            newsroom.channels.digests(*place, run_key(place[1], day)) for place in newsroom.places
        )
        assert found == {1: DIGESTS}, f"{newsroom.kills}, {newsroom.channels.answers_lost} answers lost"
        assert {run.state for run in runs.values()} == {RunState.TOLD}
        assert newsroom.channels.looks > 0 < newsroom.kills.total()


async def test_where_it_may_not_no_channel_has_two_and_status_says_which_may_have_none(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with a_newsroom(tmp_path_factory.mktemp("blind"), may_look=False) as newsroom:
        await newsroom.storm()

        runs, day = await newsroom.runs(), newsroom.day
        for team, channel in newsroom.places:
            count = newsroom.channels.digests(team, channel, run_key(channel, day))
            schedule = await RedisScheduleStore(newsroom.database, team).get(channel)
            assert schedule
            is_unsure = runs[team, channel].state is RunState.UNSURE
            assert count == 1 or (count == 0 and is_unsure), (team, channel, count)
            assert (schedule.problem == Trouble.UNSURE) == is_unsure, (team, channel)
