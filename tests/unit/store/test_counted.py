"""Requests and digests are counted where they are written, once for each thing that happened."""

from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from scrm_bot.domain import audit
from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import ApprovalConflictError
from scrm_bot.domain.runs import Run, RunState
from scrm_bot.store.connection import Database
from scrm_bot.store.counted import Counted, CountedApprovals, CountedSchedules
from tests.builders import a_digest_schedule, an_approval
from tests.contract.backends import embedded


def told(registry: CollectorRegistry) -> list[str]:
    lines = generate_latest(registry).decode().splitlines()
    return [line for line in lines if not line.startswith("#")]


async def test_requests_are_counted_by_the_states_they_come_into() -> None:
    registry, database = CollectorRegistry(), Database(embedded())
    store = CountedApprovals(database, "T_ACME", Counted(registry))
    asked = an_approval()

    first = await store.add(asked, audit=[audit.asked(asked)])
    gone = replace(first, state=State.WITHDRAWN)
    await store.save(gone, audit=audit.moved(first, gone, at=asked.created_at))
    with pytest.raises(ApprovalConflictError):
        await store.save(gone, audit=audit.moved(first, gone, at=asked.created_at))
    await database.close()

    assert told(registry) == [
        'scrm_approvals_total{state="pending"} 1.0',
        'scrm_approvals_total{state="withdrawn"} 1.0',
    ]


async def test_a_write_that_moves_only_the_card_counts_for_nothing() -> None:
    registry = CollectorRegistry()
    counted = Counted(registry)
    reminded = replace(audit.asked(an_approval()), what=audit.Deed.REMINDED, before=State.PENDING)

    counted.moved([reminded, replace(reminded, approval_id="", before="a", after="b")])

    assert told(registry) == []


async def test_digests_are_counted_as_sent_late_skipped_and_ambiguous() -> None:
    registry, database = CollectorRegistry(), Database(embedded())
    counted = Counted(registry)
    store = CountedSchedules(database, "T_ACME", counted)
    schedule, day = a_digest_schedule(), "2026-11-30"
    await store.save(schedule)
    posting, other = Run(RunState.POSTING, holder="a"), Run(RunState.POSTING, holder="b")

    assert await store.step(schedule.channel, day, Run(), posting)
    assert not await store.step(schedule.channel, day, Run(), replace(other, state=RunState.SENT))
    assert await store.step(schedule.channel, day, posting, replace(posting, state=RunState.SENT))
    assert await store.step(schedule.channel, "2026-12-01", Run(), other)
    assert await store.step(schedule.channel, "2026-12-01", other, replace(other, state=RunState.UNSURE))
    counted.late()
    for skipped in ("2026-12-02", "2026-12-02", ""):
        await store.revise(schedule.channel, lambda stored, day=skipped: replace(stored, skipped=day))  # type: ignore[misc]
    assert await store.revise("C_NONE", lambda stored: stored) is None
    await database.close()

    assert told(registry) == [
        'scrm_digests_total{outcome="ambiguous"} 1.0',
        'scrm_digests_total{outcome="late"} 1.0',
        'scrm_digests_total{outcome="sent"} 1.0',
        'scrm_digests_total{outcome="skipped"} 1.0',
    ]
