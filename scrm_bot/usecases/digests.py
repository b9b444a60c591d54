"""The daily digest: planning it, gathering it, and sending it once."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.audit import Deed
from scrm_bot.domain.digests import LATEST, DigestSchedule, Report, is_muted, local_day, next_run
from scrm_bot.domain.errors import ScrmError, SlackRefusedError, UsageError
from scrm_bot.domain.insights import Metrics, Trend, summed
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.posts import Post
from scrm_bot.domain.workspaces import Pause
from scrm_bot.ports import Workspace
from scrm_bot.usecases import recording
from scrm_bot.usecases.choosing import read_accounts

T = TypeVar("T")
DAY = timedelta(days=1)
_WALK = 500
_TRENDS = 3
_MEASURED = 5
_WEEK = timedelta(days=7)
_SNAPSHOT_LIFE = 9 * 86_400
_TRIES = 3
_LONGEST_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Planned:
    schedule: DigestSchedule
    next_run: datetime


async def switch_on(workspace: Workspace, schedule: DigestSchedule) -> Planned:
    """A digest for a channel from its next occurrence on, in place of the one it had."""
    await _unplan(workspace, schedule.channel)
    planned = next_run(schedule, after=workspace.clock.now())
    await workspace.schedules.save(schedule, jobs=(_job(workspace, schedule, planned),))
    rhythm = f"{schedule.channel} {schedule.at} {schedule.zone} {schedule.days}"
    await recording.note(workspace, Deed.DIGEST_ON, by=schedule.created_by, after=rhythm)
    return Planned(schedule, planned)


async def switch_off(workspace: Workspace, channel: str, *, by: str) -> bool:
    """Whether there was one."""
    had_one = await _unplan(workspace, channel)
    await workspace.schedules.remove(channel)
    if had_one:
        await recording.note(workspace, Deed.DIGEST_OFF, by=by, before=channel)
    return had_one


async def mute(workspace: Workspace, channel: str, *, until: datetime, by: str) -> DigestSchedule:
    """No digest before `until`; it goes on by itself afterwards."""
    schedule = await workspace.schedules.get(channel)
    if schedule is None:
        raise UsageError("This channel has no digest: `/scrm digest on #channel 09:00` starts one.")
    muted = replace(schedule, muted_until=until)
    await workspace.schedules.save(muted)
    await recording.note(workspace, Deed.DIGEST_MUTED, by=by, after=f"{channel} until {until:%Y-%m-%d %H:%M}")
    return muted


async def status(workspace: Workspace) -> tuple[Planned, ...]:
    """Every digest of the workspace, with when it comes next (after its mute, where it is muted)."""
    now = workspace.clock.now()
    return tuple(
        Planned(schedule, next_run(schedule, after=max(now, schedule.muted_until or now)))
        for schedule in await workspace.schedules.all()
    )


async def run(workspace: Workspace, channel: str, *, at: str, name: str = "") -> None:
    """The job of one occurrence, planned for `at`: plan the next one first, then send this one, once."""
    schedule = await workspace.schedules.get(channel)
    planned = datetime.fromisoformat(at)
    if schedule is None or next_run(schedule, after=planned - timedelta(seconds=1)) != planned:
        return  # switched off, or moved to another time, since this job was put
    now = workspace.clock.now()
    following = next_run(schedule, after=max(now, planned))
    await workspace.jobs.put(_job(workspace, schedule, following))
    if is_muted(schedule, planned):
        return
    if now - planned > LATEST:
        await _note(
            workspace, channel, problem=f"The digest of {local_day(schedule, planned)} came too late."
        )
        return
    late = now - planned > timedelta(minutes=15)
    report = await gather(workspace, name=name, zone=schedule.zone, late=late)
    day = local_day(schedule, planned).isoformat()
    if await workspace.schedules.claim_day(channel, day):
        await _send(workspace, channel, report, day)


async def gather(workspace: Workspace, *, name: str, zone: str, late: bool = False) -> Report:
    """What is to be told now. A source that does not answer is named, and nothing is made up for it."""
    now = workspace.clock.now()
    sources = _Sources()
    accounts, numbers, posts, trends, waiting, paused = await asyncio.gather(
        sources.ask("accounts", read_accounts(workspace), ()),
        sources.ask("account numbers", _numbers(workspace), ()),
        sources.ask("posts", _posts(workspace), ()),
        sources.ask("trends", _trends(workspace), ()),
        sources.ask("approvals", _waiting(workspace), ()),
        sources.ask("settings", _pause(workspace), None),
    )
    day = now.astimezone(ZoneInfo(zone)).date()
    before = await sources.ask("last week's numbers", _before(workspace, day, numbers), {})
    recent = _recent(posts, now)
    without = tuple((post, None) for post in recent)
    published = await sources.ask("post numbers", _measured(workspace, recent), without)
    return Report(
        workspace=name or workspace.team_id,
        day=day,
        zone=zone,
        as_of=now,
        accounts=accounts,
        numbers=numbers,
        before=before,
        published=published,
        failed=tuple(post for post in posts if post.status.lower() == "failed"),
        upcoming=_upcoming(posts, now),
        waiting=waiting,
        trends=trends,
        missing=tuple(sorted(sources.missing)),
        late=late,
        paused=paused,
    )


class _Sources:
    """Asks several sources, and remembers which did not answer."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    async def ask(self, name: str, answer: Awaitable[T], otherwise: T) -> T:
        try:
            return await answer
        except ScrmError:
            self.missing.append(name)
            return otherwise


