import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.errors import WhenError
from scrm_bot.domain.when import (
    When,
    echo,
    find_zone,
    first_minute,
    parse_when,
    read_clock,
    read_duration,
    read_when,
    split_when,
    when_words,
)

NOW = datetime(
    2026, 10, 24, 12, 0, 30, 5, tzinfo=UTC
)  # a Saturday, 14:00:30 in Berlin, the day before DST ends
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("text", "utc", "zone"),
    [
        ("in 2h30m", "2026-10-24 14:30:30", BERLIN),
        ("in 2h", "2026-10-24 14:00:30", BERLIN),
        ("in 90m", "2026-10-24 13:30:30", BERLIN),
        ("in 90 min", "2026-10-24 13:30:30", BERLIN),
        ("In 2 Hours and 30 Minutes", "2026-10-24 14:30:30", BERLIN),
        ("in 1 hour, 5 mins", "2026-10-24 13:05:30", BERLIN),
        ("in 3d", "2026-10-27 12:00:30", BERLIN),
        ("in 1 week", "2026-10-31 12:00:30", BERLIN),
        ("in 1w 2d 3h 4m", "2026-11-02 15:04:30", BERLIN),
        ("in 2hrs", "2026-10-24 14:00:30", BERLIN),
        ("14:01", "2026-10-24 12:01:00", BERLIN),
        ("14:00", "2026-10-25 13:00:00", BERLIN),
        ("9am", "2026-10-25 08:00:00", BERLIN),
        ("9 AM", "2026-10-25 08:00:00", BERLIN),
        ("9a.m.", "2026-10-25 08:00:00", BERLIN),
        ("12am", "2026-10-24 22:00:00", BERLIN),
        ("1am", "2026-10-24 23:00:00", BERLIN),
        ("2026-12-01 09:00 +23:59", "2026-11-30 09:01:00", BERLIN),
        ("12pm", "2026-10-25 11:00:00", BERLIN),
        ("11:30pm", "2026-10-24 21:30:00", BERLIN),
        ("00:00", "2026-10-24 22:00:00", BERLIN),
        ("23.45", "2026-10-24 21:45:00", BERLIN),
        ("at 17:00", "2026-10-24 15:00:00", BERLIN),
        ("today 17:00", "2026-10-24 15:00:00", BERLIN),
        ("Tomorrow 09:00", "2026-10-25 08:00:00", BERLIN),
        ("tomorrow at 9:00", "2026-10-25 08:00:00", BERLIN),
        ("  tomorrow,   9:00 ", "2026-10-25 08:00:00", BERLIN),
        ("sat 14:01", "2026-10-24 12:01:00", BERLIN),
        ("sat 14:00", "2026-10-31 13:00:00", BERLIN),
        ("sun 09:00", "2026-10-25 08:00:00", BERLIN),
        ("on monday at 5pm", "2026-10-26 16:00:00", BERLIN),
        ("tues 09:00", "2026-10-27 08:00:00", BERLIN),
        ("wed 09:00", "2026-10-28 08:00:00", BERLIN),
        ("Thursday 09:00", "2026-10-29 08:00:00", BERLIN),
        ("thurs 09:00", "2026-10-29 08:00:00", BERLIN),
        ("FRI 09:00", "2026-10-30 08:00:00", BERLIN),
        ("2026-12-01 09:00", "2026-12-01 08:00:00", BERLIN),
        ("2026-12-1 9am", "2026-12-01 08:00:00", BERLIN),
        ("2026-12-01 09:00 Tokyo", "2026-12-01 00:00:00", "Asia/Tokyo"),
        ("2026-12-01 09:00 new york", "2026-12-01 14:00:00", "America/New_York"),
        ("2026-12-01 09:00 america/argentina/ushuaia", "2026-12-01 12:00:00", "America/Argentina/Ushuaia"),
        ("2026-12-01 09:00 utc", "2026-12-01 09:00:00", "UTC"),
        ("2026-12-01 09:00 Z", "2026-12-01 09:00:00", "UTC"),
        ("2026-12-01 09:00 +05:30", "2026-12-01 03:30:00", BERLIN),
        ("2026-12-01 09:00 -0800", "2026-12-01 17:00:00", BERLIN),
        ("2026-12-01 09:00 UTC+2", "2026-12-01 07:00:00", BERLIN),
        ("2026-12-01 09:00 gmt-3", "2026-12-01 12:00:00", BERLIN),
        ("2026-12-01T09:00:00Z", "2026-12-01 09:00:00", "UTC"),
        ("2026-12-01t09:00:00.123z", "2026-12-01 09:00:00", "UTC"),
        ("2026-12-01T09:00:00+02:00", "2026-12-01 07:00:00", BERLIN),
        ("2026-12-01T09:00", "2026-12-01 08:00:00", BERLIN),
        ("22:00 New York", "2026-10-25 02:00:00", "America/New_York"),
        ("tomorrow 02:30 +02:00", "2026-10-25 00:30:00", BERLIN),
        ("tomorrow 02:30 +01:00", "2026-10-25 01:30:00", BERLIN),
        # the time before the day
        ("9am tomorrow", "2026-10-25 08:00:00", BERLIN),
        ("9am on friday", "2026-10-30 08:00:00", BERLIN),
        ("9 am, Friday", "2026-10-30 08:00:00", BERLIN),
        ("at 17:00 on Fri, Tokyo", "2026-10-30 08:00:00", "Asia/Tokyo"),
        ("9am in Tokyo on friday", "2026-10-30 00:00:00", "Asia/Tokyo"),
        ("9:00 Fri 30 Oct 2026", "2026-10-30 08:00:00", BERLIN),
        # an hour alone, behind "at": of 24
        ("tomorrow at 9", "2026-10-25 08:00:00", BERLIN),
        ("friday at 9", "2026-10-30 08:00:00", BERLIN),
        ("at 21", "2026-10-24 19:00:00", BERLIN),
        ("tomorrow at 9 pm", "2026-10-25 20:00:00", BERLIN),
        ("09:00:00", "2026-10-25 08:00:00", BERLIN),
        ("tomorrow noon", "2026-10-25 11:00:00", BERLIN),
        ("at noon on friday", "2026-10-30 11:00:00", BERLIN),
        ("12 noon", "2026-10-25 11:00:00", BERLIN),
        ("friday midnight", "2026-10-29 23:00:00", BERLIN),
        ("midnight", "2026-10-24 22:00:00", BERLIN),
        # the weekday of next week, and dates
        ("next mon 9am", "2026-10-26 08:00:00", BERLIN),
        ("next Saturday 9am", "2026-10-31 08:00:00", BERLIN),
        ("this friday 9am", "2026-10-30 08:00:00", BERLIN),
        ("1 Dec 9am", "2026-12-01 08:00:00", BERLIN),
        ("Dec 1 9am", "2026-12-01 08:00:00", BERLIN),
        ("1 December 2026 09:00", "2026-12-01 08:00:00", BERLIN),
        ("Dec. 1st, 2026 at 9:00 AM", "2026-12-01 08:00:00", BERLIN),
        ("9am on the 1st of December", "2026-12-01 08:00:00", BERLIN),
        ("31 Jan 9am", "2027-01-31 08:00:00", BERLIN),
        ("29 Feb 9am", "2028-02-29 08:00:00", BERLIN),
        ("Tue 2026-12-01 09:00", "2026-12-01 08:00:00", BERLIN),
        ("Tue 1 Dec 2026, 09:00 Europe/Berlin", "2026-12-01 08:00:00", BERLIN),
        ("2026-12-01T09:00Z", "2026-12-01 09:00:00", "UTC"),
        ("2026-12-01T09:00:00+01:00", "2026-12-01 08:00:00", BERLIN),
        ("2026-12-01T09:00 Tokyo", "2026-12-01 00:00:00", "Asia/Tokyo"),
        ("2026-12-01 09:00Z", "2026-12-01 09:00:00", "UTC"),
        # from now on
        ("in an hour", "2026-10-24 13:00:30", BERLIN),
        ("in half an hour", "2026-10-24 12:30:30", BERLIN),
        ("in an hour and 10 minutes", "2026-10-24 13:10:30", BERLIN),
        ("in 1 minute and 2 hours", "2026-10-24 14:01:30", BERLIN),
        ("in 3 days at 9am", "2026-10-27 08:00:00", BERLIN),
        ("in a week at noon in Tokyo", "2026-10-31 03:00:00", "Asia/Tokyo"),
        ("in 2w, 09:00", "2026-11-07 08:00:00", BERLIN),
        # a mark at its end, as sentences have one
        ("tomorrow 9am.", "2026-10-25 08:00:00", BERLIN),
        ("tomorrow 9am,", "2026-10-25 08:00:00", BERLIN),
        # zones as people write them
        ("tomorrow 9am in Tokyo", "2026-10-25 00:00:00", "Asia/Tokyo"),
        ("tomorrow 9am (Tokyo)", "2026-10-25 00:00:00", "Asia/Tokyo"),
        ("tomorrow 9am (in Tokyo)", "2026-10-25 00:00:00", "Asia/Tokyo"),
        ("tomorrow 9am Tokyo time", "2026-10-25 00:00:00", "Asia/Tokyo"),
        ("tomorrow 9am ET", "2026-10-25 13:00:00", "America/New_York"),
        ("tomorrow 9am EDT", "2026-10-25 13:00:00", "America/New_York"),
        ("1 Dec 9am ET", "2026-12-01 14:00:00", "America/New_York"),
        ("1 Dec 9am est", "2026-12-01 14:00:00", "America/New_York"),
        ("9am CT tomorrow", "2026-10-25 14:00:00", "America/Chicago"),
        ("tomorrow 9am MT", "2026-10-25 15:00:00", "America/Denver"),
        ("tomorrow 9am PT", "2026-10-25 16:00:00", "America/Los_Angeles"),
        ("1 Dec 9am PST", "2026-12-01 17:00:00", "America/Los_Angeles"),
        ("tomorrow 9am GMT", "2026-10-25 09:00:00", "GMT"),
        ("tomorrow 9am CET", "2026-10-25 08:00:00", BERLIN),
        ("1 Jun 9am CEST", "2027-06-01 07:00:00", BERLIN),
        ("1 Jun 9am BST", "2027-06-01 08:00:00", "Europe/London"),
        ("tomorrow 9am WET", "2026-10-25 09:00:00", "Europe/Lisbon"),
        ("1 Jun 9am WEST", "2027-06-01 08:00:00", "Europe/Lisbon"),
        ("tomorrow 9am EET", "2026-10-25 07:00:00", "Europe/Helsinki"),
        ("tomorrow 9am JST", "2026-10-25 00:00:00", "Asia/Tokyo"),
        ("tomorrow 9am AEDT", "2026-10-24 22:00:00", "Australia/Sydney"),
        ("1 Jun 9am AEST", "2027-05-31 23:00:00", "Australia/Sydney"),
        # of a doubled hour, the abbreviation or the offset names one
        ("tomorrow 02:30 CEST", "2026-10-25 00:30:00", BERLIN),
        ("tomorrow 02:30 CET", "2026-10-25 01:30:00", BERLIN),
        ("Sun 25 Oct 2026, 02:30 Europe/Berlin (+02:00)", "2026-10-25 00:30:00", BERLIN),
        ("Sun 25 Oct 2026, 02:30 Europe/Berlin (+01:00)", "2026-10-25 01:30:00", BERLIN),
    ],
)
def test_a_time_is_read_as_it_was_meant(text: str, utc: str, zone: str) -> None:
    read = read_when(text, now=NOW, zone=BERLIN)

    assert read == When(datetime.fromisoformat(utc).replace(tzinfo=UTC), zone)
    assert read.at
    assert read.at.tzinfo is UTC
    assert parse_when(text, now=NOW, zone=BERLIN) == read.at


