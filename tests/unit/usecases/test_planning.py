from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scrm_bot.domain.digests import DigestSchedule, Planned, Since, Trouble, spread
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.domain.when import echo
from scrm_bot.usecases import planning
from tests.builders import EDITOR, TEAM, a_digest_schedule
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes

CHANNEL = "CDIGEST"
TODAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Berlin
TOMORROW = TODAY + timedelta(days=1)


def a_job(at: datetime, day: str, *, channel: str = CHANNEL, kind: JobKind = JobKind.DIGEST) -> Job:
    args = {"channel": channel, "at": at.isoformat()}
    key = f"digest:{channel}:{day}" if kind is JobKind.DIGEST else f"numbers:{day}:09"
    return Job(kind, key, TEAM, at + spread(TEAM), args)


JOB, NEXT_JOB = a_job(TODAY, "2026-12-01"), a_job(TOMORROW, "2026-12-02")


def since(schedule: DigestSchedule) -> DigestSchedule:
    """As it is kept when it was switched on at the beginning."""
    return replace(schedule, since=START)


async def test_a_digest_is_planned_for_its_next_time(fakes: Fakes) -> None:
    planned = await planning.switch_on(fakes.workspace, a_digest_schedule())

    assert planned == Planned(since(a_digest_schedule()), TODAY)
    assert fakes.schedules.schedules == {CHANNEL: planned.schedule}
    assert fakes.queue.put_jobs == [JOB]
    assert fakes.queue.cancelled == []


async def test_another_time_takes_the_place_of_the_first(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())

    planned = await planning.switch_on(fakes.workspace, a_digest_schedule(at="10:00", days="weekly"))
    monday, tuesday = datetime(2026, 12, 7, 9, 0, tzinfo=UTC), datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert planned.next_run == monday
    assert fakes.queue.cancelled == [JOB.key]
    assert [*fakes.queue.jobs.values()] == [
        a_job(monday, "2026-12-07"),
        replace(a_job(tuesday, "2026-12-01", kind=JobKind.NUMBERS), key="numbers:2026-12-01:10"),
    ]


async def test_a_later_time_on_a_day_whose_digest_was_sent_begins_on_the_next(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())
    await fakes.schedules.revise(CHANNEL, lambda stored: replace(stored, last_sent="2026-12-01"))
    fakes.clock.at = TODAY + timedelta(minutes=5)

    planned = await planning.switch_on(fakes.workspace, a_digest_schedule(at="18:00"))
    assert planned.next_run == datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
    assert planned.schedule.last_sent == "2026-12-01"


@pytest.mark.parametrize(
    ("run", "begins"),
    [
        (Run(RunState.TOLD, TODAY, "x", "1.0"), TODAY - timedelta(minutes=15)),
        (Run(RunState.TOLD), TODAY - timedelta(hours=22)),
        (Run(RunState.UNSURE, TODAY, "x"), TODAY - timedelta(hours=22)),
    ],
    ids=["sent", "sent at no known time", "nobody knows"],
)
async def test_off_and_on_again_begins_on_the_next_date_and_leaves_no_gap(
    fakes: Fakes, run: Run, begins: datetime
) -> None:
    fakes.schedules.runs[CHANNEL, "2026-12-01"] = run
    fakes.clock.at = TODAY + timedelta(minutes=5)

    planned = await planning.switch_on(fakes.workspace, a_digest_schedule(at="11:00"))
    assert planned.next_run == TOMORROW + timedelta(hours=2)
    assert fakes.queue.put_jobs[0] == a_job(planned.next_run, "2026-12-02")
    assert planned.schedule.last_sent == "2026-12-01"
    assert planned.schedule.told
    assert planned.schedule.told.at == begins


async def test_switching_a_stopped_digest_on_starts_it_again(fakes: Fakes) -> None:
    stopped = a_digest_schedule(stopped=True, problem="is_archived")
    await fakes.schedules.save(stopped)

    planned = await planning.switch_on(fakes.workspace, stopped)
    assert planned.schedule == since(a_digest_schedule())


async def test_a_digest_is_switched_off(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())

    assert await planning.switch_off(fakes.workspace, CHANNEL, by=EDITOR)
    assert fakes.schedules.schedules == {}
    assert fakes.queue.jobs == {}
    assert not await planning.switch_off(fakes.workspace, CHANNEL, by=EDITOR)


async def test_every_digest_tells_its_next_time(fakes: Fakes) -> None:
    first = a_digest_schedule()
    muted = a_digest_schedule(channel="CMUTED", muted_until=TODAY + timedelta(hours=1))
    unmuted = a_digest_schedule(channel="COVER", muted_until=TODAY - timedelta(days=30))
    stopped = a_digest_schedule(channel="CSTOP", stopped=True, problem=Trouble.NO_KEY)
    for schedule in (first, muted, unmuted, stopped):
        await fakes.schedules.save(schedule)

    assert await planning.status(fakes.workspace) == (
        Planned(first, TODAY),
        Planned(muted, TOMORROW),
        Planned(replace(unmuted, muted_until=None), TODAY),
        Planned(stopped, None),
    )


