"""The bot in processes of its own: started, killed at a point, frozen, and started again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import aiohttp

from scrm_bot.domain.errors import StoreUnavailableError
from tests.chaos.strikes import CLOCK_FILE, How, Strikes

PATIENCE = 40.0  # seconds; the machine may be busy with other things
_LOOK_EVERY = 0.04
T = TypeVar("T")


async def until(find: Callable[[], Awaitable[T | None]], *, what: str, seconds: float | None = PATIENCE) -> T:
    """What `find` finds. What is waited for happens in other processes, so it is asked again and again.

    `seconds` is None where the caller has set a limit to all it does.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(StoreUnavailableError):
                    if found := await find():
                        return found
                await asyncio.sleep(_LOOK_EVERY)
    raise AssertionError(f"waited in vain for {what}")


@dataclass(slots=True, kw_only=True)
class Processes:
    """Its parts by name: web, worker, worker2 or run."""

    folder: Path
    environment: dict[str, str]
    strikes: Strikes
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    starts: int = 0
    shipped: bool = False  # start the bot without anything that could kill it from inside

    async def up(self, *parts: str) -> None:
        """Start what is not running."""
        for part in parts:
            await self.start(part)
        if "web" in parts:
            await until(self._is_ready, what="the bot to be ready")

    async def start(self, part: str) -> None:
        """Start a part if it is not running; it is not waited for."""
        process = self.processes.get(part)
        if process is None or process.returncode is not None:
            self.processes[part] = await self._start(part)

    async def kill(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """End a process with a signal; its exit status."""
        process = self.processes[part]
        if process.returncode is None:
            process.send_signal(number)
        return await process.wait()

    async def killed_at(self, point: str, part: str) -> None:
        """Wait until the process has ended itself at an armed point."""
        await self.struck(point)
        assert await self.processes[part].wait() == -signal.SIGKILL

    async def struck(self, point: str) -> None:
        async def obeyed() -> bool:
            return self.strikes.struck()[point] > 0

        await until(obeyed, what=f"the bot to reach {point}")

    def arm(self, point: str, how: How = "kill") -> None:
        (self.strikes.folder / "struck").unlink(missing_ok=True)
        self.strikes.arm(point, how)

    def freeze(self, part: str) -> None:
        self.processes[part].send_signal(signal.SIGSTOP)

    def thaw(self, part: str) -> None:
        self.processes[part].send_signal(signal.SIGCONT)

    def shift_clock(self, seconds: float) -> None:
        """Move the bot's clock, not Redis' and not the sandbox's."""
        waiting = self.folder / f"{CLOCK_FILE}.new"
        waiting.write_text(str(seconds))
        waiting.rename(self.folder / CLOCK_FILE)

    async def _start(self, part: str) -> asyncio.subprocess.Process:
        self.starts += 1
        module = "scrm_bot" if self.shipped else "tests.chaos.bot"
        command = [sys.executable, "-m", module, part.rstrip("2")]
        with (self.folder / f"{part}-{self.starts}.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                *command,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
            )

    async def _is_ready(self) -> bool:
        url = f"http://127.0.0.1:{self.environment['SCRM_PORT']}/readyz"
        try:
            async with aiohttp.ClientSession() as session, session.get(url) as answer:
                return answer.status == 200
        except aiohttp.ClientConnectionError:
            return False

    async def end(self) -> None:
        """Leave no process behind."""
        for process in self.processes.values():
            if process.returncode is None:
                process.kill()
            await process.wait()

    def said(self) -> str:
        """What the processes logged, all of them."""
        return "\n".join(log.read_text(errors="replace") for log in sorted(self.folder.glob("*.log")))
