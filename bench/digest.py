"""How many digests that are due at one moment cost, beside the same calls by bare aiohttp.

    python -m bench.digest [--counts 100,1000] [--workers 1,2]

A tenth of the workspaces have two digests and a tenth three, whose numbers are read once. Memory and time are
judged as ratios, as the cost is.

Workers and web process are the product as it is shipped, on a real redis-server with AOF; Slack, SocialCRM,
the people who type `/scrm help` meanwhile and the floor are processes of their own. Read the ratios: seconds
depend on the machine. Where two cores hold all of it, completion times with two workers are those of a
crowded machine, and CPU per digest is the figure to go by. `--counts 10000` takes ten times as long as 1000.

floor   the SocialCRM calls of one digest and its one post, by bare aiohttp
chart   drawing one, and the three calls that upload it, by bare aiohttp
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp

from bench.ack import cpu_seconds, redis_server
from bench.ack_load import SECRET
from bench.digest_seed import channel, digests_in_all, seed
from scrm_bot.app import new_key
from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.domain.insights import Metrics
from scrm_bot.socialcrm import wire, wire_numbers

TARGET = 3.0
ACK_TARGET = 25.0  # ms
FLAT = 1.25  # memory at the end beside that after the first quarter, of the largest run
LINEAR = 1.25  # time beside that of the smaller run, by how many more digests they are
_EVERY = 0.25
_PER_SECOND = 25
_PATIENCE = 120.0  # seconds without any progress
_READS = ("/v1/accounts", "/v1/accounts/analytics", "/v1/posts", "/v1/trending")


@dataclass(slots=True)
class Run:
    """What one run measured, of so many workspaces. CPU is in ms per digest, memory in MB per worker."""

    count: int
    workers: int
    digests: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    drawing: float = 0.0
    memory: list[float] = field(default_factory=list)
    sent: int = 0
    channels: int = 0
    charts: int = 0
    acks: dict[str, float] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)

    @property
    def settled(self) -> float:
        return self.memory[len(self.memory) // 4]

    @property
    def kept(self) -> float:
        """How much of it is there at the end, beside what was once it had begun."""
        return self.memory[-1] / self.settled


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is in one run."""

    redis: str
    sink: int
    environment: dict[str, str]
    profile: str = ""


async def sandbox_answers() -> dict[str, Any]:
    """What the real sandbox answers, by path."""
    running = await socialcrm.serve(config=SandboxConfig())
    try:
        headers = {"Authorization": f"Bearer {running.sandbox.create_key(name='bench')}"}
        async with aiohttp.ClientSession(headers=headers) as session:

            async def read(path: str, asked: str = "") -> Any:
                async with session.get(running.url + path + asked) as answer:
                    return await answer.json()

            answers = {path: await read(path) for path in _READS}
            posts = await read("/v1/posts", "?limit=50")
            published = next(post.id for post in wire.post_list(posts["data"]) if post.published_at)
            numbers = await read(f"/v1/posts/{published}/analytics")
            return {**answers, "/v1/posts": posts, "/v1/posts/{id}/analytics": numbers}
    finally:
        await running.close()


@contextmanager
def told_port(*command: str) -> Iterator[int]:
    with subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@contextmanager
def product(part: str, place: Place, **more: str) -> Iterator[int]:
    """One process of the bot; its pid."""
    environment = {**os.environ, **place.environment, **more}
    with tempfile.TemporaryFile() as log:
        profile = ["-m", "cProfile", "-o", place.profile] if place.profile and part == "worker" else []
        command = [sys.executable, *profile, "-m", "scrm_bot", part]
        with subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process:
            try:
                yield process.pid
            finally:
                process.terminate()
                process.wait()
                log.seek(0)
                found = [
                    line for line in log.read().decode().splitlines() if "WARN" in line or "ERROR" in line
                ]
                print(f"  {part}: {len(found)} warnings, the first: {found[0]}" if found else "", end="")
                print("\n" if found else "", end="")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def megabytes(pid: int) -> float:
    """Resident memory (proc(5): statm, field 2)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def stats(place: Place) -> dict[str, Any]:
    url = f"http://127.0.0.1:{place.sink}/stats"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        told: dict[str, Any] = await answer.json()
        return told


async def answering(port: int) -> None:
    """Wait until the web process listens."""
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


async def watch(run: Run, place: Place, pids: list[int], due: datetime) -> None:
    """From the due moment until nothing comes any more."""
    await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
    started = last = time.perf_counter()
    before, seen, drawing = sum(map(cpu_seconds, pids)), dict[str, Any](), dict[int, float]()
    while True:
        await asyncio.sleep(_EVERY)
        now, told = time.perf_counter(), await stats(place)
        run.memory.append(max(map(megabytes, pids)))
        drawing |= {child: cpu_seconds(child) for pid in pids for child in children(pid)}
        if told != seen:
            seen, last = told, now
            run.cpu = (sum(map(cpu_seconds, pids)) - before) * 1000 / run.digests
            run.drawing = sum(drawing.values()) * 1000 / run.digests
            run.seconds = now - started
        over = told["finished"] >= run.digests or now - last > 5
        if (told["digests"] >= run.digests and over) or now - last > _PATIENCE:
            break
    run.sent, run.channels, run.charts = seen["digests"], seen["channels"], seen["finished"]
    run.calls = {name: calls for name, calls in seen["calls"].items() if "/response" not in name}


@contextmanager
def typing(run: Run, port: int, place: Place) -> Iterator[None]:
    """People who ask for help all the while."""
    response_url = f"http://127.0.0.1:{place.sink}/response"
    command = [sys.executable, "-m", "bench.digest_acks", str(port), response_url, str(_PER_SECOND)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield
        told, _ = process.communicate()
        run.acks = json.loads(told)


def measure(count: int, workers: int, answers: Path, accounts: tuple[Metrics, ...], profile: str) -> Run:
    run, key, port = Run(count, workers, digests_in_all(count)), new_key(), free_port()
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server())
        sink = stack.enter_context(told_port("bench.digest_sink", str(answers)))
        environment = {
            "REDIS_URL": redis,
            "SCRM_ENCRYPTION_KEYS": key,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "bench",
            "SLACK_API_URL": f"http://127.0.0.1:{sink}/api/",
            "SOCIALCRM_API_URL": f"http://127.0.0.1:{sink}/v1",
            "SCRM_PORT": str(port),
        }
        place = Place(redis, sink, environment, profile)
        due = asyncio.run(seed(redis, key, count, accounts, due_in=4 + workers))
        pids = [stack.enter_context(product("worker", place)) for _ in range(workers)]
        stack.enter_context(product("web", place))
        asyncio.run(answering(port))
        with typing(run, port, place):
            asyncio.run(watch(run, place, pids, due))
    return run


def floor(run: Run, answers: Path, *, charts: bool) -> float:
    """CPU ms of one digest's calls by bare aiohttp."""
    reads = [name.removeprefix("GET ") for name in run.calls if name.startswith("GET /v1/")]
    each = {name: round(run.calls[f"GET {name}"] / run.digests) for name in reads}
    post = {
        "channel": channel(0),
        "text": "Daily digest",
        "blocks": [{"type": "section", "text": "x" * 4000}],
    }
    order = {
        "reads": [name.replace("{id}", "post_1") for name in reads for _ in range(each[name])],
        "post": post,
        "count": 500,
        "charts": charts,
        "picture": [0] * 20_000,
    }
    with told_port("bench.digest_sink", str(answers)) as sink:
        command = [sys.executable, "-m", "bench.digest_floor", json.dumps({**order, "port": sink})]
        told = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    return float(json.loads(told)["cpu_ms"])


