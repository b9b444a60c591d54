from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    NotConnectedError,
    ScrmError,
    SocialCRMUnreachableError,
    UsageError,
)
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.posts import Post
from scrm_bot.usecases import digests
from scrm_bot.usecases.digests import Planned
from tests.builders import (
    EDITOR,
    TEAM,
    a_digest_schedule,
    a_pause,
    a_post,
    a_trend,
    accounts,
    an_approval,
    metrics,
    some_settings,
)
from tests.fakes.workspace import Fakes, some_fakes

CHANNEL = "CDIGEST"
TODAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Berlin
TOMORROW = TODAY + timedelta(days=1)


def a_job(at: datetime, day: str) -> Job:
    args = {"channel": CHANNEL, "at": at.isoformat()}
    return Job(JobKind.DIGEST, f"digest:{CHANNEL}:{day}", TEAM, at, args)


JOB, NEXT_JOB = a_job(TODAY, "2026-12-01"), a_job(TOMORROW, "2026-12-02")


async def switched_on(fakes: Fakes, **changes: object) -> DigestSchedule:
    """On since yesterday; it is nine o'clock."""
    schedule = a_digest_schedule(**changes)
    await digests.switch_on(fakes.workspace, schedule)
    fakes.queue.put_jobs.clear()
    fakes.clock.at = TODAY
    return schedule


async def run(fakes: Fakes, at: datetime = TODAY) -> None:
    await digests.run(fakes.workspace, CHANNEL, at=at.isoformat(), name="Acme")


def sent(fakes: Fakes) -> list[tuple[str, str]]:
    return [(channel, run_key) for channel, _, run_key in fakes.announcer.digests]


# planning


async def test_a_digest_is_planned_for_its_next_time(fakes: Fakes) -> None:
    planned = await digests.switch_on(fakes.workspace, a_digest_schedule())

    assert planned == Planned(a_digest_schedule(), TODAY)
    assert fakes.schedules.schedules == {CHANNEL: a_digest_schedule()}
    assert fakes.queue.put_jobs == [JOB]
    assert fakes.queue.cancelled == []


async def test_another_time_takes_the_place_of_the_first(fakes: Fakes) -> None:
    await digests.switch_on(fakes.workspace, a_digest_schedule())

    planned = await digests.switch_on(fakes.workspace, a_digest_schedule(at="10:00", days="weekly"))
    monday = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
    assert planned.next_run == monday
    assert fakes.queue.cancelled == [JOB.key]
    assert list(fakes.queue.jobs) == ["digest:CDIGEST:2026-12-07"]


async def test_a_digest_is_switched_off(fakes: Fakes) -> None:
    await digests.switch_on(fakes.workspace, a_digest_schedule())

    assert await digests.switch_off(fakes.workspace, CHANNEL, by=EDITOR)
    assert fakes.schedules.schedules == {}
    assert fakes.queue.jobs == {}
    assert not await digests.switch_off(fakes.workspace, CHANNEL, by=EDITOR)


async def test_every_digest_tells_its_next_time(fakes: Fakes) -> None:
    first = a_digest_schedule()
    muted = a_digest_schedule(channel="CMUTED", muted_until=TODAY + timedelta(hours=1))
    unmuted = a_digest_schedule(channel="COVER", muted_until=TODAY - timedelta(days=30))
    for schedule in (first, muted, unmuted):
        await fakes.schedules.save(schedule)

    assert await digests.status(fakes.workspace) == (
        Planned(first, TODAY),
        Planned(muted, TOMORROW),
        Planned(unmuted, TODAY),
    )


async def test_a_mute_is_kept(fakes: Fakes) -> None:
    await switched_on(fakes)

    muted = await digests.mute(fakes.workspace, CHANNEL, until=TOMORROW, by=EDITOR)
    assert muted == a_digest_schedule(muted_until=TOMORROW)
    assert fakes.schedules.schedules[CHANNEL] == muted


async def test_what_is_not_there_cannot_be_muted(fakes: Fakes) -> None:
    with pytest.raises(
        UsageError, match="This channel has no digest: `/scrm digest on #channel 09:00` starts one"
    ):
        await digests.mute(fakes.workspace, CHANNEL, until=TOMORROW, by=EDITOR)


# sending


