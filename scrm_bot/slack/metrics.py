"""What the surface counts, for Prometheus."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


class Metrics(Collector):
    """Deliveries by status, how long acknowledgements took, and how much work is running.

    Counted in plain numbers and turned into samples when asked: the library's own counters take a lock each.
    """

    def __init__(self, registry: CollectorRegistry, *, working: Callable[[], int] = lambda: 0) -> None:
        self._registry = registry
        self._working = working
        self._by_status: Counter[int] = Counter()
        self._slots = [0] * (len(_BOUNDS) + 1)
        self._seconds = 0.0
        registry.register(self)

    def delivered(self, status: int, *, seconds: float) -> None:
        self._by_status[status] += 1
        self._slots[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds += seconds

    def text(self) -> bytes:
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        deliveries = CounterMetricFamily(
            "scrm_deliveries", "Requests from Slack by the status they got", labels=["status"]
        )
        for status, count in sorted(self._by_status.items()):
            deliveries.add_metric([str(status)], count)
        yield deliveries
        yield HistogramMetricFamily(
            "scrm_ack_seconds",
            "From a request to its answer",
            buckets=self._buckets(),
            sum_value=self._seconds,
        )
        yield GaugeMetricFamily(
            "scrm_background_tasks", "Work that goes on after its acknowledgement", value=self._working()
        )

    def _buckets(self) -> list[tuple[str, float]]:
        """Each bound with how many were no slower, the last without bound."""
        found, so_far = [], 0
        for bound, count in zip([*map(str, _BOUNDS), "+Inf"], self._slots, strict=True):
            so_far += count
            found.append((bound, float(so_far)))
        return found
