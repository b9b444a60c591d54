"""A request that nobody approved in time ends by itself."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.waiting import Why
from scrm_bot.usecases import expiring
from tests.builders import EDITOR, LATER, a_card_ref, a_policy, an_approval
from tests.fakes.workspace import Fakes

SOON = timedelta(hours=4)


async def stored(fakes: Fakes, **changes: Any) -> Approval:
    """Asked for now, with four hours to live unless told otherwise."""
    rules = {"policy": a_policy(expire_hours=4), "created_at": fakes.clock.now(), "card": a_card_ref()}
    return await fakes.approvals.add(an_approval(**rules | changes))


async def run(fakes: Fakes) -> datetime | None:
    return await expiring.expire(fakes.workspace, "apr_1")


@pytest.mark.parametrize("state", [State.PENDING, State.ON_HOLD])
async def test_what_is_open_at_its_end_expires_and_the_author_is_told(fakes: Fakes, state: State) -> None:
    await stored(fakes, state=state, requested_by="UASKS")
    fakes.clock.advance(hours=4)

    assert await run(fakes) is None
    ended = fakes.approvals.approvals["apr_1"]
    assert (ended.state, ended.detail) == (State.EXPIRED, "It was not approved within 4 hours.")
    assert fakes.announcer.shown[-1].state is State.EXPIRED
    assert fakes.announcer.reasons == [("UASKS", Why.NEWS), (EDITOR, Why.NEWS)]
    assert fakes.announcer.told[-1][1].state is State.EXPIRED
    assert [copy.channel for copy in ended.copies] == ["DUASKS", f"D{EDITOR}"]
    assert fakes.socialcrm.calls == []


async def test_a_time_that_passes_has_a_sentence_of_its_own(fakes: Fakes) -> None:
    await stored(fakes, at=LATER, policy=a_policy())
    fakes.clock.at = LATER

    assert await run(fakes) is None
    detail = fakes.approvals.approvals["apr_1"].detail
    assert detail == "Tue 1 Dec 2026, 09:00 Europe/Berlin passed before it was approved."


async def test_before_its_end_nothing_happens(fakes: Fakes) -> None:
    approval = await stored(fakes)
    fakes.clock.advance(hours=4, seconds=-1)

    assert await run(fakes) == approval.created_at + SOON
    assert fakes.approvals.approvals["apr_1"] == approval
    assert fakes.announcer.shown == []


@pytest.mark.parametrize("state", [State.APPROVED, State.REJECTED, State.PUBLISHED, State.WITHDRAWN])
async def test_what_is_decided_does_not_expire(fakes: Fakes, state: State) -> None:
    approval = await stored(fakes, state=state)
    fakes.clock.advance(hours=5)

    assert await run(fakes) is None
    assert fakes.approvals.approvals["apr_1"] == approval
    assert fakes.announcer.shown == []


async def test_without_an_end_it_waits_for_ever(fakes: Fakes) -> None:
    approval = await stored(fakes, policy=a_policy())
    fakes.clock.advance(days=1000)

    assert await run(fakes) is None
    assert fakes.approvals.approvals["apr_1"] == approval
    assert fakes.announcer.shown == []


async def test_a_run_cut_off_before_the_card_shows_it_the_next_time(fakes: Fakes) -> None:
    await stored(fakes, state=State.EXPIRED)

    assert await run(fakes) is None
    assert fakes.announcer.states == [State.EXPIRED]
    assert fakes.announcer.told == []


async def test_a_request_that_is_gone_needs_no_end(fakes: Fakes) -> None:
    assert await run(fakes) is None
    assert fakes.announcer.shown == []


async def test_an_approval_at_the_last_moment_wins(fakes: Fakes) -> None:
    approval = await stored(fakes)
    fakes.clock.advance(hours=4)
    read, reads = fakes.approvals.get, 0

    async def approved_meanwhile(approval_id: str) -> Approval:
        nonlocal reads
        reads += 1
        if reads == 2:
            fakes.approvals.approvals["apr_1"] = replace(approval, state=State.APPROVED, version=2)
        return await read(approval_id)

    fakes.approvals.get = approved_meanwhile  # type: ignore[method-assign]
    assert await run(fakes) is None
    assert fakes.approvals.approvals["apr_1"].state is State.APPROVED
    assert fakes.announcer.told == []


async def test_only_an_open_request_waits_for_jobs(fakes: Fakes) -> None:
    approval = await stored(fakes)

    assert [job.kind for job in expiring.waiting_jobs(approval)] == ["expire"]
    assert expiring.waiting_jobs(replace(approval, state=State.APPROVED)) == ()
    assert expiring.waiting_jobs(replace(approval, policy=a_policy())) == ()
