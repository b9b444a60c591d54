import re
from datetime import date
from math import inf, nan
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrm_bot.domain.charts import Chart, Point
from scrm_bot.views import charts, glyphs
from tests.builders import a_chart
from tests.goldens import FOLDER, picture_of
from tests.goldens.pictures import PICTURES
from tests.unit.views.test_hostile_text import HOSTILE, TEXTS

SVG = "{http://www.w3.org/2000/svg}"
KNOWN = {f"{SVG}{name}" for name in ("svg", "rect", "text", "path", "circle")}
SLACK_LIGHT, SLACK_DARK = "#FFFFFF", "#1A1D21"
VALUES = st.lists(st.none() | st.floats(), min_size=2, max_size=40)


def texts(chart: Chart) -> list[str]:
    return [found.text or "" for found in ET.fromstring(charts.svg(chart)).iter(f"{SVG}text")]


def complaints(chart: Chart) -> list[str]:
    """What is wrong with the chart as a picture; also raises where it is no XML."""
    drawn = charts.svg(chart)
    root = ET.fromstring(drawn)
    found = [f"{node.tag} is foreign" for node in root.iter() if node.tag not in KNOWN]
    found += [
        word for word in ("href", "url(", "style", "script", "<!", "<?", "://") if word in _shell(drawn)
    ]
    labels = [node.text or "" for node in root.iter(f"{SVG}text")]
    found += [f"{len(labels)} labels"] if len(labels) > charts.MOST_LABELS else []
    found += [f"{label!r} cannot be drawn" for label in labels if not all(map(glyphs.is_drawn, label))]
    numbers = re.findall(r'(?:x|y|cx|cy|d)="([^"]*)"', _shell(drawn))
    found += [f"no place: {each}" for each in numbers if re.search(r"nan|inf|e\+", each)]
    found += ["the alternative is too long"] if len(charts.alt_text(chart)) > 1000 else []
    return found


def _shell(drawn: str) -> str:
    """The markup without the labels and the name of the format."""
    return re.sub(r"(?<=>)[^<]*(?=</text>)", "", drawn).replace('xmlns="http://www.w3.org/2000/svg"', "")