async def test_a_digest_is_sent_and_the_next_one_planned_first(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)

    await run(fakes)
    assert sent(fakes) == [(CHANNEL, "digest:CDIGEST:2026-12-01")]
    assert fakes.queue.put_jobs == [NEXT_JOB]
    assert fakes.schedules.schedules[CHANNEL] == replace(schedule, last_sent="2026-12-01")
    _, report, _ = fakes.announcer.digests[0]
    assert (report.workspace, report.zone, report.late) == ("Acme", "Europe/Berlin", False)


async def test_however_often_it_runs_it_is_sent_once(fakes: Fakes) -> None:
    await switched_on(fakes)

    await run(fakes)
    fakes.clock.advance(60)
    await run(fakes)
    assert len(sent(fakes)) == 1
    assert fakes.schedules.days == {(CHANNEL, "2026-12-01")}
    assert {job.key for job in fakes.queue.put_jobs} == {NEXT_JOB.key}


async def test_the_next_one_is_planned_even_when_this_one_breaks_off(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.socialcrm.refuse("list_posts", RuntimeError("a mistake of ours"))

    with pytest.raises(RuntimeError):
        await run(fakes)
    assert fakes.queue.put_jobs == [NEXT_JOB]
    await run(fakes)
    assert len(sent(fakes)) == 1, "nothing was claimed before the report was there"


@pytest.mark.parametrize(
    ("minutes", "is_late"),
    [(0, False), (15, False), (15.1, True), (120, True)],
)
async def test_up_to_two_hours_late_it_is_sent_and_says_so(
    fakes: Fakes, minutes: float, *, is_late: bool
) -> None:
    await switched_on(fakes)
    fakes.clock.advance(minutes=minutes)

    await run(fakes)
    assert [report.late for _, report, _ in fakes.announcer.digests] == [is_late]


async def test_more_than_two_hours_late_it_is_skipped_and_said(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)
    fakes.clock.advance(hours=2, seconds=1)

    await run(fakes)
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == [NEXT_JOB]
    problem = "The digest of 2026-12-01 came too late."
    assert fakes.schedules.schedules[CHANNEL] == replace(schedule, problem=problem)
    assert fakes.socialcrm.calls == []


async def test_after_days_of_silence_only_the_next_one_is_planned(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.clock.advance(days=3)

    await run(fakes)
    assert [job.due for job in fakes.queue.put_jobs] == [TODAY + timedelta(days=4)]


async def test_a_problem_is_forgotten_with_the_next_good_one(fakes: Fakes) -> None:
    await switched_on(fakes, problem="It was too late.")

    await run(fakes)
    assert fakes.schedules.schedules[CHANNEL].problem == ""


async def test_a_muted_digest_is_only_planned(fakes: Fakes) -> None:
    await switched_on(fakes, muted_until=TODAY + timedelta(minutes=1))

    await run(fakes)
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == [NEXT_JOB]
    assert fakes.socialcrm.calls == []


async def test_a_digest_is_sent_again_when_the_mute_is_over(fakes: Fakes) -> None:
    await switched_on(fakes, muted_until=TODAY)

    await run(fakes)
    assert len(sent(fakes)) == 1


async def test_a_job_of_a_digest_that_is_off_does_nothing(fakes: Fakes) -> None:
    await switched_on(fakes)
    await digests.switch_off(fakes.workspace, CHANNEL, by=EDITOR)

    await run(fakes)
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == []


@pytest.mark.parametrize("changes", [{"at": "09:01"}, {"zone": "UTC"}, {"days": "weekly"}])
async def test_a_job_of_an_earlier_schedule_does_nothing(fakes: Fakes, changes: dict[str, str]) -> None:
    schedule = await switched_on(fakes)
    await fakes.schedules.save(replace(schedule, **changes))  # type: ignore[arg-type]

    await run(fakes)
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == []


async def test_a_job_that_runs_early_plans_the_one_after(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.clock.at = TODAY - timedelta(hours=1)

    await run(fakes)
    assert fakes.queue.put_jobs == [NEXT_JOB]


@pytest.mark.parametrize(("retry_in", "slept"), [(7.0, 7.0), (300.0, 30.0)])
async def test_when_slack_asks_for_patience_it_waits_a_little(
    fakes: Fakes, retry_in: float, slept: float
) -> None:
    await switched_on(fakes)
    fakes.announcer.refuse("ratelimited", retry_in=retry_in, times=2)

    await run(fakes)
    assert fakes.clock.slept == [slept, slept]
    assert len(sent(fakes)) == 1


@pytest.mark.parametrize(
    ("code", "retry_in", "times"), [("ratelimited", 7.0, 3), ("not_in_channel", None, 1)]
)
async def test_what_slack_does_not_take_is_noted(
    fakes: Fakes, code: str, retry_in: float | None, times: int
) -> None:
    schedule = await switched_on(fakes)
    fakes.announcer.refuse(code, retry_in=retry_in, times=times)

    await run(fakes)
    assert sent(fakes) == []
    problem = f"Slack did not take the digest of 2026-12-01: {code}."
    assert fakes.schedules.schedules[CHANNEL] == replace(schedule, problem=problem)
    assert len(fakes.clock.slept) == times - 1


async def test_a_digest_switched_off_while_it_is_sent_stays_off(fakes: Fakes) -> None:
    await switched_on(fakes)
    claim = fakes.schedules.claim_day

    async def claim_then_remove(channel: str, day: str) -> bool:
        await fakes.schedules.remove(channel)
        return await claim(channel, day)

    fakes.schedules.claim_day = claim_then_remove  # type: ignore[method-assign]
    await run(fakes)
    assert fakes.schedules.schedules == {}
    assert len(sent(fakes)) == 1


# gathering


def a_full_house() -> Fakes:
    """Something of everything, and something of each that must not show."""
    now = TODAY

    def published(post_id: str, hours: float) -> Post:
        return a_post(id=post_id, status="published", published_at=now - timedelta(hours=hours))

    def scheduled(post_id: str, hours: float | None) -> Post:
        at = None if hours is None else now + timedelta(hours=hours)
        return a_post(id=post_id, status="Scheduled", scheduled_at=at)

    fakes = some_fakes(
        *(published(f"out_{hours}", hours) for hours in (1, 2, 3, 4, 5, 24)),
        published("out_too_old", 24.001),
        published("out_tomorrow", -1),
        a_post(id="broken", status="Failed"),
        scheduled("later", 24),
        scheduled("soon", 1),
        scheduled("too_far", 24.001),
        scheduled("no_time", None),
        a_post(id="idle"),
    )
    fakes.clock.at = now
    fakes.socialcrm.accounts = list(accounts())
    fakes.socialcrm.numbers = [metrics("acct_1", likes=84.0), metrics("acct_2", likes=7.0)]
    fakes.socialcrm.trends = [a_trend(f"trend {number}") for number in range(5)]
    fakes.socialcrm.post_numbers = {
        "out_1": [metrics("acct_1", likes=3.0, engagement_rate=0.5)],
        "out_2": [
            metrics("acct_1", likes=3.0, engagement_rate=0.5),
            metrics("acct_2", likes=4.0, shares=1.0),
        ],
        "out_3": [metrics("acct_1", engagement_rate=0.5), metrics("acct_2", engagement_rate=0.1)],
    }
    return fakes


async def gathered(fakes: Fakes) -> Report:
    return await digests.gather(fakes.workspace, name="Acme", zone="Europe/Berlin")


async def test_a_report_tells_all_there_is() -> None:
    fakes = a_full_house()
    pending = await fakes.approvals.add(an_approval())
    await fakes.approvals.add(an_approval(id="apr_2", post_id="p2", state=State.APPROVED))

    report = await gathered(fakes)
    assert report == Report(
        workspace="Acme",
        day=date(2026, 12, 1),
        zone="Europe/Berlin",
        as_of=TODAY,
        accounts=accounts(),
        numbers=(metrics("acct_1", likes=84.0), metrics("acct_2", likes=7.0)),
        published=report.published,
        failed=(fakes.socialcrm.posts["broken"],),
        upcoming=(fakes.socialcrm.posts["soon"], fakes.socialcrm.posts["later"]),
        waiting=(pending,),
        trends=(a_trend("trend 0"), a_trend("trend 1"), a_trend("trend 2")),
    )


async def test_published_posts_come_newest_first_with_their_numbers() -> None:
    fakes = a_full_house()

    report = await gathered(fakes)
    assert [(post.id, numbers) for post, numbers in report.published] == [
        ("out_1", Metrics((("likes", 3.0), ("engagement_rate", 0.5)))),
        ("out_2", Metrics((("likes", 7.0), ("shares", 1.0)))),
        ("out_3", None),
        ("out_4", None),
        ("out_5", None),
        ("out_24", None),
    ]
    assert fakes.socialcrm.count("get_post_analytics") == 5


async def test_without_a_name_the_team_stands_for_itself(fakes: Fakes) -> None:
    report = await digests.gather(fakes.workspace, name="", zone="UTC", late=True)

    assert (report.workspace, report.late) == (TEAM, True)


async def test_the_day_is_the_channels_own() -> None:
    fakes = a_full_house()
    fakes.clock.at = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)

    assert (await gathered(fakes)).day == date(2026, 12, 2)


async def test_numbers_are_compared_with_the_same_weekday_last_week() -> None:
    fakes = a_full_house()
    await gathered(fakes)
    fakes.clock.advance(days=6)
    fakes.socialcrm.numbers = [metrics("acct_1", likes=90.0)]
    assert (await gathered(fakes)).before == {}
    fakes.clock.advance(days=1)

    report = await gathered(fakes)
    assert report.before == {"acct_1": metrics("acct_1", likes=84.0), "acct_2": metrics("acct_2", likes=7.0)}


async def test_a_day_without_numbers_leaves_no_trace() -> None:
    fakes = a_full_house()
    fakes.socialcrm.numbers = []

    await gathered(fakes)
    assert fakes.memory.kept == {}


@pytest.mark.parametrize(
    ("method", "missing", "gone"),
    [
        ("list_accounts", ("accounts",), {"accounts": ()}),
        ("get_account_analytics", ("account numbers",), {"numbers": ()}),
        ("list_posts", ("posts",), {"published": (), "failed": (), "upcoming": ()}),
        ("list_trending", ("trends",), {"trends": ()}),
    ],
)
@pytest.mark.parametrize(
    "error", [SocialCRMUnreachableError(), NotConnectedError(), BudgetExhaustedError(retry_in=1)]
)
async def test_a_source_that_does_not_answer_is_named(
    method: str, missing: tuple[str, ...], gone: dict[str, object], error: ScrmError
) -> None:
    whole = await gathered(a_full_house())
    fakes = a_full_house()
    fakes.socialcrm.refuse(method, error)

    assert await gathered(fakes) == replace(whole, missing=missing, **gone)  # type: ignore[arg-type]


async def test_posts_whose_numbers_do_not_come_are_still_listed() -> None:
    whole = await gathered(a_full_house())
    fakes = a_full_house()
    fakes.socialcrm.let_pass("get_post_analytics")
    fakes.socialcrm.refuse("get_post_analytics", SocialCRMUnreachableError())

    report = await gathered(fakes)
    assert report == replace(
        whole, missing=("post numbers",), published=tuple((post, None) for post, _ in whole.published)
    )


async def test_several_missing_sources_are_named_in_order() -> None:
    fakes = a_full_house()
    for method in ("list_trending", "list_accounts", "get_account_analytics", "list_posts"):
        fakes.socialcrm.refuse(method, SocialCRMUnreachableError())

    assert (await gathered(fakes)).missing == ("account numbers", "accounts", "posts", "trends")


async def test_requests_that_cannot_be_read_are_named_too() -> None:
    fakes = a_full_house()

    async def broken() -> list[object]:
        raise SocialCRMUnreachableError

    fakes.approvals.open = broken  # type: ignore[method-assign,assignment]
    assert (await gathered(fakes)).missing == ("approvals",)


async def test_no_more_than_five_hundred_posts_are_read() -> None:
    fakes = some_fakes(*(a_post(id=f"post_{number}") for number in range(600)))

    await gathered(fakes)
    assert fakes.socialcrm.count("list_posts") == 10


async def test_a_pause_is_told_in_the_digest() -> None:
    fakes = some_fakes(settings=some_settings(pause=a_pause()))

    assert (await digests.gather(fakes.workspace, name="Acme", zone="UTC")).paused == a_pause()


async def test_the_log_tells_who_switched_a_digest(fakes: Fakes) -> None:
    await digests.switch_on(fakes.workspace, a_digest_schedule())
    await digests.mute(fakes.workspace, CHANNEL, until=TOMORROW, by=EDITOR)
    await digests.switch_off(fakes.workspace, CHANNEL, by=EDITOR)

    assert [(each.who, each.what, each.before or each.after) for each in fakes.audit.entries] == [
        (EDITOR, "digest_on", "CDIGEST 09:00 Europe/Berlin daily"),
        (EDITOR, "digest_muted", f"CDIGEST until {TOMORROW:%Y-%m-%d %H:%M}"),
        (EDITOR, "digest_off", "CDIGEST"),
    ]
