from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.digests import Report, Since, usual_since
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    ForbiddenScopeError,
    NotConnectedError,
    RateLimitedError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.facts import Facts
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.movements import AccountRow, Gap, Headline, Moved
from scrm_bot.domain.periods import Edition
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import PostReading, Snapshot, bounded
from scrm_bot.usecases import gathering, looking, remembering
from scrm_bot.usecases.gathering import Occasion
from tests.builders import (
    TEAM,
    a_digest_schedule,
    a_pause,
    a_policy,
    a_post,
    a_trend,
    accounts,
    an_approval,
    metrics,
    some_settings,
)
from tests.fakes.workspace import Fakes, some_fakes

TODAY = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Berlin
DAY = date(2026, 12, 1)
ONE_DAY = timedelta(days=1)


def published(post_id: str, hours: float) -> Post:
    return a_post(id=post_id, status="published", published_at=TODAY - timedelta(hours=hours))


def reading_of(post_id: str, hours: float) -> PostReading:
    return PostReading(post_id, TODAY - timedelta(hours=hours), (("likes", 1.0),))


def scheduled(post_id: str, hours: float | None) -> Post:
    at = None if hours is None else TODAY + timedelta(hours=hours)
    return a_post(id=post_id, status="Scheduled", scheduled_at=at)


def a_full_house() -> Fakes:
    """Something of everything, and something of each that must not show."""
    fakes = some_fakes(
        *(published(f"out_{hours}", hours) for hours in (1, 2, 3, 4, 24)),
        published("out_yesterday", 24.001),
        published("out_long_ago", 24 * 31.1),
        published("out_tomorrow", -1),
        a_post(id="broken", status="Failed", updated_at=TODAY - timedelta(hours=2)),
        scheduled("later", 24),
        scheduled("soon", 1),
        scheduled("too_far", 24.001),
        scheduled("no_time", None),
        a_post(id="idle"),
    )
    fakes.clock.at = TODAY
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
        "out_yesterday": [metrics("acct_1", likes=9.0)],
    }
    return fakes


async def gathered(fakes: Fakes, edition: Edition = Edition.DAILY) -> Report:
    facts = await looking.look(fakes.workspace, usual_since(edition, TODAY, "Europe/Berlin").at)
    occasion = Occasion(DAY, "Europe/Berlin", edition, name="Acme")
    return await gathering.gather(fakes.workspace, occasion, facts)


async def test_a_report_tells_all_there_is() -> None:
    fakes = a_full_house()
    pending = await fakes.approvals.add(an_approval())
    urgent = await fakes.approvals.add(an_approval(id="apr_2", post_id="p2", policy=a_policy(due_hours=1)))
    await fakes.approvals.add(an_approval(id="apr_3", post_id="p3", state=State.APPROVED))

    report = await gathered(fakes)
    assert report == Report(
        workspace="Acme",
        day=DAY,
        zone="Europe/Berlin",
        as_of=TODAY,
        accounts=accounts(),
        rows=(
            AccountRow("acct_1", (Moved("likes", 84.0),)),
            AccountRow("acct_2", (Moved("likes", 7.0),)),
            AccountRow("acct_3"),  # of which SocialCRM tells no numbers
        ),
        published=report.published,
        failed=(fakes.socialcrm.posts["broken"],),
        upcoming=(fakes.socialcrm.posts["soon"], fakes.socialcrm.posts["later"]),
        waiting=(urgent, pending),
        trends=(a_trend("trend 0"), a_trend("trend 1"), a_trend("trend 2")),
        made_at=TODAY,
        since=TODAY - ONE_DAY,
    )


async def test_published_posts_come_newest_first_with_their_numbers() -> None:
    fakes = a_full_house()

    report = await gathered(fakes)
    assert [(post.id, numbers) for post, numbers in report.published] == [
        ("out_1", Metrics((("likes", 3.0), ("engagement_rate", 0.5)))),
        ("out_2", Metrics((("likes", 7.0), ("shares", 1.0)))),
        ("out_3", None),
        ("out_4", None),
        ("out_24", None),
    ]


