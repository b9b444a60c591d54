"""The bytes of files: coming in at upload URLs, going out to those who may read them."""

from aiohttp import web

from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.files import FILE_BYTES, File
from scrm_bot.demo.slack.workspace import Workspace

INLINE = {"image/png", "image/jpeg", "image/gif", "image/webp"}


async def receive(space: Workspace, request: web.Request) -> web.Response:
    """POST to an upload URL: raw bytes, or a form with one file."""
    file = space.files.by_ticket(request.match_info["ticket"])
    if file is None or file.state != "promised":
        return web.Response(status=404, text="not found")
    content = await read_bytes(request)
    if len(content) != file.promised:
        return web.Response(status=400, text=f"expected {file.promised} bytes, got {len(content)}")
    space.files.fill(file, content)
    return web.Response(text=f"OK - {len(content)}")


async def read_bytes(request: web.Request) -> bytes:
    """The body, or the first file in it when it is a multipart form; 413 when it is too large."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    async for part in await request.multipart():
        if getattr(part, "filename", None):
            return bytes(await part.read())  # type: ignore[union-attr]  # a part with a filename is no nested form
    return b""


async def serve_to_bot(space: Workspace, request: web.Request) -> web.Response:
    """url_private: with the bot's token; without it, a login page like Slack's."""
    file_id = request.match_info["file"].rpartition("-")[2]
    header = request.headers.get("Authorization", "")
    try:
        token = space.keys.check(header.removeprefix("Bearer ") if header.startswith("Bearer ") else "")
        token.need("files:read")
        file = space.files.get(file_id)
    except RefusalError as error:
        if error.code == "file_not_found":
            return web.Response(status=404, text="not found")
        return web.Response(text="<!doctype html><title>Sign in</title><p>Sign in.", content_type="text/html")
    return send(file)


def send(file: File) -> web.Response:
    """The file, never as something a browser would run."""
    kind = "inline" if file.mimetype in INLINE else "attachment"
    safe = "".join(letter for letter in file.name if letter.isalnum() or letter in "._- ")
    headers = {
        "Content-Disposition": f'{kind}; filename="{safe}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return web.Response(body=file.content, content_type=file.mimetype, headers=headers)


def accept(space: Workspace, *, name: str, content: bytes, user: str) -> File:
    """A file a person adds in the page."""
    if len(content) > FILE_BYTES:
        raise RefusalError("file_upload_size_restricted")
    file = space.files.promise(name, length=len(content), user=user)
    space.files.fill(file, content)
    file.state = "complete"
    return file
