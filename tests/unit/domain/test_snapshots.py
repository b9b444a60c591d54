from datetime import UTC, date, datetime, timedelta

import pytest

from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.snapshots import (
    PostReading,
    Snapshot,
    Timeline,
    bounded,
    days_before,
    has_like,
    timeline,
)
from tests.builders import metrics

DAY = date(2026, 12, 1)
AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


def reading(number: int, **values: float) -> PostReading:
    return PostReading(f"post_{number}", AT - timedelta(hours=number), tuple(values.items()))


def test_days_come_oldest_first() -> None:
    assert days_before(DAY, 2) == (date(2026, 11, 29), date(2026, 11, 30), DAY)


def test_a_gap_is_bridged_only_so_far() -> None:
    kept = Timeline({DAY - 3 * ONE_DAY: Snapshot(AT)})

    assert kept.nearest(DAY, back=3) == DAY - 3 * ONE_DAY
    assert kept.nearest(DAY, back=2) is None
    assert kept.on(DAY) is None


def test_the_last_that_is_known_of_a_post_counts() -> None:
    kept = Timeline(
        {
            DAY: Snapshot(AT, (), (reading(1, likes=9.0),)),
            DAY - ONE_DAY: Snapshot(AT - ONE_DAY, (), (reading(1, likes=2.0), reading(2, likes=3.0))),
        }
    )

    assert {name: post.numbers for name, post in kept.posts().items()} == {
        "post_1": Metrics((("likes", 9.0),)),
        "post_2": Metrics((("likes", 3.0),)),
    }


def test_each_day_is_told_by_its_reading_of_the_same_time_of_day() -> None:
    night = timedelta(hours=13)
    yesterday = (Snapshot(AT - ONE_DAY), Snapshot(AT - ONE_DAY + night))
    kept = {DAY - ONE_DAY: yesterday, DAY - 2 * ONE_DAY: yesterday[:1], DAY - 3 * ONE_DAY: ()}

    for now, found in ((AT, yesterday[0]), (AT + night, yesterday[1])):
        days = timeline(kept, DAY, Snapshot(now)).days
        assert days == {DAY: Snapshot(now), DAY - ONE_DAY: found, DAY - 2 * ONE_DAY: yesterday[0]}


def test_without_numbers_of_its_own_a_day_is_none_and_the_last_of_the_others_count() -> None:
    first, second = Snapshot(AT), Snapshot(AT + timedelta(hours=13))

    assert timeline({DAY - ONE_DAY: (first, second)}, DAY, None).days == {DAY - ONE_DAY: second}


@pytest.mark.parametrize(("hours", "is_like"), [(0, True), (2, True), (-2, True), (2.1, False)])
def test_two_hours_make_another_time_of_day(hours: float, *, is_like: bool) -> None:
    kept = {DAY - 3 * ONE_DAY: (Snapshot(AT - 3 * ONE_DAY),)}

    assert has_like(kept, DAY - 3 * ONE_DAY, Snapshot(AT + timedelta(hours=hours)), DAY) is is_like
    assert not has_like(kept, DAY - ONE_DAY, Snapshot(AT), DAY)


def test_the_numbers_that_lead_and_judge_are_kept_wherever_they_come() -> None:
    values = {
        **{f"metric_{number}": 1.0 for number in range(20)},
        "followers": 2.0,
        "likes": 3.0,
        "reach": 4.0,
    }

    kept = bounded(Snapshot(AT, (metrics("a", **values),), (reading(1, **values),)))
    names = [f"metric_{number}" for number in range(9)]
    for found in (kept.accounts[0].values, kept.posts[0].values):
        assert [name for name, _ in found] == [*names, "followers", "likes", "reach"], "as they came"


def test_of_a_huge_workspace_only_so_much_is_kept_and_the_newest_posts() -> None:
    many = {f"metric_{number}": 1.0 for number in range(20)}
    snapshot = Snapshot(
        AT,
        tuple(metrics(f"acct_{number}", **many) for number in range(80)),
        tuple(reading(number, **many) for number in range(40, 0, -1)),
    )

    kept = bounded(snapshot)
    assert (len(kept.accounts), len(kept.posts)) == (50, 25)
    assert {len(row.values) for row in kept.accounts} | {len(post.values) for post in kept.posts} == {12}
    assert [post.post_id for post in kept.posts[:2]] == ["post_1", "post_2"]
    assert bounded(kept) == kept