async def test_the_numbers_of_the_newest_ten_of_two_days_are_read() -> None:
    fakes = some_fakes(*(published(f"out_{hours}", hours) for hours in range(1, 60, 4)))
    fakes.clock.at = TODAY

    await looking.look(fakes.workspace, TODAY - ONE_DAY)
    assert fakes.socialcrm.count("get_post_analytics") == 12, "and two older ones for once"


async def test_where_many_go_out_older_posts_are_read_once_they_had_time() -> None:
    fakes = some_fakes(*(published(f"out_{hours}", hours) for hours in range(1, 47)))
    fakes.clock.at = TODAY
    just_out = [reading_of(f"out_{hours}", hours) for hours in range(15, 30)]
    await fakes.numbers.add(DAY, Snapshot(TODAY - timedelta(hours=3), (), tuple(just_out)))

    await looking.look(fakes.workspace, TODAY - ONE_DAY)
    read = [post_id for method, post_id in fakes.socialcrm.calls if method == "get_post_analytics"]
    newest, older = range(1, 11), [20, 21, 22, *range(30, 37)]
    assert read == [f"out_{hours}" for hours in (*newest, *older)], "23 to 29 were out for a day when read"


async def test_where_nothing_is_remembered_the_newest_of_the_older_posts_are_read() -> None:
    fakes = some_fakes(*(published(f"out_{hours}", hours) for hours in range(20, 45)))
    fakes.clock.at = TODAY

    async def broken(*_: object) -> list[object]:
        raise SocialCRMUnreachableError

    fakes.numbers.read = broken  # type: ignore[method-assign,assignment]
    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    assert fakes.socialcrm.count("get_post_analytics") == 20
    assert facts.missing == ()


async def test_only_its_status_tells_whether_a_post_went_out() -> None:
    planned = replace(scheduled("planned", 3), published_at=TODAY + timedelta(hours=3))
    again = replace(scheduled("again", 3), published_at=TODAY - timedelta(hours=3))
    fakes = some_fakes(planned, again, replace(published("draft", 3), status="draft"))
    fakes.clock.at = TODAY

    report = await gathered(fakes)
    assert [post.id for post in report.upcoming] == ["planned", "again"]
    assert (report.published, report.missing) == ((), ())


async def test_a_post_that_went_out_without_a_time_went_out_as_planned() -> None:
    fakes = some_fakes(replace(scheduled("out", -1), status="published"))
    fakes.clock.at = TODAY

    report = await gathered(fakes)
    assert [(post.id, post.published_at) for post, _ in report.published] == [
        ("out", TODAY - timedelta(hours=1))
    ]
    assert report.missing == ()


@pytest.mark.parametrize(
    ("times", "is_named"),
    [
        ({}, True),
        ({"updated_at": None}, True),
        ({"scheduled_at": TODAY + timedelta(hours=1)}, True),
        ({"updated_at": TODAY - 64 * ONE_DAY}, False),
    ],
)
async def test_that_nobody_tells_when_a_post_went_out_is_said(
    times: dict[str, Any], *, is_named: bool
) -> None:
    fakes = some_fakes(a_post(status="published", **times))
    fakes.clock.at = TODAY

    report = await gathered(fakes)
    assert report.missing == (("when some posts went out",) if is_named else ())
    assert (report.published, report.upcoming) == ((), ())


async def test_one_object_for_all_accounts_is_not_compared_with_that_of_fewer() -> None:
    fakes = some_fakes()
    fakes.clock.at = TODAY
    fakes.socialcrm.accounts = list(accounts())
    fakes.socialcrm.numbers = [metrics("", impressions=1000.0)]
    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    await remembering.remember(fakes.workspace, replace(facts, at=TODAY - ONE_DAY), DAY - ONE_DAY)

    fakes.socialcrm.numbers = [metrics("", impressions=1500.0)]
    another = replace(accounts()[0], id="acct_new")
    for more, gap, value in (((), None, 500.0), ((another,), Gap.NEW, 1500.0)):
        fakes.socialcrm.accounts = [*accounts(), *more]
        report = await gathered(fakes)
        assert report.headline
        assert (report.headline.gap, report.headline.value) == (gap, value)


