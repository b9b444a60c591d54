"""The sandbox's own pages and its OpenAPI document."""

import secrets
from importlib.resources import files
from typing import Final

from aiohttp import web

from scrm_bot.demo.socialcrm.guards import answer
from scrm_bot.demo.socialcrm.openapi import document

_PAGES: Final = files("scrm_bot.demo.socialcrm") / "pages"


async def try_it(_: web.Request) -> web.Response:
    return _page("tryit")


async def posts(_: web.Request) -> web.Response:
    return _page("posts")


async def openapi(request: web.Request) -> web.Response:
    return answer(document(str(request.url.origin())))


def _page(name: str) -> web.Response:
    """One self-contained page: only its own style and script run, and they reach only this server."""
    nonce = secrets.token_urlsafe(16)
    parts = {
        "nonce": nonce,
        "style": (_PAGES / "style.css").read_text(encoding="utf-8"),
        "script": (_PAGES / f"{name}.js").read_text(encoding="utf-8"),
    }
    text = (_PAGES / f"{name}.html").read_text(encoding="utf-8")
    for place, value in parts.items():
        text = text.replace("{{" + place + "}}", value)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return web.Response(text=text, content_type="text/html", headers=headers)
