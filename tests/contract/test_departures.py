"""Who removed the bot is forgotten, and who installed it anew is not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scrm_bot.departures import Departures
from scrm_bot.domain.jobs import Claim, Job
from scrm_bot.domain.workspaces import Installation, Secret, WorkspaceSettings
from scrm_bot.ports import JobQueue, KeyVault, SettingsStore
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.readings import Uninstalled
from scrm_bot.store import keys
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.purging import Purge
from scrm_bot.store.vault import Ring, new_key
from tests.contract.backends import InRedis, claim_next
from tests.fakes.clock import FixedClock

TEAM, ORG = "T_GOING", "E_GOING"
TOKEN = Secret("xoxb-" + "1" * 20)


class Remembered:
    def drop(self, team_id: str) -> None: ...


@dataclass
class Rooms:
    """As much of all workspaces as a removal needs."""

    stored: InRedis
    clock: FixedClock
    installed: Remembered
    people: Remembered

    def open(self, team_id: str) -> "Room":
        stored = self.stored
        return Room(stored.jobs(team_id), stored.vault(team_id), stored.settings(team_id))


@dataclass
class Room:
    jobs: JobQueue
    vault: KeyVault
    settings: SettingsStore


class Removal:
    """A removal some minutes ago, seen by a bot whose keys may have been lost."""

    def __init__(self, stored: InRedis, ring: Ring | None = None) -> None:
        self.stored = stored
        self.clock = FixedClock(stored.now().replace(microsecond=0) - timedelta(minutes=5))
        self.at = self.clock.now()
        self.installations = RedisInstallations(stored.database, ring or stored.ring)
        rooms: Any = Rooms(stored, self.clock, Remembered(), Remembered())
        purge = Purge(stored.database, self.installations, audit_life=0)
        self.departures = Departures(rooms, self.installations, purge)

    async def install(self, team_id: str = TEAM, *, after: float) -> None:
        """So many seconds after the removal."""
        at = self.at + timedelta(seconds=after)
        installation = Installation(team_id, TOKEN, installer="UADMIN", installed_at=at)
        await RedisInstallations(self.stored.database, self.stored.ring).save(installation)

    async def is_told(self, team_id: str = TEAM) -> None:
        await self.departures.told(Uninstalled(team_id, int(self.at.timestamp())))

    async def work(self) -> list[Job]:
        """Do the jobs that are due."""
        claims = [claim for claim in await claim_next(self.stored.work) if await self.is_done(claim)]
        return [claim.job for claim in claims]

    async def is_done(self, claim: Claim) -> bool:
        await self.departures.run(claim)
        return await self.stored.work.finish(claim)


async def records(stored: InRedis, team_id: str = TEAM) -> list[str]:
    """The keys of a team, without the note that a job was put."""
    found = [key async for key in stored.database.scan(f"*{team_id}*")]
    return [key for key in found if ":once:" not in key]


async def test_one_whose_token_no_key_opens_is_forgotten_like_any_other(stored: InRedis) -> None:
    removal = Removal(stored, Ring([new_key()]))
    await removal.install(after=-60)
    await stored.settings(TEAM).change(lambda _: WorkspaceSettings("C1"))

    await removal.is_told()
    assert not await removal.installations.has_own(TEAM)
    await removal.work()

    assert await records(stored) == []


async def test_an_organisation_whose_token_no_key_opens_takes_its_workspaces_along(stored: InRedis) -> None:
    removal = Removal(stored, Ring([new_key()]))
    await removal.install(ORG, after=-60)
    await removal.installations.belongs(TEAM, ORG)
    await stored.memory(TEAM).keep("draft", {"text": "Not out yet"})
    assert await removal.installations.installed_at(TEAM) == removal.at - timedelta(seconds=60)

    await removal.is_told(ORG)
    await removal.work()

    assert await records(stored) == []
    assert await removal.installations.members(ORG) == []
    assert await removal.installations.installed_at(TEAM) is None


@pytest.mark.parametrize(("after", "stays"), [(-60, False), (0, False), (1, True), (20, True)])
async def test_whoever_installed_it_in_a_later_second_is_back(
    stored: InRedis, after: int, *, stays: bool
) -> None:
    removal = Removal(stored)
    await removal.install(after=after)

    await removal.is_told()
    await removal.work()

    assert await removal.installations.has_own(TEAM) is stays


async def test_the_last_look_comes_when_no_process_remembers_the_token(stored: InRedis) -> None:
    removal, passed = Removal(stored), [0.0]
    await removal.install(after=-60)
    elsewhere = Installations(removal.installations.find, monotonic=lambda: passed[0])
    await elsewhere.get(TEAM)

    await removal.is_told()
    await removal.work()

    due = await stored.database.do("ZSCORE", keys.due(keys.shard_of(TEAM)), f"{TEAM}/purge:again")
    passed[0] = (datetime.fromtimestamp(float(due) / 1000, UTC) - removal.clock.now()).total_seconds()
    assert 0 < passed[0] < 60
    assert elsewhere.cached(TEAM) is None


@pytest.mark.parametrize("given_up", ["purge", "purge:again"])
async def test_what_could_not_be_forgotten_is_tried_again_in_a_day(
    stored: InRedis, given_up: str, caplog: pytest.LogCaptureFixture
) -> None:
    removal = Removal(stored)
    await stored.memory(TEAM).keep("draft", {"text": "Not out yet"})
    await removal.is_told()
    if given_up == "purge:again":
        await removal.work()
        await stored.memory(TEAM).keep("draft", {"text": "Written meanwhile"})
    (claim,) = await claim_next(stored.work)
    removal.clock.at = stored.now() - timedelta(days=1)

    await removal.departures.put_off(claim)
    await stored.work.bury(claim, reason="ResponseError: no")

    assert claim.job.key == given_up
    assert f"{TEAM} removed the bot, and what it had is still kept" in caplog.text
    assert await removal.work()
    assert await records(stored) == []
    assert await stored.jobs(TEAM).dead() == []
