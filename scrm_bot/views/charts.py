"""Numbers as pictures: a line of text, and a card with a curve as SVG."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from scrm_bot.domain.charts import Chart, Point, spread
from scrm_bot.views import glyphs
from scrm_bot.views.blocks import clean, clip
from scrm_bot.views.words import change, number, plural, short_day, weekday

WIDTH, HEIGHT = 800, 400
# One card that stands out on Slack's light and dark alike; the tests hold the contrasts
CARD, EDGE, INK, QUIET, GRID, LINE = "#F8F9FB", "#7F8895", "#1B2430", "#566070", "#D5DAE1", "#0B6BCB"
MOST_LABELS = 8
_FONT = "Noto Sans"
_MARGIN, _LEFT, _RIGHT, _TOP, _BOTTOM = 32.0, 112.0, 736.0, 136.0, 328.0
_BIG, _MEDIUM, _SMALL = 28, 20, 18
_DATES = MOST_LABELS - 4  # beside the title, the line below it, the highest value and the lowest
_WEEK = 7
_MOST_DOTS = 31  # with more days the curve alone says it
_MOST_NAME, _MOST_METRIC = 200, 60
_NOBODY = "this account"
_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a day and a value are on the card."""

    days: int
    low: float
    high: float

    def x(self, index: int) -> float:
        return _LEFT + (_RIGHT - _LEFT) * index / max(self.days - 1, 1)

    def y(self, value: float) -> float:
        share = _share(value, self.low, self.high)
        return _BOTTOM - (_BOTTOM - _TOP) * (0.5 if share is None else share)


def sparkline(values: Sequence[float | None]) -> str:
    """One sign for each value from the first known one on, a gap for any other; empty with fewer than two."""
    known = [value for value in values if value is not None and isfinite(value)]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    return "".join(_bar(value, low, high) for value in values).lstrip(_GAP)


def svg(chart: Chart) -> str:
    """The card as SVG, with no reference to anything outside it. Only for a chart that can be drawn."""
    scale = _Scale(len(chart.points), min(chart.values), max(chart.values))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
    parts = (
        f'{head} viewBox="0 0 {WIDTH} {HEIGHT}" font-family="{_FONT}">',
        _card(),
        *_headings(chart),
        *_rulers(scale),
        *_dates(chart, scale),
        *_curve(chart, scale),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def title(chart: Chart) -> str:
    """`Followers of Acme`, with the name in full."""
    return f"{_one_line(chart.metric, _MOST_METRIC)} of {_one_line(chart.name, _MOST_NAME) or _NOBODY}"


def alt_text(chart: Chart) -> str:
    """`Followers of Acme, 7 days: 1,200 to 1,260, highest Tue 1,260`, for those who do not see it."""
    told = f"{title(chart)}, {plural(len(chart.points), 'day')}: {_course(chart)}"
    if len(set(chart.values)) > 1:
        told += f", highest {_day(chart.highest, chart)} {_amount(max(chart.values))}"
    unknown = len(chart.points) - len(chart.values)
    return f"{told}, {plural(unknown, 'day')} without a number" if unknown else told


def _bar(value: float | None, low: float, high: float) -> str:
    if value is None or not isfinite(value):
        return _GAP
    share = _share(value, low, high)
    return _BARS[3 if share is None else round(share * (len(_BARS) - 1))]


def _share(value: float, low: float, high: float) -> float | None:
    """How far up between the two; None where there is nothing between them."""
    # halved first: the distance of two numbers may be too large to be one, and half of it too small
    distance = high / 2 - low / 2
    return (value / 2 - low / 2) / distance if distance else None


def _one_line(text: str, most: int) -> str:
    return clip(" ".join(clean(text).split()), most)


def _card() -> str:
    size = f'width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="12"'
    return f'<rect x="1" y="1" {size} fill="{CARD}" stroke="{EDGE}" stroke-width="2"/>'


def _headings(chart: Chart) -> Iterator[str]:
    room = WIDTH - 2 * _MARGIN
    name = glyphs.drawable(_one_line(chart.name, _MOST_NAME))
    named = name if glyphs.has_words(name) else _NOBODY
    told = f"{glyphs.drawable(_one_line(chart.metric, _MOST_METRIC))} of {named}"
    yield _text(glyphs.fitted(told, size=_BIG, room=room), (_MARGIN, 52.0), size=_BIG, colour=INK)
    moved = len(set(chart.values)) > 1
    grown = change(chart.values[-1], chart.values[0]) if moved else ""
    below = f"{_course(chart)} in {plural(len(chart.points), 'day')}{f' ({grown})' if grown else ''}"
    below = glyphs.fitted(glyphs.drawable(below), size=_MEDIUM, room=room)
    yield _text(below, (_MARGIN, 86.0), size=_MEDIUM, colour=QUIET)


def _rulers(scale: _Scale) -> Iterator[str]:
    for value in sorted({scale.high, scale.low}, reverse=True):
        y = scale.y(value)
        yield (
            f'<path d="M{_LEFT:.1f} {y:.1f}H{_RIGHT:.1f}" stroke="{GRID}" stroke-width="2" fill="none"/>\n'
            + _text(_amount(value), (_LEFT - 14, y + 6), size=_SMALL, colour=QUIET, anchor="end")
        )


def _dates(chart: Chart, scale: _Scale) -> Iterator[str]:
    for index in spread(len(chart.points), _DATES):
        place = (scale.x(index), 366.0)
        yield _text(short_day(chart.points[index].day), place, size=_SMALL, colour=QUIET, anchor="middle")


def _curve(chart: Chart, scale: _Scale) -> Iterator[str]:
    """A line for each run of known days: what is not known is a gap, never a guess."""
    places = [
        None if point.known is None else (scale.x(index), scale.y(point.known))
        for index, point in enumerate(chart.points)
    ]
    for run in _runs(places):
        steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in run)
        yield (
            f'<path d="M{steps}" stroke="{LINE}" stroke-width="4" stroke-linejoin="round"'
            ' stroke-linecap="round" fill="none"/>'
        )
    known = [place for place in places if place]
    alone = [run[0] for run in _runs(places) if len(run) == 1]
    for x, y in known[:-1] if len(places) <= _MOST_DOTS else alone:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{CARD}" stroke="{LINE}" stroke-width="3"/>'
    x, y = known[-1]
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{LINE}"/>'


def _runs(places: Sequence[Place | None]) -> list[list[Place]]:
    runs: list[list[Place]] = [[]]
    for place in places:
        if place:
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _text(text: str, place: Place, *, size: int, colour: str, anchor: str = "start") -> str:
    x, y = place
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {where}>{html.escape(text)}</text>"


def _course(chart: Chart) -> str:
    first, last = chart.values[0], chart.values[-1]
    if len(set(chart.values)) == 1:
        return f"unchanged at {_amount(first)}"
    return f"{_amount(first)} to {_amount(last)}"


def _day(point: Point, chart: Chart) -> str:
    return weekday(point.day) if len(chart.points) <= _WEEK else short_day(point.day)


def _amount(value: float) -> str:
    """Short enough for the space beside the curve."""
    for least, unit in ((1e15, ""), (1e9, "B"), (1e6, "M")):
        if abs(value) >= least:
            return f"{value / least:.2f}{unit}" if unit else f"{value:.1e}"
    return number(value)
