from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    NotConnectedError,
    ScrmError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.facts import Facts
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.movements import AccountRow, Edition, Headline, Moved
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import PostReading, Snapshot
from scrm_bot.usecases import gathering
from scrm_bot.usecases.gathering import Occasion
from tests.builders import (
    TEAM,
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
        a_post(id="broken", status="Failed"),
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
    facts = await gathering.look(fakes.workspace, edition)
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
        ),
        published=report.published,
        failed=(fakes.socialcrm.posts["broken"],),
        upcoming=(fakes.socialcrm.posts["soon"], fakes.socialcrm.posts["later"]),
        waiting=(urgent, pending),
        trends=(a_trend("trend 0"), a_trend("trend 1"), a_trend("trend 2")),
        made_at=TODAY,
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

    await gathering.look(fakes.workspace)
    assert fakes.socialcrm.count("get_post_analytics") == 10


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
    assert report.headline == Headline("followers", 10.0, 1, 1)
    assert report.as_of == kept.at


async def test_numbers_that_were_kept_half_a_day_ago_are_read_again() -> None:
    fakes = a_full_house()
    fakes.socialcrm.numbers = [metrics("acct_1", followers=12.0)]
    await fakes.numbers.add(
        DAY, Snapshot(TODAY - timedelta(hours=12.1), (metrics("acct_1", followers=10.0),))
    )

    report = await gathered(fakes)
    assert report.headline == Headline("followers", 12.0, 1, 1)
    assert report.as_of == TODAY


async def test_the_numbers_of_a_day_are_kept_once() -> None:
    fakes = a_full_house()
    facts = await gathering.look(fakes.workspace)
    await gathering.remember(fakes.workspace, facts, DAY)
    await gathering.remember(fakes.workspace, replace(facts, at=TODAY + ONE_DAY), DAY)
    await gathering.remember(fakes.workspace, Facts(TODAY), DAY + ONE_DAY)

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

    facts = await gathering.look(fakes.workspace)
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
    assert report.headline == Headline("followers", 5.0, 1, 1)


async def test_without_any_numbers_there_is_no_headline_and_that_is_no_mistake() -> None:
    fakes = a_full_house()
    fakes.socialcrm.numbers = []

    async def broken(*_: object) -> list[object]:
        raise SocialCRMUnreachableError

    fakes.numbers.read = broken  # type: ignore[method-assign,assignment]
    assert (await gathered(fakes)).headline is None


async def test_no_more_than_five_hundred_posts_are_read() -> None:
    fakes = some_fakes(*(a_post(id=f"post_{number}") for number in range(600)))

    await gathering.look(fakes.workspace)
    assert fakes.socialcrm.count("list_posts") == 10


async def test_a_pause_is_told_in_the_digest() -> None:
    fakes = some_fakes(settings=some_settings(pause=a_pause()))

    assert (await gathering.preview(fakes.workspace, zone="UTC")).paused == a_pause()


async def test_what_is_incomplete_is_shared_with_nobody() -> None:
    fakes = a_full_house()
    fakes.socialcrm.refuse("list_trending", SocialCRMUnreachableError())

    first = await gathering.shared_look(fakes.workspace, Edition.DAILY)
    second = await gathering.shared_look(fakes.workspace, Edition.DAILY)
    third = await gathering.shared_look(fakes.workspace, Edition.DAILY)
    assert first
    assert second
    assert (first.missing, second.missing) == (("trends",), ())
    assert third is second


async def test_whoever_fails_at_reading_leaves_it_to_the_next() -> None:
    fakes = a_full_house()
    fakes.socialcrm.refuse("list_posts", UnauthorizedError())

    with pytest.raises(UnauthorizedError):
        await gathering.shared_look(fakes.workspace, Edition.DAILY)
    assert await gathering.shared_look(fakes.workspace, Edition.DAILY)
