"""Each time that the page of commands shows can be typed."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrm_bot.domain.when import When, read_when

PAGE = (Path(__file__).parents[2] / "docs/commands.md").read_text()
TABLE = PAGE.partition("## Times")[2].partition("## Flags")[0]
SHOWN = [
    time for row in re.findall(r"^\| (`.+?) \|", TABLE, re.MULTILINE) for time in re.findall(r"`(.+?)`", row)
]


@pytest.mark.parametrize("typed", SHOWN)
def test_a_time_that_is_shown_can_be_typed(typed: str) -> None:
    now = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    assert isinstance(read_when(typed, now=now, zone="Europe/Berlin"), When)


def test_the_page_shows_times() -> None:
    assert len(SHOWN) > 20