def test_the_day_is_that_of_the_zone_and_not_of_the_machine() -> None:
    evening = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)  # the 2nd in Tokyo already

    assert parse_when("tomorrow 09:00", now=evening, zone="Asia/Tokyo") == datetime(2026, 12, 3, tzinfo=UTC)
    assert parse_when("wed 09:00", now=evening, zone="Asia/Tokyo") == datetime(2026, 12, 2, tzinfo=UTC)
    assert parse_when("20:00", now=evening, zone="UTC") == evening + timedelta(days=1)


def test_this_very_minute_has_passed_and_five_years_are_not_too_far() -> None:
    whole = NOW.replace(second=0, microsecond=0)

    with pytest.raises(WhenError, match="has passed"):
        parse_when("2026-10-24 14:00", now=whole, zone=BERLIN)
    assert parse_when("in 1825d", now=whole, zone=BERLIN) == whole + timedelta(days=1825)
    assert parse_when("2031-10-23 12:00 utc", now=whole, zone=BERLIN) == whole + timedelta(days=1825)


@pytest.mark.parametrize("text", ["now", "NOW", " now "])
def test_now_is_no_time(text: str) -> None:
    assert read_when(text, now=NOW, zone=BERLIN) == When(None, BERLIN)


def test_an_unknown_home_zone_counts_as_utc() -> None:
    assert read_when("15:00", now=NOW, zone="Mars/Olympus") == When(
        NOW.replace(hour=15, second=0, microsecond=0), "UTC"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "When? Try `tomorrow 09:00`"),
        ("soon", "“soon” is not a time I can read. Try"),
        ("tomorrow", "“tomorrow” has no time of day. Try"),
        ("on friday", "“on friday” has no time of day. Try"),
        ("2026-12-01", "“2026-12-01” has no time of day. Try"),
        ("yesterday", "“yesterday” has passed. Try"),
        ("9am yesterday", "“9am yesterday” has passed. Try"),
        ("yesterday 9am Berlin", "“yesterday 9am Berlin” has passed. Try"),
        ("last Friday 5pm", "“last Friday 5pm” has passed. Try"),
        ("2 days ago", "“2 days ago” has passed. Try"),
        ("an hour ago", "“an hour ago” has passed. Try"),
        ("long ago", "“long ago” is not a time I can read. Try"),
        ("9", "“9” is not a time I can read."),
        ("25:00", "“25:00” is not a time of day."),
        ("24:00", "“24:00” is not a time of day."),
        ("09:60", "“09:60” is not a time of day."),
        ("13pm", "“13pm” is not a time of day."),
        ("0am", "“0am” is not a time of day."),
        ("2026-13-01 09:00", "There is no day “2026-13-01”."),
        ("2026-02-30 09:00", "There is no day “2026-02-30”."),
        ("9999-12-31 23:59 -11:00", "There is no day “9999-12-31”."),
        ("today 14:00", "Sat 24 Oct 2026, 14:00 Europe/Berlin has passed. Which time to come did you mean?"),
        ("2026-10-24 14:00", "Sat 24 Oct 2026, 14:00 Europe/Berlin has passed."),
        ("2020-01-01T00:00:00Z", "Wed 1 Jan 2020, 00:00 UTC has passed."),
        ("2026-10-24 09:00 Tokyo", "Sat 24 Oct 2026, 09:00 Asia/Tokyo has passed."),
        ("in 0m", "“in 0m” is not a time to come."),
        ("in 2x", "How long is “in 2x”? Try `in 3d`, `in 2h` or `in 1w`."),
        ("in the evening", "“in the evening” is not a time I can read. Try"),
        ("2h", "“2h” is not a time I can read. Did you mean `in 2h`?"),
        ("tomorrow", "“tomorrow” has no time of day. Try `tomorrow 09:00`."),
        (
            "today",
            "“today” has no time of day. Try `tomorrow 09:00`, `fri 5pm`, `in 2h30m`, `2026-11-23 09:00`",
        ),
        ("9", "“9” is not a time I can read. Did you mean `09:00` or `9pm`?"),
        ("tomorrow 9", "Did you mean `tomorrow 09:00` or `tomorrow 9pm`?"),
        ("tomorrow 17", "“tomorrow 17” is not a time I can read. Did you mean `tomorrow 17:00`?"),
        ("99", "“99” is not a time I can read. Try"),
        ("tomorow", "“tomorow” is not a time I can read. Did you mean `tomorrow 09:00`?"),
        ("tomorow 9am", "Did you mean `tomorrow 9am`?"),
        ("at 25", "“25” is not a time of day. Try"),
        ("09:00:61", "“09:00:61” is not a time of day."),
        ("30 Feb 9am", "There is no day “30 Feb”. Try"),
        ("0 Dec 9am", "There is no day “0 Dec”. Try"),
        ("31 Nov 2026 9am", "There is no day “31 Nov 2026”. Try"),
        ("23 Oct 9am", "Fri 23 Oct 2026, 09:00 Europe/Berlin has passed."),
        ("today midnight", "Sat 24 Oct 2026, 00:00 Europe/Berlin has passed."),
        (
            "Mon 1 Dec 9am",
            "“Mon 1 Dec” is no day, it would be Tue 1 Dec 2026. Did you mean `2026-12-01 09:00`?",
        ),
        ("Mon 1 Dec 9am PT", "Did you mean `2026-12-01 09:00 PT`?"),
        ("in 9999 weeks at 9am", "is more than five years away."),
        ("in a d 9am", "“in a d 9am” is not a time I can read."),
        ("in 99999w", "“in 99999w” is too far away."),
        ("in 99999w 99999w 99999w 99999w 99999w", "is too far away."),
        ("in 1826d", "is too far away."),
        ("2062-12-01 09:00", "Fri 1 Dec 2062, 09:00 Europe/Berlin is more than five years away. Which year"),
        ("9:00 NDT", "Which time zone is “NDT”? Name a city such as `Berlin`"),
        ("9:00 CEST Tokyo", "Which time zone is “CEST Tokyo”?"),
        ("9:00 Paris on friday Rome", "Which time zone is “Paris Rome”?"),
        (
            "fri 9am Come and see us",
            "What is “Come and see us” behind the time? Only a zone can be there, such as `Berlin`",
        ),
        (
            "tomorrow 9am CEST",
            (
                "On Sun 25 Oct 2026 the clocks in Europe/Berlin go by CET, not CEST. "
                "Did you mean `2026-10-25 09:00 Europe/Berlin` or `2026-10-25 09:00 +02:00`?"
            ),
        ),
        ("9:00 PST", "`2026-10-24 09:00 America/Los_Angeles` or `2026-10-24 09:00 -08:00`?"),
        ("1 Dec 9am BST", "the clocks in Europe/London go by GMT, not BST."),
        (
            "2026-12-01 09:00 (BST)",
            "Did you mean `2026-12-01 09:00 Europe/London` or `2026-12-01 09:00 +01:00`?",
        ),
        (
            "25 Oct 2026 02:30 Berlin (+05:00)",
            (
                "Europe/Berlin go by +02:00, not +05:00. "
                "Did you mean `2026-10-25 02:30 Europe/Berlin` or `2026-10-25 02:30 +05:00`?"
            ),
        ),
        (
            "fri 9am IST",
            (
                "“IST” is the time of several places. Which one: "
                "`fri 09:00 Asia/Kolkata`, `fri 09:00 Europe/Dublin`, `fri 09:00 Asia/Jerusalem`?"
            ),
        ),
        ("2020-03-29 02:30", "has passed."),
        ("2020-12-01 09:00 CEST", "has passed."),
        ("9:00 +25:00", "Which time zone is “+25:00”?"),
        ("9:00 +24:00", "Which time zone is “+24:00”?"),
        ("On Friday", "“On Friday” has no time of day. Try"),
        ("9:00 Mars", "a zone such as `Europe/Berlin`, or an offset such as `+02:00`."),
        ("9:00 Christmas", "Which time zone is “Christmas”?"),
        ("2027-03-28 02:30", "Did you mean `2027-03-28 03:30 Europe/Berlin`?"),
        ("2027-03-14 02:00 New York", "Did you mean `2027-03-14 03:00 America/New_York`?"),
    ],
)
def test_a_time_that_cannot_be_is_answered_with_a_question(text: str, sentence: str) -> None:
    with pytest.raises(WhenError) as raised:
        read_when(text, now=NOW, zone=BERLIN)

    assert sentence in raised.value.message
    assert raised.value.field == "when"


