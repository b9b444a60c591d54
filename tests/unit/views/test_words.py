from datetime import UTC, datetime

import pytest

from scrm_bot.views import charts, ids, networks, words
from scrm_bot.views.windows import window
from tests.builders import an_account

AT = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_a_time_is_said_with_weekday_date_time_and_zone() -> None:
    assert words.when(AT, "Europe/Berlin") == "Tue 1 Dec 2026, 09:00 Europe/Berlin"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "Europe", "../etc/passwd", "\x00", "<!channel>"])
def test_a_zone_that_is_none_becomes_utc(zone: str) -> None:
    assert words.when(AT, zone) == "Tue 1 Dec 2026, 08:00 UTC"


def test_the_ends_of_the_calendar_are_said_in_utc() -> None:
    last = datetime.max.replace(tzinfo=UTC)

    assert words.when(last, "Asia/Tokyo") == "Fri 31 Dec 9999, 23:59 UTC"


def test_a_moment_is_shown_in_each_readers_zone_with_a_fallback() -> None:
    assert words.moment(AT) == "<!date^1796112000^{date_short_pretty} {time}|Tue 1 Dec 2026, 08:00 UTC>"


def test_only_slack_ids_become_mentions() -> None:
    assert words.mention("U1") == "<@U1>"
    assert words.mention("U1> <!channel") == "U1&gt; &lt;!channel"
    assert words.mention("") == "someone"
    assert words.channel("C1") == "<#C1>"
    assert words.channel("<!here>") == "&lt;!here&gt;"
    assert words.group("S1") == "<!subteam^S1>"
    assert words.group("a b") == "a b"


def test_many_people_are_named_and_the_rest_counted() -> None:
    assert words.mentions(["U1", "U2", "U3"], most=2) == "<@U1>, <@U2> and 1 more"
    assert words.mentions(["U1"]) == "<@U1>"
    assert words.mentions([]) == "nobody"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "n/a"),
        (float("nan"), "n/a"),
        (float("inf"), "n/a"),
        (0, "0"),
        (1234.0, "1,234"),
        (4.2, "4.2"),
        (0.0425, "0.0425"),
        (0.5, "0.5"),
        (1234.56, "1,235"),
    ],
)
def test_a_number_is_said_plainly_and_a_missing_one_is_not_zero(value: float | None, said: str) -> None:
    assert words.number(value) == said


def test_a_small_number_does_not_become_zero() -> None:
    assert words.number(0.0012) == "0.0012"
    assert words.number(-0.00001) == "almost 0"


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (112.0, 100.0, "+12%"),
        (88.0, 100.0, "−12%"),  # noqa: RUF001 - a minus sign
        (100.3, 100.0, "+0.3%"),
        (99.6, 100.0, "−0.4%"),  # noqa: RUF001 - a minus sign
        (100.01, 100.0, "no change"),
        (5.0, 0.0, ""),
        (5.0, None, ""),
        (None, 5.0, ""),
        (float("inf"), 5.0, ""),
        (5.0, float("nan"), ""),
    ],
)
def test_a_change_is_said_only_where_there_is_something_to_compare(
    now: float | None, before: float | None, said: str
) -> None:
    assert words.change(now, before) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 second"), (29.2, "30 seconds"), (100, "2 minutes"), (600, "10 minutes")],
)
def test_a_wait_is_rounded_up(seconds: float, said: str) -> None:
    assert words.wait(seconds) == said


def test_a_plural_may_be_irregular() -> None:
    assert words.plural(2, "person", "people") == "2 people"
    assert words.plural(1, "person", "people") == "1 person"


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ([], ""),
        ([1.0], ""),
        ([1.0, None], ""),
        ([1.0, None, 3.0], "▁·█"),
        ([None, None, 1.0, 3.0, None], "▁█·"),
        ([2.0, 2.0], "▄▄"),
        ([1.0, float("nan"), float("inf"), 2.0], "▁··█"),
    ],
)
def test_a_sparkline_shows_gaps_where_nothing_is_known(values: list[float | None], drawn: str) -> None:
    assert charts.sparkline(values) == drawn


def test_networks_have_their_own_spelling() -> None:
    assert networks.name_of(an_account(network="linkedin")) == "LinkedIn @acme"
    assert networks.name_of(an_account(network="new_place", handle="")) == "New Place Acme"


def test_many_accounts_are_named_and_the_rest_counted() -> None:
    many = [an_account(id=f"a{n}", handle=f"h{n}") for n in range(10)]
    ids_of = [account.id for account in many]

    assert networks.names(ids_of, many, most=1) == "Instagram @h0, 9 more"
    assert networks.counts("hi", ids_of, many, most=1) == "Instagram @h0 (2 of about 2,200) · 9 more"


def test_a_card_menus_value_is_read_back() -> None:
    value = ids.menu_value(ids.CardEntry.HOLD, "apr_1")

    assert ids.read_menu_value(value) == (ids.CardEntry.HOLD, "apr_1")


def test_a_card_menus_value_that_was_not_made_here_is_refused() -> None:
    with pytest.raises(ValueError, match="publish"):
        ids.read_menu_value("publish:apr_1")


def test_metadata_too_long_for_slack_is_refused_and_never_cut() -> None:
    with pytest.raises(ValueError, match="private_metadata"):
        window("notice", "Title", [], metadata="x" * 3001)


@pytest.mark.parametrize(
    ("value", "said"),
    [(1234.0, "+1,234"), (-5.0, "−5"), (0.0, "0"), (float("inf"), "n/a")],  # noqa: RUF001 - a minus sign
)
def test_what_came_or_went_has_its_sign(value: float, said: str) -> None:
    assert words.signed(value) == said


def test_a_change_beyond_measure_is_not_told() -> None:
    assert words.change(1e308, 1e-308) == ""
    assert words.change(1e10, 1.0) == ""
