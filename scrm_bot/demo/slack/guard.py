"""Only this machine may talk to the stand-in, and no foreign page may speak through a visitor's browser."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_loopback(authority: str) -> bool:
    try:
        return urlsplit(f"//{authority}").hostname in LOOPBACK
    except ValueError:
        return False


@web.middleware
async def only_loopback(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse other Host names (DNS rebinding), and pages of other origins."""
    if not is_loopback(request.headers.get("Host", "")):
        raise web.HTTPForbidden(text="The stand-in answers on this machine only.")
    origin = request.headers.get("Origin")
    if origin is not None and not is_loopback(urlsplit(origin).netloc):
        raise web.HTTPForbidden(text="The stand-in does not answer pages of other sites.")
    return await handler(request)