async def test_what_was_read_for_a_day_is_not_enough_for_a_week() -> None:
    fakes = a_full_house()
    older = published("out_friday", 24 * 4)
    fakes.socialcrm.posts[older.id] = older
    fakes.socialcrm.post_numbers[older.id] = [metrics("acct_1", likes=900.0)]

    daily = await looking.shared_look(fakes.workspace, TODAY - ONE_DAY)
    weekly = await looking.shared_look(fakes.workspace, TODAY - 7 * ONE_DAY)
    again = await looking.shared_look(fakes.workspace, TODAY - ONE_DAY)
    assert daily
    assert weekly
    assert "out_friday" not in {reading.post_id for reading in daily.readings}
    assert "out_friday" in {reading.post_id for reading in weekly.readings}
    assert again == weekly, "what is enough for a week is for a day"


async def test_a_weekly_report_tells_a_week_with_what_is_remembered_of_it() -> None:
    fakes = a_full_house()
    older = published("out_friday", 24 * 4)
    fakes.socialcrm.posts[older.id] = older
    assert older.published_at
    reading = PostReading("out_friday", older.published_at, (("likes", 5.0),))
    await fakes.numbers.add(DAY - 3 * ONE_DAY, Snapshot(TODAY - 3 * ONE_DAY, (), (reading,)))

    report = await gathered(fakes, Edition.WEEKLY)
    assert dict(report.published)[older] == reading.numbers
    assert dict(report.published)[published("out_yesterday", 24.001)] == Metrics((("likes", 9.0),))
    assert report.best_time
    assert not report.best_time.is_enough


async def test_a_preview_is_of_the_day_where_it_is_looked_at(fakes: Fakes) -> None:
    fakes.clock.at = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    fakes.socialcrm.numbers = [metrics()]

    report = await gathering.preview(fakes.workspace, zone="Europe/Berlin")
    assert report.day == date(2026, 12, 2)
    assert report.workspace == TEAM
    assert fakes.numbers.days == {}, "a look in between is no day's number"


async def test_the_day_is_compared_with_the_same_weekday_last_week() -> None:
    fakes = a_full_house()
    for days, seen in ((8, 100.0), (7, 150.0), (1, 400.0)):
        at = TODAY - days * ONE_DAY
        await fakes.numbers.add(at.date(), Snapshot(at, (metrics("acct_1", impressions=seen),)))
    fakes.socialcrm.numbers = [metrics("acct_1", impressions=475.0)]

    report = await gathered(fakes)
    assert report.headline
    assert (report.headline.value, report.headline.before) == (75.0, 50.0)
    assert report.headline.since == TODAY - ONE_DAY


async def test_the_numbers_of_the_day_are_those_that_were_kept_of_it() -> None:
    fakes = a_full_house()
    kept = Snapshot(TODAY - timedelta(hours=3), (metrics("acct_1", followers=10.0),))
    await fakes.numbers.add(DAY, kept)

    report = await gathered(fakes)
    assert report.headline == Headline("followers", 10.0, 1, 1, gap=Gap.FIRST)
    assert report.as_of == kept.at


async def test_numbers_that_were_kept_half_a_day_ago_are_read_again() -> None:
    fakes = a_full_house()
    fakes.socialcrm.numbers = [metrics("acct_1", followers=12.0)]
    await fakes.numbers.add(
        DAY, Snapshot(TODAY - timedelta(hours=12.1), (metrics("acct_1", followers=10.0),))
    )

    report = await gathered(fakes)
    assert report.headline == Headline("followers", 12.0, 1, 3, gap=Gap.FIRST)
    assert report.as_of == TODAY


async def test_the_numbers_of_a_day_are_kept_once() -> None:
    fakes = a_full_house()
    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    await remembering.remember(fakes.workspace, facts, DAY)
    await remembering.remember(fakes.workspace, replace(facts, at=TODAY + ONE_DAY), DAY)
    await remembering.remember(fakes.workspace, Facts(TODAY), DAY + ONE_DAY)

    assert list(fakes.numbers.days) == [DAY]
    assert fakes.numbers.days[DAY].at == TODAY
    assert [reading.post_id for reading in fakes.numbers.days[DAY].posts] == [
        "out_1",
        "out_2",
        "out_yesterday",
    ]


