"""Each time that the page of commands shows can be typed."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrm_bot.domain.when import When, read_when
from scrm_bot.views.inputs import TIMES

PAGE = (Path(__file__).parents[2] / "docs/commands.md").read_text()
TABLE = PAGE.partition("## Times")[2].partition("## Flags")[0]
SHOWN = [
    time for row in re.findall(r"^\| (`.+?) \|", TABLE, re.MULTILINE) for time in re.findall(r"`(.+?)`", row)
]
YEAR = re.compile(r"\b20\d\d\b")


@pytest.mark.parametrize("typed", SHOWN)
def test_a_time_that_is_shown_can_be_typed(typed: str) -> None:
    now = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    assert isinstance(read_when(typed, now=now, zone="Europe/Berlin"), When)


def test_the_page_shows_times() -> None:
    assert len(SHOWN) > 20


def test_its_dates_are_in_the_year_that_the_bot_shows_and_so_are_not_over_before_that_is() -> None:
    assert {*YEAR.findall(TABLE)} == {*YEAR.findall(TIMES)}
