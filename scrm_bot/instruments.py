"""Everything that counts, times and traces in one process: made once, handed out by the composition root."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Info, ProcessCollector

from scrm_bot.drawing.painter import DRAWINGS
from scrm_bot.jobs.metrics import JobMetrics
from scrm_bot.settings import Settings, SettingsError
from scrm_bot.slack.metrics import CALLS as SLACK_CALLS
from scrm_bot.slack.metrics import DEEDS, Metrics
from scrm_bot.slack.pages import Pages
from scrm_bot.slack.web import Server
from scrm_bot.socialcrm.metering import CALLS as API_CALLS
from scrm_bot.store.address import place
from scrm_bot.store.counted import Counted
from scrm_bot.store.trips import Trips
from scrm_bot.telemetry.counts import Calls
from scrm_bot.telemetry.release import release
from scrm_bot.telemetry.spans import Spans

if TYPE_CHECKING:
    from scrm_bot.telemetry.otel import OtelSpans

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Instruments:
    """`spans` is None where no traces are wanted: nothing is made for them then."""

    registry: CollectorRegistry
    spans: Spans | None
    deliveries: Metrics
    deeds: Calls
    slack: Calls
    socialcrm: Calls
    redis: Trips
    jobs: JobMetrics
    drawings: Calls
    counted: Counted


def instruments(spans: Spans | None = None) -> Instruments:
    """A set of its own for each bot, so that two in one process do not count each other's."""
    registry = CollectorRegistry()
    Info("scrm_build", "The version that runs", registry=registry).info({"version": release()})
    ProcessCollector(registry=registry)
    return Instruments(
        registry=registry,
        spans=spans,
        deliveries=Metrics(registry),
        deeds=Calls(DEEDS, registry, spans),
        slack=Calls(SLACK_CALLS, registry, spans),
        socialcrm=Calls(API_CALLS, registry, spans),
        redis=Trips(registry, spans),
        jobs=JobMetrics(registry, spans),
        drawings=Calls(DRAWINGS, registry, spans),
        counted=Counted(registry),
    )


async def serve(
    settings: Settings, made: Instruments, ready: Callable[[], Awaitable[bool]]
) -> tuple[Server, str] | None:
    """The operators' pages on SCRM_METRICS_PORT, where that is set; the server and its address."""
    if settings.metrics_port is None:
        return None
    server = Server(Pages(ready, made.registry).application())
    try:
        port = await server.start(settings.host, settings.metrics_port)
    except OSError as error:
        await server.stop()
        where = place(settings.host, settings.metrics_port)
        raise SettingsError(f"SCRM_METRICS_PORT: {where} cannot be used ({error.strerror})") from error
    url = f"http://{place(settings.host, port)}"
    log.info("metrics at %s/metrics", url)
    return server, url


def tracing(settings: Settings) -> "OtelSpans | None":
    """Spans for whoever set an address for them. Nothing of OpenTelemetry is imported otherwise."""
    if not settings.otlp_endpoint:
        return None
    try:
        from scrm_bot.telemetry.otel import exporting  # noqa: PLC0415  its packages are an extra
    except ModuleNotFoundError as missing:
        told = "OTEL_EXPORTER_OTLP_ENDPOINT: traces need an extra: pip install 'scrm-bot[otel]'"
        raise SettingsError(told) from missing
    parts = urlsplit(settings.otlp_endpoint)
    log.info("traces go to %s://%s", parts.scheme, parts.netloc.rpartition("@")[2])
    return exporting(settings.otlp_endpoint)
