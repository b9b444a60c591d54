"""Digests follow the requests they list."""

import pytest

from scrm_bot.domain.approvals import Approval, CardRef, State, Step
from scrm_bot.domain.digests import LISTED, Report
from scrm_bot.domain.errors import SlackRefusedError, StoreUnavailableError
from scrm_bot.domain.jobs import JobKind
from scrm_bot.usecases import cards, relisting
from tests.builders import a_card_ref, a_report, an_approval
from tests.fakes.workspace import Fakes
from tests.unit.usecases.test_digests import run, switched_on
from tests.unit.usecases.test_planning import CHANNEL

AT, OLDER = CardRef("C9", "5.0"), CardRef("C8", "4.0")


async def listed(fakes: Fakes, *places: CardRef, count: int = 1) -> list[Approval]:
    """Requests that wait, and digests that list them."""
    waiting = [
        await fakes.approvals.add(
            an_approval(id=f"apr_{number}", post_id=f"post_{number}", card=a_card_ref())
        )
        for number in range(1, count + 1)
    ]
    for place in places:
        await fakes.schedules.keep_posted(place, a_report(waiting=tuple(waiting)))
    return waiting


async def decided(fakes: Fakes, approval: Approval) -> Approval:
    return await cards.update(fakes.workspace, approval.id, lambda current: current.moved(Step.HOLD))


def drawn(fakes: Fakes) -> list[tuple[CardRef, list[State]]]:
    return [(at, [each.state for each in report.waiting]) for at, report in fakes.newsdesk.updated]


async def test_a_decision_shows_in_every_digest_that_lists_the_request(fakes: Fakes) -> None:
    first, second = await listed(fakes, OLDER, AT, count=2)

    await cards.show_or_queue(fakes.workspace, await decided(fakes, first))
    assert drawn(fakes) == [
        (AT, [State.ON_HOLD, State.PENDING]),
        (OLDER, [State.ON_HOLD, State.PENDING]),
    ]
    await cards.show_or_queue(fakes.workspace, await decided(fakes, second))
    assert drawn(fakes)[2:] == [(place, [State.ON_HOLD] * 2) for place in (AT, OLDER)]


async def test_a_digest_that_shows_it_already_is_left_alone(fakes: Fakes) -> None:
    (approval,) = await listed(fakes, AT)

    await relisting.refresh(fakes.workspace, approval)
    assert drawn(fakes) == []
    moved = await decided(fakes, approval)
    for _ in range(2):
        await relisting.refresh(fakes.workspace, moved)
    assert drawn(fakes) == [(AT, [State.ON_HOLD])]


async def test_a_digest_that_slack_does_not_take_keeps_no_other_waiting_and_comes_again(fakes: Fakes) -> None:
    (approval,) = await listed(fakes, OLDER, AT)
    fakes.newsdesk.refuse("internal_error")

    await cards.show_or_queue(fakes.workspace, await decided(fakes, approval))
    assert drawn(fakes) == [(OLDER, [State.ON_HOLD])]
    assert [job.kind for job in fakes.queue.put_jobs if job.key == "render:apr_1"] == [JobKind.RENDER]
    await cards.show(fakes.workspace, approval)
    assert drawn(fakes)[1:] == [(AT, [State.ON_HOLD])]


async def test_also_where_the_card_itself_is_out_of_reach(fakes: Fakes) -> None:
    (approval,) = await listed(fakes, AT)
    moved = await decided(fakes, approval)
    fakes.announcer.refuse("is_archived")

    with pytest.raises(SlackRefusedError):
        await cards.show(fakes.workspace, moved)
    assert drawn(fakes) == [(AT, [State.ON_HOLD])]


async def test_a_request_that_is_gone_stays_as_it_was_listed(fakes: Fakes) -> None:
    (approval,) = await listed(fakes, AT)
    del fakes.approvals.approvals[approval.id]

    assert await relisting.by_now(fakes.workspace, a_report(waiting=(approval,))) == a_report(
        waiting=(approval,)
    )


async def test_what_a_digest_lists_is_kept_once_it_is_posted(fakes: Fakes) -> None:
    await listed(fakes, count=LISTED + 2)
    await switched_on(fakes)

    await run(fakes)
    ((at, kept),) = fakes.schedules.posted.items()
    assert at == CardRef(CHANNEL, "1.0")
    assert (len(kept.waiting), kept.unlisted) == (LISTED, 2)
    assert kept.kept == kept


async def test_a_digest_without_requests_is_not_kept(fakes: Fakes) -> None:
    await switched_on(fakes)

    await run(fakes)
    assert fakes.schedules.posted == {}


async def test_what_is_decided_while_the_digest_is_posted_is_shown_soon(fakes: Fakes) -> None:
    waiting = await listed(fakes, count=3)
    await switched_on(fakes)
    send = fakes.newsdesk.send

    async def meanwhile(channel: str, report: Report, *, run_key: str, thread_ts: str = "") -> str:
        await decided(fakes, waiting[1])
        del fakes.approvals.approvals[waiting[2].id]
        return await send(channel, report, run_key=run_key, thread_ts=thread_ts)

    fakes.newsdesk.send = meanwhile  # type: ignore[method-assign]
    await run(fakes)
    assert [job.key for job in fakes.queue.put_jobs if job.kind is JobKind.RENDER] == ["render:apr_2"]


async def test_a_memory_that_fails_leaves_the_digest_as_it_is(fakes: Fakes) -> None:
    await listed(fakes)
    await switched_on(fakes)

    async def gone(*_: object) -> None:
        raise StoreUnavailableError("gone")

    fakes.schedules.keep_posted = gone  # type: ignore[method-assign,assignment]
    assert await run(fakes) is None
    assert len(fakes.newsdesk.threads) == 1
