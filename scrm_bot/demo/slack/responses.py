"""response_url: five answers in half an hour, also where the bot is no member."""

from aiohttp import web

from scrm_bot.demo.slack import contents, posting
from scrm_bot.demo.slack.commands import answer
from scrm_bot.demo.slack.errors import RefusalError
from scrm_bot.demo.slack.tickets import ResponseUrl
from scrm_bot.demo.slack.wire import Json, parse
from scrm_bot.demo.slack.workspace import Workspace

GONE = {"used_url", "expired_url", "invalid_url"}


async def respond(space: Workspace, request: web.Request) -> web.Response:
    """A bot's POST to a response_url."""
    said: Json = {}
    try:
        link = space.links.use(request.match_info["path"])
        said = await _body(request)
        _apply(space, link, said)
    except RefusalError as error:
        space.fault(f"response_url was refused: {error.to_answer()}")
        status = 404 if error.code in GONE else 400
        return web.json_response(error.to_answer(), status=status)
    finally:
        space.hub.publish("response", frozenset())
    return web.Response(text="ok")


async def _body(request: web.Request) -> Json:
    try:
        said = parse(await request.read())
    except ValueError as error:
        raise RefusalError("invalid_payload") from error
    if not isinstance(said, dict):
        raise RefusalError("invalid_payload")
    return said


def _apply(space: Workspace, link: ResponseUrl, said: Json) -> None:
    source = link.source if link.source and link.room.find(link.source.ts, reader=link.user) else None
    if said.get("delete_original"):
        if source is None:
            raise RefusalError("message_not_found")
        posting.delete(space, link.room, source)
    elif said.get("replace_original") and source is not None:
        content = contents.read(said)
        contents.require_something(content)
        contents.truncate(content)
        posting.change(space, link.room, source, content)
    else:
        answer(space, space.people[link.user], link.room, said)