def test_a_time_in_the_gap_names_the_day_and_the_zone() -> None:
    with pytest.raises(WhenError) as raised:
        read_when("2027-03-28 02:30", now=NOW, zone=BERLIN)

    assert raised.value.message == (
        "02:30 does not exist on Sun 28 Mar 2027 in Europe/Berlin: the clocks go forward over it. "
        "Did you mean `2027-03-28 03:30 Europe/Berlin`?"
    )


@pytest.mark.parametrize(
    ("home", "text", "zone"),
    [
        ("Asia/Kolkata", "9am IST", "Asia/Kolkata"),
        ("Asia/Jerusalem", "1 Dec 9am IST", "Asia/Jerusalem"),
        ("Asia/Shanghai", "9am CST", "Asia/Shanghai"),
        ("America/Phoenix", "9am MST", "America/Phoenix"),
        ("Australia/Brisbane", "9am AEST", "Australia/Brisbane"),
        ("Europe/Madrid", "tomorrow 9am CET", "Europe/Madrid"),
        ("Asia/Tokyo", "tomorrow 9am CET", BERLIN),
    ],
)
def test_an_abbreviation_is_that_of_ones_own_zone_first(home: str, text: str, zone: str) -> None:
    assert read_when(text, now=NOW, zone=home).zone == zone


