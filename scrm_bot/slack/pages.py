"""What operators and load balancers ask over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

_READY_WITHIN = 2.0


@dataclass(frozen=True, slots=True)
class Pages:
    """`ready` says whether Redis answers. Without a `registry` there are no metrics here."""

    ready: Callable[[], Awaitable[bool]]
    registry: CollectorRegistry | None

    def routes(self) -> list[web.RouteDef]:
        found = [web.get("/healthz", self.health), web.get("/readyz", self.readiness)]
        return [*found, web.get("/metrics", self.metrics)] if self.registry else found

    async def health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readiness(self, _: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(_READY_WITHIN):
                ready = await self.ready()
        except TimeoutError:
            ready = False
        return web.Response(text="ready\n") if ready else web.Response(status=503, text="Redis: no answer\n")

    async def metrics(self, _: web.Request) -> web.Response:
        body = generate_latest(self.registry) if self.registry else b""
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def application(self) -> web.Application:
        """These pages alone, for a port of their own."""
        application = web.Application()
        application.add_routes(self.routes())
        return application
