"""The built page, as static files."""

from pathlib import Path

from aiohttp import web

DIST = Path(__file__).parent.parent / "page" / "dist"
MISSING = "The page is not built here. The Slack stand-in works; only its page is missing."
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


async def index(_request: web.Request) -> web.StreamResponse:
    entry = DIST / "index.html"
    if not entry.is_file():
        return web.Response(text=MISSING, headers=HEADERS)
    return web.FileResponse(entry, headers=HEADERS)


async def asset(request: web.Request) -> web.StreamResponse:
    folder = (DIST / "assets").resolve()
    wanted = (folder / request.match_info["path"]).resolve()
    if not wanted.is_relative_to(folder) or not wanted.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(wanted, headers=HEADERS)
