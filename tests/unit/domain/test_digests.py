from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.digests import (
    DAYS,
    FURTHEST,
    SPREAD,
    DigestSchedule,
    Since,
    begins,
    first_run,
    is_muted,
    last_run,
    local_day,
    next_run,
    read_schedule,
    run_before,
    running,
    spread,
    usual_since,
)
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.periods import Edition
from tests.builders import a_digest_schedule, a_report

MONDAY = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)  # 08:00 in Berlin


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        ("daily", MONDAY, at("2026-11-30 08:00")),
        ("daily", at("2026-11-30 08:00"), at("2026-12-01 08:00")),
        ("daily", at("2026-11-30 07:59"), at("2026-11-30 08:00")),
        ("weekdays", at("2026-12-04 08:00"), at("2026-12-07 08:00")),
        ("weekdays", at("2026-12-03 08:00"), at("2026-12-04 08:00")),
        ("weekly", MONDAY, at("2026-11-30 08:00")),
        ("weekly", at("2026-11-30 08:00"), at("2026-12-07 08:00")),
        ("monthly", MONDAY, at("2026-12-01 08:00")),
        ("monthly", at("2026-12-01 08:00"), at("2027-01-01 08:00")),
        ("of old", MONDAY, at("2026-11-30 08:00")),
    ],
)
def test_the_next_digest_is_on_the_next_day_it_names(days: str, after: datetime, expected: datetime) -> None:
    assert next_run(a_digest_schedule(days=days), after=after) == expected


def test_nine_oclock_stays_nine_oclock_when_the_clocks_change() -> None:
    schedule = a_digest_schedule()

    assert next_run(schedule, after=at("2026-10-24 12:00")) == at("2026-10-25 08:00")
    assert next_run(schedule, after=at("2026-10-23 12:00")) == at("2026-10-24 07:00")


def test_a_time_the_clocks_skip_becomes_the_first_minute_after() -> None:
    schedule = a_digest_schedule(at="02:30")

    assert next_run(schedule, after=at("2027-03-27 12:00")) == at("2027-03-28 01:00")
    assert next_run(schedule, after=at("2027-03-28 01:00")) == at("2027-03-29 00:30")


def test_a_time_the_clocks_repeat_comes_once() -> None:
    schedule = a_digest_schedule(at="02:30")

    assert next_run(schedule, after=at("2026-10-24 12:00")) == at("2026-10-25 00:30")
    assert next_run(schedule, after=at("2026-10-25 00:30")) == at("2026-10-26 01:30")


def test_a_midnight_that_is_skipped_still_belongs_to_its_day() -> None:
    schedule = a_digest_schedule(at="00:00", zone="America/Santiago")  # 6 Sep 2026 starts at 01:00

    moment = next_run(schedule, after=at("2026-09-05 12:00"))
    assert moment == at("2026-09-06 04:00")
    assert local_day(schedule, moment) == date(2026, 9, 6)


@given(
    st.integers(0, 4 * 365 * 1440),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "UTC"]),
    st.integers(0, 23),
    st.sampled_from([*DAYS, "monthly"]),
)
def test_the_next_digest_is_later_and_on_a_day_that_fits(
    minutes: int, zone: str, hour: int, days: str
) -> None:
    schedule = a_digest_schedule(at=f"{hour:02}:15", zone=zone, days=days)
    after = MONDAY + timedelta(minutes=minutes)

    planned = next_run(schedule, after=after)
    local = planned.astimezone(ZoneInfo(zone))
    assert after < planned <= after + timedelta(days=32)
    assert local.day == 1 if days == "monthly" else local.weekday() in DAYS[days]
    assert (local.hour, local.minute) >= (hour, 15)


def test_the_day_is_that_of_the_channel() -> None:
    tokyo = a_digest_schedule(at="06:00", zone="Asia/Tokyo")

    assert next_run(tokyo, after=at("2026-11-30 20:30")) == at("2026-11-30 21:00")
    assert local_day(tokyo, at("2026-11-30 21:00")) == date(2026, 12, 1)


