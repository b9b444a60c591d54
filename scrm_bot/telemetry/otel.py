"""Spans for OpenTelemetry. Imported only where traces are wanted: the packages are an extra."""

import asyncio
from collections.abc import Mapping

from opentelemetry.context import attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, StatusCode, set_span_in_context

from scrm_bot.log import blot, request_id
from scrm_bot.telemetry.counts import AGAIN, OK
from scrm_bot.telemetry.release import release


class _OpenSpan:
    """Ended in the task that began it."""

    __slots__ = ("_span", "_token")

    def __init__(self, span: Span) -> None:
        self._span = span
        self._token = attach(set_span_in_context(span))

    def end(self, outcome: str) -> None:
        """Errors are told by their name alone: their texts and tracebacks are for the log."""
        self._span.set_attribute("scrm.outcome", outcome)
        if outcome not in {OK, AGAIN}:
            self._span.set_status(StatusCode.ERROR, outcome)
        detach(self._token)
        self._span.end()


class OtelSpans:
    """Spans of one process. Exported by a thread of OpenTelemetry's own, never by the loop."""

    def __init__(self, processor: SpanProcessor) -> None:
        resource = Resource.create({"service.name": "scrm-bot", "service.version": release()})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("scrm_bot")

    def begin(self, name: str, attributes: Mapping[str, str]) -> _OpenSpan:
        """What links a trace to the log is the request id that stands in both."""
        told = {key: blot(value) for key, value in attributes.items()}
        return _OpenSpan(self._tracer.start_span(name, attributes={"scrm.request": request_id.get(), **told}))

    async def close(self) -> None:
        """Send what was not sent yet."""
        await asyncio.to_thread(self._provider.shutdown)


def exporting(endpoint: str) -> OtelSpans:
    """Spans that go to an OpenTelemetry collector. What else there is to set it reads from `OTEL_…`."""
    return OtelSpans(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
