import pytest

from scrm_bot.domain.insights import (
    Account,
    Metrics,
    is_additive,
    is_of_one,
    summed,
    told_apart,
    whole,
    with_missing,
)
from tests.builders import accounts, metrics


@pytest.mark.parametrize(
    ("network", "label"),
    [
        ("linkedin", "LinkedIn @acme"),
        ("YouTube", "YouTube @acme"),
        ("twitter", "X @acme"),
        ("new_one", "New One @acme"),
        ("", "@acme"),
    ],
)
def test_a_network_is_called_as_it_is_written(network: str, label: str) -> None:
    assert Account("acct_1", network, "acme").label == label


@pytest.mark.parametrize(
    "name",
    [
        *("engagement_rate", "engagementRate", "CTR", "ctr", "avg_watch_seconds", "averageViewDuration"),
        *("mean_likes", "likes_per_post", "percentReached", "pct_female", "watch_ratio", "Rate", "costCPM"),
    ],
)
def test_rates_and_averages_have_no_sum(name: str) -> None:
    assert not is_additive(name)


@pytest.mark.parametrize(
    "name", ["impressions", "likes", "shares", "operations", "perimeter", "strategy_views", "IMPRESSIONS", ""]
)
def test_counts_have_a_sum_also_those_whose_names_look_like_rates(name: str) -> None:
    assert is_additive(name)


def test_only_what_adds_up_is_summed() -> None:
    rows = [metrics("a", likes=1.0, ctr=2.5, avgViews=3.0), metrics("b", likes=2.0, ctr=3.5)]

    assert summed(rows) == Metrics((("likes", 3.0),))
    assert summed(rows[:1]) == Metrics((("likes", 1.0), ("ctr", 2.5), ("avgViews", 3.0)))
    assert summed([metrics("a", ctr=1.0), metrics("b", ctr=1.0)]) is None


def test_accounts_that_can_be_told_apart_stay_as_they_are() -> None:
    rows = (metrics("a", likes=1.0), metrics("b", likes=2.0), metrics("", likes=3.0))

    assert told_apart(rows) == rows


def test_those_that_cannot_are_one_by_how_many_they_are() -> None:
    same = [metrics("x", likes=1.0), metrics("x", likes=2.0)]
    rates = [metrics("", ctr=1.0)] * 3

    assert told_apart([*same, *rates]) == (
        Metrics((("likes", 3.0),), "x: 2 accounts"),
        Metrics((), "3 accounts"),
    )


def test_one_object_for_several_accounts_is_named_by_how_many_they_are() -> None:
    one = metrics("", likes=1.0)

    assert whole([one], 3) == (metrics("3 accounts", likes=1.0),)
    for rows, count in (([one], 1), ([one], 0), ([metrics("a", likes=1.0)], 3), ([one, one], 3), ([], 3)):
        assert whole(rows, count) == tuple(rows)


def test_a_name_of_several_is_nobodys() -> None:
    assert [is_of_one(name) for name in ("", "12 accounts", "acct_1", "my 2 accounts")] == [
        *(False, False),
        *(True, True),
    ]


def test_a_sum_that_no_number_can_hold_is_left_out() -> None:
    rows = [metrics("acct_1", likes=1e308, shares=1.0), metrics("acct_1", likes=1.7e308, shares=2.0)]

    assert summed(rows) == Metrics((("shares", 3.0),))
    assert summed([metrics(likes=1e308), metrics(likes=1.7e308)]) is None


@pytest.mark.parametrize(
    ("told", "names"),
    [
        (["acct_2"], ["acct_2", "acct_1", "acct_3"]),
        (["acct_1", "acct_2", "acct_3"], ["acct_1", "acct_2", "acct_3"]),
        (["3 accounts"], ["3 accounts"]),  # nobody knows whose these are
        (["acct_1", "gone"], ["acct_1", "gone"]),
        ([], []),  # there are no numbers at all
    ],
)
def test_a_connected_account_without_numbers_is_missed_and_not_forgotten(
    told: list[str], names: list[str]
) -> None:
    found = with_missing([metrics(name) for name in told], accounts())

    assert [row.account_id for row in found] == names
    assert all(not row.values for row in found if row.account_id not in told)
