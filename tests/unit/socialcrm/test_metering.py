"""What operators see of the budget."""

import time

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from scrm_bot.domain.errors import BudgetExhaustedError
from scrm_bot.domain.limits import BudgetState
from scrm_bot.ports import Lane, Turn
from scrm_bot.socialcrm.metering import MeteredBudget
from tests.fakes.budget import FakeBudget


def told(registry: CollectorRegistry) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#")]


async def test_turns_waits_and_refusals_are_counted() -> None:
    registry, budget = CollectorRegistry(), FakeBudget()
    metered = MeteredBudget(budget, registry)

    await metered.take("key", Lane.PEOPLE)
    await metered.take("key", Lane.PEOPLE)
    await metered.refused("key", retry_in=3.0)
    metered.quota_refused("POST /ai/rewrite")
    metered.give_back("key", Turn(2))

    lines = told(registry)
    assert 'scrm_budget_wait_seconds_count{lane="people"} 2.0' in lines
    assert 'scrm_budget_wait_seconds_count{lane="background"} 0.0' in lines
    assert 'scrm_budget_waiting{lane="people"} 0.0' in lines
    assert "scrm_rate_limited_total 1.0" in lines
    assert 'scrm_quota_exceeded_total{action="POST /ai/rewrite"} 1.0' in lines
    assert "scrm_budget_given_back_total 1.0" in lines
    assert budget.refusals == [("key", 3.0)]
    assert budget.given_back == [("key", 2)]


async def test_when_the_last_refusals_were_is_told() -> None:
    registry = CollectorRegistry()
    metered, before = MeteredBudget(FakeBudget(), registry), time.time()
    never = registry.get_sample_value("scrm_rate_limited_at_seconds")

    await metered.refused("key", retry_in=None)
    metered.quota_refused("POST /ai/rewrite")

    action = {"action": "POST /ai/rewrite"}
    assert never == 0
    assert (registry.get_sample_value("scrm_rate_limited_at_seconds") or 0) >= before
    assert (registry.get_sample_value("scrm_quota_exceeded_at_seconds", action) or 0) >= before


async def test_calls_that_were_given_up_are_counted_by_lane() -> None:
    registry = CollectorRegistry()
    metered = MeteredBudget(FakeBudget(raises=BudgetExhaustedError(retry_in=30)), registry)

    with pytest.raises(BudgetExhaustedError):
        await metered.take("key", Lane.BACKGROUND)

    lines = told(registry)
    assert 'scrm_budget_exhausted_total{lane="background"} 1.0' in lines
    assert 'scrm_budget_wait_seconds_count{lane="background"} 0.0' in lines


async def test_who_waits_is_told_and_how_the_key_stands_is_passed_on() -> None:
    budget = FakeBudget(waits=5.0)
    budget.stands = BudgetState(used=3)
    metered, waits = MeteredBudget(budget, CollectorRegistry()), list[float]()

    await metered.take("key", Lane.PEOPLE, on_wait=waits.append)

    assert waits == [5.0]
    assert (await metered.state("key")).used == 3
