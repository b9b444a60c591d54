"""A sandbox with a clock that stands still, and callers of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest

from scrm_bot.demo.socialcrm.clock import ManualClock
from scrm_bot.demo.socialcrm.config import SandboxConfig, Variants
from scrm_bot.demo.socialcrm.sandbox import Sandbox
from scrm_bot.demo.socialcrm.server import RunningSandbox, serve

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Started:
    """Sandboxes of one test, each with a client that holds a key, all closed at its end."""

    def __init__(self, clock: ManualClock, stack: AsyncExitStack) -> None:
        self._clock = clock
        self._stack = stack

    async def sandbox(self, config: SandboxConfig | None = None) -> RunningSandbox:
        chosen = config or SandboxConfig()
        running = await serve(config=replace(chosen, now=self._clock))
        self._stack.push_async_callback(running.close)
        return running

    async def client(self, running: RunningSandbox, key: str | None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return await self._stack.enter_async_context(httpx.AsyncClient(base_url=running.url, headers=headers))

    def config(self, variants: Variants) -> SandboxConfig:
        return SandboxConfig(variants=variants)

    async def variant(self, variants: Variants) -> httpx.AsyncClient:
        running = await self.sandbox(self.config(variants))
        return await self.client(running, running.sandbox.create_key())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
async def start(clock: ManualClock) -> AsyncIterator[Started]:
    async with AsyncExitStack() as stack:
        yield Started(clock, stack)


@pytest.fixture
async def running(start: Started) -> RunningSandbox:
    return await start.sandbox()


@pytest.fixture
def sandbox(running: RunningSandbox) -> Sandbox:
    return running.sandbox


@pytest.fixture
async def api(start: Started, running: RunningSandbox) -> httpx.AsyncClient:
    """A caller whose key is on the paid plan and holds every scope."""
    return await start.client(running, running.sandbox.create_key())


@pytest.fixture
async def stranger(start: Started, running: RunningSandbox) -> httpx.AsyncClient:
    """A caller without a key."""
    return await start.client(running, None)


@pytest.fixture
def sandbox_free(clock: ManualClock) -> Sandbox:
    """The state alone, without a server."""
    return Sandbox(SandboxConfig(now=clock))
