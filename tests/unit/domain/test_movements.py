"""What moved is computed from snapshots; what is not known is not told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.movements import (
    AccountRow,
    Cause,
    Gap,
    Headline,
    Moved,
    Moves,
    leading,
    moves,
)
from scrm_bot.domain.periods import Edition
from scrm_bot.domain.posts import Post
from scrm_bot.domain.snapshots import Snapshot, Timeline
from tests.builders import a_post, metrics

DAY = date(2026, 12, 1)  # a Tuesday
AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
ONE_DAY = timedelta(days=1)
Standing = Mapping[str, float]


def timeline(days: Mapping[int, Standing | Snapshot], *, metric: str = "impressions") -> Timeline:
    """So many days ago the accounts stood there."""

    def kept(ago: int, stood: Standing | Snapshot) -> Snapshot:
        if isinstance(stood, Snapshot):
            return stood
        rows = tuple(metrics(name, **{metric: value}) for name, value in stood.items())
        return Snapshot(AT - ago * ONE_DAY, rows)

    return Timeline({DAY - ago * ONE_DAY: kept(ago, stood) for ago, stood in days.items()})


def moved(
    days: Mapping[int, Standing | Snapshot], edition: Edition = Edition.DAILY, *, metric: str = "impressions"
) -> Moves:
    return moves(timeline(days, metric=metric), DAY, edition)


def led(days: Mapping[int, Standing | Snapshot], *, metric: str = "impressions") -> Headline:
    found = moved(days, metric=metric).headline
    assert found
    return found


# the headline


@pytest.mark.parametrize(
    ("present", "lead"),
    [
        ({"followers": 1.0, "likes": 1.0}, "followers"),
        ({"followers": 1.0, "impressions": 1.0}, "impressions"),
        ({"reach": 1.0, "views": 1.0}, "reach"),
        ({"likes": 1.0}, ""),
        ({"impressions": float("nan"), "views": 1.0}, "views"),
    ],
)
def test_the_first_of_the_leading_metrics_leads(present: Standing, lead: str) -> None:
    assert leading([metrics("a", **present)]) == lead


def test_a_day_without_numbers_has_nothing_to_tell() -> None:
    assert moved({1: {"a": 5.0}}) == Moves()


def test_without_a_leading_metric_there_are_only_rows() -> None:
    assert moved({0: {"a": 5.0}}, metric="likes") == Moves(None, (AccountRow("a", (Moved("likes", 5.0),)),))


def test_on_the_first_day_a_total_is_told_as_a_total() -> None:
    found = led({0: {"a": 500.0, "b": 20.0}})

    assert found == Headline("impressions", 520.0, 2, 2, gap=Gap.FIRST)
    assert not found.is_gain


def test_days_that_are_too_far_back_are_no_first_day() -> None:
    found = led({0: {"a": 500.0}, 5: {"a": 400.0}, 9: {"a": 1.0}})

    assert found == Headline("impressions", 500.0, 1, 1, gap=Gap.BROKEN, last=DAY - 5 * ONE_DAY)


def test_what_is_remembered_of_other_numbers_is_no_beginning() -> None:
    likes = Snapshot(AT - 5 * ONE_DAY, (metrics("a", likes=1.0),))

    assert led({0: {"a": 500.0}, 5: likes}).gap is Gap.FIRST


def test_from_the_second_day_on_the_day_is_told_with_nothing_to_compare_it_with() -> None:
    found = led({1: {"a": 400.0, "b": 20.0}, 0: {"a": 500.0, "b": 30.0}})

    assert (found.value, found.is_gain, found.before, found.since) == (110.0, True, None, AT - ONE_DAY)
    assert found.cause == Cause(100.0, 110.0, "a")


def test_from_the_ninth_day_on_it_is_compared_with_the_same_weekday() -> None:
    found = led(
        {
            8: {"a": 0.0, "b": 0.0},
            7: {"a": 50.0, "b": 40.0},
            1: {"a": 400.0, "b": 100.0},
            0: {"a": 500.0, "b": 130.0},
        }
    )

    assert (found.value, found.before) == (130.0, 90.0)
    assert found.cause == Cause(50.0, 40.0, "a")


def test_of_a_fall_the_account_that_fell_most_is_named() -> None:
    found = led(
        {
            8: {"a": 0.0, "b": 0.0},
            7: {"a": 90.0, "b": 10.0},
            1: {"a": 400.0, "b": 100.0},
            0: {"a": 410.0, "b": 115.0},
        }
    )

    assert found.cause == Cause(-80.0, -75.0, "a")


def test_what_moved_by_nothing_has_no_cause() -> None:
    steady = {8: {"a": 0.0}, 7: {"a": 10.0}, 1: {"a": 50.0}, 0: {"a": 60.0}}

    assert led(steady).cause is None


def test_an_account_that_is_new_counts_from_its_second_day_on() -> None:
    found = led({1: {"a": 400.0}, 0: {"a": 500.0, "b": 9000.0}})

    assert (found.value, found.counted, found.of, found.before) == (100.0, 1, 2, None)


def test_when_every_account_is_new_nothing_is_compared() -> None:
    assert led({1: {"old": 400.0}, 0: {"a": 500.0}}) == Headline("impressions", 500.0, 1, 1, gap=Gap.NEW)


def test_an_account_without_the_number_when_the_period_began_is_not_new_if_it_had_it_before() -> None:
    other = Snapshot(AT - ONE_DAY, (metrics("a", likes=5.0),))

    found = led({2: {"a": 100.0}, 1: other, 0: {"a": 150.0}})
    assert found == Headline("impressions", 150.0, 1, 1, gap=Gap.ABSENT)


def test_only_accounts_that_have_a_prior_are_compared() -> None:
    found = led({8: {"a": 0.0}, 7: {"a": 5.0}, 1: {"a": 10.0, "b": 0.0}, 0: {"a": 20.0, "b": 5.0}})

    assert (found.value, found.before, found.compared, found.alike) == (15.0, 5.0, 1, 10.0)
    assert found.cause == Cause(5.0, 5.0, "a"), "of what is compared"


def test_where_all_are_compared_nothing_is_said_of_how_many() -> None:
    found = led({8: {"a": 0.0}, 7: {"a": 5.0}, 1: {"a": 10.0}, 0: {"a": 20.0}})

    assert (found.compared, found.alike) == (None, None)


def test_an_account_that_fell_leaves_the_others_gains_as_they_are() -> None:
    found = led(
        {
            8: {"a": 0.0, "b": 0.0},
            7: {"a": 5.0, "b": 9.0},
            1: {"a": 10.0, "b": 8.0},
            0: {"a": 20.0, "b": 20.0},
        }
    )

    assert (found.value, found.is_gain, found.counted, found.of, found.before) == (10.0, True, 1, 2, 5.0)
    rows = moved({1: {"a": 10.0, "b": 9.0}, 0: {"a": 20.0, "b": 8.0}}).rows
    assert [row.is_total for row in rows] == [True, False]
    assert [row.past[-1] for row in rows] == [10.0, 8.0]


def test_a_day_without_an_account_hides_no_fall() -> None:
    found = led({3: {"a": 100.0}, 2: {"b": 1.0}, 1: {"a": 50.0}, 0: {"a": 60.0}})

    assert (found.value, found.is_gain) == (60.0, False)


def test_rows_that_nobody_can_tell_apart_are_one_and_more_of_them_are_no_gain() -> None:
    def rows(*values: float) -> tuple[Metrics, ...]:
        return tuple(metrics("", impressions=value, ctr=0.5) for value in values)

    yesterday = Snapshot(AT - ONE_DAY, rows(1000.0, 2000.0))
    found = moved({1: yesterday, 0: Snapshot(AT, rows(1100.0, 2300.0))})
    more = moved({1: yesterday, 0: Snapshot(AT, rows(1100.0, 2300.0, 9000.0))})

    assert found.rows[0].moved == (Moved("impressions", 3400.0, 400.0),)
    assert found.headline
    assert (found.headline.value, found.headline.of) == (400.0, 1)
    assert more.headline == Headline("impressions", 12_400.0, 1, 1, gap=Gap.NEW)


def test_a_metric_that_fell_is_no_running_total() -> None:
    found = led({8: {"a": 90.0}, 7: {"a": 100.0}, 1: {"a": 130.0}, 0: {"a": 110.0}})

    assert (found.value, found.is_gain, found.before) == (110.0, False, 100.0)
    assert found.since == AT - 7 * ONE_DAY
    assert found.cause == Cause(10.0, 10.0, "a")


def test_followers_are_told_as_they_stand() -> None:
    found = led({7: {"a": 100.0, "b": 10.0}, 1: {"a": 105.0}, 0: {"a": 110.0, "b": 10.0}}, metric="followers")

    assert (found.value, found.before, found.cause) == (120.0, 110.0, Cause(10.0, 10.0, "a"))


def test_a_level_that_is_compared_with_nothing_did_not_move() -> None:
    found = led({1: {"a": 105.0}, 0: {"a": 110.0}}, metric="followers")

    assert (found.value, found.before, found.cause, found.since) == (110.0, None, None, None)
    assert (found.gap, found.last) == (Gap.LEVEL, DAY - 7 * ONE_DAY)


@pytest.mark.parametrize(("late", "before"), [(1.0, 10.0), (2.0, None)])
def test_only_periods_of_about_the_same_length_are_compared(late: float, before: float | None) -> None:
    row = (metrics("a", impressions=60.0),)
    late_reading = Snapshot(AT + timedelta(hours=late), row)

    assert led({8: {"a": 0.0}, 7: {"a": 10.0}, 1: {"a": 40.0}, 0: late_reading}).before == before


def test_a_prior_that_reaches_into_the_period_is_none() -> None:
    found = moved({17: {"a": 1.0}, 10: {"a": 50.0}, 7: {}, 0: {"a": 100.0}}, Edition.WEEKLY).headline
    late = moved({17: {"a": 1.0}, 10: {"a": 50.0}, 0: {"a": 100.0}}, Edition.WEEKLY).headline

    assert found
    assert late
    assert (found.gap, late.value, late.before) == (Gap.ABSENT, 50.0, None)


def test_after_a_weekend_the_same_days_of_last_week_are_compared() -> None:
    kept = timeline({10: {"a": 0.0}, 7: {"a": 30.0}, 3: {"a": 100.0}, 1: {"a": 120.0}, 0: {"a": 140.0}})

    found = moves(kept, DAY, Edition.DAILY, since=DAY - 3 * ONE_DAY).headline
    assert found
    assert (found.value, found.before, found.since) == (40.0, 30.0, AT - 3 * ONE_DAY)


def test_months_are_compared_although_they_are_not_equally_long() -> None:
    days = {61: {"a": 0.0}, 30: {"a": 31.0}, 0: {"a": 61.0}}
    found = moved(days, Edition.MONTHLY).headline

    assert found
    assert (found.value, found.before) == (30.0, 31.0)


def test_weeks_are_compared_with_weeks() -> None:
    found = moved({14: {"a": 0.0}, 7: {"a": 30.0}, 0: {"a": 100.0}}, Edition.WEEKLY).headline

    assert found
    assert (found.value, found.before) == (70.0, 30.0)


def out(number: int = 0, *, minutes: int = 0, account_ids: tuple[str, ...] = ("a",)) -> Post:
    """A post that went out when the numbers were read, or so many minutes after."""
    at = AT + timedelta(minutes=minutes)
    return a_post(id=f"post_{number}", status="published", published_at=at, account_ids=account_ids)


def published(*seen: float | None) -> tuple[tuple[Post, Metrics | None], ...]:
    return tuple(
        (out(n), None if value is None else metrics("", impressions=value)) for n, value in enumerate(seen)
    )


@pytest.mark.parametrize(
    ("seen", "cause"),
    [
        ((10.0, 60.0, None), Cause(60.0, 100.0, post=out(1))),
        ((50.0,), Cause(50.0, 100.0, post=out())),
        ((49.0, 49.0), Cause(100.0, 100.0, "a")),
        ((0.0, None), Cause(100.0, 100.0, "a")),
    ],
)
def test_a_post_that_brought_half_of_a_rise_explains_it(seen: tuple[float | None, ...], cause: Cause) -> None:
    kept = timeline({1: {"a": 400.0}, 0: {"a": 500.0}})

    found = moves(kept, DAY, Edition.DAILY, published=published(*seen)).headline
    assert found
    assert found.cause == cause


@pytest.mark.parametrize(
    ("brought", "cause"),
    [(60.0, Cause(100.0, 100.0, "a")), (6000.0, Cause(6000.0, 10_000.0, post=out()))],
)
def test_a_post_explains_a_gain_only_if_it_brought_most_of_all_of_it(brought: float, cause: Cause) -> None:
    kept = timeline({8: {"a": 0.0}, 7: {"a": 9900.0}, 1: {"a": 90_000.0}, 0: {"a": 100_000.0}})

    found = moves(kept, DAY, Edition.DAILY, published=published(brought)).headline
    assert found
    assert found.cause == cause


@pytest.mark.parametrize("post", [out(minutes=1), replace(out(), published_at=None)])
def test_a_post_that_went_out_after_the_numbers_were_read_explains_nothing(post: Post) -> None:
    kept = timeline({1: {"a": 400.0}, 0: {"a": 500.0}})

    seen = [(post, metrics("", impressions=60.0))]
    found = moves(kept, DAY, Edition.DAILY, published=seen).headline
    assert found
    assert found.cause == Cause(100.0, 100.0, "a")


@pytest.mark.parametrize(
    ("account_ids", "is_named"),
    [(("a",), True), (("b",), False), (("a", "b"), False), (("c",), False), ((), True)],
)
def test_a_post_explains_only_what_its_own_accounts_brought(
    account_ids: tuple[str, ...], *, is_named: bool
) -> None:
    kept = timeline({2: {"b": 900.0}, 1: {"a": 400.0, "b": 600.0}, 0: {"a": 500.0, "b": 700.0}})

    seen = [(out(account_ids=account_ids), metrics("", impressions=60.0))]
    found = moves(kept, DAY, Edition.DAILY, published=seen).headline
    assert found
    assert (found.counted, found.of) == (1, 2), "b fell once"
    assert (found.cause is not None and found.cause.post is not None) is is_named


@pytest.mark.parametrize("name", ["", "3 accounts"])
def test_where_rows_do_not_say_whose_they_are_any_post_may_have_brought_it(name: str) -> None:
    kept = timeline({1: {name: 400.0}, 0: {name: 500.0}})

    found = moves(kept, DAY, Edition.DAILY, published=published(60.0)).headline
    assert found
    assert found.cause == Cause(60.0, 100.0, post=out())


def test_a_post_that_brought_more_than_there_is_explains_nothing() -> None:
    kept = timeline({1: {"a": 400.0}, 0: {"a": 500.0}})

    found = moves(kept, DAY, Edition.DAILY, published=published(101.0)).headline
    assert found
    assert found.cause == Cause(100.0, 100.0, "a")


@pytest.mark.parametrize(
    ("gains", "named"),
    [
        ({"a": 34.0, "b": 33.0, "c": 33.0}, "a"),
        ({"a": 25.0, "b": 25.0, "c": 25.0, "d": 25.0}, ""),
    ],
)
def test_an_account_that_moved_little_of_it_explains_nothing(gains: dict[str, float], named: str) -> None:
    found = led({1: dict.fromkeys(gains, 0.0), 0: gains})

    assert (found.cause.account_id if found.cause else "") == named


def test_accounts_that_moved_against_each_other_explain_nothing() -> None:
    found = led(
        {
            8: {"a": 0.0, "b": 0.0},
            7: {"a": 0.0, "b": 990.0},
            1: {"a": 0.0, "b": 990.0},
            0: {"a": 1000.0, "b": 990.0},
        }
    )

    assert (found.value, found.before, found.cause) == (1000.0, 990.0, None)


def test_no_post_explains_a_fall() -> None:
    kept = timeline({8: {"a": 0.0}, 7: {"a": 100.0}, 1: {"a": 400.0}, 0: {"a": 410.0}})

    found = moves(kept, DAY, Edition.DAILY, published=published(9.0)).headline
    assert found
    assert found.cause == Cause(-90.0, -90.0, "a")


# the accounts


def test_a_row_tells_the_leading_metric_first_and_followers_next() -> None:
    row = metrics("a", likes=1.0, followers=2.0, impressions=3.0, reach=float("inf"))
    found = moved({0: Snapshot(AT, (row,))}).rows

    assert [each.metric for each in found[0].moved] == ["impressions", "followers", "likes"]


def test_each_day_of_the_past_tells_what_it_brought() -> None:
    found = moved({14: {"a": 1.0}, 3: {"a": 10.0}, 2: {"a": 15.0}, 0: {"a": 20.0}}).rows

    assert found[0].past == (None,) * 11 + (5.0, None, None)


def test_the_past_of_a_level_is_how_it_stood() -> None:
    found = moved({3: {"a": 10.0}, 0: {"a": 20.0}}, metric="followers").rows

    assert found[0].past == (None,) * 10 + (10.0, None, None, 20.0)


COUNTS = st.lists(st.integers(0, 10_000), min_size=16, max_size=16)


@given(COUNTS, COUNTS, st.sets(st.integers(0, 15)))
def test_what_days_bring_adds_up_and_nothing_is_made_up(
    first: list[int], second: list[int], missing: set[int]
) -> None:
    totals = {ago: (float(sum(first[ago:])), float(sum(second[ago:]))) for ago in range(16)}
    kept = {ago: {"a": one, "b": two} for ago, (one, two) in totals.items() if ago not in missing}
    found = moved(kept)

    if 0 in missing:
        assert found == Moves()
        return
    assert found.headline
    start = next((ago for ago in (1, 2, 3, 4) if ago in kept), None)
    if start is None:
        assert not found.headline.is_gain
        assert found.headline.value == sum(totals[0])
    else:
        assert found.headline.value == sum(totals[0]) - sum(totals[start])
        assert found.headline.since == AT - start * ONE_DAY
        is_known = {start + 7, 7} <= kept.keys()
        prior = sum(totals[7]) - sum(totals[start + 7]) if is_known else None
        assert found.headline.before == prior
    for row, brought in zip(found.rows, (first, second), strict=True):
        for ago, value in zip(range(13, -1, -1), row.past, strict=True):
            assert value == (brought[ago] if {ago, ago + 1} <= kept.keys() else None)