def show(run: Run) -> None:
    columns = (
        f"{run.count:6} {run.workers:7}",
        f"{run.seconds:8.1f} s",
        f"{run.digests / run.seconds:6.1f}/s",
        f"{run.cpu:9.1f} ms",
        f"{run.drawing:5.1f} ms",
        f"{run.settled:5.0f} → {run.memory[-1]:3.0f} MB ({run.kept:4.2f}x)",
        f"{run.acks['p50']:6.1f} / {run.acks['p99']:5.1f} ms",
        f"{run.sent:6} in {run.channels} channels, {run.charts} charts",
    )
    print("  ".join(columns), flush=True)


def judge(runs: list[Run], bare: float, with_chart: float) -> bool:
    """Print the ratios; whether every target was met."""
    calls = {name: round(calls / runs[-1].digests, 1) for name, calls in sorted(runs[-1].calls.items())}
    print(f"\ncalls of a digest: {', '.join(f'{name} {each:g}' for name, each in calls.items())}")
    print(f"floor: {bare:.1f} ms of CPU; uploading a chart: {with_chart - bare:.1f} ms")
    costs = [judge_cost(run, bare, with_chart - bare) for run in runs]
    largest = {run.workers: run for run in sorted(runs, key=lambda run: run.count)}
    flat = [verdict(f"{run.count} with {run.workers}: memory", run.kept, FLAT) for run in largest.values()]
    pairs = [(one, other) for one, other in pairwise(runs) if one.workers == other.workers]
    linear = [judge_growth(one, other) for one, other in pairs]
    return all([*costs, *flat, *linear])


def judge_cost(run: Run, bare: float, upload: float) -> bool:
    own = (run.cpu - upload) / bare
    once = run.sent == run.channels == run.digests and not run.acks["refused"]
    met = own <= TARGET and run.acks["p99"] <= ACK_TARGET and once
    print(
        f"{run.count:6} with {run.workers}: {run.cpu / bare:4.2f}x the floor, without the upload"
        f" {own:4.2f}x (target {TARGET:g}x); acks p99 {run.acks['p99']:.1f} ms"
        f" (target {ACK_TARGET:g}); each once: {once}: {'met' if met else 'MISSED'}"
    )
    return met


def judge_growth(one: Run, other: Run) -> bool:
    grown = (other.seconds / one.seconds) / (other.digests / one.digests)
    return verdict(f"{one.count} → {other.count} with {one.workers}: time beside linear", grown, LINEAR)


def verdict(what: str, ratio: float, most: float) -> bool:
    met = ratio <= most
    print(f"{what} {ratio:4.2f}x (target {most:g}x): {'met' if met else 'MISSED'}")
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--counts", default="100,1000", help="workspaces that are due at one moment")
    parser.add_argument("--workers", default="1,2", help="worker processes")
    parser.add_argument("--profile", default="", help="a file for cProfile's figures of the last worker")
    options = parser.parse_args()
    counts = [int(each) for each in options.counts.split(",")]
    answers = asyncio.run(sandbox_answers())
    accounts = wire_numbers.metrics(wire.payload(json.dumps(answers["/v1/accounts/analytics"]).encode()))
    print(" count workers     done in  digests   CPU a digest  drawing  memory of a worker   acks p50 / p99")
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(answers, file)
        file.flush()
        runs = []
        for workers in map(int, options.workers.split(",")):
            for count in counts:
                runs.append(measure(count, workers, Path(file.name), accounts, options.profile))
                show(runs[-1])
        bare = floor(runs[-1], Path(file.name), charts=False)
        with_chart = floor(runs[-1], Path(file.name), charts=True)
    return 0 if judge(runs, bare, with_chart) else 1


if __name__ == "__main__":
    sys.exit(main())
