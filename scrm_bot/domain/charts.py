"""What a chart shows: one account's number over some days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite


@dataclass(frozen=True, slots=True)
class Point:
    """One day's value, None where it is not known."""

    day: date
    value: float | None

    @property
    def known(self) -> float | None:
        """The value where it is a number that can be drawn."""
        return self.value if self.value is not None and isfinite(self.value) else None


@dataclass(frozen=True, slots=True)
class Chart:
    """`metric` of `name` (such as Followers of Instagram @acme), the oldest day first.

    `values` is what is known of it.
    """

    metric: str
    name: str
    points: tuple[Point, ...]
    values: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = tuple(point.known for point in self.points)
        object.__setattr__(self, "values", tuple(value for value in known if value is not None))

    @property
    def is_drawable(self) -> bool:
        """One value is no line."""
        return len(self.values) > 1

    @property
    def highest(self) -> Point:
        """The first of the highest days. Only for a chart that can be drawn."""
        top = max(self.values)
        return next(point for point in self.points if point.known == top)


def as_args(chart: Chart) -> dict[str, str]:
    """The chart among a job's `args`."""
    points = (f"{each.day}={'' if each.value is None else repr(each.value)}" for each in chart.points)
    return {"metric": chart.metric, "name": chart.name, "points": " ".join(points)}


def of_args(args: Mapping[str, str]) -> Chart:
    """The chart that `as_args` wrote."""
    pairs = (each.partition("=") for each in args["points"].split())
    points = (Point(date.fromisoformat(day), float(value) if value else None) for day, _, value in pairs)
    return Chart(args["metric"], args["name"], tuple(points))


def spread(count: int, most: int) -> tuple[int, ...]:
    """At most `most` indexes of `count`, evenly apart, with the first and the last."""
    if count <= most:
        return tuple(range(count))
    return tuple(round(step * (count - 1) / (most - 1)) for step in range(most))
