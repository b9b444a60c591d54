from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import pytest

from scrm_bot.domain.periods import Edition, Period, month_before, period, wanted_days
from scrm_bot.domain.snapshots import Snapshot, Timeline

DAY = date(2026, 12, 1)  # a Tuesday
AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
ONE_DAY = timedelta(days=1)


def kept_on(days: Collection[int]) -> Timeline:
    """So many days ago there was a reading."""
    return Timeline({DAY - ago * ONE_DAY: Snapshot(AT - ago * ONE_DAY) for ago in days})


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 12, 1), date(2026, 11, 1)),
        (date(2026, 3, 31), date(2026, 2, 28)),
        (date(2024, 3, 31), date(2024, 2, 29)),
        (date(2026, 1, 1), date(2025, 12, 1)),
    ],
)
def test_the_month_before_has_its_own_length(day: date, before: date) -> None:
    assert month_before(day) == before


@pytest.mark.parametrize(
    ("edition", "start", "prior_start", "prior_end"),
    [
        (Edition.DAILY, date(2026, 11, 30), date(2026, 11, 23), date(2026, 11, 24)),
        (Edition.WEEKLY, date(2026, 11, 24), date(2026, 11, 17), date(2026, 11, 24)),
        (Edition.MONTHLY, date(2026, 11, 1), date(2026, 10, 1), date(2026, 11, 1)),
    ],
)
def test_each_edition_has_its_period_and_its_prior(
    edition: Edition, start: date, prior_start: date, prior_end: date
) -> None:
    kept = kept_on(range(70))

    assert period(edition, DAY, kept) == Period(start, DAY, prior_start, prior_end)
    assert {start, DAY, prior_start, prior_end} <= {*wanted_days(edition, DAY)}


def test_a_missing_first_day_makes_both_periods_longer() -> None:
    kept = kept_on({0, 3})

    found = period(Edition.DAILY, DAY, kept)
    assert found == Period(DAY - 3 * ONE_DAY, DAY, DAY - 10 * ONE_DAY, DAY - 7 * ONE_DAY)
    monthly = period(Edition.MONTHLY, DAY, kept_on({0, 32}))
    assert monthly == Period(date(2026, 10, 30), DAY, date(2026, 9, 29), date(2026, 11, 1))


@pytest.mark.parametrize("days", [set(), {0}, {1}, {0, 5}])
def test_without_a_beginning_or_an_end_there_is_no_period(days: set[int]) -> None:
    assert period(Edition.DAILY, DAY, kept_on(days)) is None


@pytest.mark.parametrize(
    ("since", "prior_start", "prior_end"),
    [(3, 10, 7), (7, 14, 7), (8, 22, 14), (0, 8, 7)],
    ids=["after a weekend", "after a week", "after more than a week", "never less than a day"],
)
def test_a_period_begins_where_the_digest_before_ended(since: int, prior_start: int, prior_end: int) -> None:
    begin = DAY - since * ONE_DAY
    found = period(Edition.DAILY, DAY, kept_on(range(30)), begin)

    prior = DAY - prior_start * ONE_DAY, DAY - prior_end * ONE_DAY
    assert found == Period(min(begin, DAY - ONE_DAY), DAY, *prior)
    assert {*prior} <= {*wanted_days(Edition.DAILY, DAY, begin)}


def test_a_month_that_was_skipped_is_told_with_the_next() -> None:
    begin = date(2026, 10, 1)

    found = period(Edition.MONTHLY, DAY, kept_on(range(70)), begin)
    assert found == Period(begin, DAY, date(2026, 7, 30), date(2026, 9, 29))