def test_a_mute_ends_at_its_time() -> None:
    schedule = a_digest_schedule(muted_until=MONDAY)

    assert is_muted(schedule, MONDAY - timedelta(seconds=1))
    assert not is_muted(schedule, MONDAY)
    assert not is_muted(a_digest_schedule(), MONDAY)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("<#C1|social> 09:00", DigestSchedule("C1", "09:00", "Europe/Berlin", "daily", "U1")),
        ("<#C1|social> at 9am weekdays", DigestSchedule("C1", "09:00", "Europe/Berlin", "weekdays", "U1")),
        ("9:30pm <#C1> New York Weekly", DigestSchedule("C1", "21:30", "America/New_York", "weekly", "U1")),
        ("09:00 utc monthly", DigestSchedule("C9", "09:00", "UTC", "monthly", "U1")),
    ],
)
def test_a_schedule_is_read_in_any_order(typed: str, expected: DigestSchedule) -> None:
    assert read_schedule(typed, zone="berlin", by="U1", channel="C9") == expected


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "a channel, such as `#social`"),
        ("09:00", "a channel, such as `#social`"),
        ("<#C1|social>", "a time such as `09:00`"),
        ("<#C1|social> 25:00", "“25:00” is no time of day: write it as `09:00`."),
        ("<#C1|social> 09:00 Old Mars", "“Old Mars” is no time zone: try a city"),
        ("<#C1|social>", "The digest needs a time such as `09:00`: `/scrm digest on #social 09:00`."),
        ("09:00", "The digest needs a channel, such as `#social`: `/scrm digest on #social 09:00`."),
    ],
)
def test_a_schedule_that_lacks_something_says_what(typed: str, sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_schedule(typed, zone="Europe/Berlin", by="U1")

    assert sentence in raised.value.message


def test_an_unknown_default_zone_is_named() -> None:
    with pytest.raises(UsageError, match="“Mars” is no time zone"):
        read_schedule("<#C1|social> 09:00", zone="Mars", by="U1")


@pytest.mark.parametrize("at_time", ["02:30", "02:00", "02:59"])
@pytest.mark.parametrize(("change", "day"), [("2027-03-28", "gap"), ("2026-10-25", "overlap")])
def test_on_both_days_the_clocks_change_there_is_one_digest(at_time: str, change: str, day: str) -> None:
    schedule = a_digest_schedule(at=at_time)
    first = next_run(schedule, after=at(f"{change} 00:00") - timedelta(hours=4))
    second = next_run(schedule, after=first)

    assert local_day(schedule, first).isoformat() == change, day
    assert local_day(schedule, second) == local_day(schedule, first) + timedelta(days=1)


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (MONDAY + timedelta(hours=1), None),
        (MONDAY + timedelta(hours=1, seconds=1), MONDAY + timedelta(hours=1)),
        (MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=1)),
        (MONDAY + timedelta(hours=3, seconds=1), None),
    ],
)
def test_the_last_one_counts_for_two_hours(before: datetime, found: datetime | None) -> None:
    assert last_run(a_digest_schedule(), before=before) == found


def test_what_was_due_before_it_was_switched_on_does_not_count() -> None:
    nine = MONDAY + timedelta(hours=1)

    assert last_run(a_digest_schedule(since=nine), before=nine + timedelta(hours=1)) == nine
    later = a_digest_schedule(since=nine + timedelta(seconds=1))
    assert last_run(later, before=nine + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("days", "last_sent", "expected"),
    [
        ("daily", "", "2026-11-30 08:00"),
        ("daily", "2026-11-29", "2026-11-30 08:00"),
        ("daily", "2026-11-30", "2026-12-01 08:00"),
        ("weekly", "2026-11-30", "2026-12-07 08:00"),
    ],
)
def test_no_date_has_two_digests(days: str, last_sent: str, expected: str) -> None:
    assert first_run(a_digest_schedule(days=days, last_sent=last_sent), after=MONDAY) == at(expected)


def test_a_zone_beyond_the_date_line_is_two_dates_behind_the_last_digest() -> None:
    sent_in_auckland = at("2026-12-01 20:00")
    schedule = a_digest_schedule(at="15:00", zone="America/Los_Angeles", last_sent="2026-12-02")

    first = first_run(schedule, after=sent_in_auckland)
    assert first == at("2026-12-03 23:00")
    assert local_day(schedule, first).isoformat() == "2026-12-03"


