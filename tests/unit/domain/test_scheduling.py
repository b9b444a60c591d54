import pytest

from scrm_bot.domain.digests import read_schedule
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.scheduling import words


@pytest.mark.parametrize(
    ("typed", "at", "zone"),
    [
        ("<#C1|social> 9 am", "09:00", "Europe/Berlin"),
        ("<#C1|social> 9:30 p.m. Tokyo", "21:30", "Asia/Tokyo"),
        ("<#C1|social> noon", "12:00", "Europe/Berlin"),
        ("<#C1|social> 09:00:00 in Tokyo", "09:00", "Asia/Tokyo"),
        ("<#C1|social> 09:00 (New York)", "09:00", "America/New_York"),
        ("<#C1|social> at 09:00 Tokyo time weekdays", "09:00", "Asia/Tokyo"),
    ],
)
def test_times_and_zones_are_read_as_people_write_them(typed: str, at: str, zone: str) -> None:
    schedule = read_schedule(typed, zone="Europe/Berlin", by="U1")

    assert (schedule.channel, schedule.at, schedule.zone) == ("C1", at, zone)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("25:00", "“25:00” is no time of day: write it as `09:00`."),
        ("13pm", "“13pm” is no time of day: write it as `09:00`."),
        ("9", "“9” is no time of day: write it as `09:00`."),
        ("17 Tokyo", "“17” is no time of day: write it as `17:00`."),
        ("99", "“99” is no time of day: write it as `09:00`."),
        ("0900", "“0900” is no time of day: write it as `09:00`."),
        ("9h", "“9h” is no time of day: write it as `09:00`."),
        ("09:00 weekday", "“weekday” is none of `daily`, `weekdays`, `weekly`, `monthly`: write `weekdays`."),
        ("09:00 Dayly", "“Dayly” is none of `daily`, `weekdays`, `weekly`, `monthly`: write `daily`."),
        ("09:00 month", "“month” is none of `daily`, `weekdays`, `weekly`, `monthly`: write `monthly`."),
        (
            "#social 09:00",
            "“#social” is only text: pick the channel from Slack's list, so that Slack links it.",
        ),
        ("#social 9", "“#social” is only text: pick the channel from Slack's list, so that Slack links it."),
        ("09:00 CEST", "“CEST” does not say what counts all year: name a zone such as `Europe/Berlin`."),
        ("09:00 (et)", "“(et)” does not say what counts all year: name a zone such as `America/New_York`."),
        ("09:00 Old Mars", "“Old Mars” is no time zone: try a city such as `Berlin`, or `Europe/Berlin`."),
    ],
)
def test_each_word_that_says_nothing_is_told_with_what_to_write(typed: str, sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_schedule(typed, zone="Europe/Berlin", by="U1", channel="C1")

    assert raised.value.message == sentence


def test_an_hour_and_its_half_of_the_day_are_one_word() -> None:
    assert words(" 9  am at 10:30 PM x am ") == ["9am", "at", "10:30PM", "x", "am"]
