"""Two SocialCRM accounts behind one address: each request goes where its key belongs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from scrm_bot.demo.socialcrm import server as socialcrm
from scrm_bot.demo.socialcrm.config import SandboxConfig


@asynccontextmanager
async def street(doors: Mapping[str, socialcrm.RunningSandbox]) -> AsyncIterator[str]:
    """The address of all; `doors` are the sandboxes by their keys."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def forward(request: web.Request) -> web.Response:
            sent = " ".join(request.headers.values())
            sandbox = next(found for key, found in doors.items() if key in sent)
            url = f"{sandbox.base_url.removesuffix('/v1')}{request.path_qs}"
            headers = {name: value for name, value in request.headers.items() if name != "Host"}
            async with session.request(
                request.method, url, headers=headers, data=await request.read()
            ) as answer:
                kept = {name: value for name, value in answer.headers.items() if name in _KEPT}
                return web.Response(status=answer.status, body=await answer.read(), headers=kept)

        application = web.Application()
        application.router.add_route("*", "/{path:.*}", forward)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        await runner.cleanup()


_KEPT = frozenset({"Content-Type", "Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining"})


@asynccontextmanager
async def sandbox() -> AsyncIterator[socialcrm.RunningSandbox]:
    running = await socialcrm.serve(config=SandboxConfig())
    yield running
    await running.close()
