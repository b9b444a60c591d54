from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import DigestSchedule, Since, Trouble, local_day, next_run
from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    NotConnectedError,
    PaymentRequiredError,
    ScrmError,
    SocialCRMUnreachableError,
    StoreUnavailableError,
    UnauthorizedError,
)
from scrm_bot.domain.jobs import JobKind
from scrm_bot.domain.periods import Edition
from scrm_bot.domain.posts import Post
from scrm_bot.domain.runs import SETTLE, Run, RunState
from scrm_bot.domain.team import Holders, Team
from scrm_bot.domain.workspaces import Secret
from scrm_bot.usecases import digests, planning, stopping
from tests.builders import ADMIN, EDITOR, a_digest_schedule, a_post, metrics, some_settings
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes
from tests.unit.usecases.test_planning import CHANNEL, JOB, NEXT_JOB, TODAY, TOMORROW, a_job, since

DAY = "2026-12-01"
KEY = f"digest:{CHANNEL}:{DAY}"
BERLIN = ZoneInfo("Europe/Berlin")


async def switched_on(fakes: Fakes, **changes: object) -> DigestSchedule:
    """On since yesterday; it is nine o'clock."""
    schedule = since(a_digest_schedule(**changes))
    at = (await planning.switch_on(fakes.workspace, schedule)).next_run
    await fakes.schedules.save(schedule)
    fakes.queue.put_jobs.clear()
    assert at
    fakes.clock.at = at
    return schedule


async def run(fakes: Fakes, at: datetime = TODAY) -> datetime | None:
    return await digests.run(fakes.workspace, CHANNEL, at=at.isoformat(), name="Acme")


def sent(fakes: Fakes) -> list[tuple[str, str]]:
    return [(channel, run_key) for channel, _, run_key in fakes.newsdesk.sent]


def stored(fakes: Fakes) -> DigestSchedule:
    return fakes.schedules.schedules[CHANNEL]


def ended(at: datetime, *posts: str) -> Since:
    """Where a digest ended that was sent then."""
    return Since(at, at.date(), posts, is_end=True)


def state(fakes: Fakes) -> RunState:
    return fakes.schedules.runs.get((CHANNEL, DAY), Run()).state


async def test_a_digest_is_sent_and_the_next_one_planned_first(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)

    assert await run(fakes) is None
    assert sent(fakes) == [(CHANNEL, KEY)]
    assert fakes.queue.put_jobs == [NEXT_JOB]
    assert stored(fakes) == replace(schedule, last_sent=DAY, told=ended(TODAY))
    _, report, _ = fakes.newsdesk.sent[0]
    assert (report.workspace, report.zone, report.late) == ("Acme", "Europe/Berlin", None)
    assert fakes.newsdesk.threads == [(CardRef(CHANNEL, "1.0"), report)]
    assert state(fakes) is RunState.TOLD


async def test_once_a_new_rhythm_has_begun_only_its_own_end_counts(fakes: Fakes) -> None:
    whole = Since(TODAY - timedelta(days=7), date(2026, 11, 24))
    schedule = await switched_on(fakes, told=whole, ended=ended(TODAY - timedelta(days=1)))

    await run(fakes)
    assert fakes.newsdesk.sent[0][1].since == whole.at
    assert stored(fakes) == replace(schedule, last_sent=DAY, told=ended(TODAY), ended=None)


async def test_however_often_it_runs_it_is_sent_once(fakes: Fakes) -> None:
    await switched_on(fakes)

    await run(fakes)
    fakes.clock.advance(60)
    await run(fakes)
    assert len(sent(fakes)) == len(fakes.newsdesk.threads) == 1
    assert {job.key for job in fakes.queue.put_jobs} == {NEXT_JOB.key}


