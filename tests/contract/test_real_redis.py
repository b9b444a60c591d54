"""What only a real server can show: restarts, killed processes, TLS, and what it says of itself."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrm_bot.domain.approvals import Step
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.jobs.worker import Worker
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.jobs import RedisJobQueue
from scrm_bot.store.work import RedisWorkQueue
from tests.conftest import RedisServer, free_port
from tests.contract.backends import InRedis, claim_next
from tests.contract.servers import running, served_over_tls
from tests.contract.test_approval_store import act, request

pytestmark = pytest.mark.redis

TEAM = "T_ACME"


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(clients(parse(url)))
    yield database
    await database.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


async def test_a_server_tells_what_it_can(redis_server: RedisServer) -> None:
    async with opened(redis_server.url) as database:
        found = await database.capabilities()

    assert int(found.version.split(".")[0]) >= 6
    assert (found.append_only, found.eviction, found.missing) == (True, "noeviction", ())


async def asks_for_ever(database: Database, rest: asyncio.Event) -> None:
    while True:
        await database.ask("INFO", "replication")
        await rest.wait()


async def test_who_is_cancelled_while_redis_is_asked_ends_however_far_that_is(
    redis_server: RedisServer,
) -> None:
    deaf = []
    for turns in range(50):
        async with opened(redis_server.url) as database:
            asking = asyncio.create_task(asks_for_ever(database, asyncio.Event()))
            for _ in range(turns):
                await asyncio.sleep(0)
            asking.cancel()
            _, still = await asyncio.wait([asking], timeout=1)
            deaf += [turns] * len(still)
            asking.cancel()
    assert deaf == []


async def test_a_server_that_is_not_there_is_one_error() -> None:
    async with opened(f"redis://127.0.0.1:{free_port()}") as database:
        with pytest.raises(StoreUnavailableError):
            await database.do("PING")


KILLED = """
import asyncio, sys
from datetime import UTC, datetime
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.store.address import parse
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.work import RedisWorkQueue

async def main():
    work = RedisWorkQueue(Database(clients(parse(sys.argv[1]))))
    now = datetime.now(UTC)
    def job(n):
        return Job(JobKind.ACT, f"accepted{n}", f"T{n % 7}", now)
    await asyncio.gather(*(work.accept(job(n), dedupe=str(n), lease=0.5) for n in range(25)))
    print(len(await work.claim(limit=64, lease=0.5)), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def take_and_be_killed(url: str) -> int:
    """How many jobs a process had claimed, beside those it had accepted, when it was killed."""
    with subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE) as process:
        assert process.stdout
        claimed = process.stdout.readline()
        process.kill()
    return int(claimed)


async def test_jobs_in_the_hands_of_a_killed_process_are_each_done_by_another(
    own_server: RedisServer,
) -> None:
    async with opened(own_server.url) as database:
        for team in range(5):
            jobs = (Job(JobKind.ACT, f"put{n}", f"T{team}", datetime.now(UTC)) for n in range(5))
            await RedisJobQueue(database, f"T{team}").put(*jobs)
        in_hand = await asyncio.to_thread(take_and_be_killed, own_server.url)

        done, all_done = await run_until(database, count=50)

    assert in_hand >= 25  # what it had accepted may have run out of its lease meanwhile
    assert all_done
    assert len(done) == len(set(done)) == 50


async def run_until(database: Database, *, count: int) -> tuple[list[tuple[str, str]], bool]:
    """Work until `count` jobs are done; which, and whether the index is empty then."""
    done: list[tuple[str, str]] = []
    enough = asyncio.Event()

    async def handle(claim: Claim) -> None:
        done.append((claim.job.team_id, claim.job.key))
        if len(done) == count:
            enough.set()

    queue = RedisWorkQueue(database)
    worker = Worker(queue, {JobKind.ACT: handle}, WallClock(), lease=30)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        await enough.wait()
    await worker.stop(5.0)
    await running
    return done, (await queue.depth()).stored == 0


