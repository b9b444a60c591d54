"""What is counted and traced of the way to Redis."""

from collections.abc import Mapping

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from redis import exceptions

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.store.connection import Database
from scrm_bot.store.trips import Trips
from tests.unit.store.test_connection import TAKE, Scripted


class Spans:
    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.ended: list[str] = []

    def begin(self, name: str, attributes: Mapping[str, str]) -> "Spans":
        self.begun.append((name, attributes["scrm.steps"]))
        return self

    def end(self, outcome: str) -> None:
        self.ended.append(outcome)


def told(registry: CollectorRegistry) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#") and "_bucket" not in line]


async def test_round_trips_commands_and_refusals_are_counted() -> None:
    registry = CollectorRegistry()
    gone, full = exceptions.ConnectionError("gone"), exceptions.OutOfMemoryError("OOM")
    client = Scripted([b"1", b"2", full, gone, exceptions.NoScriptError("NOSCRIPT"), 1])
    database = Database(client, trips=Trips(registry))

    await database.do_all([("GET", "a"), ("GET", "b")])
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            await database.do("SET", "a", "1")
    await database.run(TAKE.script, TAKE.keys, *TAKE.args)

    lines = told(registry)
    assert 'scrm_redis_trips_total{kind="commands",outcome="ok"} 4.0' in lines
    assert 'scrm_redis_trips_total{kind="commands",outcome="Connection"} 1.0' in lines
    assert "scrm_redis_trip_seconds_count 5.0" in lines
    assert "scrm_redis_commands_total 6.0" in lines
    assert [line for line in lines if "refusals" in line] == [
        'scrm_redis_refusals_total{error="OutOfMemory"} 1.0'
    ]


async def test_what_is_asked_for_is_a_span_named_by_its_script_or_command() -> None:
    spans = Spans()
    database = Database(Scripted([b"1", b"2", 1, exceptions.TimeoutError()]), trips=Trips(spans=spans))

    await database.do_all([("GET", "a"), ("GET", "b")])
    await database.run(TAKE.script, TAKE.keys, *TAKE.args)
    with pytest.raises(StoreUnavailableError):
        await database.do("PING")

    assert spans.begun == [("redis GET", "2"), ("redis take_once", "1"), ("redis PING", "1")]
    assert spans.ended == ["ok", "ok", "failed"]
