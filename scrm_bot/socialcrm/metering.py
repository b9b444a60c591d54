"""What calls to SocialCRM cost and met, for Prometheus."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from scrm_bot.domain.errors import BudgetExhaustedError
from scrm_bot.domain.limits import BudgetState
from scrm_bot.ports import Budget, BudgetView, Lane, OnWait, Turn
from scrm_bot.telemetry.counts import SLOW, Histogram, Work

CALLS = Work("scrm_socialcrm_call", "Calls of SocialCRM's API", "endpoint")


class WholeBudget(Budget, BudgetView, Protocol):
    """Gives turns and tells how they stand."""


class MeteredBudget(Collector):
    """A `Budget` that counts turns, waits, refusals and, told of them, exceeded quotas.

    It counts for this process; Prometheus adds the processes up. Keys are not told apart: a fingerprint in a
    label would be a series for each customer.
    """

    def __init__(self, budget: WholeBudget, registry: CollectorRegistry) -> None:
        self._budget = budget
        self._waiting: Counter[Lane] = Counter()
        self._turns = {lane: Histogram(SLOW) for lane in Lane}
        self._exhausted: Counter[Lane] = Counter()
        self._refused = 0
        self._paused = 0.0
        self._given_back = 0
        self._refused_at = 0.0
        self._quota: Counter[str] = Counter()
        self._quota_at: dict[str, float] = {}
        registry.register(self)

    async def take(self, fingerprint: str, lane: Lane, *, on_wait: OnWait | None = None) -> Turn:
        began = time.perf_counter()
        self._waiting[lane] += 1
        try:
            turn = await self._budget.take(fingerprint, lane, on_wait=on_wait)
        except BudgetExhaustedError:
            self._exhausted[lane] += 1
            raise
        finally:
            self._waiting[lane] -= 1
        self._turns[lane].add(time.perf_counter() - began)
        return turn

    def give_back(self, fingerprint: str, turn: Turn) -> None:
        self._given_back += 1
        self._budget.give_back(fingerprint, turn)

    async def refused(self, fingerprint: str, *, retry_in: float | None) -> float:
        self._refused += 1
        self._refused_at = time.time()
        pause = await self._budget.refused(fingerprint, retry_in=retry_in)
        self._paused += pause
        return pause

    async def state(self, fingerprint: str) -> BudgetState:
        return await self._budget.state(fingerprint)

    def quota_refused(self, action: str) -> None:
        self._quota[action] += 1
        self._quota_at[action] = time.time()

    def collect(self) -> Iterator[Metric]:
        turns = HistogramMetricFamily(
            "scrm_budget_wait_seconds", "How long calls waited for their turn", labels=["lane"]
        )
        waiting = GaugeMetricFamily("scrm_budget_waiting", "Calls that wait for their turn", labels=["lane"])
        exhausted = CounterMetricFamily(
            "scrm_budget_exhausted", "Calls given up because their turn was too far away", labels=["lane"]
        )
        for lane in Lane:
            turns.add_metric([lane], self._turns[lane].buckets(), self._turns[lane].seconds)
            waiting.add_metric([lane], self._waiting[lane])
            exhausted.add_metric([lane], self._exhausted[lane])
        quota = CounterMetricFamily(
            "scrm_quota_exceeded", "Calls refused with quota_exceeded", labels=["action"]
        )
        quota_at = GaugeMetricFamily(
            "scrm_quota_exceeded_at_seconds", "When the last of these was (Unix time)", labels=["action"]
        )
        for action, count in sorted(self._quota.items()):
            quota.add_metric([action], count)
            quota_at.add_metric([action], self._quota_at[action])
        refused = CounterMetricFamily("scrm_rate_limited", "Calls refused with 429", value=self._refused)
        refused_at = GaugeMetricFamily(
            "scrm_rate_limited_at_seconds", "When the last 429 was (Unix time), 0 for never", self._refused_at
        )
        paused = CounterMetricFamily(
            "scrm_budget_paused_seconds", "For how long 429s asked everybody to pause", value=self._paused
        )
        back = CounterMetricFamily(
            "scrm_budget_given_back", "Turns on which nothing was sent", value=self._given_back
        )
        yield from (turns, waiting, exhausted, quota, quota_at, refused, refused_at, paused, back)
