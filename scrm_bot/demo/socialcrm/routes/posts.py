"""/v1/posts: drafts, schedules, publications and their numbers."""

from aiohttp import web

from scrm_bot.demo.socialcrm.guards import answer
from scrm_bot.demo.socialcrm.posts import Edit
from scrm_bot.demo.socialcrm.reading import Fields, fields, paging
from scrm_bot.demo.socialcrm.sandbox import SANDBOX, Sandbox


async def list_posts(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    page = paging(request.query).cut(sandbox.posts.newest_first())
    return answer(sandbox.render.listing([sandbox.render.post(post) for post in page]))


async def create_post(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sent = fields(await request.read())
    post = sandbox.posts.create(
        body=sent.text("body"),
        account_ids=_accounts(sandbox, sent) or (),
        media_ids=_media(sandbox, sent) or (),
    )
    return answer(sandbox.render.single(sandbox.render.created(post)), status=201)


async def get_post(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    post = sandbox.posts.get(request.match_info["id"])
    return answer(sandbox.render.single(sandbox.render.post(post)))


async def update_post(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    post = sandbox.posts.edit(
        request.match_info["id"], read_edit(sandbox, fields(await request.read()), schedule=False)
    )
    match sandbox.config.variants.patch:
        case "204":
            return web.Response(status=204)
        case "empty":
            return web.Response(status=200)
        case "post":
            return answer(sandbox.render.single(sandbox.render.post(post)))


async def delete_post(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sandbox.posts.remove(request.match_info["id"])
    if sandbox.config.variants.delete == "200":
        return answer({"deleted": True})
    return web.Response(status=204)


async def schedule_post(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sent = fields(await request.read())
    sandbox.posts.get(request.match_info["id"])
    post = sandbox.posts.schedule(request.match_info["id"], sent.moment("scheduled_at"))
    return answer(sandbox.render.single(sandbox.render.post(post)))


async def publish_post(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    fields(await request.read(), optional=True)
    at_once = sandbox.config.variants.publish == "published"
    post = sandbox.posts.publish(request.match_info["id"], at_once=at_once)
    return answer(sandbox.render.single(sandbox.render.post(post)))


async def post_analytics(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    post = sandbox.posts.get(request.match_info["id"])
    return answer(sandbox.render.post_analytics(post, sandbox.insights.of_post(post)))


def read_edit(sandbox: Sandbox, sent: Fields, *, schedule: bool) -> Edit:
    names = ("body", "account_ids", "media_ids", *(("scheduled_at",) if schedule else ()))
    if not any(sent.has(name) for name in names):
        sent.text("body")  # refuses: nothing to change
    return Edit(
        body=sent.text("body") if sent.has("body") else None,
        account_ids=_accounts(sandbox, sent),
        media_ids=_media(sandbox, sent),
        scheduled_at=sent.moment("scheduled_at") if schedule and sent.has("scheduled_at") else None,
    )


def _accounts(sandbox: Sandbox, sent: Fields) -> tuple[str, ...] | None:
    return sent.ids("account_ids", sandbox.knows_account) if sent.has("account_ids") else None


def _media(sandbox: Sandbox, sent: Fields) -> tuple[str, ...] | None:
    return sent.ids("media_ids", sandbox.media.is_confirmed) if sent.has("media_ids") else None