@pytest.mark.parametrize(
    ("method", "missing", "gone"),
    [
        ("list_accounts", ("accounts",), {"accounts": ()}),
        ("get_account_analytics", ("account numbers",), {"rows": ()}),
        ("list_posts", ("posts",), {"published": (), "failed": (), "upcoming": ()}),
        ("list_trending", ("trends",), {"trends": ()}),
    ],
)
@pytest.mark.parametrize("error", [SocialCRMUnreachableError(), BudgetExhaustedError(retry_in=1)])
async def test_a_source_that_does_not_answer_is_named(
    method: str, missing: tuple[str, ...], gone: dict[str, object], error: ScrmError
) -> None:
    whole = await gathered(a_full_house())
    if method == "list_accounts":  # then nobody knows that one has no numbers
        gone = {**gone, "rows": whole.rows[:2]}
    fakes = a_full_house()
    fakes.socialcrm.refuse(method, error)

    assert await gathered(fakes) == replace(whole, missing=missing, **gone)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", [UnauthorizedError(), NotConnectedError()])
async def test_without_a_key_there_is_no_report(error: ScrmError) -> None:
    fakes = a_full_house()
    fakes.socialcrm.refuse("list_trending", error)

    with pytest.raises(type(error)):
        await gathered(fakes)


async def test_posts_whose_numbers_do_not_come_are_still_listed() -> None:
    whole = await gathered(a_full_house())
    fakes = a_full_house()
    fakes.socialcrm.let_pass("get_post_analytics")
    fakes.socialcrm.refuse("get_post_analytics", SocialCRMUnreachableError(), times=9)

    report = await gathered(fakes)
    first, *others = whole.published
    assert report.missing == ("post numbers",)
    assert report.published == (first, *((post, None) for post, _ in others))


async def test_several_missing_sources_are_named_in_order() -> None:
    fakes = a_full_house()
    for method in ("list_trending", "list_accounts", "get_account_analytics", "list_posts"):
        fakes.socialcrm.refuse(method, SocialCRMUnreachableError())

    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    assert facts.missing == ("account numbers", "accounts", "posts", "trends")
    assert facts.is_silence
    assert facts.snapshot is None


async def test_what_the_bot_itself_cannot_read_is_named_too() -> None:
    fakes = a_full_house()

    async def broken(*_: object) -> list[object]:
        raise SocialCRMUnreachableError

    fakes.approvals.open = broken  # type: ignore[method-assign,assignment]
    fakes.numbers.read = broken  # type: ignore[method-assign,assignment]
    fakes.socialcrm.numbers = [metrics("acct_1", followers=5.0)]
    report = await gathered(fakes)
    assert report.missing == ("approvals", "earlier numbers")
    assert report.headline == Headline("followers", 5.0, 1, 3, gap=Gap.FIRST)


async def test_without_any_numbers_there_is_no_headline_and_that_is_no_mistake() -> None:
    fakes = a_full_house()
    fakes.socialcrm.numbers = []

    async def broken(*_: object) -> list[object]:
        raise SocialCRMUnreachableError

    fakes.numbers.read = broken  # type: ignore[method-assign,assignment]
    assert (await gathered(fakes)).headline is None


@pytest.mark.parametrize(("count", "is_whole"), [(499, True), (500, False), (600, False)])
async def test_no_more_than_five_hundred_posts_are_read_and_that_is_said(
    count: int, *, is_whole: bool
) -> None:
    fakes = some_fakes(*(a_post(id=f"post_{number}") for number in range(count)))

    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    assert fakes.socialcrm.count("list_posts") == 10
    assert facts.missing == (() if is_whole else ("posts beyond the first 500 that SocialCRM lists",))
    assert facts.passing == (), "waiting does not help, and so it is shared, too"
    assert await looking.shared_look(fakes.workspace, TODAY - ONE_DAY) == await fakes.numbers.facts()


