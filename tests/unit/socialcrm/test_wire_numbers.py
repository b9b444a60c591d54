from typing import Any

import pytest

from scrm_bot.domain.insights import Metrics
from scrm_bot.socialcrm import wire_numbers, wire_parts


@pytest.mark.parametrize(
    ("told", "row"),
    [
        ({"likes": 3, "ctr": 0.5}, Metrics((("likes", 3.0), ("ctr", 0.5)))),
        ({"id": 9, "post_id": 4, "created_at": 17, "likes": 1}, Metrics((("likes", 1.0),))),
        ({"account_id": "acct_1", "likes": 1}, Metrics((("likes", 1.0),), "acct_1")),
        ({"account_id": 7, "likes": 1}, Metrics((("likes", 1.0),), "7")),
        ({"account_id": ["?"], "likes": 1}, Metrics((("likes", 1.0),))),
        ({"account_id": True, "accountId": "", "likes": 1}, Metrics((("likes", 1.0),))),
        ({"account": 7, "postId": 4, "createdAt": 3, "likes": 1}, Metrics((("likes", 1.0),), "7")),
        ({"post_id": "p", "metrics": {"likes": 1, "id": 2}}, Metrics((("likes", 1.0),))),
        (
            {"views": {"total": 5, "unique": 2}, "likes": 1},
            Metrics((("views_total", 5.0), ("views_unique", 2.0), ("likes", 1.0))),
        ),
        (
            {"a": "12", "b": "-1.5", "c": "12%", "d": "", "e": "1e3", "f": "NaN"},
            Metrics((("a", 12.0), ("b", -1.5))),
        ),
        ({"a": True, "b": None, "c": [1], "d": 10**400, "e": float("inf"), "f": float("nan")}, Metrics()),
        ({}, Metrics()),
    ],
)
def test_a_number_has_any_name_and_a_missing_one_is_absent(told: Any, row: Metrics) -> None:
    assert wire_numbers.metrics(told) == (row,)


@pytest.mark.parametrize(
    "told",
    [
        [{"account_id": "a", "likes": 1}, {"account_id": "b", "likes": 2}],
        {"accounts": [{"account_id": "a", "likes": 1}, {"account_id": "b", "likes": 2}]},
        {"a": {"likes": 1}, "b": {"likes": 2}},
        [{"accountId": "a", "likes": 1}, {"account": "b", "likes": 2}],
        [{"account": {"id": "a", "handle": "x"}, "likes": 1}, {"socialAccountId": "b", "likes": 2}],
        [{"id": "a", "likes": 1}, {"id": "b", "likes": 2}],
        [
            {"account_id": "a", "metric": "likes", "value": 1},
            {"account_id": "b", "metric": "likes", "value": 2},
            {"account_id": "b", "metric": "likes", "value": 3},
        ],
    ],
)
def test_rows_are_told_apart_by_their_account(told: Any) -> None:
    assert wire_numbers.metrics(told) == (Metrics((("likes", 1.0),), "a"), Metrics((("likes", 2.0),), "b"))


def test_without_an_id_an_account_is_its_network_and_handle() -> None:
    rows = [
        {"network": "instagram", "username": "acme", "likes": 1},
        {"account": {"platform": "x", "handle": "@acme"}, "likes": 2},
        {"provider": "tiktok", "likes": 3},
        {"handle": "nobody", "likes": 4},
    ]

    assert [row.account_id for row in wire_numbers.metrics(rows)] == [
        "Instagram @acme",
        "X @acme",
        "TikTok",
        "",
    ]


@pytest.mark.parametrize("name", ["impressions", "engagementRate", "engagement_rate", "ctr"])
def test_a_number_in_parts_is_no_account(name: str) -> None:
    (row,) = wire_numbers.metrics({name: {"total": 100, "organic": 60}})

    assert row == Metrics(((f"{name}_total", 100.0), (f"{name}_organic", 60.0)))


def test_a_list_of_named_values_is_one_row() -> None:
    rows = [{"metric": "likes", "value": 3}, {"metric": "shares", "value": 2}]

    assert wire_numbers.metrics(rows) == (Metrics((("likes", 3.0), ("shares", 2.0))),)


def test_no_rows_are_no_numbers() -> None:
    assert wire_numbers.metrics([]) == ()


@pytest.mark.parametrize("odd", [None, 3, "x", [1], [{"a": 1}, None]])
def test_what_holds_no_numbers_is_an_error(odd: Any) -> None:
    with pytest.raises(wire_parts.MisfitError):
        wire_numbers.metrics(odd)
