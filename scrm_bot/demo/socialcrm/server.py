"""Running a sandbox: inside a test, beside the bot, or alone in a terminal."""

import asyncio
import signal
import sys
from dataclasses import dataclass

from aiohttp import web

from scrm_bot.demo.socialcrm.app import create_app
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.sandbox import SANDBOX, Sandbox

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8390


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """A sandbox that answers at `url`; the API itself is at `base_url`."""

    url: str
    sandbox: Sandbox
    runner: web.AppRunner

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    async def close(self) -> None:
        await self.runner.cleanup()


async def serve(host: str = LOOPBACK, port: int = 0, config: SandboxConfig | None = None) -> RunningSandbox:
    """Start answering; port 0 takes any free one."""
    app = create_app(config)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except Exception:
        await runner.cleanup()
        raise
    return RunningSandbox(f"http://{_place(host, runner.addresses[0][1])}", app[SANDBOX], runner)


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


async def main(*, host: str = LOOPBACK, port: int = DEFAULT_PORT, config: SandboxConfig | None = None) -> int:
    """Serve until SIGINT or SIGTERM, having told the address and a fresh key. Returns the exit status."""
    try:
        running = await serve(host, port, config)
    except (OSError, UnicodeError) as error:  # the latter of a host that can be no name
        why = getattr(error, "strerror", None) or error
        sys.stderr.write(f"{_place(host, port)} cannot be used ({why}). A free port: --port 0\n")
        return 1
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    key = running.sandbox.create_key(name="First key")
    sys.stdout.write(
        f"SocialCRM sandbox: {running.url}\n"
        f"  API       {running.base_url}\n"
        f"  API key   {key}\n"
        f"  Try it    {running.url}/\n"
        f"  Posts     {running.url}/posts\n"
        f"  OpenAPI   {running.url}/openapi.json\n"
    )
    sys.stdout.flush()
    try:
        await stopped.wait()
    finally:
        await running.close()
    return 0


def run(*, host: str = LOOPBACK, port: int = DEFAULT_PORT, config: SandboxConfig | None = None) -> int:
    return asyncio.run(main(host=host, port=port, config=config))
