"""What the surface counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


class Metrics:
    """Deliveries by outcome, how long acknowledgements took, and how much work is running."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.working = Gauge("scrm_background_tasks", "Work that goes on after its ack", registry=registry)
        deliveries = Counter(
            "scrm_deliveries", "Requests from Slack by the status they got", ["status"], registry=registry
        )
        self._by_status = {
            status: deliveries.labels(str(status)) for status in (200, 400, 401, 404, 408, 413)
        }
        self._others = deliveries.labels("other")
        self._ack_seconds = Histogram(
            "scrm_ack_seconds",
            "From the whole request to its answer",
            buckets=_BUCKETS,
            registry=registry,
        )

    def delivered(self, status: int, *, seconds: float) -> None:
        self._by_status.get(status, self._others).inc()
        self._ack_seconds.observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self.registry)
