"""What is counted, and as which samples it is told."""

import asyncio
from collections.abc import Iterator, Mapping

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from scrm_bot.domain.errors import NotConnectedError, SlackRefusedError
from scrm_bot.telemetry.counts import MOST, OTHER, Calls, Tallies, Tally, Work, word_of

WORK = Work("scrm_test_call", "Calls of a test", "method", bounds=(0.5, 2.0))


class Ticks:
    """A clock that shows the next of these times whenever it is looked at."""

    def __init__(self, *times: float) -> None:
        self.times: Iterator[float] = iter(times)

    def __call__(self) -> float:
        return next(self.times)


class Spans:
    """Remembers what began and how it ended."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, str], str]] = []

    def begin(self, name: str, attributes: Mapping[str, str]) -> "Remembered":
        return Remembered(self, name, attributes)


class Remembered:
    def __init__(self, spans: Spans, name: str, attributes: Mapping[str, str]) -> None:
        self.spans, self.name, self.attributes = spans, name, dict(attributes)

    def end(self, outcome: str) -> None:
        self.spans.told.append((self.name, self.attributes, outcome))


def told(registry: CollectorRegistry) -> list[str]:
    return [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]


def test_calls_are_told_by_how_they_ended_and_how_long_they_took() -> None:
    registry = CollectorRegistry()
    calls = Calls(WORK, registry, clock=Ticks(0.0, 0.25, 10.0, 11.0, 20.0, 25.0))

    with calls.one("chat.update"):
        pass
    with calls.one("chat.update") as second:
        second.outcome = "late"
    with pytest.raises(NotConnectedError), calls.one("views.open"):
        raise NotConnectedError

    assert told(registry) == [
        'scrm_test_calls_total{method="chat.update",outcome="late"} 1.0',
        'scrm_test_calls_total{method="chat.update",outcome="ok"} 1.0',
        'scrm_test_calls_total{method="views.open",outcome="NotConnected"} 1.0',
        'scrm_test_call_seconds_bucket{le="0.5",method="chat.update"} 1.0',
        'scrm_test_call_seconds_bucket{le="2.0",method="chat.update"} 2.0',
        'scrm_test_call_seconds_bucket{le="+Inf",method="chat.update"} 2.0',
        'scrm_test_call_seconds_count{method="chat.update"} 2.0',
        'scrm_test_call_seconds_sum{method="chat.update"} 1.25',
        'scrm_test_call_seconds_bucket{le="0.5",method="views.open"} 0.0',
        'scrm_test_call_seconds_bucket{le="2.0",method="views.open"} 0.0',
        'scrm_test_call_seconds_bucket{le="+Inf",method="views.open"} 1.0',
        'scrm_test_call_seconds_count{method="views.open"} 1.0',
        'scrm_test_call_seconds_sum{method="views.open"} 5.0',
    ]
    assert (second.outcome, second.seconds) == ("late", 1.0)


def test_times_may_be_told_for_all_together_and_from_the_start() -> None:
    registry = CollectorRegistry()
    calls = Calls(Work("scrm_trip", "Trips", "kind", bounds=(1.0,), each=False), registry)
    before = told(registry)
    with calls.one("a"), calls.one("b"):
        pass

    assert "scrm_trip_seconds_count 0.0" in before
    assert "scrm_trip_seconds_count 2.0" in told(registry)


def test_every_call_is_a_span_where_traces_are_wanted() -> None:
    spans = Spans()
    calls = Calls(WORK, spans=spans)

    with calls.one("chat.update", **{"scrm.team": "T1"}):
        pass

    attributes = {"scrm.method": "chat.update", "scrm.team": "T1"}
    assert spans.told == [("test call chat.update", attributes, "ok")]


def test_labels_that_are_too_many_are_counted_together() -> None:
    registry = CollectorRegistry()
    tally, calls = Tally("scrm_words", "Words", labels=("word",)), Calls(WORK, registry)
    Tallies(registry, tally)

    for number in range(MOST + 5):
        tally.add(f"word {number}")
        calls.add(f"call {number}", "ok", 0.1)
    tally.add("word 0", times=2)

    lines = told(registry)
    assert f'scrm_words_total{{word="{OTHER}"}} 5.0' in lines
    assert 'scrm_words_total{word="word 0"} 3.0' in lines
    assert f'scrm_test_calls_total{{method="{OTHER}",outcome="{OTHER}"}} 5.0' in lines
    assert f'scrm_test_call_seconds_count{{method="{OTHER}"}} 5.0' in lines
    assert sum(line.startswith("scrm_test_call_seconds_count") for line in lines) == MOST + 1


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (SlackRefusedError("not_in_channel", method="chat.postMessage"), "not_in_channel"),
        (NotConnectedError("a text"), "NotConnected"),
        (asyncio.CancelledError(), "Cancelled"),
        (type("Error", (Exception,), {})(), OTHER),
        (type("HttpError", (Exception,), {"code": 500})(), "Http"),
    ],
)
def test_an_error_is_told_by_a_word_and_never_by_its_text(error: BaseException, word: str) -> None:
    assert word_of(error) == word
