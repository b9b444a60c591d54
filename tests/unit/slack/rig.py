"""The surface on fakes: a Slack that writes down what it is told, signed requests, a queue in memory."""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry

from scrm_bot.domain.jobs import Claim, Job
from scrm_bot.domain.workspaces import Installation, Person, Secret, WorkspaceSettings
from scrm_bot.ports import Lane, OnWait, Workspace
from scrm_bot.slack import app as slack_app
from scrm_bot.slack import web as slack_web
from scrm_bot.slack.command import Button, Command, HomeOpened, Invocation, Modal, ShortcutHandler, Suggestion
from scrm_bot.slack.guard import Guard
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.pace import Pace
from scrm_bot.slack.readings import Uninstalled
from scrm_bot.slack.reply import Answers, PublishHome, Reply
from scrm_bot.slack.router import Router
from scrm_bot.slack.surface import Surface, SurfaceConfig
from scrm_bot.slack.tiers import Tiers
from scrm_bot.views.blocks import Block, Message
from tests.fakes.clock import FixedClock
from tests.fakes.stores import FakeSettingsStore
from tests.fakes.work import FakeWorkQueue

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
KEY = "sk_live_" + "a" * 32
TEAM = "T0001"
Json = dict[str, Any]


@dataclass
class FakeSlack:
    """Writes down every call. `refusals` maps a method to what it answers, once per entry."""

    calls: list[tuple[str, Json]] = field(default_factory=list)
    refusals: dict[str, list[tuple[int, Json, dict[str, str]]]] = field(default_factory=dict)
    answers: dict[str, Json] = field(default_factory=dict)
    later: dict[str, tuple[int, str]] = field(default_factory=dict)
    before: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    url: str = ""

    def of(self, method: str) -> list[Json]:
        return [args for name, args in self.calls if name == method]

    def refuse(self, method: str, code: str, *, status: int = 200, retry_after: str = "") -> None:
        headers = {"Retry-After": retry_after} if retry_after else {}
        self.refusals.setdefault(method, []).append((status, {"ok": False, "error": code}, headers))

    def refuse_later(self, method: str, code: str, *, after: int) -> None:
        """As `refuse`, for the call that comes after so many."""
        self.later[method] = (after, code)

    async def method(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        args = dict(request.query)
        if request.content_type == "application/json":
            args = await request.json()
        elif request.can_read_body:
            args |= {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((name, {**args, "token": request.headers.get("Authorization", "")}))
        if name in self.before:  # what happens before it is answered
            await self.before[name]()
        if self.refusals.get(name):
            status, body, headers = self.refusals[name].pop(0)
            return web.json_response(body, status=status, headers=headers)
        after, code = self.later.get(name, (0, ""))
        if code and len(self.of(name)) > after:
            return web.json_response({"ok": False, "error": code})
        made = {"ok": True, "ts": f"{len(self.calls)}.0", "view": {"id": f"V{len(self.calls)}"}}
        return web.json_response(made | self.answers.get(name, {}))

    async def responded(self, request: web.Request) -> web.Response:
        self.calls.append(("response_url", await request.json()))
        if self.refusals.get("response_url"):
            status, _, headers = self.refusals["response_url"].pop(0)
            return web.Response(status=status, headers=headers)
        return web.Response(text="ok")

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_route("*", "/api/{name}", self.method)
        application.router.add_post("/response/{id}", self.responded)
        return application


class FakePeople:
    def __init__(self, admins: Sequence[str] = ()) -> None:
        self.admins = set(admins)
        self.guests: set[str] = set()

    async def get(self, user_id: str) -> Person:
        return Person(user_id, is_guest=user_id in self.guests)

    async def is_admin(self, user_id: str) -> bool:
        return user_id in self.admins


class FakeWorkspaces:
    """Bundles that hold people and the team, and nothing else."""

    def __init__(self, people: FakePeople) -> None:
        self.people = people
        self.opened: list[str] = []
        self.settings = FakeSettingsStore(WorkspaceSettings())

    def open(
        self,
        team_id: str,
        *,
        brand: str = "",
        lane: Lane = Lane.PEOPLE,
        on_wait: OnWait | None = None,
        deed: str = "",
    ) -> Workspace:
        self.opened.append(team_id)
        return cast(
            "Workspace",
            SimpleNamespace(
                team_id=team_id,
                people=self.people,
                settings=self.settings,
                lane=lane,
                on_wait=on_wait,
                brand=brand,
            ),
        )


class Sealing:
    """A seal that can be told from the plain bytes, and is bound to its team."""

    def seal(self, plain: bytes, team: str) -> bytes:
        return bytes(byte ^ 0x5A for byte in team.encode() + b"|" + plain)

    def open(self, sealed: bytes, team: str) -> bytes:
        bound, _, plain = bytes(byte ^ 0x5A for byte in sealed).partition(b"|")
        assert bound == team.encode()
        return plain


class BrokenQueue(FakeWorkQueue):
    """Raises what it is given on every accept."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def accept(self, job: Job, *, dedupe: str, lease: float) -> Claim | None:
        raise self.error


async def show_home(opened: HomeOpened, workspace: Workspace) -> Answers:
    return PublishHome(opened.caller.user_id, {"type": "home", "blocks": [], "team": workspace.team_id})


async def no_options(_: Suggestion) -> Sequence[Block]:
    return [{"text": {"type": "plain_text", "text": "Acme on X"}, "value": "acct_1"}]


async def echo(call: Invocation, _: Workspace) -> Answers:
    return Reply(Message(f"{call.line.verb}: {call.argument}"), shared=call.line.shared)


async def helped(call: Invocation, _: Workspace) -> Answers:
    return Reply(Message(f"help {dict(call.line.flags)}"))


HELP = Command("help", "[VERB]", "Show what can be done", helped, instant=True)
ECHO = Command("echo", "TEXT", "Say it again", echo, aliases=("say",))


@dataclass
class Parts:
    """What a test may choose; the rest is made."""

    commands: tuple[Command, ...] = (ECHO, HELP)
    buttons: tuple[Button, ...] = ()
    modals: tuple[Modal, ...] = ()
    shortcuts: tuple[ShortcutHandler, ...] = ()
    queue: FakeWorkQueue = field(default_factory=FakeWorkQueue)
    admins: tuple[str, ...] = ()
    installation: Installation | None = field(
        default_factory=lambda: Installation(
            TEAM, Secret("xoxb-1"), bot_user_id="UBOT", bot_id="BBOT", installer="UADMIN"
        )
    )
    suggest: Callable[[Suggestion], Any] = no_options
    lease: float = 30.0


class Rig:
    """A running surface with its HTTP side, and the fake Slack it talks to."""

    def __init__(self, parts: Parts, slack: FakeSlack, session: aiohttp.ClientSession) -> None:
        self.slack = slack
        self.queue = parts.queue
        self.sealing = Sealing()
        self.slept: list[float] = []
        self.forgotten: list[str] = []
        self.unforgetting: list[Exception] = []  # raised by the next attempts to forget
        self.belonging: list[tuple[str, str]] = []
        self.found: list[str] = []
        self.installation = parts.installation
        self.workspaces = FakeWorkspaces(FakePeople(parts.admins))
        self.installations = Installations(self._find)
        self.messenger = self._messenger(session)
        self.surface = Surface(self._config(parts))
        self.bolt = slack_app.build(self.surface, self.installations)
        self.ready = True
        self.application = slack_web.build(
            slack_web.WebConfig(
                app=self.bolt,
                surface=self.surface,
                guard=Guard(SECRET),
                ready=self._ready,
                registry=CollectorRegistry(),
            )
        )
        self.client: TestClient[web.Request, web.Application] = TestClient(TestServer(self.application))

    def _messenger(self, session: aiohttp.ClientSession) -> Messenger:
        pace = Pace(sleep=self._sleep, monotonic=lambda: 0.0)
        return Messenger(
            session=session,
            installations=self.installations,
            base_url=f"{self.slack.url}/api/",
            posts=pace,
            updates=pace,
            tiers=Tiers(sleep=self._sleep, monotonic=lambda: 0.0),
            sleep=self._sleep,
        )

    def _config(self, parts: Parts) -> SurfaceConfig:
        return SurfaceConfig(
            router=Router(
                parts.commands, buttons=parts.buttons, modals=parts.modals, shortcuts=parts.shortcuts
            ),
            home=show_home,
            suggest=parts.suggest,
            workspaces=self.workspaces,
            queue=self.queue,
            clock=FixedClock(),
            seal=self.sealing.seal,
            open_sealed=self.sealing.open,
            installations=self.installations,
            messenger=self.messenger,
            forget=self._forget,
            belongs=self._belongs,
            lease=parts.lease,
        )

    async def _find(self, team_id: str) -> Installation | None:
        self.found.append(team_id)
        return replace(self.installation, team_id=team_id) if self.installation else None

    async def _forget(self, gone: Uninstalled) -> None:
        if self.unforgetting:
            raise self.unforgetting.pop(0)
        self.forgotten.append(gone.team_id)

    async def _belongs(self, team_id: str, enterprise_id: str) -> None:
        self.belonging.append((team_id, enterprise_id))

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def _ready(self) -> bool:
        return self.ready

    async def settled(self) -> None:
        """Wait until nothing is running."""
        assert await self.surface.drain(5.0) == 0

    async def post(self, body: bytes, *, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Send these bytes, signed unless headers are given."""
        async with self.client.post(
            "/slack/events", data=body, headers=signature(body) if headers is None else headers
        ) as response:
            return response.status, await response.text()

    async def command(self, text: str, **changes: str) -> tuple[int, Json]:
        """Type `/scrm` and the text; the acknowledgement and its body."""
        form = a_command(text, response_url=f"{self.slack.url}/response/1") | changes
        status, body = await self.post(urlencode(form).encode())
        return status, json.loads(body) if body else {}

    async def interact(self, payload: Json) -> tuple[int, Json]:
        """Send an interaction's payload."""
        status, body = await self.post(urlencode({"payload": json.dumps(payload)}).encode())
        return status, json.loads(body) if body else {}

    async def event(self, event: Json, *, event_id: str = "Ev1", **changes: Any) -> int:
        whole = {"type": "event_callback", "team_id": TEAM, "event_id": event_id, "event": event} | changes
        return (await self.post(json.dumps(whole).encode()))[0]


@asynccontextmanager
async def a_rig(parts: Parts | None = None) -> AsyncIterator[Rig]:
    slack = FakeSlack()
    async with (
        TestServer(slack.application()) as server,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session,
    ):
        slack.url = str(server.make_url("")).rstrip("/")
        rig = Rig(parts or Parts(), slack, session)
        async with rig.client:
            yield rig
            await rig.surface.drain(5.0)


def signature(body: bytes, *, at: int | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time()) if at is None else at)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded",
    }


