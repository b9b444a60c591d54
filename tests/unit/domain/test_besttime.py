from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.besttime import ENOUGH, HOURS, SETTLED, BestTime, best_time
from scrm_bot.domain.snapshots import PostReading, Snapshot, Timeline

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
DAY = date(2026, 12, 1)


def a_post(number: int, hour: int, **values: float) -> PostReading:
    """Published at that hour in UTC, days before the snapshot."""
    at = AT.replace(hour=0) - timedelta(days=2 + number) + timedelta(hours=hour)
    return PostReading(f"post_{number}", at, tuple(values.items()))


def timeline(posts: Sequence[PostReading], at: datetime = AT) -> Timeline:
    return Timeline({at.date(): Snapshot(at, (), tuple(posts))})


def posts(mornings: int, evenings: int, *, morning: float, evening: float) -> list[PostReading]:
    early = [a_post(number, 8, likes=morning) for number in range(mornings)]
    return early + [a_post(100 + number, 19, likes=evening) for number in range(evenings)]


def test_the_part_of_the_day_whose_posts_do_best_is_found_with_its_sample() -> None:
    found = best_time(timeline(posts(5, 9, morning=30.0, evening=10.0)), zone="Europe/Berlin")

    assert found == BestTime(14, 9, 5, 3.0, "likes")
    assert found.is_enough


def test_below_twelve_posts_there_is_not_enough_data() -> None:
    found = best_time(timeline(posts(5, 6, morning=30.0, evening=10.0)), zone="UTC")

    assert found == BestTime(11)
    assert not found.is_enough
    assert best_time(Timeline({}), zone="UTC") == BestTime(0)


@pytest.mark.parametrize(
    ("mornings", "evenings", "morning", "evening"),
    [(6, 6, 10.0, 10.0), (2, 12, 99.0, 10.0), (6, 8, 0.0, 0.0), (6, 8, 10.9, 10.0)],
)
def test_where_nothing_stands_out_it_says_so(
    mornings: int, evenings: int, morning: float, evening: float
) -> None:
    found = best_time(timeline(posts(mornings, evenings, morning=morning, evening=evening)), zone="UTC")

    assert (found.hour, found.is_enough) == (None, True)


def test_where_every_hour_has_its_own_post_there_is_no_sample() -> None:
    spread = [a_post(number, number * HOURS % 24, likes=float(number)) for number in range(13)]

    assert best_time(timeline(spread), zone="UTC").hour is None


def test_a_rate_is_preferred_where_enough_posts_have_it() -> None:
    rated = [a_post(number, 8, engagement_rate=0.5, likes=1.0) for number in range(6)]
    rated += [a_post(50 + number, 19, engagement_rate=0.1, likes=9.0) for number in range(7)]

    found = best_time(timeline([*rated, a_post(90, 3, likes=1.0)]), zone="UTC")
    assert (found.metric, found.hour, found.of) == ("engagement_rate", 6, 13)


def test_a_post_counts_by_its_last_reading_and_only_once_it_had_time() -> None:
    fresh = PostReading("fresh", AT - SETTLED + timedelta(seconds=1), (("likes", 1e6),))
    bare = PostReading("bare", AT - 3 * SETTLED)
    early, late = posts(5, 9, morning=1.0, evening=10.0), posts(5, 9, morning=30.0, evening=10.0)
    kept = Timeline(
        {
            DAY: Snapshot(AT, (), (*late, fresh, bare)),
            DAY - timedelta(days=1): Snapshot(AT - timedelta(days=1), (), tuple(early)),
        }
    )

    assert best_time(kept, zone="UTC") == BestTime(14, 6, 5, 3.0, "likes")


@given(st.lists(st.tuples(st.integers(0, 23), st.floats(0, 1e9)), max_size=40))
def test_a_suggestion_always_has_its_sample(made: list[tuple[int, float]]) -> None:
    found = best_time(
        timeline([a_post(number, hour, likes=value) for number, (hour, value) in enumerate(made)]), zone="UTC"
    )

    assert found.of == len(made)
    assert found.is_enough == (len(made) >= ENOUGH)
    if found.hour is not None:
        assert found.posts == sum(hour // HOURS * HOURS == found.hour for hour, _ in made) >= 3
        assert found.lift >= 1.1
