"""The jobs of a digest: each plans the next one first, and then sees to its own."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scrm_bot.domain.digests import DigestSchedule, begins, local_day, next_run
from scrm_bot.domain.runs import OVER, RunState
from scrm_bot.ports import Workspace
from scrm_bot.usecases import gathering, planning
from scrm_bot.usecases.occurrences import BETWEEN, Again, Occurrence


async def run(workspace: Workspace, channel: str, *, at: str, name: str = "") -> Again:
    """The job of one occurrence, planned for `at`: plan the next one first, then send this one, once."""
    found = await workspace.schedules.all()
    schedule = next((each for each in found if each.channel == channel), None)
    planned = datetime.fromisoformat(at)
    if schedule is None or schedule.stopped or not _is_due(schedule, planned):
        return None  # switched off, stopped, or moved to another time, since this job was put
    is_alone = sum(not each.stopped for each in found) == 1
    day = local_day(schedule, planned)
    _, so_far, recalled = await asyncio.gather(
        _plan(workspace, schedule, after=max(workspace.clock.now(), planned)),
        workspace.schedules.run_of(channel, day.isoformat()),
        gathering.recall(workspace, schedule.edition, day, begins(schedule, planned).day),
    )
    occurrence = Occurrence(workspace, schedule, planned, name, is_alone, recalled)
    if so_far.state in OVER:
        return await occurrence.wind_up(so_far)
    if so_far.state is RunState.POSTING:
        return await occurrence.settle(so_far)
    return await occurrence.begin(so_far)


async def look(workspace: Workspace, channel: str, *, at: str) -> Again:
    """The job of a day without a digest: remember its numbers, and plan what comes next."""
    planned = datetime.fromisoformat(at)
    schedule = _whose(await workspace.schedules.all(), channel, planned)
    if schedule is None:
        return None
    await _plan(workspace, schedule, after=workspace.clock.now())
    occurrence = Occurrence(workspace, schedule, planned)
    return None if await occurrence.remember() else workspace.clock.now() + BETWEEN


def _whose(found: Sequence[DigestSchedule], channel: str, planned: datetime) -> DigestSchedule | None:
    """Whose look it is: the channel's, once that has no digest any more rather one's of the same hour."""

    def fits(schedule: DigestSchedule) -> tuple[bool, bool]:
        hour = planned.astimezone(ZoneInfo(schedule.zone)).hour
        return schedule.channel != channel, hour != int(schedule.at[:2])

    return min((each for each in found if not each.stopped), key=fits, default=None)


def _is_due(schedule: DigestSchedule, planned: datetime) -> bool:
    return next_run(schedule, after=planned - timedelta(seconds=1)) == planned


async def _plan(workspace: Workspace, schedule: DigestSchedule, *, after: datetime) -> None:
    following = next_run(schedule, after=after)
    await workspace.jobs.put(*planning.jobs(workspace, schedule, following, after=after))
