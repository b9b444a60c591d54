"""What a workspace takes in Redis, by kind of key: a thousand of them, with a year and more behind them.

    python -m bench.memory [--workspaces 1000] [--sample 20]

Each has an installation, a key, its rules, three digests, 20 open and 200 closed requests, the numbers of
400 days (two accounts, five posts) and three lines in the log for every request. They are written through
the bot's own stores. The figure of a kind of key is what MEMORY USAGE says of the sampled workspaces' keys;
the sum is checked against `used_memory` of the whole server.
"""

import argparse
import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from bench import servers
from scrm_bot.domain.approvals import Approval, Attempt, CardRef, Decision, State, Step
from scrm_bot.domain.audit import Deed, Entry
from scrm_bot.domain.digests import DigestSchedule
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.posts import Content
from scrm_bot.domain.snapshots import PostReading, Snapshot
from scrm_bot.domain.workspaces import Installation, Secret, WorkspaceSettings
from scrm_bot.store import keys
from scrm_bot.store.address import parse
from scrm_bot.store.approvals import RedisApprovalStore
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.schedules import RedisScheduleStore
from scrm_bot.store.settings import RedisSettingsStore
from scrm_bot.store.snapshots import encoded
from scrm_bot.store.vault import Fingerprints, RedisKeyVault, Ring, new_key

OPEN, CLOSED, DIGESTS, DAYS = 20, 200, 3, 400
NOW = datetime.now(UTC)
AT_ONCE = 64
NETWORKS = ("likes", "comments", "shares", "impressions", "reach", "followers")
TEXT = "Launch day is here. Come and see what we have made of the last twelve months. " * 4


def team(number: int) -> str:
    return f"T{number:010d}"


def request(number: int, post: int) -> Approval:
    return Approval(
        id=f"apr_{post:016x}",
        team_id=team(number),
        post_id=f"post_{post:016x}",
        content=Content(TEXT, ("acct_0123456789abcdef", "acct_fedcba9876543210")),
        author="U0123456789",
        requested_by="U0123456789",
        created_at=NOW - timedelta(hours=post),
        policy=Policy(("U0123456789", "U9876543210")),
        card=CardRef("C0123456789", "1700000000.123456"),
        zone="Europe/Berlin",
    )


def closed(approval: Approval) -> Approval:
    decision = Decision("U9876543210", Step.APPROVE, NOW, "0" * 64, "")
    ended = {"state": State.PUBLISHED, "decisions": (decision,), "attempt": Attempt(1, NOW)}
    return replace(approval, **ended, confirmed_at=NOW)  # type: ignore[arg-type]


def numbers(chance: Random, day: int) -> Snapshot:
    def values() -> tuple[tuple[str, float], ...]:
        return tuple((name, float(chance.randrange(1_000_000))) for name in NETWORKS)

    accounts = tuple(Metrics(values(), f"acct_{at:016x}") for at in range(2))
    at = NOW - timedelta(days=day)
    return Snapshot(at, accounts, tuple(PostReading(f"post_{n:016x}", at, values()) for n in range(5)))


async def settle(database: Database, ring: Ring, prints: Fingerprints, number: int) -> None:
    name, chance = team(number), Random(number)
    at_once = Installation(name, Secret("xoxb-" + "1" * 50), "U1", "B1", "U0123456789", "", f"Acme {number}")
    await RedisInstallations(database, ring).save(replace(at_once, installed_at=NOW))
    vault = RedisKeyVault(database, ring, prints, name)
    await vault.store(Secret(f"sk_live_{number:032d}"), by="U0123456789", at=NOW)
    rules = WorkspaceSettings("C0123456789", ("U0123456789", "U9876543210"), timezone="Europe/Berlin")
    await RedisSettingsStore(database, name).change(lambda _: rules)
    schedules = RedisScheduleStore(database, name)
    for at in range(DIGESTS):
        digest = DigestSchedule(f"C{at:010d}", "09:00", "Europe/Berlin", created_by="U0123456789", since=NOW)
        await schedules.save(digest)
    days = {(NOW - timedelta(days=day)).date().isoformat(): numbers(chance, day) for day in range(DAYS)}
    pairs = [part for day, snapshot in days.items() for part in (day, encoded(snapshot))]
    await database.do("HSET", keys.snapshots(name), *pairs)
    store = RedisApprovalStore(database, name)
    for post in range(OPEN + CLOSED):
        asked = request(number, post)
        lines = [
            Entry(NOW, "U0123456789", deed, asked.post_id, asked.id, "0" * 64, "pending", "approved")
            for deed in (Deed.ASKED, Deed.APPROVED, Deed.PUBLISHED)
        ]
        added = await store.add(asked, audit=lines[:1])
        if post >= OPEN:
            await store.save(closed(added), audit=lines[1:])


def kind(key: str, name: str) -> str:
    """What a key is, without the ids in it."""
    if not key.startswith("scrm:{"):
        return "installation"
    rest = re.sub(r"(apr|post)_[0-9a-f]+", "*", key.partition(f"{name}:")[2])
    return "once (5 minutes)" if rest.startswith("once:") else rest


async def measured(database: Database, name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    wanted = [key async for key in database.scan(f"{keys.patterns(name)[0]}")]
    for key in [*wanted, keys.installation(name)]:
        found[kind(key, name)] += int(await database.do("MEMORY", "USAGE", key, "SAMPLES", 0) or 0)
    return found


async def bench(workspaces: int, sample: int) -> None:
    with servers.redis() as url:
        database = Database(clients(parse(url)))
        ring = Ring([new_key()])
        prints = Fingerprints(database, ring)
        before = (await database.ask("INFO", "memory"))["used_memory"]
        left = iter(range(workspaces))

        async def work() -> None:
            for number in left:
                await settle(database, ring, prints, number)

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        after = (await database.ask("INFO", "memory"))["used_memory"]
        chosen = Random(0).sample(range(workspaces), min(sample, workspaces))
        total = sum([await measured(database, team(number)) for number in chosen], Counter[str]())
        await database.close()
    tell(total, len(chosen), each=(after - before) / workspaces)


def tell(total: Counter[str], count: int, *, each: float) -> None:
    print("| kind of key | bytes a workspace |\n|---|---:|")
    for name, size in total.most_common():
        print(f"| `{name}` | {size / count:,.0f} |")
    print(f"| all of them | {total.total() / count:,.0f} |")
    print(f"| by `used_memory` of the server | {each:,.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workspaces", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=20)
    options = parser.parse_args()
    asyncio.run(bench(options.workspaces, options.sample))


if __name__ == "__main__":
    main()