def contrast(one: str, other: str) -> float:
    """WCAG 2, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [part / 255 for part in bytes.fromhex(colour.removeprefix("#"))]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", PICTURES)
def test_the_chart_looks_as_it_was_reviewed(name: str) -> None:
    golden = picture_of(name).read_text(encoding="utf-8")

    assert charts.svg(PICTURES[name]) == golden, "if this is meant: make goldens, and look at the picture"


def test_no_golden_picture_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_the_chart_is_sound(name: str) -> None:
    assert complaints(PICTURES[name]) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_are_drawn_as_text_or_not_at_all(text: str) -> None:
    assert complaints(a_chart(name=text, metric=text)) == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=TEXTS, metric=TEXTS, values=VALUES)
def test_any_names_and_any_numbers_make_a_sound_picture(
    name: str, metric: str, values: list[float | None]
) -> None:
    chart = a_chart(*values, name=name, metric=metric)

    if chart.is_drawable:
        assert complaints(chart) == []


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_text_that_can_be_drawn_stays_so_when_it_is_asked_again(text: str) -> None:
    once = glyphs.drawable(text)

    assert glyphs.drawable(once) == once
    assert all(map(glyphs.is_drawn, once))


def test_texts_are_legible_on_the_card() -> None:
    assert contrast(charts.INK, charts.CARD) >= 7
    assert contrast(charts.QUIET, charts.CARD) >= 4.5
    assert contrast(charts.LINE, charts.CARD) >= 4.5


@pytest.mark.parametrize("slack", [SLACK_LIGHT, SLACK_DARK])
def test_the_card_stands_out_in_slacks_light_and_dark(slack: str) -> None:
    assert contrast(charts.EDGE, slack) >= 3


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Acme", "Acme"),
        ("Café Łódź", "Café Łódź"),
        ("Cafe\u0301", "Café"),
        ("\uff21\uff23ME \ufb01t", "ACME fit"),
        ("\U0001d49ccme", "Acme"),
        ("tea 日本 house", "tea … house"),
        ("日本 🚀🚀 お茶", "…"),
        ("go 👩‍👩‍👧‍👦 🏳️‍🌈 go", "go … go"),
        ("a\u202eb\x00c\u200dd", "abcd"),
        ("one\n\ttwo\u2003three", "one two three"),
        ("\u22125", "-5"),
    ],
)
def test_what_the_font_lacks_is_replaced_on_purpose(told: str, shown: str) -> None:
    assert glyphs.drawable(told) == shown


@pytest.mark.parametrize("name", ["", "   ", "日本のお茶", "🚀", "…"])
def test_a_name_with_nothing_to_read_is_called_this_account(name: str) -> None:
    assert texts(a_chart(name=name))[0] == "Followers of this account"


def test_the_alternative_keeps_the_name_that_could_not_be_drawn() -> None:
    assert charts.alt_text(a_chart(name="日本のお茶")).startswith("Followers of 日本のお茶, 7 days: ")


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        (a_chart(), "Followers of Acme, 7 days: 1,200 to 1,260, highest Tue 1,260"),
        (a_chart(3.0, 3.0), "Followers of Acme, 2 days: unchanged at 3"),
        (
            a_chart(1.0, None, 9.0, nan, 4.0),
            "Followers of Acme, 5 days: 1 to 4, highest Fri 9, 2 days without a number",
        ),
        (
            a_chart(*(float(number) for number in range(9))),
            "Followers of Acme, 9 days: 0 to 8, highest Thu 3 Dec 8",
        ),
        (a_chart(name=" "), "Followers of this account, 7 days: 1,200 to 1,260, highest Tue 1,260"),
        (a_chart(2.5e6, 3e9, 1e15), "Followers of Acme, 3 days: 2.50M to 1.0e+15, highest Fri 1.0e+15"),
    ],
)
def test_the_alternative_says_what_the_chart_says(chart: Chart, told: str) -> None:
    assert charts.alt_text(chart) == told


def test_the_chart_says_it_in_words_as_well() -> None:
    assert texts(a_chart()) == [
        "Followers of Acme",
        "1,200 to 1,260 in 7 days (+5%)",
        "1,260",
        "1,200",
        "Wed 25 Nov",
        "Fri 27 Nov",
        "Sun 29 Nov",
        "Tue 1 Dec",
    ]


def test_a_fall_is_said_with_a_sign_that_can_be_drawn() -> None:
    assert texts(a_chart(200.0, 100.0))[1] == "200 to 100 in 2 days (-50%)"


def test_days_that_are_not_known_are_a_gap_in_the_curve() -> None:
    curves = re.findall(r'<path d="M[^H"]*" stroke="#0B6BCB"', charts.svg(a_chart(1, 2, None, 3, 4)))

    assert len(curves) == 2


def test_many_days_have_no_dots_but_where_one_stands_alone() -> None:
    many = [float(number) for number in range(40)]

    assert charts.svg(a_chart(*many)).count("<circle") == 1
    assert charts.svg(a_chart(*many, None, 3.0, None, 5.0)).count("<circle") == 3


@pytest.mark.parametrize(("values", "drawn"), [((1.0, 2.0), True), ((1.0, None), False), ((inf, 2.0), False)])
def test_one_number_is_no_curve(values: tuple[float | None, ...], *, drawn: bool) -> None:
    assert a_chart(*values).is_drawable is drawn


def test_the_first_of_the_highest_days_is_named() -> None:
    assert a_chart(1.0, 9.0, 9.0).highest == Point(date(2026, 11, 26), 9.0)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ((0.0, 7.0, None, 3.0), "▁█·▄"),
        ((1e308, -1e308, 0.0), "█▁▅"),
        ((5e-324, 0.0), "▄▄"),
        ((3.0, 3.0, inf), "▄▄·"),
        ((3.0, nan), ""),
    ],
)
def test_a_line_is_drawn_of_any_numbers(values: tuple[float | None, ...], line: str) -> None:
    assert charts.sparkline(values) == line


def test_numbers_with_nothing_between_them_are_in_the_middle() -> None:
    assert complaints(a_chart(5e-324, 0.0)) == []