@pytest.mark.parametrize(
    ("days", "edition"),
    [
        ("daily", Edition.DAILY),
        ("weekdays", Edition.DAILY),
        ("weekly", Edition.WEEKLY),
        ("monthly", Edition.MONTHLY),
    ],
)
def test_the_rhythm_says_how_far_it_looks_back(days: str, edition: Edition) -> None:
    assert a_digest_schedule(days=days).edition is edition


@given(st.text(min_size=1))
def test_a_workspaces_place_in_its_minute_is_always_the_same(team: str) -> None:
    assert timedelta(0) <= spread(team) == spread(team) < timedelta(seconds=SPREAD)


def test_workspaces_are_spread_evenly() -> None:
    begun = Counter(spread(f"T{number:09}") for number in range(30_000))

    assert len(begun) == SPREAD
    assert max(begun.values()) < 1.2 * 30_000 / SPREAD


def test_what_runs_again_has_no_problem_any_more() -> None:
    stopped = a_digest_schedule(
        stopped=True, problem="late", problem_day="2026-11-28", last_sent="2026-11-27"
    )

    assert running(stopped) == a_digest_schedule(last_sent="2026-11-27")


def test_a_report_is_as_old_as_its_numbers_unless_it_says_otherwise() -> None:
    assert a_report().now == a_report().as_of
    assert a_report(made_at=MONDAY).now == MONDAY


# where one digest ends and the next begins


@pytest.mark.parametrize(
    ("days", "due", "before"),
    [
        ("daily", "2026-12-01 08:00", "2026-11-30 08:00"),
        ("weekdays", "2026-12-07 08:00", "2026-12-04 08:00"),
        ("weekdays", "2026-12-08 08:00", "2026-12-07 08:00"),
        ("weekly", "2026-12-07 08:00", "2026-11-30 08:00"),
        ("monthly", "2026-03-01 08:00", "2026-02-01 08:00"),
        ("monthly", "2026-04-01 07:00", "2026-03-01 08:00"),
        ("daily", "2026-10-25 08:00", "2026-10-24 07:00"),
        ("daily", "2027-03-28 07:00", "2027-03-27 08:00"),
    ],
)
def test_the_first_digest_begins_one_occurrence_before(days: str, due: str, before: str) -> None:
    schedule = a_digest_schedule(days=days)

    found = begins(schedule, at(due))
    assert found == Since(at(before), local_day(schedule, at(before)))
    assert found.at == run_before(schedule, at(due)) == found.first


def test_one_whose_first_was_skipped_still_begins_before_it() -> None:
    schedule = a_digest_schedule(since=at("2026-11-28 10:00"))

    assert begins(schedule, at("2026-12-02 08:00")) == Since(at("2026-11-28 08:00"), date(2026, 11, 28))
    assert begins(schedule, at("2026-11-29 08:00")) == Since(at("2026-11-28 08:00"), date(2026, 11, 28))


def test_one_that_was_sent_by_an_older_version_begins_there() -> None:
    schedule = a_digest_schedule(last_sent="2026-11-27", since=at("2026-01-01 10:00"))

    assert begins(schedule, MONDAY) == Since(at("2026-11-27 08:00"), date(2026, 11, 27))


def test_a_digest_begins_where_the_one_before_ended_however_late_that_was() -> None:
    end = Since(at("2026-11-29 09:40"), date(2026, 11, 29), ("post_1",), is_end=True)

    assert begins(a_digest_schedule(told=end), MONDAY) is end
    assert end.first == at("2026-11-29 09:25"), "what was told late by SocialCRM is not lost"


def test_no_digest_looks_back_on_more_than_two_months() -> None:
    schedule = a_digest_schedule(told=Since(at("2026-01-01 08:00"), date(2026, 1, 1)))

    found = begins(schedule, MONDAY)
    assert found == Since(MONDAY - FURTHEST, date(2026, 9, 28))


@pytest.mark.parametrize(
    ("edition", "start"),
    [
        (Edition.DAILY, "2026-11-29 07:00"),
        (Edition.WEEKLY, "2026-11-23 07:00"),
        (Edition.MONTHLY, "2026-10-30 07:00"),
    ],
)
def test_one_that_was_not_planned_looks_back_by_the_clock_on_the_wall(edition: Edition, start: str) -> None:
    found = usual_since(edition, MONDAY, "Europe/Berlin")

    assert (found.at, found.day) == (at(start), at(start).date())
