"""/v1/media and the presigned places beside it, which take bytes without a key."""

from aiohttp import web

from scrm_bot.demo.socialcrm.errors import ApiError, invalid, missing
from scrm_bot.demo.socialcrm.guards import answer
from scrm_bot.demo.socialcrm.reading import fields
from scrm_bot.demo.socialcrm.sandbox import SANDBOX

_CHUNK = 64 * 1024


async def upload_url(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sent = fields(await request.read())
    media = sandbox.media.reserve(
        filename=sent.text("filename", longest=255),
        content_type=sent.text("content_type", longest=100),
        size=sent.whole("size", lowest=1, highest=sandbox.config.largest_upload),
    )
    url = request.url.origin() / "uploads" / media.id
    signed = url.with_query(
        expires=f"{media.expires_at.timestamp():.0f}", signature=sandbox.media.signature(media)
    )
    return answer(sandbox.render.upload(media, str(signed)))


async def confirm_media(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    fields(await request.read(), optional=True)
    media = sandbox.media.confirm(request.match_info["id"])
    url = request.url.origin() / "uploads" / media.id
    return answer(sandbox.render.confirmed(media, str(url)))


async def receive_upload(request: web.Request) -> web.Response:
    """The presigned PUT (or POST, where the variant says so)."""
    sandbox = request.app[SANDBOX]
    variants = sandbox.config.variants
    media = sandbox.media.get(request.match_info["id"])
    if "Authorization" in request.headers or "X-API-Key" in request.headers:
        raise invalid("A presigned upload is sent without an API key.")
    if request.method != variants.upload_method.replace("absent", "PUT"):
        raise invalid("This upload was signed for another method.")
    if variants.upload_headers == "given" and request.content_type != media.content_type:
        raise ApiError("invalid_request", f"Content-Type must be {media.content_type}.", status=403)
    await sandbox.media.receive(
        media.id,
        signature=request.query.get("signature", ""),
        expires=request.query.get("expires", ""),
        chunks=request.content.iter_chunked(_CHUNK),
    )
    return web.Response(status=200)


async def serve_media(request: web.Request) -> web.Response:
    media = request.app[SANDBOX].media.get(request.match_info["id"])
    if media.content is None or not media.confirmed:
        raise missing("This media")
    return web.Response(
        body=media.content, content_type=media.content_type, headers={"X-Content-Type-Options": "nosniff"}
    )
