"""One queue of `bench/jobs.py` on a Redis of its own, its worker processes and a record of what they did."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import servers
from bench.jobs_rivals import QUEUES, Queue
from bench.jobs_worker import ENDED, READY, Order

Process = subprocess.Popen[bytes]
PATIENCE = 120.0  # seconds for anything that must happen


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    number: int
    at: float


@dataclass(slots=True)
class Stage:
    """One queue on a Redis of its own, and the workers that were started for it."""

    name: str
    redis: str
    folder: Path
    lease: float
    queue: Queue
    workers: list[Process] = field(default_factory=list)

    @property
    def record(self) -> Path:
        return self.folder / "record"

    def lines(self) -> list[Line]:
        told = self.record.read_text().splitlines() if self.record.exists() else []
        parts = (line.split(" ") for line in told)
        return [Line(what, int(number), float(at)) for what, number, at in parts]

    def told(self, what: str) -> list[Line]:
        return [line for line in self.lines() if line.what == what]

    def ends(self) -> int:
        """How often a job ended: cheap, since the machine is busy with what is measured."""
        return self.record.read_bytes().count(ENDED.encode()) if self.record.exists() else 0

    async def worker(self, *, hang: bool = False, start: float = 0.0) -> Process:
        order = Order(self.name, self.redis, str(self.record), self.lease, hang=hang, start=start)
        command = [sys.executable, "-m", "bench.jobs_worker", json.dumps(asdict(order))]
        with (self.folder / "said").open("ab") as said:
            process = await asyncio.to_thread(subprocess.Popen, command, stderr=said)
        self.workers.append(process)
        await self.until(lambda: any(line.number == process.pid for line in self.told(READY)))
        return process

    async def until(self, met: Callable[[], bool], *, seconds: float = PATIENCE) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if met():
                return True
            await asyncio.sleep(0.1)
        return False

    def end(self) -> None:
        for process in self.workers:
            process.kill()
            process.wait()


async def stage(stack: AsyncExitStack, name: str, lease: float) -> Stage:
    redis = stack.enter_context(servers.redis())
    folder = Path(stack.enter_context(TemporaryDirectory()))

    async def nothing(_: int) -> None: ...

    queue = await QUEUES[name].open(stack, redis, lease, nothing)
    found = Stage(name, redis, folder, lease, queue)
    stack.callback(found.end)
    return found