async def test_a_mute_is_kept(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())

    muted = await planning.mute(fakes.workspace, CHANNEL, until=TOMORROW, by=EDITOR)
    assert muted == since(a_digest_schedule(muted_until=TOMORROW))
    assert fakes.schedules.schedules[CHANNEL] == muted


async def test_a_digest_that_is_switched_off_while_it_is_muted_stays_off(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())
    revise = fakes.schedules.revise

    async def too_late(channel: str, change: Callable[[DigestSchedule], DigestSchedule]) -> object:
        await planning.switch_off(fakes.workspace, channel, by=EDITOR)
        return await revise(channel, change)

    fakes.schedules.revise = too_late  # type: ignore[method-assign,assignment]
    with pytest.raises(UsageError):
        await planning.mute(fakes.workspace, CHANNEL, until=TOMORROW, by=EDITOR)
    assert fakes.schedules.schedules == {}


@pytest.mark.parametrize(
    ("before", "ended", "after", "begins"),
    [
        ("daily", 2, "daily", 2),
        ("daily", 2, "weekdays", 2),
        ("daily", 0.5, "weekly", 1),
        ("weekly", 2, "daily", 2),
        ("weekly", 2, "monthly", 30),
    ],
)
async def test_another_rhythm_leaves_no_gap_and_begins_with_a_whole_period(
    fakes: Fakes, before: str, ended: float, after: str, begins: int
) -> None:
    at = TODAY - timedelta(days=ended)
    told = Since(at, at.date(), is_end=True)
    await fakes.schedules.save(a_digest_schedule(days=before, told=told))

    planned = await planning.switch_on(fakes.workspace, a_digest_schedule(days=after))
    assert planned.schedule.told
    assert planned.schedule.told.at == TODAY - timedelta(days=begins)


@pytest.mark.parametrize("seconds", [11, None], ids=["after one", "before the first"])
async def test_a_rhythm_that_is_corrected_at_once_begins_where_the_last_digest_ended(
    fakes: Fakes, seconds: int | None
) -> None:
    yesterday = TODAY - timedelta(days=1) + timedelta(seconds=seconds or 0)
    told = Since(yesterday, yesterday.date(), is_end=True) if seconds else None
    await fakes.schedules.save(a_digest_schedule(told=told))

    found = []
    for days in ("monthly", "monthly", "weekly", "daily"):
        planned = await planning.switch_on(fakes.workspace, a_digest_schedule(days=days))
        assert planned.schedule.told
        found.append(planned.schedule.told.at)
    assert found == [
        datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        yesterday,
        yesterday,
    ]


async def test_what_is_not_there_cannot_be_muted(fakes: Fakes) -> None:
    with pytest.raises(
        UsageError, match="This channel has no digest: `/scrm digest on #channel 09:00` starts one"
    ):
        await planning.mute(fakes.workspace, CHANNEL, until=TOMORROW, by=EDITOR)


async def test_the_log_tells_who_switched_a_digest(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())
    await planning.mute(fakes.workspace, CHANNEL, until=TOMORROW, by=EDITOR)
    await planning.switch_off(fakes.workspace, CHANNEL, by=EDITOR)

    assert [(each.who, each.what, each.before or each.after) for each in fakes.audit.entries] == [
        (EDITOR, "digest_on", "CDIGEST 09:00 Europe/Berlin daily"),
        (EDITOR, "digest_muted", f"CDIGEST until {echo(TOMORROW, 'Europe/Berlin')}"),
        (EDITOR, "digest_off", "CDIGEST"),
    ]


# what was lost is put back


async def test_a_digest_whose_job_is_there_needs_no_mending(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())

    assert await planning.mend(fakes.workspace) == 0
    assert fakes.queue.put_jobs == [JOB]


async def test_a_lost_job_is_put_back(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule(days="weekly"))
    kept = dict(fakes.queue.jobs)
    for key in kept:
        await fakes.queue.cancel(key)

    assert await planning.mend(fakes.workspace) == 2
    assert fakes.queue.jobs == kept


async def test_a_digest_that_was_lost_an_hour_ago_is_sent_all_the_same(fakes: Fakes) -> None:
    await planning.switch_on(fakes.workspace, a_digest_schedule())
    await fakes.queue.cancel(JOB.key)
    fakes.clock.at = TODAY + timedelta(hours=1)

    assert await planning.mend(fakes.workspace) == 2
    assert [*fakes.queue.jobs.values()] == [JOB, NEXT_JOB]


@pytest.mark.parametrize(
    ("changes", "hours"),
    [
        ({"last_sent": "2026-12-01"}, 1.0),
        ({"since": TODAY + timedelta(minutes=30)}, 1.0),
        ({}, 2.1),
    ],
)
async def test_a_digest_that_was_sent_or_is_too_late_or_was_not_wanted_then_is_not_put_back(
    fakes: Fakes, changes: dict[str, object], hours: float
) -> None:
    await fakes.schedules.save(a_digest_schedule(**changes))
    fakes.clock.at = TODAY + timedelta(hours=hours)

    await planning.mend(fakes.workspace)
    assert [*fakes.queue.jobs.values()] == [NEXT_JOB]


async def test_a_stopped_digest_is_left_alone(fakes: Fakes) -> None:
    await fakes.schedules.save(a_digest_schedule(stopped=True))

    assert await planning.mend(fakes.workspace) == 0
