"""One server of `bench/ack.py`: bare Bolt, or the product's surface with or without its durable record.

python -m bench.ack_server bare|record|plain|shipped [--redis URL] [--profile SECONDS]
"""

import argparse
import asyncio
import cProfile
import pstats
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import uvloop
from aiohttp import web
from prometheus_client import CollectorRegistry
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bench.ack_load import SECRET
from scrm_bot.domain.jobs import Claim, Job, JobKind
from scrm_bot.domain.team import Role
from scrm_bot.domain.workspaces import Installation, Secret, WorkspaceSettings
from scrm_bot.ports import Lane, OnWait, WorkQueue, Workspace
from scrm_bot.slack import app as slack_app
from scrm_bot.slack import web as slack_web
from scrm_bot.slack.command import Command, HomeOpened, Invocation, Suggestion
from scrm_bot.slack.guard import Guard
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.readings import Reading, Uninstalled
from scrm_bot.slack.reply import Answers, Reply, Silence
from scrm_bot.slack.router import Router
from scrm_bot.slack.surface import Surface, SurfaceConfig
from scrm_bot.slack.webapi import open_session
from scrm_bot.store.address import parse as read_address
from scrm_bot.store.clients import clients
from scrm_bot.store.connection import Database
from scrm_bot.store.vault import Ring, new_key
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.views.blocks import Block, message, section

NOW = datetime.now(UTC)
SHOWN = message(*(section(f"`/scrm verb{number}` does one of the things") for number in range(20)))


class NoQueue:
    """Has nothing to renew and nothing to finish."""

    async def renew(self, claim: Claim, *, lease: float) -> bool:
        return bool(claim and lease)

    async def finish(self, claim: Claim) -> bool:
        return bool(claim)


class Unrecorded(Surface):
    """The surface with everything but its record: nothing is sealed, nothing is stored."""

    async def _record(self, reading: Reading) -> Claim:
        caller = reading.deed.caller
        job = Job(JobKind.INTERACTION, caller.trigger_id, caller.team_id, due=NOW)
        return Claim(job, 1, NOW)


class Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Rules:
    async def load(self) -> WorkspaceSettings:
        return WorkspaceSettings()


class Bundles:
    def open(
        self,
        team_id: str,
        *,
        brand: str = "",
        lane: Lane = Lane.PEOPLE,
        on_wait: OnWait | None = None,
        deed: str = "",
    ) -> Workspace:
        return cast(
            "Workspace",
            SimpleNamespace(
                team_id=team_id, brand=brand, lane=lane, on_wait=on_wait, deed=deed, settings=Rules()
            ),
        )


async def answer(_: Invocation, __: Workspace) -> Answers:
    return Reply(SHOWN)


async def nothing(*_: Any) -> Answers:
    return Silence()


async def no_home(_: HomeOpened, __: Workspace) -> Answers:
    return Silence()


async def no_options(_: Suggestion) -> Sequence[Block]:
    return ()


async def forget(_: Uninstalled) -> None:
    return None


async def belongs(team_id: str, enterprise_id: str) -> None:
    del team_id, enterprise_id


async def installation(team_id: str) -> Installation | None:
    return Installation(team_id, Secret("xoxb-bench"))


async def ready() -> bool:
    return True


def bare() -> web.Application:
    """Bolt as its documentation starts it; an authorize of ours keeps the network out of the figures."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-bench")

    async def empty(ack: Any) -> None:
        await ack()

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)
    app.command("/scrm")(empty)
    return app.web_app("/slack/events")


def commands(*, instant: bool, answering: bool) -> tuple[Command, ...]:
    run = answer if answering else nothing
    nobody = Role.NOBODY
    return (
        Command("", "", "", run, role=nobody),
        Command("help", "", "", run, instant=instant, role=nobody),
    )


def product(options: argparse.Namespace) -> web.Application:
    """The product's guard, Bolt app, authorize, seal, queue and background; the command is the only stub."""
    installed = Installations(installation)
    messenger = Messenger(session=open_session(), installations=installed, base_url="http://127.0.0.1:9/")
    ring = Ring([new_key()])
    queue: WorkQueue = (
        cast("WorkQueue", NoQueue())
        if options.variant == "plain"
        else RedisWorkQueue(Database(clients(read_address(options.redis))))
    )
    made = commands(instant=options.variant == "shipped", answering=options.answering)
    kind = Unrecorded if options.variant == "plain" else Surface
    surface = kind(
        SurfaceConfig(
            router=Router(made),
            home=no_home,
            suggest=no_options,
            workspaces=Bundles(),
            queue=queue,
            clock=Clock(),
            seal=lambda plain, team: ring.seal(plain, team=team, field="work"),
            open_sealed=lambda sealed, team: ring.open(sealed, team=team, field="work"),
            installations=installed,
            messenger=messenger,
            forget=forget,
            belongs=belongs,
        )
    )
    bolt = slack_app.build(surface, installed)
    return slack_web.build(
        slack_web.WebConfig(
            app=bolt, surface=surface, guard=Guard(SECRET), ready=ready, registry=CollectorRegistry()
        )
    )


async def serve(options: argparse.Namespace) -> None:
    application = bare() if options.variant == "bare" else product(options)
    server = slack_web.Server(application)
    port = await server.start("127.0.0.1", 0)
    slack_app.settle_memory()
    print(port, flush=True)
    if options.profile:
        profile = cProfile.Profile()
        await asyncio.sleep(2)
        profile.enable()
        await asyncio.sleep(options.profile)
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    await asyncio.Event().wait()


def main(arguments: Mapping[str, Any] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("variant", choices=["bare", "record", "plain", "shipped"])
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0")
    parser.add_argument("--profile", type=float, default=0.0)
    parser.add_argument("--answering", action="store_true")
    options = parser.parse_args(namespace=argparse.Namespace(**(arguments or {})))
    (asyncio.run if options.variant == "bare" else uvloop.run)(serve(options))


if __name__ == "__main__":
    main()
