"""What the surface counts, for Prometheus."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from scrm_bot.telemetry.counts import OTHER, QUICK, Histogram, Tally, Work

DEEDS = Work("scrm_deed", "What people did in Slack", "kind")
CALLS = Work("scrm_slack_call", "Calls of Slack's Web API", "method", each=False)
UNREAD = "unread"  # refused before it was known what it is
_KINDS = {
    "block_actions": "click",
    "block_suggestion": "menu",
    "event_callback": "event",
    "message_action": "shortcut",
    "shortcut": "shortcut",
    "url_verification": "handshake",
    "view_closed": "closed",
    "view_submission": "submission",
}


def kind_of(body: Mapping[str, Any]) -> str:
    """What a delivery is, in one of ten words."""
    if "command" in body:
        return "command"
    told = body.get("type")
    return _KINDS.get(told, OTHER) if isinstance(told, str) else OTHER


class Metrics(Collector):
    """Deliveries by kind and status, how long acknowledgements took, and how much work is running.

    In Socket Mode they are counted the same way, as if an acknowledged envelope had been a 200.
    """

    def __init__(
        self, registry: CollectorRegistry | None = None, *, working: Callable[[], int] = lambda: 0
    ) -> None:
        self.working = working
        self._deliveries = Tally(
            "scrm_deliveries",
            "Deliveries from Slack by what they were and the status they got",
            labels=("kind", "status"),
        )
        self._acks = Histogram(QUICK)
        if registry:
            registry.register(self)

    def delivered(self, kind: str, status: int, *, seconds: float) -> None:
        self._deliveries.add(kind, str(status))
        self._acks.add(seconds)

    def collect(self) -> Iterator[Metric]:
        yield self._deliveries.family()
        yield HistogramMetricFamily(
            "scrm_ack_seconds",
            "From a delivery to its acknowledgement",
            buckets=self._acks.buckets(),
            sum_value=self._acks.seconds,
        )
        yield GaugeMetricFamily(
            "scrm_background_tasks", "Work that goes on after its acknowledgement", value=self.working()
        )
