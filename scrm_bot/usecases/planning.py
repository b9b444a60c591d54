"""When digests are due: switching them on and off, muting them, and putting back what was lost."""

from dataclasses import replace
from datetime import datetime, timedelta

from scrm_bot.domain.audit import Deed
from scrm_bot.domain.digests import (
    DigestSchedule,
    Planned,
    Since,
    begins,
    first_run,
    is_muted,
    last_run,
    local_day,
    next_run,
    run_before,
    running,
    spread,
)
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.runs import OVER, ended_about
from scrm_bot.domain.when import echo
from scrm_bot.ports import Workspace
from scrm_bot.usecases import recording

_DAY = timedelta(days=1)


async def switch_on(workspace: Workspace, schedule: DigestSchedule) -> Planned:
    """A digest for a channel from its next occurrence on, in place of the one it had."""
    now = workspace.clock.now()
    earlier = await _unplan(workspace, schedule.channel)
    wanted = _taking_over(replace(running(schedule), since=now), earlier, now=now)
    kept, planned = await _untold(workspace, wanted, now=now)
    await workspace.schedules.save(kept, jobs=jobs(workspace, kept, planned, after=now))
    rhythm = f"{kept.channel} {kept.at} {kept.zone} {kept.days}"
    await recording.note(workspace, Deed.DIGEST_ON, by=kept.created_by, after=rhythm)
    return Planned(kept, planned)


def _taking_over(
    schedule: DigestSchedule, earlier: DigestSchedule | None, *, now: datetime
) -> DigestSchedule:
    """What was told stays told; another rhythm begins with a whole period of its own, and leaves no gap."""
    if earlier is None:
        return schedule
    told = earlier.ended or earlier.told
    kept = replace(schedule, last_sent=earlier.last_sent, told=told)
    if earlier.edition is schedule.edition and not earlier.ended:
        return kept
    first = first_run(kept, after=now)
    before = run_before(kept, first)
    whole, ended = Since(before, local_day(kept, before)), begins(replace(earlier, told=told), first)
    return replace(kept, told=min(whole, ended, key=lambda each: each.first), ended=ended)


async def _untold(
    workspace: Workspace, schedule: DigestSchedule, *, now: datetime
) -> tuple[DigestSchedule, datetime]:
    """The first date that had no digest yet: one that was switched off is forgotten, what it sent is not."""
    while True:
        first = first_run(schedule, after=now)
        day = local_day(schedule, first).isoformat()
        run = await workspace.schedules.run_of(schedule.channel, day)
        if run.state not in OVER:
            return schedule, first
        told = ended_about(run, day) or begins(schedule, first)
        schedule = replace(schedule, last_sent=day, told=told)


async def switch_off(workspace: Workspace, channel: str, *, by: str) -> DigestSchedule | None:
    """The one that there was."""
    ended = await _unplan(workspace, channel)
    await workspace.schedules.remove(channel)
    if ended:
        await recording.note(workspace, Deed.DIGEST_OFF, by=by, before=channel)
    return ended


async def mute(workspace: Workspace, channel: str, *, until: datetime, by: str) -> DigestSchedule:
    """No digest before `until`; it goes on by itself afterwards."""
    muted = await workspace.schedules.revise(channel, lambda stored: replace(stored, muted_until=until))
    if muted is None:
        raise UsageError("This channel has no digest: `/scrm digest on #channel 09:00` starts one.")
    told = f"{channel} until {echo(until, muted.zone)}"
    await recording.note(workspace, Deed.DIGEST_MUTED, by=by, after=told)
    return muted


async def status(workspace: Workspace) -> tuple[Planned, ...]:
    """Every digest of the workspace, with when it comes next (after its mute, where it is muted)."""
    now = workspace.clock.now()
    return tuple(_planned(schedule, now) for schedule in await workspace.schedules.all())


def _planned(schedule: DigestSchedule, now: datetime) -> Planned:
    shown = schedule if is_muted(schedule, now) else replace(schedule, muted_until=None)
    if schedule.stopped:
        return Planned(shown, None)
    return Planned(shown, first_run(shown, after=shown.muted_until or now))


async def mend(workspace: Workspace) -> int:
    """Put back the jobs that schedules should have and have not; how many there were.

    A lost occurrence that can still be sent is put back, too: whoever runs it sees whether it was sent.
    """
    now, missing = workspace.clock.now(), list[Job]()
    for schedule in await workspace.schedules.all():
        if schedule.stopped:
            continue
        wanted = jobs(workspace, schedule, first_run(schedule, after=now), after=now)
        last = last_run(schedule, before=now)
        if last and local_day(schedule, last).isoformat() > schedule.last_sent:
            wanted = job(workspace, schedule, last), *wanted
        missing += [each for each in wanted if not await workspace.jobs.has(each.key)]
    await workspace.jobs.put(*missing)
    return len(missing)


def jobs(workspace: Workspace, schedule: DigestSchedule, at: datetime, *, after: datetime) -> tuple[Job, ...]:
    """What is planned once the digest's next occurrence is known, and a look at the numbers before it.

    The numbers are remembered daily, also of a digest that comes once a week.
    """
    tomorrow = next_run(replace(schedule, days="daily"), after=after)
    if at <= tomorrow:
        return (job(workspace, schedule, at),)
    return job(workspace, schedule, at), look(workspace, schedule, tomorrow)


def job(workspace: Workspace, schedule: DigestSchedule, at: datetime) -> Job:
    """One occurrence has one key, so planning it twice is planning it once."""
    key = f"digest:{schedule.channel}:{local_day(schedule, at)}"
    args = {"channel": schedule.channel, "at": at.isoformat()}
    return Job(JobKind.DIGEST, key, workspace.team_id, at + spread(workspace.team_id), args)


def look(workspace: Workspace, schedule: DigestSchedule, at: datetime) -> Job:
    """A look at the numbers on a day without a digest: one an hour of the workspace, however many it has."""
    key = f"numbers:{local_day(schedule, at)}:{schedule.at[:2]}"
    args = {"channel": schedule.channel, "at": at.isoformat()}
    return Job(JobKind.NUMBERS, key, workspace.team_id, at + spread(workspace.team_id), args)


async def unplan(workspace: Workspace, schedule: DigestSchedule) -> None:
    """Take back the job of the channel's next digest."""
    at = first_run(schedule, after=workspace.clock.now())
    await workspace.jobs.cancel(job(workspace, schedule, at).key)


async def _unplan(workspace: Workspace, channel: str) -> DigestSchedule | None:
    schedule = await workspace.schedules.get(channel)
    if schedule:
        await unplan(workspace, schedule)
    return schedule