def test_ones_own_abbreviation_of_the_other_season_is_asked_about() -> None:
    with pytest.raises(WhenError, match=r"Dublin go by GMT, not IST.*`2026-12-01 09:00 \+01:00`"):
        read_when("1 Dec 9am IST", now=NOW, zone="Europe/Dublin")


QUESTIONED = [
    "",
    "soon",
    "tomorrow",
    "today",
    "on friday",
    "next fri",
    "9",
    "11",
    "99",
    "tomorrow 9",
    "tomorow 9am",
    "2h",
    "3 days",
    "25:00",
    "in 2x",
    "in 0m",
    "30 Feb 9am",
    "Mon 1 Dec 9am",
    "in 99999w",
    "fri 9am IST",
    "tomorrow 9am CEST",
    "9am EST",
    "1 Dec 9am BST",
    "2027-03-28 02:30 Berlin",
    "2027-03-14 02:30 ET",
    "tomorrow 02:30 Berlin",
    "2026-11-01 01:30 New York",
]


@pytest.mark.parametrize("text", QUESTIONED)
@pytest.mark.parametrize("home", [BERLIN, "America/New_York"])
def test_each_time_that_is_suggested_can_be_typed_instead(text: str, home: str) -> None:
    with pytest.raises(WhenError) as raised:
        read_when(text, now=NOW, zone=home)

    suggested = re.findall(r"`(.+?)`", raised.value.message)
    assert suggested
    for each in suggested:
        assert isinstance(read_when(each, now=NOW, zone=home), When)


