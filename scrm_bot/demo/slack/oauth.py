"""OAuth v2: a consent page, and the way back to the app."""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.workspace import Workspace


async def authorize(space: Workspace, request: web.Request) -> web.Response:
    """Ask who installs; `user=` in the query says yes for that person at once."""
    query = request.query
    state, user = query.get("state", ""), query.get("user", "")
    try:
        redirect_uri, scopes = _checked(space, query)
    except RefusalError as error:
        return web.Response(status=400, text=f"Something in the install link is not right: {error.code}")
    if query.get("deny"):
        return _back(redirect_uri, error="access_denied", state=state)
    if user not in space.people:
        return _consent(space, request, scopes)
    code = space.codes.give(user, scopes=scopes, redirect_uri=query.get("redirect_uri", ""))
    return _back(redirect_uri, code=code, state=state)


def _checked(space: Workspace, query: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """Where to go back to and what is asked for, if both are right."""
    if query.get("client_id") != space.world.app.client_id:
        raise RefusalError("invalid_client_id")
    redirect_uri = query.get("redirect_uri") or next(iter(space.manifest.redirect_urls), "")
    if not _allowed(space, redirect_uri):
        raise RefusalError("bad_redirect_uri")
    scopes = frozenset(query.get("scope", "").replace(" ", ",").split(",")) - {""}
    if not scopes:
        raise RefusalError("no_scopes")
    if not scopes <= space.manifest.scopes:
        raise RefusalError("invalid_scope")
    return redirect_uri, scopes


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
