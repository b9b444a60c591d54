"""What is counted of the way to Redis."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from redis.exceptions import NoScriptError

from scrm_bot.telemetry.counts import QUICK, Calls, Tallies, Tally, Work
from scrm_bot.telemetry.spans import Spans

_TRIPS = Work("scrm_redis_trip", "Round trips to Redis", "kind", bounds=QUICK, each=False)


class Trips:
    """Round trips, the commands in them, and what Redis refused. Spans are of what was asked for."""

    def __init__(self, registry: CollectorRegistry | None = None, spans: Spans | None = None) -> None:
        self.spans = spans
        self.calls = Calls(_TRIPS, registry)
        self._commands = Tally("scrm_redis_commands", "Commands and scripts sent to Redis", labels=())
        self._refused = Tally(
            "scrm_redis_refusals", "Commands that Redis refused, by its word for it", labels=("error",)
        )
        Tallies(registry, self._commands, self._refused)

    def sent(self, number: int) -> None:
        self._commands.add(times=number)

    def answered(self, replies: Iterable[object]) -> None:
        for reply in replies:
            if isinstance(reply, Exception) and not isinstance(reply, NoScriptError):  # that one is taught
                self._refused.add(type(reply).__name__.removesuffix("Error"))