def test_a_doubled_hour_names_both_readings_as_one_can_type_them() -> None:
    with pytest.raises(WhenError) as raised:
        read_when("tomorrow 2:30", now=NOW, zone=BERLIN)

    assert raised.value.message == (
        "02:30 happens twice on Sun 25 Oct 2026 in Europe/Berlin, since the clocks go back. Which one: "
        "`2026-10-25 02:30 +02:00` (the first) or `2026-10-25 02:30 +01:00` (the second)?"
    )


def test_the_edges_of_gap_and_doubled_hour_are_plain_times() -> None:
    assert parse_when("2027-03-28 03:00", now=NOW, zone=BERLIN) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert parse_when("2027-03-28 01:59", now=NOW, zone=BERLIN) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert parse_when("2026-10-25 03:00", now=NOW, zone=BERLIN) == datetime(2026, 10, 25, 2, tzinfo=UTC)
    assert parse_when("2026-10-25 01:59", now=NOW, zone=BERLIN) == datetime(2026, 10, 24, 23, 59, tzinfo=UTC)


def test_a_bare_time_in_the_first_of_two_hours_asks_which_one() -> None:
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45, the first time

    with pytest.raises(WhenError, match="happens twice"):
        read_when("02:30", now=between, zone=BERLIN)