async def test_only_what_passes_is_worth_a_wait() -> None:
    fakes = a_full_house()
    fakes.socialcrm.refuse("get_account_analytics", ForbiddenScopeError())
    fakes.socialcrm.refuse("list_trending", SocialCRMAmbiguousError())

    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    assert (facts.missing, facts.passing) == (("account numbers", "trends"), ("trends",))
    assert not facts.is_worth_a_wait
    fakes.socialcrm.refuse("get_account_analytics", RateLimitedError())
    assert (await looking.look(fakes.workspace, TODAY - ONE_DAY)).is_worth_a_wait


async def test_a_post_that_failed_before_the_period_only_counts() -> None:
    times: dict[str, dict[str, Any]] = {
        "undated": {},
        "new": {"updated_at": TODAY - timedelta(hours=3)},
        "planned": {"scheduled_at": TODAY - timedelta(hours=3)},
        "old": {"updated_at": TODAY - timedelta(hours=25)},
        "older": {"created_at": TODAY - 400 * ONE_DAY},
    }
    bare = a_post(status="failed", updated_at=None, created_at=None)
    fakes = some_fakes(*(replace(bare, id=name, **changes) for name, changes in times.items()))
    fakes.clock.at = TODAY

    report = await gathered(fakes)
    assert {post.id for post in report.failed} == {"undated", "new", "planned"}
    assert report.failed_before == 2


async def test_a_pause_is_told_in_the_digest() -> None:
    fakes = some_fakes(settings=some_settings(pause=a_pause()))

    assert (await gathering.preview(fakes.workspace, zone="UTC")).paused == a_pause()


async def test_what_is_incomplete_is_shared_with_nobody() -> None:
    fakes = a_full_house()
    fakes.socialcrm.refuse("list_trending", SocialCRMUnreachableError())

    first = await looking.shared_look(fakes.workspace, TODAY - ONE_DAY)
    second = await looking.shared_look(fakes.workspace, TODAY - ONE_DAY)
    third = await looking.shared_look(fakes.workspace, TODAY - ONE_DAY)
    assert first
    assert second
    assert (first.missing, second.missing) == (("trends",), ())
    assert third is second


async def test_whoever_fails_at_reading_leaves_it_to_the_next() -> None:
    fakes = a_full_house()
    fakes.socialcrm.refuse("list_posts", UnauthorizedError())

    with pytest.raises(UnauthorizedError):
        await looking.shared_look(fakes.workspace, TODAY - ONE_DAY)
    assert await looking.shared_look(fakes.workspace, TODAY - ONE_DAY)


# where it begins


async def test_what_went_out_between_two_digests_is_told_once_even_if_it_shows_up_late() -> None:
    fakes = some_fakes(published("told", 22.1), published("late", 22.2), published("new", 21.9))
    fakes.clock.at = TODAY
    end = Since(TODAY - timedelta(hours=22), DAY - ONE_DAY, ("told",), is_end=True)
    facts = await looking.look(fakes.workspace, end.first)

    report = await gathering.gather(fakes.workspace, Occasion(DAY, "Europe/Berlin", since=end), facts)
    assert [post.id for post, _ in report.published] == ["new", "late"]
    assert report.since == end.at


async def test_a_digest_ends_where_its_posts_were_read_and_knows_the_last_of_them() -> None:
    fakes = some_fakes(published("now", 0), published("fresh", 0.2), published("earlier", 0.3))
    fakes.clock.at = TODAY
    before = Since(TODAY - timedelta(minutes=10), DAY - ONE_DAY, ("of_the_one_before",), is_end=True)
    facts = await looking.look(fakes.workspace, before.first)
    fakes.clock.advance(60)
    report = await gathering.gather(fakes.workspace, Occasion(DAY, "UTC", since=before), facts)

    end = gathering.ended(report, facts, before)
    assert end == Since(TODAY, DAY, ("now", "fresh", "of_the_one_before"), is_end=True)
    assert gathering.ended(report, replace(facts, missing=("posts",)), before) is before
    long_ago = replace(before, at=TODAY - ONE_DAY)
    assert gathering.ended(report, facts, long_ago).posts == ("now", "fresh")


