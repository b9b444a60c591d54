from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, CardRef, State, Step
from scrm_bot.domain.errors import ApprovalConflictError, SlackRefusedError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.usecases import cards
from tests.builders import TEAM, a_card_ref, an_approval
from tests.fakes.announcer import FakeAnnouncer
from tests.fakes.stores import FakeApprovalStore
from tests.fakes.workspace import Fakes


async def a_stored(fakes: Fakes, **changes: object) -> Approval:
    return await fakes.approvals.add(an_approval(**changes))


class MovingAnnouncer(FakeAnnouncer):
    """While it shows a card, somebody else moves the request; `rounds` times."""

    def __init__(self, store: FakeApprovalStore, rounds: int) -> None:
        super().__init__()
        self.store = store
        self.rounds = rounds

    async def show(self, approval: Approval) -> CardRef:
        card = await super().show(approval)
        if self.rounds:
            self.rounds -= 1
            current = await self.store.get(approval.id)
            await self.store.save(replace(current, detail=f"moved, {self.rounds} to come"))
        return card


class BusyStore(FakeApprovalStore):
    """Somebody else is faster, `conflicts` times."""

    conflicts = 0

    async def save(self, approval: Approval, **more: Any) -> Approval:
        if self.conflicts:
            self.conflicts -= 1
            raise ApprovalConflictError
        return await super().save(approval, **more)


async def test_a_change_meets_the_newest_version(fakes: Fakes) -> None:
    store = BusyStore(fakes.queue)
    workspace = replace(fakes.workspace, approvals=store)
    approval = await store.add(an_approval())
    store.conflicts = cards.TRIES - 1

    held = await cards.update(workspace, approval.id, lambda current: current.moved(Step.HOLD))
    assert held.state is State.ON_HOLD


async def test_after_five_conflicts_it_is_given_up(fakes: Fakes) -> None:
    store = BusyStore(fakes.queue)
    workspace = replace(fakes.workspace, approvals=store)
    approval = await store.add(an_approval())
    store.conflicts = 5

    with pytest.raises(ApprovalConflictError):
        await cards.update(workspace, approval.id, lambda current: current.moved(Step.HOLD))
    assert store.conflicts == 0


async def test_no_change_is_no_write(fakes: Fakes) -> None:
    approval = await a_stored(fakes)

    assert await cards.update(fakes.workspace, approval.id, lambda current: current) == approval
    assert (await fakes.approvals.get(approval.id)).version == 1


async def test_a_card_is_shown_and_where_it_is_is_kept(fakes: Fakes) -> None:
    approval = await a_stored(fakes)

    shown = await cards.show(fakes.workspace, approval)
    assert shown.card
    assert await fakes.approvals.get(approval.id) == shown
    assert fakes.announcer.shown == [approval]


async def test_a_card_in_its_place_is_not_written_again(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=a_card_ref())

    assert await cards.show(fakes.workspace, approval) == approval


async def test_a_request_that_moved_meanwhile_is_shown_again(fakes: Fakes) -> None:
    announcer = MovingAnnouncer(fakes.approvals, rounds=2)
    workspace = replace(fakes.workspace, announcer=announcer)
    approval = await a_stored(fakes)

    shown = await cards.show(workspace, approval)
    assert [each.detail for each in announcer.shown] == ["", "moved, 1 to come", "moved, 0 to come"]
    assert shown.detail == "moved, 0 to come"


async def test_a_request_that_never_rests_is_shown_five_times(fakes: Fakes) -> None:
    announcer = MovingAnnouncer(fakes.approvals, rounds=99)
    workspace = replace(fakes.workspace, announcer=announcer)

    shown = await cards.show(workspace, await a_stored(fakes))
    assert len(announcer.shown) == 5
    assert shown.detail == "moved, 94 to come"


@pytest.mark.parametrize(("retry_in", "wait"), [(None, 15), (3.0, 3)])
async def test_a_card_that_slack_refuses_is_shown_later(
    fakes: Fakes, retry_in: float | None, wait: int
) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("internal_error", retry_in=retry_in)

    assert await cards.show_or_queue(fakes.workspace, approval) == approval
    due = fakes.clock.now() + timedelta(seconds=wait)
    assert fakes.queue.put_jobs == [
        Job(JobKind.RENDER, f"render:{approval.id}", TEAM, due, {"approval": approval.id})
    ]