_trigger = iter(range(1, 1_000_000))


def a_command(text: str, **changes: str) -> dict[str, str]:
    form = {
        "token": "t",
        "team_id": TEAM,
        "team_domain": "acme",
        "channel_id": "C1",
        "channel_name": "general",
        "user_id": "UANN",
        "user_name": "ann",
        "command": "/scrm",
        "text": text,
        "api_app_id": "A1",
        "is_enterprise_install": "false",
        "trigger_id": f"{next(_trigger)}.1",
    }
    return form | changes


def a_click(action: Json, **changes: Any) -> Json:
    """A click on a button in a message."""
    payload: Json = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": "UANN", "username": "ann", "team_id": TEAM},
        "api_app_id": "A1",
        "token": "t",
        "container": {"type": "message", "message_ts": "5.5", "channel_id": "C1", "is_ephemeral": False},
        "trigger_id": f"{next(_trigger)}.2",
        "channel": {"id": "C1", "name": "general"},
        "message": {"type": "message", "ts": "5.5", "text": "card"},
        "actions": [{"type": "button", "block_id": "b", "action_ts": "7.7", **action}],
    }
    return payload | changes


def a_view(callback_id: str, **changes: Any) -> Json:
    view: Json = {
        "id": "V9",
        "team_id": TEAM,
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": json.dumps({"id": "m1", "channel": "C7"}),
        "blocks": [{"type": "actions", "block_id": "more"}, {"type": "input", "block_id": "text:0"}],
        "state": {"values": {"text:0": {"text": {"type": "plain_text_input", "value": "Hello"}}}},
        "hash": "h1",
        "root_view_id": "V8",
        "previous_view_id": "V8",
    }
    return view | changes


def a_submission(callback_id: str, *, view: Json | None = None, **changes: Any) -> Json:
    payload: Json = {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "acme"},
        "user": {"id": "UANN", "username": "ann", "team_id": TEAM},
        "api_app_id": "A1",
        "token": "t",
        "trigger_id": f"{next(_trigger)}.3",
        "view": view or a_view(callback_id),
        "response_urls": [],
    }
    return payload | changes
