"""OAuth v2: a consent page, and the way back to the app."""

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from scrm_bot.demo.slack.workspace import Workspace


async def authorize(space: Workspace, request: web.Request) -> web.Response:
    """Ask who installs; `user=` in the query says yes for that person at once."""
    query = request.query
    if query.get("client_id") != space.world.app.client_id:
        return _refuse("invalid_client_id")
    redirect_uri = query.get("redirect_uri") or next(iter(space.manifest.redirect_urls), "")
    if not _allowed(space, redirect_uri):
        return _refuse("bad_redirect_uri")
    scopes = frozenset(query.get("scope", "").replace(" ", ",").split(",")) - {""}
    if not scopes:
        return _refuse("no_scopes")
    if not scopes <= space.manifest.scopes:
        return _refuse("invalid_scope")
    if query.get("deny"):
        return _back(redirect_uri, error="access_denied", state=query.get("state", ""))
    user = query.get("user", "")
    if user not in space.people:
        return _consent(space, request, scopes)
    given = query.get("redirect_uri", "")
    code = space.codes.give(user, scopes=scopes, redirect_uri=given)
    return _back(redirect_uri, code=code, state=query.get("state", ""))


def _allowed(space: Workspace, redirect_uri: str) -> bool:
    """Registered, or below a registered address; anything on this machine if none is registered."""
    if not redirect_uri:
        return False
    return not space.manifest.redirect_urls or any(
        redirect_uri.startswith(each) for each in space.manifest.redirect_urls
    )


def _back(redirect_uri: str, **parameters: str) -> web.Response:
    joint = "&" if "?" in redirect_uri else "?"
    return web.Response(status=302, headers={"Location": redirect_uri + joint + urlencode(parameters)})


def _refuse(error: str) -> web.Response:
    return web.Response(status=400, text=f"Something in the app's install link is not right: {error}")


def _consent(space: Workspace, request: web.Request, scopes: frozenset[str]) -> web.Response:
    name = escape(space.manifest.name)
    wanted = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in sorted(scopes))
    links = "".join(
        f'<p><a href="{escape(str(request.rel_url.update_query(user=person.id)))}">'
        f"Allow as {escape(person.real_name)}</a></p>"
        for person in space.people.values()
        if not person.is_restricted
    )
    deny = escape(str(request.rel_url.update_query(deny="1")))
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Install {name}</title>"
        f"<h1>{name} asks to join {escape(space.world.team_name)}</h1><p>It will be able to use:</p>"
        f'<ul>{wanted}</ul>{links}<p><a href="{deny}">Cancel</a></p></html>'
    )
    return web.Response(text=page, content_type="text/html", headers={"X-Frame-Options": "DENY"})
