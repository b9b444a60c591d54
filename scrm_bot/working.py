"""What happens later, put together: the worker, and who does which kind of job."""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial

from scrm_bot.departures import Departures
from scrm_bot.domain.jobs import Claim, JobKind
from scrm_bot.instruments import Instruments
from scrm_bot.jobs.depths import Depths
from scrm_bot.jobs.ending import end
from scrm_bot.jobs.lapses import Recollection
from scrm_bot.jobs.rounds import Audit
from scrm_bot.jobs.table import farewells, table
from scrm_bot.jobs.worker import Handler, Worker
from scrm_bot.ports import Lane, Workspace
from scrm_bot.settings import Settings
from scrm_bot.slack.branding import Marking
from scrm_bot.slack.interactions import home
from scrm_bot.slack.messenger import Messenger
from scrm_bot.slack.surface import Surface
from scrm_bot.store.lapses import RedisLapses
from scrm_bot.store.rounds import RedisRounds
from scrm_bot.store.work import RedisWorkQueue
from scrm_bot.usecases import brands
from scrm_bot.usecases.outcomes import Timing
from scrm_bot.views.blocks import View

# Of the budget, that a call to publish may wait for: with a tiny limit they are far apart.
_TURNS_TO_LEAVE = 3


def work(
    stack: AsyncExitStack,
    settings: Settings,
    queue: RedisWorkQueue,
    surface: Surface,
    departures: Departures,
    *,
    made: Instruments,
    drain: float,
) -> None:
    """Start the worker and what goes on beside it; closing the stack gives it `drain` seconds to end."""
    workspaces = departures.workspaces
    handlers = _handlers(settings, surface, departures)
    worker = Worker(
        queue,
        handlers,
        workspaces.clock,
        lease=settings.lease_seconds,
        farewells={**farewells(workspaces), JobKind.PURGE: departures.put_off},
        metrics=made.jobs,
    )
    loop = asyncio.get_running_loop()
    running = loop.create_task(worker.run())
    beside = [
        loop.create_task(Audit(RedisRounds(workspaces.database), workspaces).run()),
        loop.create_task(Recollection(RedisLapses(workspaces.database), workspaces).run()),
        loop.create_task(Depths(queue, made.jobs).run()),
    ]

    async def stop() -> None:
        for each in beside:
            each.cancel()
        await worker.stop(drain)
        await running
        await end(beside)

    stack.push_async_callback(stop)


def _handlers(settings: Settings, surface: Surface, departures: Departures) -> Mapping[JobKind, Handler]:
    """Who does which kind of job."""
    workspaces = departures.workspaces

    async def purge(claim: Claim) -> datetime | None:
        await departures.run(claim)
        return None

    async def interaction(claim: Claim) -> datetime | None:
        await surface.run(claim)
        return None

    async def draw_homes(claim: Claim) -> datetime | None:
        team = claim.job.team_id
        quiet = await brands.default_of(workspaces.open(team, lane=Lane.BACKGROUND))
        await home.refresh(quiet, partial(_publish_home, workspaces.messenger, quiet))
        return None

    turn = timedelta(seconds=settings.rate_window / settings.rate_limit)
    timing = Timing(
        undo=workspaces.undo,
        settle=workspaces.settle,
        leave=max(Timing().leave, _TURNS_TO_LEAVE * turn),
        watch=timedelta(seconds=settings.watch_seconds),
        stats=tuple(timedelta(hours=hours) for hours in settings.stats_hours),
    )
    return {
        **table(workspaces, timing),
        JobKind.INTERACTION: interaction,
        JobKind.HOME: draw_homes,
        JobKind.PURGE: purge,
    }


async def _publish_home(messenger: Messenger, workspace: Workspace, user_id: str, view: View) -> None:
    label = (await brands.known(workspace)).label(workspace.brand)
    marked = Marking(workspace.brand, label).view(view)
    await messenger.publish_home(workspace.team_id, user_id, marked)
