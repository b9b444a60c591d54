"""Counters and histograms in plain numbers: the library's own take a lock for each."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from scrm_bot.telemetry.spans import Span, Spans

OK = "ok"
AGAIN = "again"  # done for now, and planned for another time
OTHER = "other"
MOST = 400  # label sets of one counter; what would be one more is counted as `other`
QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
SLOW = (0.005, 0.05, 0.25, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0, 120.0)


class Histogram:
    """How many took how long."""

    __slots__ = ("_bounds", "_slots", "seconds")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.seconds = 0.0
        self._bounds = bounds
        self._slots = [0] * (len(bounds) + 1)

    def add(self, seconds: float) -> None:
        self.seconds += seconds
        self._slots[bisect_left(self._bounds, seconds)] += 1

    def buckets(self) -> list[tuple[str, float]]:
        """Each bound with how many were no slower, the last without bound."""
        found, so_far = [], 0
        for bound, count in zip([*map(str, self._bounds), "+Inf"], self._slots, strict=True):
            so_far += count
            found.append((bound, float(so_far)))
        return found


class Tally:
    """How often something happened, by its labels."""

    def __init__(self, name: str, told: str, *, labels: Sequence[str]) -> None:
        self._name = name
        self._told = told
        self._labels = labels
        self._counts: Counter[tuple[str, ...]] = Counter()

    def add(self, *values: str, times: int = 1) -> None:
        if values not in self._counts and len(self._counts) >= MOST:
            values = (OTHER,) * len(values)
        self._counts[values] += times

    def family(self) -> CounterMetricFamily:
        family = CounterMetricFamily(self._name, self._told, labels=self._labels)
        for values, count in sorted(self._counts.items()):
            family.add_metric(values, count)
        return family


class Tallies(Collector):
    """Counters that are asked together."""

    def __init__(self, registry: CollectorRegistry | None, *tallies: Tally) -> None:
        self._tallies = tallies
        if registry:
            registry.register(self)

    def collect(self) -> Iterator[Metric]:
        for tally in self._tallies:
            yield tally.family()


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work: `scrm_job` makes `scrm_jobs_total` and `scrm_job_seconds`, both by `label`.

    `told` says in a word or two what it is. With `each` the times are told apart by the label, too.
    """

    name: str
    told: str
    label: str
    bounds: Sequence[float] = SLOW
    each: bool = True


class Calls(Collector):
    """Work that begins and ends: how often and how, how long it took, and a span of each where wanted."""

    def __init__(
        self,
        work: Work,
        registry: CollectorRegistry | None = None,
        spans: Spans | None = None,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._work = work
        self._spans = spans
        self.clock = clock
        told = f"{work.told}, by how it ended"
        self._ends = Tally(f"{work.name}s", told, labels=(work.label, "outcome"))
        self._times: dict[str, Histogram] = {}
        if registry:
            registry.register(self)

    def one(self, what: str, **attributes: str) -> "Timed":
        """A context manager around one of them. What it raises is how it ended, unless that was said."""
        return Timed(self, what, attributes)

    def begin(self, what: str, attributes: dict[str, str]) -> Span | None:
        if self._spans is None:
            return None
        name = self._work.name.removeprefix("scrm_").replace("_", " ")
        return self._spans.begin(f"{name} {what}", {f"scrm.{self._work.label}": what, **attributes})

    def add(self, what: str, outcome: str, seconds: float) -> None:
        self._ends.add(what, outcome)
        where = what if self._work.each else ""
        times = self._times.get(where)
        if times is None:
            where = where if len(self._times) < MOST else OTHER
            times = self._times.setdefault(where, Histogram(self._work.bounds))
        times.add(seconds)

    def collect(self) -> Iterator[Metric]:
        yield self._ends.family()
        labels = (self._work.label,) if self._work.each else ()
        family = HistogramMetricFamily(
            f"{self._work.name}_seconds", f"{self._work.told}, by how long it took", labels=labels
        )
        times = self._times or ({} if self._work.each else {"": Histogram(self._work.bounds)})
        for what, histogram in sorted(times.items()):
            family.add_metric([what][: len(labels)], histogram.buckets(), histogram.seconds)
        yield family


class Timed:
    """One piece of work. `outcome` may be said while it runs, and `seconds` is known afterwards."""

    __slots__ = ("_attributes", "_calls", "_span", "_started", "_what", "outcome", "seconds")

    def __init__(self, calls: Calls, what: str, attributes: dict[str, str]) -> None:
        self._calls = calls
        self._what = what
        self._attributes = attributes
        self._span: Span | None = None
        self._started = 0.0
        self.outcome = ""
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._span = self._calls.begin(self._what, self._attributes)
        self._started = self._calls.clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = self._calls.clock() - self._started
        self.outcome = self.outcome or (word_of(error) if error else OK)
        self._calls.add(self._what, self.outcome, self.seconds)
        if self._span:
            self._span.end(self.outcome)


def word_of(error: BaseException) -> str:
    """A word for an error: what the other side called it, else our name of it. Never its text."""
    code = getattr(error, "code", "")
    return code if isinstance(code, str) and code else type(error).__name__.removesuffix("Error") or OTHER