async def test_a_post_that_failed_is_told_once_and_again_when_it_fails_again() -> None:
    minutes = {"at_once": 0, "just_now": 14, "earlier": 16}
    failed = {name: TODAY - timedelta(minutes=ago) for name, ago in minutes.items()}
    posts = [a_post(id=name, status="failed", updated_at=at) for name, at in failed.items()]
    fakes = some_fakes(*posts, a_post(id="untimed", status="failed", created_at=None, updated_at=None))
    since = Since(TODAY - ONE_DAY, DAY - ONE_DAY)
    told = []
    for days in range(4):
        fakes.clock.at = TODAY + days * ONE_DAY
        if days == 2:
            fakes.socialcrm.change("just_now", updated_at=fakes.clock.at - timedelta(hours=1))
        facts = await looking.look(fakes.workspace, since.first)
        occasion = Occasion(DAY + days * ONE_DAY, "UTC", since=since)
        report = await gathering.gather(fakes.workspace, occasion, facts)
        told.append(({post.id for post in report.failed}, report.failed_before))
        since = gathering.ended(report, facts, since)

    assert told == [({*failed, "untimed"}, 0), (set(), 4), ({"just_now"}, 3), (set(), 4)]


async def test_a_preview_looks_back_to_the_last_digest_and_never_less_than_its_own_length(
    fakes: Fakes,
) -> None:
    fakes.clock.at = TODAY
    long_ago = Since(TODAY - 3 * ONE_DAY, DAY - 3 * ONE_DAY, is_end=True)
    just_now = Since(TODAY - timedelta(minutes=5), DAY, is_end=True)

    for told, since in ((long_ago, long_ago.at), (just_now, TODAY - ONE_DAY)):
        schedule = a_digest_schedule(told=told)
        report = await gathering.preview(fakes.workspace, zone="Europe/Berlin", schedule=schedule)
        assert report.since == since
    weekly = await gathering.preview(fakes.workspace, zone="UTC", schedule=a_digest_schedule(days="weekly"))
    assert (weekly.edition, weekly.since) == (Edition.WEEKLY, TODAY - 7 * ONE_DAY)


# several digests a day


async def remembered(fakes: Fakes, *days: int, hours: int = 0) -> None:
    """1,000 a day, read in the morning, or so many hours later."""
    for ago in days:
        at = TODAY - ago * ONE_DAY + timedelta(hours=hours)
        seen = metrics("acct_1", impressions=1000.0 * (20 - ago) + hours)
        await fakes.numbers.add(at.date(), Snapshot(at, (seen,)), again=bool(hours))


async def test_a_digest_at_night_is_compared_with_nights_once_there_are_some() -> None:
    fakes = a_full_house()
    fakes.clock.at = TODAY + timedelta(hours=13)
    fakes.socialcrm.numbers = [metrics("acct_1", impressions=20_013.0)]
    await remembered(fakes, *range(10))

    first = await gathered(fakes)
    assert first.headline
    assert (first.headline.value, first.headline.before, first.as_of) == (1000.0, 1000.0, TODAY)
    await remembered(fakes, *range(1, 10), hours=13)
    later = await gathered(fakes)
    assert later.headline
    assert (later.headline.value, later.headline.before) == (1000.0, 1000.0)
    assert (later.as_of, later.headline.since) == (fakes.clock.at, fakes.clock.at - ONE_DAY)


async def test_a_day_keeps_a_second_reading_half_a_day_after_its_first() -> None:
    fakes = a_full_house()
    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    for hours in (0, 11, 13, 14):
        later = replace(facts, at=TODAY + timedelta(hours=hours))
        await remembering.remember(fakes.workspace, later, DAY)

    kept = await fakes.numbers.read([DAY])
    assert [each.at for each in kept[DAY]] == [TODAY, TODAY + timedelta(hours=13)]


async def test_a_large_workspace_s_later_digests_of_a_date_tell_all_of_its_accounts_too() -> None:
    fakes = some_fakes()
    fakes.clock.at = TODAY
    fakes.socialcrm.numbers = [metrics(f"acct_{number}", followers=1000.0) for number in range(60)]
    facts = await looking.look(fakes.workspace, TODAY - ONE_DAY)
    await fakes.numbers.add(DAY, bounded(Snapshot(TODAY, facts.numbers)))

    report = await gathered(fakes)

    assert report.headline == Headline("followers", 60_000.0, 60, 60, gap=Gap.FIRST)
    assert len(report.rows) == 60