async def test_the_next_one_is_planned_even_when_this_one_breaks_off(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.socialcrm.refuse("list_posts", RuntimeError("a mistake of ours"))

    with pytest.raises(RuntimeError):
        await run(fakes)
    assert fakes.queue.put_jobs == [NEXT_JOB]
    await run(fakes)
    assert len(sent(fakes)) == 1, "nothing had begun before the report was there"


@pytest.mark.parametrize(("minutes", "is_late"), [(0, False), (15, False), (15.1, True), (120, True)])
async def test_up_to_two_hours_late_it_is_sent_and_says_so(
    fakes: Fakes, minutes: float, *, is_late: bool
) -> None:
    await switched_on(fakes)
    fakes.clock.advance(minutes=minutes)

    await run(fakes)
    assert [report.late for _, report, _ in fakes.newsdesk.sent] == [TODAY if is_late else None]


async def test_more_than_two_hours_late_it_is_skipped_and_said(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)
    fakes.clock.advance(hours=2, seconds=1)

    await run(fakes)
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == [NEXT_JOB]
    assert stored(fakes) == replace(schedule, problem=Trouble.LATE, problem_day=DAY, skipped=DAY)

    fakes.clock.at = TOMORROW
    await run(fakes, TOMORROW)
    assert [report.skipped for _, report, _ in fakes.newsdesk.sent] == [DAY]
    assert stored(fakes) == replace(schedule, last_sent="2026-12-02", told=ended(TOMORROW))


@pytest.mark.parametrize(
    ("days", "hours", "last_sent", "skipped"),
    [
        ("daily", 50.5, "", "2026-12-03"),
        ("daily", 49.5, "", "2026-12-02"),
        ("daily", 50.5, "2026-12-03", DAY),
        ("weekly", 50.5, "", "2026-12-07"),
    ],
)
async def test_after_days_of_silence_the_last_one_that_was_missed_is_named(
    fakes: Fakes, days: str, hours: float, last_sent: str, skipped: str
) -> None:
    schedule = await switched_on(fakes, days=days)
    planned, schedule = fakes.clock.now(), replace(schedule, last_sent=last_sent)
    await fakes.schedules.save(schedule)
    fakes.clock.advance(hours=hours)

    await run(fakes, planned)
    day = local_day(schedule, planned).isoformat()
    assert stored(fakes) == replace(schedule, problem=Trouble.LATE, problem_day=day, skipped=skipped)


async def test_after_days_of_silence_only_the_next_one_is_planned(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.clock.advance(days=3)

    await run(fakes)
    assert fakes.queue.put_jobs == [a_job(TODAY + timedelta(days=4), "2026-12-05")]


@pytest.mark.parametrize("hours", [0, 3])
async def test_a_muted_digest_says_nothing_and_its_numbers_are_remembered(fakes: Fakes, hours: int) -> None:
    schedule = await switched_on(fakes, muted_until=TODAY + timedelta(minutes=1))
    fakes.socialcrm.numbers = [metrics()]
    fakes.clock.advance(hours=hours)

    await run(fakes)
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == [NEXT_JOB]
    assert list(fakes.numbers.days) == [date(2026, 12, 1)]
    assert stored(fakes) == schedule, "a muted one is never too late"


async def test_a_digest_is_sent_again_when_the_mute_is_over(fakes: Fakes) -> None:
    await switched_on(fakes, muted_until=TODAY)

    await run(fakes)
    assert len(sent(fakes)) == 1


async def test_a_job_of_a_digest_that_is_off_does_nothing(fakes: Fakes) -> None:
    await switched_on(fakes)
    await planning.switch_off(fakes.workspace, CHANNEL, by=EDITOR)

    assert await run(fakes) is None
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == []


@pytest.mark.parametrize("changes", [{"at": "09:01"}, {"zone": "UTC"}, {"days": "weekly"}, {"stopped": True}])
async def test_a_job_of_an_earlier_schedule_does_nothing(fakes: Fakes, changes: dict[str, object]) -> None:
    schedule = await switched_on(fakes)
    await fakes.schedules.save(replace(schedule, **changes))  # type: ignore[arg-type]

    assert await run(fakes) is None
    assert sent(fakes) == []
    assert fakes.queue.put_jobs == []


async def test_a_job_that_runs_early_plans_the_one_after(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.clock.at = TODAY - timedelta(hours=1)

    await run(fakes)
    assert fakes.queue.put_jobs == [NEXT_JOB]


async def test_a_weekly_digest_looks_at_the_numbers_every_day(fakes: Fakes) -> None:
    schedule = await switched_on(fakes, days="weekly")
    monday = TODAY + timedelta(days=6)
    fakes.socialcrm.numbers = [metrics()]

    assert await digests.look(fakes.workspace, CHANNEL, at=(monday + timedelta(days=1)).isoformat()) is None
    assert list(fakes.numbers.days) == [date(2026, 12, 8)]
    assert fakes.queue.put_jobs == [
        a_job(monday + timedelta(days=7), "2026-12-14"),
        a_job(monday + timedelta(days=1), "2026-12-08", kind=JobKind.NUMBERS),
    ]
    assert schedule.edition is Edition.WEEKLY


@pytest.mark.parametrize("changes", [None, {"stopped": True}])
async def test_nothing_is_looked_at_for_a_digest_that_is_no_more(
    fakes: Fakes, changes: dict[str, bool] | None
) -> None:
    if changes:
        await fakes.schedules.save(a_digest_schedule(**changes))

    assert await digests.look(fakes.workspace, CHANNEL, at=TODAY.isoformat()) is None
    assert fakes.socialcrm.calls == []


async def test_one_channels_end_does_not_cost_the_others_their_numbers(fakes: Fakes) -> None:
    await switched_on(fakes, days="weekly")
    fakes.socialcrm.numbers = [metrics()]
    ahead = a_digest_schedule(channel="CAHEAD", zone="Pacific/Auckland", days="weekly")
    same_hour = a_digest_schedule(channel="COTHER", at="09:10", days="weekly")
    for schedule in (ahead, same_hour):
        await fakes.schedules.save(schedule)
    await fakes.schedules.save(a_digest_schedule(channel="CSTOP", at="09:00", stopped=True))
    await planning.switch_off(fakes.workspace, CHANNEL, by=EDITOR)
    fakes.clock.at = at = TODAY + timedelta(days=7)

    assert await digests.look(fakes.workspace, CHANNEL, at=at.isoformat()) is None
    assert list(fakes.numbers.days) == [date(2026, 12, 8)]
    assert [job.args["channel"] for job in fakes.queue.put_jobs] == ["COTHER", "COTHER"]


# what SocialCRM does not answer


async def test_when_nothing_answers_it_waits_half_an_hour_and_then_says_so(fakes: Fakes) -> None:
    await switched_on(fakes)
    for method in ("list_accounts", "get_account_analytics", "list_posts", "list_trending"):
        fakes.socialcrm.refuse(method, SocialCRMUnreachableError(), times=2)

    assert await run(fakes) == TODAY + timedelta(minutes=5)
    assert sent(fakes) == []
    fakes.clock.advance(minutes=30)
    assert await run(fakes) is None
    assert fakes.newsdesk.sent[0][1].missing == ("account numbers", "accounts", "posts", "trends")


@pytest.mark.parametrize("method", ["get_account_analytics", "list_posts"])
async def test_what_matters_most_is_waited_for_half_an_hour(fakes: Fakes, method: str) -> None:
    await switched_on(fakes)
    fakes.socialcrm.numbers = [metrics()]
    fakes.socialcrm.refuse(method, SocialCRMUnreachableError())

    assert await run(fakes) == TODAY + timedelta(minutes=5)
    assert sent(fakes) == []
    fakes.clock.advance(minutes=5)
    assert await run(fakes) is None
    assert fakes.newsdesk.sent[0][1].missing == ()
    assert list(fakes.numbers.days) == [date(2026, 12, 1)]


@pytest.mark.parametrize("error", [ForbiddenScopeError(), PaymentRequiredError()])
async def test_what_will_not_come_is_not_waited_for(fakes: Fakes, error: ScrmError) -> None:
    await switched_on(fakes)
    fakes.socialcrm.refuse("get_account_analytics", error)

    assert await run(fakes) is None
    assert fakes.newsdesk.sent[0][1].missing == ("account numbers",)
    assert fakes.queue.put_jobs == [NEXT_JOB]


async def test_the_days_numbers_are_asked_for_again_after_a_digest_without_them(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.socialcrm.numbers = [metrics()]
    fakes.clock.advance(minutes=30)
    fakes.socialcrm.refuse("get_account_analytics", SocialCRMUnreachableError(), times=2)
    soon = fakes.clock.now() + timedelta(minutes=5)

    await run(fakes)
    look = replace(a_job(TODAY, DAY, kind=JobKind.NUMBERS), due=soon)
    assert fakes.queue.put_jobs == [NEXT_JOB, look]
    assert fakes.numbers.days == {}
    fakes.clock.at = soon
    assert await digests.look(fakes.workspace, CHANNEL, at=TODAY.isoformat()) == soon + timedelta(minutes=5)
    fakes.clock.advance(minutes=5)
    assert await digests.look(fakes.workspace, CHANNEL, at=TODAY.isoformat()) is None
    assert list(fakes.numbers.days) == [date(2026, 12, 1)]
    asked = fakes.socialcrm.count("get_account_analytics")
    assert await digests.look(fakes.workspace, CHANNEL, at=TODAY.isoformat()) is None
    assert fakes.socialcrm.count("get_account_analytics") == asked, "they are there"


@pytest.mark.parametrize(("seconds", "days"), [(0, [date(2026, 12, 1)]), (1, [])])
async def test_after_hours_a_day_stays_without_its_numbers(
    fakes: Fakes, seconds: int, days: list[date]
) -> None:
    await switched_on(fakes)
    fakes.socialcrm.numbers = [metrics()]
    fakes.clock.advance(hours=6, seconds=seconds)

    assert await digests.look(fakes.workspace, CHANNEL, at=TODAY.isoformat()) is None
    assert await run(fakes) is None
    assert list(fakes.numbers.days) == days
    assert bool(fakes.socialcrm.calls) is bool(days), "what it would tell is not asked for"


async def test_a_digest_that_is_found_in_the_channel_hours_later_keeps_no_numbers(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.socialcrm.numbers = [metrics()]
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.SENT, TODAY, "x", "7.0")
    fakes.clock.advance(hours=6, seconds=1)

    await run(fakes)
    assert len(fakes.newsdesk.threads) == 1
    assert fakes.numbers.days == {}


@pytest.mark.parametrize("error", [UnauthorizedError(), NotConnectedError()])
async def test_without_a_key_there_are_no_numbers_to_wait_for(fakes: Fakes, error: ScrmError) -> None:
    await switched_on(fakes)
    fakes.socialcrm.refuse("list_posts", error)

    assert await digests.look(fakes.workspace, CHANNEL, at=TODAY.isoformat()) is None


async def test_a_memory_that_does_not_answer_is_asked_again(fakes: Fakes) -> None:
    await switched_on(fakes)

    async def broken(*_: object) -> None:
        raise StoreUnavailableError

    fakes.numbers.read = broken  # type: ignore[method-assign,assignment]
    found = await digests.look(fakes.workspace, CHANNEL, at=TODAY.isoformat())
    assert found == TODAY + timedelta(minutes=5)


async def test_a_digest_that_had_to_do_without_posts_leaves_them_to_the_next(fakes: Fakes) -> None:
    schedule = await switched_on(fakes, told=ended(TODAY - timedelta(days=1)))
    fakes.clock.advance(minutes=30)
    fakes.socialcrm.refuse("list_posts", SocialCRMUnreachableError())

    await run(fakes)
    assert stored(fakes) == replace(schedule, last_sent=DAY)


async def test_a_digest_without_its_memory_is_sent(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.socialcrm.numbers = [metrics()]

    async def broken(*_: object) -> bool:
        raise SocialCRMUnreachableError

    fakes.numbers.add = broken  # type: ignore[method-assign,assignment]
    await run(fakes)
    assert len(sent(fakes)) == 1


@pytest.mark.parametrize(
    ("error", "trouble"),
    [(UnauthorizedError(), Trouble.KEY_REFUSED), (NotConnectedError(), Trouble.NO_KEY)],
)
async def test_without_a_key_it_stops_and_whoever_set_it_up_is_told_once(
    fakes: Fakes, error: ScrmError, trouble: Trouble
) -> None:
    schedule = await switched_on(fakes)
    fakes.socialcrm.refuse("list_posts", error)

    assert await run(fakes) is None
    stopped = replace(schedule, stopped=True, problem=trouble)
    assert stored(fakes) == stopped
    assert fakes.newsdesk.told == [(EDITOR, stopped)]
    assert fakes.queue.jobs.keys() == {JOB.key}, "but for the one that runs"
    assert await run(fakes) is None
    assert len(fakes.newsdesk.told) == 1


# what Slack does not take


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "channel_not_found", "token_revoked"])
async def test_where_nobody_could_read_it_it_stops(fakes: Fakes, code: str) -> None:
    schedule = await switched_on(fakes)
    fakes.newsdesk.refuse(code)

    assert await run(fakes) is None
    assert stored(fakes) == replace(schedule, stopped=True, problem=code)
    assert [user for user, _ in fakes.newsdesk.told] == [EDITOR]
    assert state(fakes) is RunState.OPEN


@pytest.mark.parametrize("retry_in", [30.0, None])
async def test_a_token_that_ran_out_does_not_stop_a_digest(fakes: Fakes, retry_in: float | None) -> None:
    await switched_on(fakes)
    fakes.newsdesk.refuse("token_expired", retry_in=retry_in)

    again = await run(fakes)
    assert again == (TODAY + timedelta(seconds=retry_in) if retry_in else None)
    assert not stored(fakes).stopped
    assert fakes.newsdesk.told == []


@pytest.mark.parametrize(
    ("creator", "told"), [(EDITOR, [EDITOR, ADMIN]), (ADMIN, [ADMIN]), ("UBOSS", ["UBOSS"])]
)
async def test_an_admin_is_told_too_and_nobody_twice(fakes: Fakes, creator: str, told: list[str]) -> None:
    await fakes.vault.store(Secret("sk_live_1234"), by=ADMIN, at=START)
    fakes.settings.settings = some_settings(team=Team(admins=Holders(("UBOSS",))))
    await switched_on(fakes, created_by=creator)
    fakes.newsdesk.refuse("is_archived")

    await run(fakes)
    assert [user for user, _ in fakes.newsdesk.told] == told


async def test_an_admin_who_cannot_be_told_is_stood_in_for_by_the_next(fakes: Fakes) -> None:
    await fakes.vault.store(Secret("sk_live_1234"), by=ADMIN, at=START)
    fakes.settings.settings = some_settings(team=Team(admins=Holders(("UBOSS",))))
    await switched_on(fakes, created_by=ADMIN)
    fakes.newsdesk.refuse("is_archived")
    fakes.newsdesk.refuse("user_not_found")

    await run(fakes)
    assert [user for user, _ in fakes.newsdesk.told] == ["UBOSS"]


async def test_whoever_set_it_up_is_told_also_where_nobody_knows_the_admins(fakes: Fakes) -> None:
    await switched_on(fakes)

    async def broken() -> None:
        raise StoreUnavailableError

    fakes.settings.load = broken  # type: ignore[method-assign,assignment]
    await stopping.stop(fakes.workspace, stored(fakes), "is_archived")
    assert [user for user, _ in fakes.newsdesk.told] == [EDITOR]


async def test_a_digest_that_is_switched_off_meanwhile_has_nobody_to_tell(fakes: Fakes) -> None:
    await switched_on(fakes, created_by="")
    await stopping.stop(fakes.workspace, a_digest_schedule(channel="CGONE"), "is_archived")

    assert fakes.newsdesk.told == []
    assert list(fakes.schedules.schedules) == [CHANNEL]


async def test_nobody_is_told_where_nobody_is_known(fakes: Fakes) -> None:
    await switched_on(fakes, created_by="")
    fakes.newsdesk.refuse("is_archived")

    await run(fakes)
    assert fakes.newsdesk.told == []
    assert stored(fakes).stopped


@pytest.mark.parametrize(("retry_in", "waits"), [(7.0, 7.0), (0.0, 1.0)])
async def test_when_slack_asks_for_patience_it_comes_again(
    fakes: Fakes, retry_in: float, waits: float
) -> None:
    await switched_on(fakes)
    fakes.newsdesk.refuse("ratelimited", retry_in=retry_in)

    assert await run(fakes) == TODAY + timedelta(seconds=waits)
    assert state(fakes) is RunState.OPEN
    assert await run(fakes) is None
    assert len(sent(fakes)) == 1


async def test_what_slack_does_not_take_is_noted(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)
    fakes.newsdesk.refuse("msg_too_long")

    assert await run(fakes) is None
    assert sent(fakes) == []
    assert stored(fakes) == replace(schedule, problem="msg_too_long", problem_day=DAY)


async def test_a_problem_is_forgotten_with_the_next_good_one(fakes: Fakes) -> None:
    schedule = await switched_on(fakes, problem="late", problem_day="2026-11-30", skipped="2026-11-30")

    await run(fakes)
    well = replace(schedule, problem="", problem_day="", skipped="")
    assert stored(fakes) == replace(well, last_sent=DAY, told=ended(TODAY))


async def test_a_digest_switched_off_while_it_is_sent_stays_off(fakes: Fakes) -> None:
    await switched_on(fakes)
    step = fakes.schedules.step

    async def remove_and_step(channel: str, day: str, before: Run, after: Run) -> bool:
        await fakes.schedules.remove(channel)
        return await step(channel, day, before, after)

    fakes.schedules.step = remove_and_step  # type: ignore[method-assign]
    await run(fakes)
    assert fakes.schedules.schedules == {}
    assert len(sent(fakes)) == 1


async def test_a_thread_that_cannot_be_written_leaves_the_digest_as_it_is(fakes: Fakes) -> None:
    await switched_on(fakes)

    async def broken(*_: object) -> None:
        raise SocialCRMUnreachableError

    fakes.newsdesk.details = broken  # type: ignore[method-assign,assignment]
    assert await run(fakes) is None
    assert len(sent(fakes)) == 1


# what nobody knows


@pytest.mark.parametrize("code", ["unreachable", "http_503", "fatal_error"])
@pytest.mark.parametrize("arrives", [True, False])
async def test_a_lost_answer_is_looked_for_and_the_digest_is_there_once(
    fakes: Fakes, code: str, *, arrives: bool
) -> None:
    await switched_on(fakes)
    fakes.newsdesk.refuse(code, arrives=arrives)

    assert await run(fakes) == TODAY + SETTLE
    assert state(fakes) is RunState.POSTING
    fakes.clock.advance(SETTLE.total_seconds())
    assert await run(fakes) is None
    assert sent(fakes) == [(CHANNEL, KEY)]
    assert fakes.newsdesk.searches == [(KEY, TODAY)]
    assert len(fakes.newsdesk.threads) == 1
    assert stored(fakes).last_sent == DAY


async def test_a_connection_that_was_never_made_is_tried_again(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.newsdesk.refuse("unreachable", retry_in=0.5)

    assert await run(fakes) == TODAY + timedelta(seconds=1)
    assert state(fakes) is RunState.OPEN


async def test_before_it_has_settled_nobody_looks(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.POSTING, TODAY - timedelta(seconds=5), "x")

    assert await run(fakes) == TODAY - timedelta(seconds=5) + SETTLE
    assert fakes.newsdesk.searches == []


async def test_without_the_right_to_look_it_is_not_sent_again_and_status_says_so(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.POSTING, TODAY - SETTLE, "x")
    fakes.newsdesk.may_look = False

    for _ in range(2):
        assert await run(fakes) is None
    assert sent(fakes) == []
    assert state(fakes) is RunState.UNSURE
    assert stored(fakes) == replace(schedule, problem=Trouble.UNSURE, problem_day=DAY)
    assert len(fakes.newsdesk.searches) == 1


@pytest.mark.parametrize(("code", "retry_in"), [("ratelimited", 60.0), ("unreachable", None)])
async def test_a_look_that_fails_is_taken_again_for_two_hours(
    fakes: Fakes, code: str, retry_in: float | None
) -> None:
    await switched_on(fakes)
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.POSTING, TODAY - SETTLE, "x")
    fakes.newsdesk.refuse(code, retry_in=retry_in, times=2)

    assert await run(fakes) == TODAY + timedelta(seconds=30)
    fakes.clock.advance(hours=3)
    assert await run(fakes) is None
    assert state(fakes) is RunState.UNSURE


async def test_of_two_at_once_one_sends_and_the_other_looks_later(fakes: Fakes) -> None:
    await switched_on(fakes)
    theirs = Run(RunState.POSTING, TODAY, "theirs")
    look = fakes.schedules.run_of

    async def look_then_lose(channel: str, day: str) -> Run:
        found = await look(channel, day)
        fakes.schedules.runs[channel, day] = theirs
        return found

    fakes.schedules.run_of = look_then_lose  # type: ignore[method-assign]
    assert await run(fakes) == TODAY + timedelta(seconds=30)
    assert sent(fakes) == []


async def test_killed_after_it_was_sent_the_rest_is_done(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.SENT, TODAY, "x", "7.0")

    assert await run(fakes) is None
    assert sent(fakes) == []
    before = Since(TODAY - timedelta(minutes=15), date(2026, 12, 1))
    assert stored(fakes) == replace(schedule, last_sent=DAY, told=before), "rather twice than never"
    assert [at for at, _ in fakes.newsdesk.threads] == [CardRef(CHANNEL, "7.0")]


async def test_what_a_digest_told_before_it_was_killed_is_known_better_than_when_it_began(
    fakes: Fakes,
) -> None:
    noted = ended(TODAY + timedelta(seconds=1), "post_1")
    schedule = await switched_on(fakes, last_sent=DAY, told=noted)
    fakes.socialcrm.posts = {"post_9": a_post(id="post_9", status="published", published_at=TODAY)}
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.SENT, TODAY, "x", "7.0")
    fakes.clock.advance(60)

    assert await run(fakes) is None
    assert stored(fakes) == schedule
    ((_, report),) = fakes.newsdesk.threads
    assert [post.id for post, _ in report.published] == ["post_9"], "its thread tells what it told"


async def test_what_somebody_else_is_about_to_say_is_said_once(fakes: Fakes) -> None:
    await switched_on(fakes)
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.SENT, TODAY, "x", "7.0")

    async def lose(*_: object) -> bool:
        return False

    fakes.schedules.step = lose  # type: ignore[method-assign,assignment]
    assert await run(fakes) is None
    assert fakes.newsdesk.threads == []
    assert stored(fakes).last_sent == DAY


async def test_a_run_that_began_at_no_known_time_ends_nowhere(fakes: Fakes) -> None:
    schedule = await switched_on(fakes)
    fakes.schedules.runs[CHANNEL, DAY] = Run(RunState.TOLD)

    await run(fakes)
    assert stored(fakes) == replace(schedule, last_sent=DAY)


# nothing falls between two digests


async def series(fakes: Fakes, schedule: DigestSchedule, *delays: float) -> list[list[str]]:
    """What each of the digests told that came, so many minutes late, one after the other."""
    at, told = (await planning.switch_on(fakes.workspace, schedule)).next_run, []
    for delay in delays:
        assert at
        fakes.clock.at = at + timedelta(minutes=delay)
        before = len(fakes.newsdesk.sent)
        await run(fakes, at)
        reports = [report for _, report, _ in fakes.newsdesk.sent[before:]]
        told += [[post.id for post, _ in report.published] for report in reports]
        at = next_run(schedule, after=at)
    return told


def out(at: datetime) -> Post:
    return a_post(id=f"{at.astimezone(BERLIN):%d-%H:%M}", status="published", published_at=at)


def berlin(*parts: int) -> datetime:
    year, month, day, hour, *minute = parts
    return datetime(year, month, day, hour, sum(minute), tzinfo=BERLIN).astimezone(UTC)


Told = list[list[str]]
SKIPPED = 300


@pytest.mark.parametrize(
    ("days", "begin", "went_out", "delays", "told"),
    [
        ("daily", (2026, 3, 9), [(2026, 3, 10, 9, 30)], (0, 100, 0), [[], ["10-09:30"], []]),
        ("daily", (2026, 3, 9), [(2026, 3, 11, 9, 30)], (0, 100, 0), [[], ["11-09:30"], []]),
        ("daily", (2026, 10, 23), [(2026, 10, 24, 9, 30)], (0, 0, 0), [[], ["24-09:30"], []]),
        ("daily", (2027, 3, 26), [(2027, 3, 27, 9, 0)], (0, 0, 0), [["27-09:00"], [], []]),
        ("daily", (2026, 3, 9), [(2026, 3, 9, 12)], (SKIPPED, 0, 0), [["09-12:00"], []]),
        ("daily", (2026, 3, 9), [(2026, 3, 10, 12)], (0, SKIPPED, 0), [[], ["10-12:00"]]),
        ("weekdays", (2026, 3, 12), [(2026, 3, 13, 12)], (0, 0, 0), [[], ["13-12:00"], []]),
        ("weekdays", (2026, 3, 12), [(2026, 3, 15, 23, 59)], (0, 0, 0), [[], ["15-23:59"], []]),
        ("weekly", (2026, 3, 10), [(2026, 3, 9, 9, 30)], (100, 0), [["09-09:30"], []]),
        ("monthly", (2026, 2, 2), [(2026, 2, 1, 12)], (0, 0), [["01-12:00"], []]),
        ("monthly", (2026, 2, 2), [(2026, 2, 1, 8)], (0, 0), [[], []]),
        ("monthly", (2026, 1, 2), [(2026, 1, 2, 12)], (SKIPPED, 0), [["02-12:00"]]),
    ],
    ids=[
        *("before a late one", "with a late one", "25 hours", "at its time, then 23 hours"),
        *("the first is skipped", "another is skipped", "Friday", "Sunday"),
        *("a late week", "a calendar month", "before that month", "a month is skipped"),
    ],
)
async def test_every_post_is_told_once(
    fakes: Fakes,
    days: str,
    begin: tuple[int, ...],
    went_out: list[tuple[int, ...]],
    delays: tuple[float, ...],
    told: Told,
) -> None:
    fakes.clock.at = berlin(*begin, 10)
    fakes.socialcrm.posts = {post.id: post for post in (out(berlin(*at)) for at in went_out)}

    assert await series(fakes, a_digest_schedule(days=days), *delays) == told


# several digests of a workspace


async def test_the_digests_of_a_workspace_read_once(fakes: Fakes) -> None:
    await switched_on(fakes)
    await fakes.schedules.save(a_digest_schedule(channel="COTHER"))

    await run(fakes)
    await digests.run(fakes.workspace, "COTHER", at=TODAY.isoformat())
    assert [channel for channel, _ in sent(fakes)] == [CHANNEL, "COTHER"]
    assert fakes.socialcrm.count("list_posts") == fakes.socialcrm.count("get_account_analytics") == 1


async def test_while_another_reads_it_waits_a_little(fakes: Fakes) -> None:
    await switched_on(fakes)
    await fakes.schedules.save(a_digest_schedule(channel="COTHER"))
    fakes.numbers.is_reading = True

    assert await run(fakes) == TODAY + timedelta(seconds=2)
    fakes.clock.advance(hours=3)
    assert await run(fakes) is None, "too late, and nothing to remember either"
    assert fakes.socialcrm.calls == []
