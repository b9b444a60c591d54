"""What a person does in SocialCRM's own pages, as small routes outside the API: keys, edits, faults."""

from dataclasses import asdict

from aiohttp import web

from scrm_bot.demo.socialcrm.clock import stamp
from scrm_bot.demo.socialcrm.errors import invalid
from scrm_bot.demo.socialcrm.guards import answer
from scrm_bot.demo.socialcrm.keys import PLANS, ApiKey
from scrm_bot.demo.socialcrm.reading import Fields, fields
from scrm_bot.demo.socialcrm.routes.posts import read_edit
from scrm_bot.demo.socialcrm.sandbox import SANDBOX

_LONGEST_DELAY = 120.0


async def create_key(request: web.Request) -> web.Response:
    sent = fields(await request.read())
    plan = sent.text_or("plan", PLANS[0])
    if plan not in PLANS:
        raise invalid(f"plan must be one of {', '.join(PLANS)}.")
    try:
        key, secret = request.app[SANDBOX].keys.create(
            name=sent.text("name", longest=100),
            plan=plan,
            scopes=sent.texts("scopes") if sent.has("scopes") else None,
        )
    except ValueError as error:
        raise invalid(f"scopes: {error}.") from error
    return answer({**_described(key), "key": secret}, status=201)


async def list_keys(request: web.Request) -> web.Response:
    return answer({"data": [_described(key) for key in request.app[SANDBOX].keys.all()]})


async def revoke_key(request: web.Request) -> web.Response:
    request.app[SANDBOX].keys.revoke(request.match_info["id"])
    return web.Response(status=204)


async def list_posts(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    return answer({"data": [sandbox.render.post(post) for post in sandbox.posts.newest_first()]})


async def edit_post(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    edit = read_edit(sandbox, fields(await request.read()), schedule=True)
    return answer(sandbox.render.post(sandbox.posts.edit(request.match_info["id"], edit)))


async def delete_post(request: web.Request) -> web.Response:
    request.app[SANDBOX].posts.remove(request.match_info["id"])
    return web.Response(status=204)


async def add_fault(request: web.Request) -> web.Response:
    sent = fields(await request.read())
    try:
        fault = request.app[SANDBOX].faults.add(
            sent.text("kind"),
            code=sent.text_or("code", "invalid_request"),
            message=sent.text_or("message", "Refused on request."),
            method=sent.text_or("method", "*"),
            path=sent.text_or("path", "*", longest=200),
            times=_times(sent),
            seconds=sent.seconds_or("seconds", 0.0, highest=_LONGEST_DELAY),
        )
    except ValueError as error:
        raise invalid(str(error)) from error
    return answer(asdict(fault), status=201)


async def list_faults(request: web.Request) -> web.Response:
    return answer({"data": [asdict(fault) for fault in request.app[SANDBOX].faults]})


async def clear_faults(request: web.Request) -> web.Response:
    request.app[SANDBOX].faults.clear()
    return web.Response(status=204)


def _times(sent: Fields) -> int | None:
    """Once unless said; 0 keeps the fault until it is cleared."""
    return sent.whole_or("times", 1, lowest=0, highest=1_000_000) or None


def _described(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "plan": key.plan,
        "scopes": sorted(key.scopes),
        "last4": key.last4,
        "created_at": stamp(key.created_at),
    }