@pytest.mark.parametrize(
    ("at", "zone", "text"),
    [
        (datetime(2026, 12, 1, 8, tzinfo=UTC), BERLIN, "Tue 1 Dec 2026, 09:00 Europe/Berlin"),
        (datetime(2026, 12, 1, 8, tzinfo=UTC), "UTC", "Tue 1 Dec 2026, 08:00 UTC"),
        (datetime(2026, 12, 1, 8, tzinfo=UTC), "berlin", "Tue 1 Dec 2026, 09:00 Europe/Berlin"),
        (datetime(2026, 12, 1, 8, tzinfo=UTC), "nonsense", "Tue 1 Dec 2026, 08:00 UTC"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN, "Sun 25 Oct 2026, 02:30 Europe/Berlin (+02:00)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), BERLIN, "Sun 25 Oct 2026, 02:30 Europe/Berlin (+01:00)"),
        (
            datetime(2027, 3, 28, 3, tzinfo=timezone(timedelta(hours=2))),
            BERLIN,
            "Sun 28 Mar 2027, 03:00 Europe/Berlin",
        ),
        (datetime(2026, 7, 31, 23, 5, tzinfo=UTC), "Asia/Kolkata", "Sat 1 Aug 2026, 04:35 Asia/Kolkata"),
    ],
)
def test_a_time_is_told_with_weekday_date_time_and_zone(at: datetime, zone: str, text: str) -> None:
    assert echo(at, zone) == text


soon = st.integers(0, 1800 * 1440).map(
    lambda minutes: NOW.replace(second=0, microsecond=0) + timedelta(minutes=minutes + 1)
)
zones = st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


@given(soon, zones)
def test_a_date_and_time_with_its_offset_is_always_read_and_echoed_back(at: datetime, zone: str) -> None:
    local = at.astimezone(ZoneInfo(zone))
    offset = f"{local:%z}"

    typed = f"{local:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"
    assert parse_when(typed, now=NOW, zone=zone) == at
    assert f"{local:%H:%M} {zone}" in echo(at, zone)


@given(soon, zones, zones)
def test_what_is_told_can_be_typed(at: datetime, zone: str, home: str) -> None:
    assert read_when(echo(at, zone), now=NOW, zone=home) == When(at, zone)


@given(soon, zones)
def test_a_wall_clock_time_is_read_once_or_asked_about(at: datetime, zone: str) -> None:
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    readings = {
        moment.astimezone(UTC)
        for fold in (0, 1)
        if (moment := local.replace(tzinfo=ZoneInfo(zone), fold=fold)).astimezone(UTC) > NOW
    }

    if len(readings) == 1:
        assert parse_when(f"{local:%Y-%m-%d %H:%M}", now=NOW, zone=zone) == at
    else:
        with pytest.raises(WhenError, match="happens twice"):
            parse_when(f"{local:%Y-%m-%d %H:%M}", now=NOW, zone=zone)


def _read(text: str) -> datetime | str | None:
    """The moment, or the question."""
    try:
        return parse_when(text, now=NOW, zone=BERLIN)
    except WhenError as question:
        return question.message


@given(st.text(max_size=40))
def test_any_text_is_read_or_questioned(text: str) -> None:
    answer = _read(text)

    assert answer is None or answer != ""
    assert not isinstance(answer, datetime) or answer > NOW


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("hello there", 0),
        ("now", 1),
        ("now or never", 1),
        ("tomorrow", 0),
        ("tomorrow 09:00", 2),
        ("tomorrow 9 am we", 3),
        ("tomorrow at 9 am New York is", 6),
        ("09:00 we open", 1),
        ("09:00 +02:00 we", 2),
        ("2026-12-01T09:00:00Z x", 1),
        ("in 2 hours and 30 minutes we", 6),
        ("in 2h we", 2),
        ("in 1 week 1 day 1 hour 1 minute", 9),
        ("in an hour we", 3),
        ("in 3 days at 9am we", 5),
        ("9am tomorrow we", 2),
        ("9am on friday we", 3),
        ("tomorrow at 9 we", 3),
        ("tomorrow 9 lives", 0),
        ("9 lives", 0),
        ("next mon 9am we", 3),
        ("Tue 1 Dec 2026, 09:00 Europe/Berlin we", 6),
        ("at 9 a.m. in New York time on Tue the 1st of December 2026", 14),
        ("9am CEST we", 2),
        ("9am cest we", 2),
        ("9am EST we", 2),
        ("9am est we", 1),
        ("9am est", 2),
        ("9am WET we", 2),
        ("9am wet weather", 1),
        ("9am in Berlin we", 3),
        ("9am (Berlin) we", 2),
        ("9am in the morning", 1),
        ("tomorrow 9am, we", 2),
        ("now, we", 1),
        (" ".join(["9am"] * 20), 1),
        ("in the end", 0),
        ("in", 0),
    ],
)
def test_the_longest_run_of_words_that_is_a_time_is_taken(text: str, count: int) -> None:
    assert when_words(text.split()) == count


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("post_1 tomorrow 09:00", ("post_1", "tomorrow 09:00")),
        ("3 9am", ("3", "9am")),
        ("last  in  2h", ("last", "in 2h")),
        ("tomorrow 09:00", ("", "tomorrow 09:00")),
        ("last tomorow 9am", ("last", "tomorow 9am")),
        ("last", ("last", "")),
        ("last 9am tomorrow", ("last", "9am tomorrow")),
        ("2 1 Dec 9am", ("2", "1 Dec 9am")),
        ("1 Dec 9am", ("", "1 Dec 9am")),
        ("9am est", ("", "9am est")),
        ("last at 9", ("last", "at 9")),
        ("", ("", "")),
        ("  ", ("", "")),
    ],
)
def test_a_post_is_told_from_its_time(text: str, parts: tuple[str, str]) -> None:
    assert split_when(text) == parts


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3d", timedelta(days=3)),
        (" 1 week ", timedelta(weeks=1)),
        ("2h30m", timedelta(hours=2, minutes=30)),
        ("in 45m", timedelta(minutes=45)),
        ("2 Weeks", timedelta(weeks=2)),
        ("half a day", timedelta(hours=12)),
        ("an hour", timedelta(hours=1)),
        ("one week and 2 days", timedelta(days=9)),
        (" ".join(["99999w"] * 2000), timedelta(weeks=99_999)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: timedelta) -> None:
    assert read_duration(text) == length


