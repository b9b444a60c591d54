"""The stand-in as a server: every route, and the handle its owner holds."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import aiohttp
from aiohttp import web

from scrm_bot.demo.slack import (
    api_apps,
    api_chat,
    api_conversations,
    api_files,
    api_people,
    api_views,
    oauth,
    page,
    responses,
    uploads,
    workflows,
)
from scrm_bot.demo.slack.api import WebApi
from scrm_bot.demo.slack.board import Trouble
from scrm_bot.demo.slack.delivery import Delivered, HttpTransport, Parcel
from scrm_bot.demo.slack.driver import Person
from scrm_bot.demo.slack.events import EventsApi
from scrm_bot.demo.slack.files import FILE_BYTES
from scrm_bot.demo.slack.guard import only_loopback
from scrm_bot.demo.slack.mint import random_id
from scrm_bot.demo.slack.socket_mode import SocketTransport
from scrm_bot.demo.slack.ui import Ui
from scrm_bot.demo.slack.wire import Json
from scrm_bot.demo.slack.workspace import Call, Workspace
from scrm_bot.demo.slack.world import Intro, World

METHODS = {
    **api_apps.METHODS,
    **api_chat.METHODS,
    **api_conversations.METHODS,
    **api_files.METHODS,
    **api_people.METHODS,
    **api_views.METHODS,
}


class NotVerifiedError(Exception):
    """The request URL did not answer Slack's challenge."""


@dataclass(slots=True)
class RunningSlack:
    """A stand-in that is being served."""

    space: Workspace
    events: EventsApi
    http: HttpTransport
    sockets: SocketTransport
    url: str
    _runner: web.AppRunner = field(repr=False)

    @property
    def world(self) -> World:
        return self.space.world

    @property
    def api_url(self) -> str:
        return self.url + "/api/"

    @property
    def calls(self) -> deque[Call]:
        """Every Web API call, oldest first."""
        return self.space.calls

    @property
    def deliveries(self) -> deque[Delivered]:
        """Everything delivered to the bot, with its replies."""
        return self.space.post.record

    @property
    def faults(self) -> list[str]:
        """What the bot did that Slack would not have accepted."""
        return self.space.faults

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def tell_newcomers(self, intro: Intro) -> None:
        """Set the page's introduction once the addresses are known."""
        self.space.world = replace(self.space.world, intro=intro)

    async def connect_bot(self, request_url: str, *, verify: bool = False) -> None:
        """Deliver to this request URL from now on; `verify` sends Slack's challenge first."""
        self.http.url = request_url
        self.sockets.forget()
        if not verify:
            return
        challenge = random_id("challenge")
        asked = {
            "token": self.world.app.verification_token,
            "challenge": challenge,
            "type": "url_verification",
        }
        reply = await self.http.deliver(Parcel("events_api", asked))
        if not reply.ok or challenge not in reply.body.decode(errors="replace"):
            self.http.url = ""
            raise NotVerifiedError(f"{request_url} answered HTTP {reply.status}: {reply.body[:200]!r}")

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        await self.sockets.disconnect(reason)

    def person(self, user: str) -> Person:
        """A driver for one person; by id, name or role."""
        for each in self.world.people:
            if user in {each.id, each.name, each.role}:
                return Person(self.url, each.id)
        raise KeyError(user)

    async def until(self, predicate: Callable[["RunningSlack"], object], *, seconds: float = 10.0) -> None:
        """Wait until the predicate holds; it is asked again whenever something happens."""
        async with asyncio.timeout(seconds):
            while not predicate(self):
                await self.space.hub.changed()

    async def idle(self) -> None:
        """Wait until every event under way is delivered or given up."""
        await self.events.idle()

    def run_function(self, callback_id: str, *, user: str, inputs: Json) -> str:
        """Start a step of the app in a workflow of this person's; its execution id."""
        return workflows.run_step(self.space, user, callback_id, inputs)

    def uninstall(self) -> None:
        """Remove the app: its token dies, and it is told so."""
        token = self.space.keys.bot
        if token is None:
            return
        self.space.keys.revoke(token)
        self.space.announce("app_uninstalled", {"type": "app_uninstalled"})
        tokens: Json = {"oauth": [], "bot": [self.space.bot]}
        self.space.announce("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})

    def offer(self, troubles: Sequence[Trouble]) -> None:
        """What the page offers to go wrong."""
        self.space.board.offered = list(troubles)

    def tell_time(self) -> None:
        """The clock was moved: the pages show times by it."""
        self.space.hub.publish("clock", None, now=self.world.clock())

    async def close(self) -> None:
        await self.space.board.stop()
        await self.events.stop()
        if self.http.session is not None:
            await self.http.session.close()
        await self._runner.cleanup()


async def serve(host: str = "127.0.0.1", port: int = 0, world: World | None = None) -> RunningSlack:
    """Start the stand-in; port 0 takes any free one."""
    space = Workspace.start(world or World())
    events = EventsApi(space)
    space.announce = events.announce
    http = HttpTransport(space.world, session=aiohttp.ClientSession(auto_decompress=True))
    sockets = SocketTransport(space)
    space.post.transports.extend([sockets, http])
    runner = web.AppRunner(_application(space, sockets), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    bound = runner.addresses[0][1]
    space.base_url = space.links.base = f"http://{host}:{bound}"
    return RunningSlack(space, events, http, sockets, space.base_url, runner)


def _application(space: Workspace, sockets: SocketTransport) -> web.Application:
    application = web.Application(middlewares=[only_loopback], client_max_size=FILE_BYTES + 2**20)
    api, ui, route = WebApi(space, METHODS), Ui(space), application.router
    route.add_route("GET", "/api/{method}", api.handle)
    route.add_route("POST", "/api/{method}", api.handle)
    route.add_post("/upload/v1/{ticket}", partial(uploads.receive, space))
    route.add_get("/files/{file}/{name}", partial(uploads.serve_to_bot, space))
    route.add_get("/files/{file}/download/{name}", partial(uploads.serve_to_bot, space))
    route.add_post("/response/{path:.+}", partial(responses.respond, space))
    route.add_get("/oauth/v2/authorize", partial(oauth.authorize, space))
    route.add_get("/link/", sockets.handle)
    route.add_get("/ui/state", ui.state)
    route.add_get("/ui/events", ui.events)
    route.add_get("/ui/files/{file}", ui.file)
    route.add_post("/ui/upload", ui.upload)
    route.add_post("/ui/{deed}", ui.do)
    route.add_get("/", page.index)
    route.add_get("/assets/{path:.+}", page.asset)
    return application
