"""Working hours in every zone, over changes of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.hours import ALWAYS, OFFICE, WorkingHours, read_hours, spelled

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"]
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    """`2026-11-30 08:00` in UTC, or with its own offset."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "asked", "first"),
    [
        (OFFICE, "Europe/Berlin", "2026-11-30 12:00", "2026-11-30 12:00"),
        (OFFICE, "Europe/Berlin", "2026-11-30 07:59", "2026-11-30 08:00"),
        (OFFICE, "Europe/Berlin", "2026-11-30 08:00", "2026-11-30 08:00"),
        (OFFICE, "Europe/Berlin", "2026-11-30 16:59", "2026-11-30 16:59"),
        (OFFICE, "Europe/Berlin", "2026-11-30 17:00", "2026-12-01 08:00"),
        (OFFICE, "America/New_York", "2026-11-30 08:00", "2026-11-30 14:00"),
        (OFFICE, "Asia/Kolkata", "2026-11-30 20:00", "2026-12-01 03:30"),
        (OFFICE, "no zone at all", "2026-11-30 08:00", "2026-11-30 09:00"),
        # a weekend, and Friday evening here that is Friday noon there
        (OFFICE, "Europe/Berlin", "2026-12-04 17:00", "2026-12-07 08:00"),
        (OFFICE, "Europe/Berlin", "2026-12-05 12:00", "2026-12-07 08:00"),
        (OFFICE, "Europe/Berlin", "2026-12-06 23:30", "2026-12-07 08:00"),
        (OFFICE, "America/New_York", "2026-12-04 17:00", "2026-12-04 17:00"),
        (WorkingHours(weekdays=False), "Europe/Berlin", "2026-12-05 12:00", "2026-12-05 12:00"),
        (WorkingHours(weekdays=False), "Europe/Berlin", "2026-12-05 17:00", "2026-12-06 08:00"),
        (ALWAYS, "Europe/Berlin", "2026-12-05 23:30", "2026-12-05 23:30"),
        (WorkingHours("20:00", "24:00", weekdays=False), "UTC", "2026-12-05 23:59", "2026-12-05 23:59"),
        (WorkingHours("20:00", "24:00", weekdays=False), "UTC", "2026-12-05 00:00", "2026-12-05 20:00"),
        # the clocks change on the Sunday in between
        (OFFICE, "Europe/Berlin", "2026-03-27 17:00", "2026-03-30 07:00"),
        (OFFICE, "Europe/Berlin", "2026-10-23 16:00", "2026-10-26 08:00"),
        # it begins in a gap (02:30 is 03:00 on that day) and in a doubled hour (the first one)
        (
            WorkingHours("02:30", "05:00", weekdays=False),
            "Europe/Berlin",
            "2026-03-29 00:00",
            "2026-03-29 01:00",
        ),
        (
            WorkingHours("02:30", "05:00", weekdays=False),
            "Europe/Berlin",
            "2026-10-25 00:00",
            "2026-10-25 00:30",
        ),
    ],
)
def test_the_first_moment_somebody_may_be_nudged(
    hours: WorkingHours, zone: str, asked: str, first: str
) -> None:
    assert hours.first(at(asked), zone=zone) == at(first)


@given(
    asked=TIMES,
    zone=st.sampled_from(ZONES),
    hours=st.sampled_from([OFFICE, ALWAYS, WorkingHours("08:00", "17:00")]),
)
def test_it_is_never_before_and_always_in_working_hours(
    asked: datetime, zone: str, hours: WorkingHours
) -> None:
    first = hours.first(asked, zone=zone)

    local = first.astimezone(ZoneInfo(zone))
    assert asked <= first <= asked + timedelta(days=4)
    assert hours.start <= f"{local:%H:%M}" < hours.end
    assert not hours.weekdays or local.weekday() < 5
    assert hours.first(first, zone=zone) == first


@pytest.mark.parametrize("hours", [OFFICE, ALWAYS, WorkingHours("07:30", "12:00", weekdays=False)])
def test_hours_are_read_as_they_are_written(hours: WorkingHours) -> None:
    assert read_hours(str(hours)) == hours


def test_hours_are_written_plainly() -> None:
    assert (str(OFFICE), str(ALWAYS)) == ("09:00-18:00 weekdays", "00:00-24:00 daily")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "09:00",
        "09:00-18:00",
        "09:00-18:00 sometimes",
        "18:00-09:00 daily",
        "09:00-09:00 daily",
        "09:60-18:00 daily",
        "24:00-24:00 daily",
        "09:00-24:30 daily",
        "9:00-18:00 daily",
        " 09:00-18:00 daily",
    ],
)
def test_anything_else_is_no_hours(text: str) -> None:
    assert read_hours(text) is None


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        (1, "1 hour"),
        (8, "8 hours"),
        (24, "24 hours"),
        (36, "36 hours"),
        (47, "47 hours"),
        (48, "2 days"),
        (168, "7 days"),
        (169, "169 hours"),
    ],
)
def test_a_number_of_hours_is_told_in_words(hours: int, told: str) -> None:
    assert spelled(hours) == told
