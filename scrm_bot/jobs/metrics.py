"""What workers count, for Prometheus."""

from collections.abc import Callable, Iterator
from typing import Protocol

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from scrm_bot.domain.jobs import Claim
from scrm_bot.telemetry.counts import SLOW, Calls, Histogram, Work
from scrm_bot.telemetry.spans import Spans

_RUNS = Work("scrm_job", "Runs of jobs", "kind")


class Depth(Protocol):
    """How much work is in the queues of all workspaces."""

    @property
    def stored(self) -> int: ...
    @property
    def due(self) -> int: ...
    @property
    def dead(self) -> int: ...
    @property
    def late(self) -> float: ...


class JobMetrics(Collector):
    """Runs of jobs and how they ended, how late they were taken, and how many there are.

    The queues' depth is the same whichever worker looked: of several, take the highest, not the sum. It is
    not told at all while nobody knows it.
    """

    def __init__(self, registry: CollectorRegistry | None = None, spans: Spans | None = None) -> None:
        self.runs = Calls(_RUNS, registry, spans)
        self.running: Callable[[], int] = lambda: 0
        self.depth: Depth | None = None
        self._late: dict[str, Histogram] = {}
        if registry:
            registry.register(self)

    def taken(self, claim: Claim) -> None:
        self._late.setdefault(claim.job.kind, Histogram(SLOW)).add(claim.late)

    def collect(self) -> Iterator[Metric]:
        late = HistogramMetricFamily(
            "scrm_job_pickup_seconds",
            "Jobs, by how long after they were due they were taken",
            labels=["kind"],
        )
        for kind, histogram in sorted(self._late.items()):
            late.add_metric([kind], histogram.buckets(), histogram.seconds)
        yield late
        yield GaugeMetricFamily(
            "scrm_jobs_running", "Jobs that this worker has in hand", value=self.running()
        )
        queued = GaugeMetricFamily(
            "scrm_jobs_queued",
            "Jobs in the queues: all that are stored, due and waiting, given up",
            labels=["state"],
        )
        if self.depth:
            for state in ("stored", "due", "dead"):
                queued.add_metric([state], getattr(self.depth, state))
        yield queued
        oldest = GaugeMetricFamily("scrm_jobs_late_seconds", "For how long the first due job has waited")
        if self.depth:
            oldest.add_metric([], self.depth.late)
        yield oldest
