"""The sandbox as an aiohttp application: every route, and the task that lets time pass."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.endpoints import ENDPOINTS
from scrm_bot.demo.socialcrm.guards import MIDDLEWARES
from scrm_bot.demo.socialcrm.routes import ai, data, media, pages, posts, settings
from scrm_bot.demo.socialcrm.sandbox import SANDBOX, Sandbox

_HANDLERS: Final[dict[str, Handler]] = {
    "list_posts": posts.list_posts,
    "create_post": posts.create_post,
    "get_post": posts.get_post,
    "update_post": posts.update_post,
    "delete_post": posts.delete_post,
    "schedule_post": posts.schedule_post,
    "publish_post": posts.publish_post,
    "post_analytics": posts.post_analytics,
    "rewrite": ai.rewrite,
    "compose": ai.compose,
    "hashtags": ai.hashtags,
    "thread": ai.thread,
    "ideas": ai.ideas,
    "optimise": ai.optimise,
    "list_accounts": data.list_accounts,
    "account_analytics": data.account_analytics,
    "persona": data.persona,
    "trending": data.trending,
    "upload_url": media.upload_url,
    "confirm_media": media.confirm_media,
}
_OUTSIDE_THE_API: Final = (
    web.get("/", pages.try_it, allow_head=False),
    web.get("/posts", pages.posts, allow_head=False),
    web.get("/openapi.json", pages.openapi, allow_head=False),
    web.put("/uploads/{id}", media.receive_upload),
    web.post("/uploads/{id}", media.receive_upload),
    web.get("/uploads/{id}", media.serve_media, allow_head=False),
    web.get("/settings/api-keys", settings.list_keys, allow_head=False),
    web.post("/settings/api-keys", settings.create_key),
    web.delete("/settings/api-keys/{id}", settings.revoke_key),
    web.get("/settings/posts", settings.list_posts, allow_head=False),
    web.patch("/settings/posts/{id}", settings.edit_post),
    web.delete("/settings/posts/{id}", settings.delete_post),
    web.get("/settings/faults", settings.list_faults, allow_head=False),
    web.post("/settings/faults", settings.add_fault),
    web.delete("/settings/faults", settings.clear_faults),
)


def create_app(config: SandboxConfig | None = None) -> web.Application:
    chosen = config or SandboxConfig()
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=chosen.largest_body)
    app[SANDBOX] = Sandbox(chosen)
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, endpoint.path, _HANDLERS[endpoint.name], name=endpoint.name)
    app.add_routes(_OUTSIDE_THE_API)
    app.cleanup_ctx.append(_time_passes)
    return app


async def _time_passes(app: web.Application) -> AsyncIterator[None]:
    """Posts go out at their time even when nobody looks."""

    async def settle() -> None:
        sandbox = app[SANDBOX]
        while True:
            sandbox.posts.settle()
            await asyncio.sleep(sandbox.config.settle_every.total_seconds())

    task = asyncio.create_task(settle())
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