async def _numbers(workspace: Workspace) -> tuple[Metrics, ...]:
    return tuple(await workspace.socialcrm.get_account_analytics())


async def _posts(workspace: Workspace) -> tuple[Post, ...]:
    return tuple([post async for post in workspace.socialcrm.walk_posts(most=_WALK)])


async def _trends(workspace: Workspace) -> tuple[Trend, ...]:
    return tuple(await workspace.socialcrm.list_trending(limit=_TRENDS))[:_TRENDS]


async def _waiting(workspace: Workspace) -> tuple[Approval, ...]:
    return tuple(approval for approval in await workspace.approvals.open() if approval.is_open)


async def _pause(workspace: Workspace) -> Pause | None:
    return (await workspace.settings.load()).pause


async def _before(workspace: Workspace, day: date, numbers: tuple[Metrics, ...]) -> Mapping[str, Metrics]:
    """The numbers of the same weekday last week; today's are kept for the next."""
    if numbers:
        today = {each.account_id: [list(value) for value in each.values] for each in numbers}
        await workspace.memory.keep(f"numbers:{day}", today, seconds=_SNAPSHOT_LIFE)
    kept = await workspace.memory.recall(f"numbers:{day - _WEEK}") or {}
    return {
        account: Metrics(tuple((str(metric), float(value)) for metric, value in values), account)
        for account, values in kept.items()
    }


def _recent(posts: tuple[Post, ...], now: datetime) -> tuple[Post, ...]:
    """What was published in the last day, newest first."""
    dated = [(post.published_at, post) for post in posts if post.published_at]
    recent = [(at, post) for at, post in dated if now - DAY <= at <= now]
    return tuple(post for _, post in sorted(recent, key=lambda each: each[0], reverse=True))


async def _measured(
    workspace: Workspace, recent: tuple[Post, ...]
) -> tuple[tuple[Post, Metrics | None], ...]:
    """The first few with their numbers."""
    read = workspace.socialcrm.get_post_analytics
    numbers = [summed(await read(post.id)) for post in recent[:_MEASURED]]
    return tuple(zip(recent, [*numbers, *[None] * len(recent)], strict=False))


def _upcoming(posts: tuple[Post, ...], now: datetime) -> tuple[Post, ...]:
    soon = [
        post
        for post in posts
        if post.status.lower() == "scheduled" and post.scheduled_at and now <= post.scheduled_at <= now + DAY
    ]
    return tuple(sorted(soon, key=lambda post: post.scheduled_at or now))


async def _send(workspace: Workspace, channel: str, report: Report, day: str) -> None:
    """Send it, waiting a little when Slack says so. Nobody else may send this day's any more."""
    tries = 0
    while True:
        try:
            await workspace.announcer.send_digest(channel, report, run_key=f"digest:{channel}:{day}")
        except SlackRefusedError as refusal:
            tries += 1
            if tries == _TRIES or refusal.retry_in is None:
                problem = f"Slack did not take the digest of {day}: {refusal.code}."
                return await _note(workspace, channel, problem=problem)
            await workspace.clock.sleep(min(refusal.retry_in, _LONGEST_WAIT))
        else:
            return await _note(workspace, channel, last_sent=day)


async def _note(workspace: Workspace, channel: str, *, problem: str = "", last_sent: str = "") -> None:
    """Keep what became of a digest, on the schedule as it is by now."""
    schedule = await workspace.schedules.get(channel)
    if schedule:
        noted = replace(schedule, problem=problem, last_sent=last_sent or schedule.last_sent)
        await workspace.schedules.save(noted)


async def _unplan(workspace: Workspace, channel: str) -> bool:
    """Take back the job of the channel's next digest. Whether it had one."""
    schedule = await workspace.schedules.get(channel)
    if schedule:
        planned = next_run(schedule, after=workspace.clock.now())
        await workspace.jobs.cancel(_job(workspace, schedule, planned).key)
    return schedule is not None


def _job(workspace: Workspace, schedule: DigestSchedule, at: datetime) -> Job:
    """One occurrence has one key, so planning it twice is planning it once."""
    key = f"digest:{schedule.channel}:{local_day(schedule, at)}"
    args = {"channel": schedule.channel, "at": at.isoformat()}
    return Job(JobKind.DIGEST, key, workspace.team_id, at, args)