def test_an_unreadable_length_is_asked_about() -> None:
    with pytest.raises(WhenError, match="How long is “a while”"):
        read_duration(" a while ")


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("09:00", "09:00"),
        ("9am", "09:00"),
        ("9 AM", "09:00"),
        (" 9:05 pm ", "21:05"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("09:00:00", "09:00"),
        ("24:00", None),
        ("at 9", None),
        ("9", None),
        ("x", None),
    ],
)
def test_a_time_of_day_is_read(text: str, clock: str | None) -> None:
    assert read_clock(text) == clock


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Berlin", BERLIN),
        ("europe/berlin", BERLIN),
        ("BERLIN", BERLIN),
        ("New York", "America/New_York"),
        ("los  angeles", "America/Los_Angeles"),
        ("auckland", "Pacific/Auckland"),
        ("sydney", "Australia/Sydney"),
        ("Reykjavik", "Atlantic/Reykjavik"),
        ("cairo", "Africa/Cairo"),
        ("gmt", "GMT"),
        ("cet", "CET"),
        ("Etc/GMT+3", "Etc/GMT+3"),
        ("easter", None),
        ("christmas", None),
        ("center", None),
        ("north", None),
        ("virgin", None),
        ("pst", None),
        ("turkey", None),
        ("", None),
    ],
)
def test_zones_are_found_by_name_and_by_city(typed: str, name: str | None) -> None:
    assert find_zone(typed) == name


def test_every_zone_there_is_can_be_typed() -> None:
    names = {name for name in available_timezones() if "/" in name}

    assert {find_zone(name.upper()) for name in names} == names


def test_a_schedule_in_a_gap_takes_the_first_minute_after_it() -> None:
    berlin = ZoneInfo(BERLIN)

    assert first_minute(date(2027, 3, 28), (2, 30), berlin) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert first_minute(date(2027, 3, 28), (2, 31), berlin) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert first_minute(date(2027, 3, 28), (1, 59), berlin) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)


def test_a_schedule_in_a_doubled_hour_takes_the_first_one() -> None:
    assert first_minute(date(2026, 10, 25), (2, 30), ZoneInfo(BERLIN)) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
