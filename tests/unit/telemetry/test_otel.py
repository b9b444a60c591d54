"""Traces: what is a part of what, how it ended, and nothing secret."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from scrm_bot.log import request_id
from scrm_bot.telemetry.counts import Calls, Work
from scrm_bot.telemetry.otel import OtelSpans, exporting

KEY = "sk_live_" + "a" * 32
CALLS = Work("scrm_call", "Calls", "method")


def finished(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in exporter.get_finished_spans()}


async def test_what_begins_in_a_span_or_in_a_task_started_from_it_is_a_part_of_it() -> None:
    exporter = InMemorySpanExporter()
    spans = OtelSpans(SimpleSpanProcessor(exporter))
    calls = Calls(CALLS, spans=spans)
    request_id.set("cafe0001")

    async def later() -> None:
        with calls.one("later"):
            await asyncio.sleep(0)

    with calls.one("outer"), calls.one("inner"):
        task = asyncio.create_task(later())
    with calls.one("apart"):
        await task
    await spans.close()

    found = finished(exporter)
    outer, inner = found["call outer"], found["call inner"]
    assert inner.parent == outer.context
    assert found["call later"].parent == inner.context
    assert found["call apart"].parent is None
    assert {span.attributes["scrm.request"] for span in found.values() if span.attributes} == {"cafe0001"}


async def test_a_failure_is_told_by_its_name_and_no_key_gets_into_a_span() -> None:
    exporter = InMemorySpanExporter()
    spans = OtelSpans(SimpleSpanProcessor(exporter))

    with pytest.raises(ValueError, match="invalid"), Calls(CALLS, spans=spans).one("x", **{"scrm.key": KEY}):
        int(KEY)
    await spans.close()

    (span,) = exporter.get_finished_spans()
    assert span.attributes
    assert span.attributes["scrm.outcome"] == "Value"
    assert span.status.is_ok is False
    assert KEY not in span.to_json()
    assert not span.events


async def test_spans_are_sent_to_the_collector_at_the_latest_when_they_are_closed() -> None:
    bodies: list[bytes] = []

    async def collect(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response(content_type="application/x-protobuf")

    application = web.Application()
    application.router.add_post("/v1/traces", collect)
    async with TestServer(application) as server:
        spans = exporting(str(server.make_url("/")))
        with Calls(CALLS, spans=spans).one("sent"):
            pass
        await spans.close()

    assert b"call sent" in b"".join(bodies)