async def test_the_job_brings_the_card_up_to_date(fakes: Fakes) -> None:
    approval = await a_stored(fakes)

    assert await cards.refresh(fakes.workspace, approval.id) is None
    assert fakes.announcer.shown == [approval]


async def test_the_job_ends_when_the_request_is_gone(fakes: Fakes) -> None:
    assert await cards.refresh(fakes.workspace, "apr_gone") is None
    assert fakes.announcer.shown == []


@pytest.mark.parametrize(("retry_in", "wait"), [(None, 15), (3.0, 3)])
async def test_the_job_comes_back_when_slack_says_so(fakes: Fakes, retry_in: float | None, wait: int) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("internal_error", retry_in=retry_in)

    assert await cards.refresh(fakes.workspace, approval.id) == fakes.clock.now() + timedelta(seconds=wait)


@pytest.mark.parametrize(
    "code",
    [
        "channel_not_found",
        "message_not_found",
        "is_archived",
        "not_in_channel",
        "account_inactive",
        "cant_update_message",
    ],
)
async def test_the_job_ends_when_the_card_is_out_of_reach(fakes: Fakes, code: str) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse(code)

    assert await cards.refresh(fakes.workspace, approval.id) is None


async def test_everybody_is_told_once_and_a_refusal_stops_nobody(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("user_disabled")

    await cards.tell(fakes.workspace, approval, ["UB", "UA", "UB", "UC", ""])
    assert fakes.announcer.people_told == ["UB", "UC"]


async def test_other_errors_of_a_card_are_not_hidden(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("internal_error")

    with pytest.raises(SlackRefusedError):
        await cards.show(fakes.workspace, approval)


@pytest.mark.parametrize("code", ["unreachable", "internal_error", "http_503"])
async def test_the_job_outlasts_slacks_own_trouble(fakes: Fakes, code: str) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse(code)

    assert await cards.refresh(fakes.workspace, approval.id) == fakes.clock.now() + cards.AGAIN


async def test_what_slack_will_never_take_is_given_up_in_the_end(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("invalid_blocks")

    with pytest.raises(SlackRefusedError, match="invalid_blocks"):
        await cards.refresh(fakes.workspace, approval.id)


async def test_what_people_were_told_is_a_copy_that_follows_the_card(fakes: Fakes) -> None:
    approval = await a_stored(fakes)

    await cards.tell(fakes.workspace, approval, ["UA", "UB"])
    told = await fakes.approvals.get(approval.id)
    assert [copy.channel for copy in told.copies] == ["DUA", "DUB"]
    assert fakes.queue.put_jobs == []
    await cards.show(fakes.workspace, told)

    assert fakes.announcer.copied[-1].copies == told.copies


async def test_where_nobody_could_be_told_nothing_is_stored(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.announcer.refuse("user_disabled")

    await cards.tell(fakes.workspace, approval, ["UA"])
    assert (await fakes.approvals.get(approval.id)).version == 1


async def test_a_request_that_moves_while_people_are_told_is_brought_up_to_date_for_them(
    fakes: Fakes,
) -> None:
    told = await a_stored(fakes)
    await fakes.approvals.save(told.moved(Step.HOLD))

    await cards.tell(fakes.workspace, told, ["UA"])
    assert [job.key for job in fakes.queue.put_jobs] == [f"render:{told.id}"]


async def test_a_copy_that_is_refused_is_tried_again_and_the_card_stays_where_it_is(fakes: Fakes) -> None:
    approval = await a_stored(fakes, copies=(CardRef("DUA", "1.0"),))
    card = await cards.show(fakes.workspace, approval)
    assert card.card

    class Refusing(FakeAnnouncer):
        async def show_copies(self, approval: Approval) -> None:
            raise SlackRefusedError("ratelimited", method="chat.update", retry_in=7.0)

    workspace = replace(fakes.workspace, announcer=Refusing())
    await cards.show_or_queue(workspace, card)
    assert [(job.kind, job.due) for job in fakes.queue.put_jobs] == [
        (JobKind.RENDER, fakes.clock.now() + timedelta(seconds=7))
    ]


async def test_copies_are_brought_up_to_date_although_the_card_is_out_of_reach(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=a_card_ref(), copies=(CardRef("DUA", "1.0"),))
    fakes.announcer.refuse("is_archived")

    await cards.show_or_queue(fakes.workspace, approval)
    assert len(fakes.announcer.copied) == 1
    fakes.announcer.refuse("is_archived", times=2)
    await cards.show_or_queue(fakes.workspace, approval)
    assert len(fakes.announcer.copied) == 1
