"""What the page and the driver call: a person's side of the workspace."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from scrm_bot.demo.slack import actions, chat, commands, modals, shapes, uploads, workflows
from scrm_bot.demo.slack.board import BusyError, NotPlayedError
from scrm_bot.demo.slack.errors import RefusalError, UnknownThingError
from scrm_bot.demo.slack.files import FILE_BYTES
from scrm_bot.demo.slack.outcomes import Outcome, failed
from scrm_bot.demo.slack.wire import Json, Values, as_list, as_object, as_text, compact, parse
from scrm_bot.demo.slack.workspace import Workspace
from scrm_bot.demo.slack.world import Person

Deed = Callable[[Workspace, Person, Json], Awaitable[Json]]


def _values(space: Workspace, said: Json) -> Values:
    """The values a form was sent with; files are named by id, and told in full to the bot."""
    values: Values = as_object(as_object(said.get("state")).get("values"))
    for held in (as_object(each) for block in values.values() for each in as_object(block).values()):
        if "files" in held:
            named = [space.files.get(str(as_object(file).get("id"))) for file in as_list(held["files"])]
            held["files"] = [file.to_api(space.world, space.base_url) for file in named]
    return values


async def _command(space: Workspace, person: Person, said: Json) -> Json:
    channel, text = as_text(said.get("channel")), as_text(said.get("text"))
    return (await commands.run_command(space, person, channel=channel, text=text)).to_ui()


async def _message(space: Workspace, person: Person, said: Json) -> Json:
    message = chat.say(
        space,
        person,
        channel=as_text(said.get("channel")),
        text=as_text(said.get("text")),
        thread_ts=as_text(said.get("thread_ts")),
        files=as_list(said.get("files")),
    )
    return {"ok": True, "ts": message.ts}


async def _action(space: Workspace, person: Person, said: Json) -> Json:
    outcome = await actions.act(
        space,
        person,
        container=as_object(said.get("container")),
        action=as_object(said.get("action")),
        sent=_values(space, said),
    )
    return outcome.to_ui()


async def _typed(space: Workspace, person: Person, said: Json) -> Json:
    view = actions.own_view(space, person, as_text(said.get("view_id")))
    space.views.remember(view, _values(space, said))
    return {"ok": True}


async def _submit(space: Workspace, person: Person, said: Json) -> Json:
    view_id = as_text(said.get("view_id"))
    outcome = await modals.submit(space, person, view_id=view_id, sent=_values(space, said))
    return outcome.to_ui()


async def _close(space: Workspace, person: Person, said: Json) -> Json:
    view_id, clear = as_text(said.get("view_id")), bool(said.get("clear"))
    return (await modals.close(space, person, view_id=view_id, clear=clear)).to_ui()


async def _options(space: Workspace, person: Person, said: Json) -> Json:
    return await actions.suggest(
        space,
        person,
        container=as_object(said.get("container")),
        block_id=as_text(said.get("block_id")),
        action_id=as_text(said.get("action_id")),
        value=as_text(said.get("value")),
    )


async def _shortcut(space: Workspace, person: Person, said: Json) -> Json:
    outcome = await commands.run_shortcut(
        space,
        person,
        kind=as_text(said.get("type")) or "global",
        callback_id=as_text(said.get("callback_id")),
        channel=as_text(said.get("channel")),
        message_ts=as_text(said.get("message_ts")),
    )
    return outcome.to_ui()


async def _home(space: Workspace, person: Person, said: Json) -> Json:
    chat.open_home(space, person, as_text(said.get("tab")))
    return {"ok": True}


async def _read_up(space: Workspace, person: Person, said: Json) -> Json:
    chat.read_up(space, person, as_text(said.get("channel")))
    return {"ok": True}


async def _trouble(space: Workspace, _person: Person, said: Json) -> Json:
    try:
        space.board.start(as_text(said.get("id")))
    except KeyError as error:
        raise UnknownThingError("there is nothing of that name to try") from error
    except BusyError:
        return Outcome(ok=False, message="One at a time: something else is being played.").to_ui()
    except NotPlayedError as error:
        return Outcome(ok=False, message=str(error)).to_ui()
    return {"ok": True}


async def _step(space: Workspace, person: Person, said: Json) -> Json:
    """Reach a step of the app in a workflow that this person started."""
    callback_id, inputs = as_text(said.get("callback_id")), as_object(said.get("inputs"))
    return {"ok": True, "execution": workflows.run_step(space, person.id, callback_id, inputs)}


DEEDS: Mapping[str, Deed] = {
    "command": _command,
    "message": _message,
    "action": _action,
    "typed": _typed,
    "submit": _submit,
    "close": _close,
    "options": _options,
    "shortcut": _shortcut,
    "step": _step,
    "home": _home,
    "reset-read": _read_up,
    "trouble": _trouble,
}


@dataclass(frozen=True, slots=True)
class Ui:
    space: Workspace

    async def state(self, request: web.Request) -> web.Response:
        return web.json_response(shapes.state(self.space, self._person(request.query.get("user", ""))))

    async def do(self, request: web.Request) -> web.Response:
        deed = DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="POST JSON, as application/json.")
        try:
            said = as_object(parse(await request.read()))
        except ValueError as error:
            raise web.HTTPBadRequest(text="The body is not JSON.") from error
        person = self._person(as_text(said.get("user")))
        try:
            return web.json_response(await deed(self.space, person, said))
        except UnknownThingError as error:
            return web.json_response(failed("not_found", str(error)).to_ui())
        except RefusalError as error:
            return web.json_response(failed(error.code, error.code).to_ui())

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events for one person, from now or from `since`."""
        person = self._person(request.query.get("user", ""))
        given = request.query.get("since", "")
        since = int(given) if given.isdecimal() else self.space.hub.seq
        headers = {
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(b": hello\n\n")
        heartbeat = self.space.world.pace.heartbeat_seconds
        with suppress(ConnectionError):  # the page went away
            async for notice in self.space.hub.stream(person.id, since=since, heartbeat=heartbeat):
                line = f"data: {compact(notice.to_ui())}\n\n" if notice else ": still here\n\n"
                await response.write(line.encode())
        return response

    async def upload(self, request: web.Request) -> web.Response:
        user, name, content = await _read_form(request)
        person = self._person(user)
        try:
            file = uploads.accept(self.space, name=name, content=content, user=person.id)
        except RefusalError as error:
            raise web.HTTPRequestEntityTooLarge(FILE_BYTES, len(content)) from error
        told = file.to_api(self.space.world, self.space.base_url)
        return web.json_response({"file": told | {"url_private": told["permalink"]}})

    async def file(self, request: web.Request) -> web.Response:
        try:
            return uploads.send(self.space.files.get(request.match_info["file"]))
        except RefusalError as error:
            raise web.HTTPNotFound from error

    def _person(self, user: str) -> Person:
        try:
            return self.space.person(user)
        except UnknownThingError as error:
            raise web.HTTPBadRequest(text=str(error)) from error


async def _read_form(request: web.Request) -> tuple[str, str, bytes]:
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType(text="POST a form with user and file.")
    form = await request.post()
    file = form.get("file")
    if not isinstance(file, web.FileField):
        raise web.HTTPBadRequest(text="The form has no file.")
    return str(form.get("user", "")), file.filename, file.file.read()