async def test_a_worker_outlives_a_restart_of_redis_and_what_was_decided_is_done(
    own_server: RedisServer,
) -> None:
    async with opened(own_server.url) as database:
        backend = InRedis(lambda *, blocking: clients(parse(own_server.url))(blocking=blocking))
        added = await backend.approvals(TEAM).add(request())
        working = asyncio.create_task(run_until(database, count=1))
        own_server.stop()
        with pytest.raises(StoreUnavailableError):
            await backend.approvals(TEAM).get("apr_1")
        own_server.start()

        await backend.approvals(TEAM).save(added.moved(Step.APPROVE), jobs=[act(backend)])
        done, all_done = await working
        await backend.database.close()

    assert done == [(TEAM, "act:apr_1")]
    assert all_done


async def test_two_workers_do_every_job_once(redis_server: RedisServer) -> None:
    url = f"redis://127.0.0.1:{redis_server.port}/8"
    done: list[str] = []
    enough = asyncio.Event()

    async def handle(claim: Claim) -> None:
        done.append(f"{claim.job.team_id}/{claim.job.key}")
        if len(done) == 600:
            enough.set()

    async with opened(url) as one, opened(url) as other:
        await one.do("FLUSHDB")
        for team in range(20):
            jobs = (Job(JobKind.ACT, f"job{n}", f"T{team}", datetime.now(UTC)) for n in range(30))
            await RedisJobQueue(one, f"T{team}").put(*jobs)
        pair = [Worker(RedisWorkQueue(each), {JobKind.ACT: handle}, WallClock()) for each in (one, other)]
        running = [asyncio.create_task(worker.run()) for worker in pair]
        async with asyncio.timeout(20):
            await enough.wait()
        await asyncio.gather(*(worker.stop(5.0) for worker in pair))
        await asyncio.gather(*running)

    assert len(done) == len(set(done)) == 600


async def test_tls_and_a_password_are_used(tmp_path: Path) -> None:
    cert, files = served_over_tls(tmp_path)
    port = free_port()
    options = ["--port", "0", "--tls-port", str(port), "--requirepass", "hunter2"]
    with running(*options, *files, "--save", "", "--dir", str(tmp_path)):
        async with opened(f"rediss://:hunter2@127.0.0.1:{port}?ca_certs={cert}") as database:
            assert await database.do("SET", "ünï", "✓") is True
            assert await database.do("GET", "ünï") == "✓".encode()
        async with opened(f"rediss://:hunter2@127.0.0.1:{port}") as untrusting:
            with pytest.raises(StoreUnavailableError):
                await untrusting.do("PING")


async def test_what_is_decided_goes_over_tls_too(tmp_path: Path) -> None:
    cert, files = served_over_tls(tmp_path)
    port = free_port()
    with running("--port", "0", "--tls-port", str(port), *files, "--save", "", "--dir", str(tmp_path)):
        backend = InRedis(clients(parse(f"rediss://127.0.0.1:{port}?ca_certs={cert}")))
        added = await backend.approvals(TEAM).add(request())
        waiting = asyncio.create_task(claim_next(backend.work))
        saved = await backend.approvals(TEAM).save(added.moved(Step.APPROVE), jobs=[act(backend)])
        (claim,) = await waiting

        assert await backend.approvals(TEAM).open() == [saved]
        assert await backend.work.finish(claim)
        await backend.database.close()


async def test_a_sentinel_leads_to_its_primary(redis_server: RedisServer, tmp_path: Path) -> None:
    port = free_port()
    config = tmp_path / "sentinel.conf"
    config.write_text(f"port {port}\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 {redis_server.port} 1\n")
    with running(str(config), "--sentinel", "--dir", str(tmp_path), ready=b"+monitor"):
        async with opened(f"redis+sentinel://127.0.0.1:{port}/main/7") as database:
            await database.do("SET", "where", "seven")
            assert (await database.capabilities()).append_only
        async with opened(f"redis://127.0.0.1:{redis_server.port}/7") as direct:
            assert await direct.do("GET", "where") == b"seven"
        async with opened(f"redis+sentinel://127.0.0.1:{port}/other") as lost:
            with pytest.raises(StoreUnavailableError):
                await lost.do("PING")
