"""Workspaces for `bench/digest.py`: installed, connected, with a past, and with a digest that is due."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta

from scrm_bot.domain.digests import DigestSchedule, spread
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.snapshots import Snapshot
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.store import keys
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.store.snapshots import encoded
from scrm_bot.store.vault import Fingerprints, RedisKeyVault, Ring

AT_ONCE = 64
DAYS = 15
_DAY = timedelta(days=1)


def team(number: int) -> str:
    return f"T{number:08d}"


def channel(number: int, which: int = 0) -> str:
    return f"C{number:07d}{which}"


def digests_of(number: int) -> int:
    """One of most workspaces, two of a tenth, three of another; each workspace reads once for all of them."""
    return 1 + (number % 5 == 0) + (number % 10 == 0)


def digests_in_all(count: int) -> int:
    return sum(map(digests_of, range(count)))


async def for_all(count: int, do: Callable[[int], Awaitable[None]]) -> None:
    left = iter(range(count))

    async def work(numbers: Iterator[int]) -> None:
        for number in numbers:
            await do(number)

    await asyncio.gather(*(work(left) for _ in range(AT_ONCE)))


async def seed(redis: str, key: str, count: int, accounts: tuple[Metrics, ...], due_in: float) -> datetime:
    """Returns the moment at which all digests are due: `due_in` seconds after everything is stored."""
    database, now = Database(clients(parse(redis))), datetime.now(UTC)
    planned = now.replace(second=0, microsecond=0)
    ring = Ring([key])
    installations, fingerprints = RedisInstallations(database, ring), Fingerprints(database, ring)
    past = _past(accounts, planned)

    async def settle(number: int) -> None:
        name = team(number)
        await installations.save(
            Installation(name, Secret(f"xoxb-{number}"), "UBOT", team_name=f"Team {number}")
        )
        vault = RedisKeyVault(database, ring, fingerprints, name)
        await vault.store(Secret(f"sk_live_{number:032d}"), by="UADMIN", at=now)
        await database.do("HSET", keys.snapshots(name), *past)
        for which in range(digests_of(number)):
            where = channel(number, which)
            schedule = DigestSchedule(where, f"{planned:%H:%M}", "UTC", created_by="UADMIN")
            await RedisScheduleStore(database, name).save(schedule)

    async def plan(number: int) -> None:
        name = team(number)
        for which in range(digests_of(number)):
            where = channel(number, which)
            times = (planned, due), (planned + _DAY, planned + _DAY + spread(name))
            await RedisJobQueue(database, name).put(*(_job(name, where, *each) for each in times))

    try:
        await for_all(count, settle)
        due = datetime.now(UTC) + timedelta(seconds=due_in + count / 1000)
        await for_all(count, plan)
    finally:
        await database.close()
    return due


def _job(name: str, where: str, at: datetime, start: datetime) -> Job:
    args = {"channel": where, "at": at.isoformat()}
    return Job(JobKind.DIGEST, f"digest:{where}:{at.date()}", name, start, args)


def _past(accounts: tuple[Metrics, ...], planned: datetime) -> list[str | bytes]:
    """Days and documents of what the accounts had: a little less each day back."""
    words: list[str | bytes] = []
    for back in range(1, DAYS + 1):
        at = planned - _DAY * back
        rows = tuple(
            Metrics(tuple((name, value * (1 - back / 100)) for name, value in row.values), row.account_id)
            for row in accounts
        )
        words += [at.date().isoformat(), encoded(Snapshot(at, rows))]
    return words
