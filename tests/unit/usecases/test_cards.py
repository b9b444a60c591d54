from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, CardRef, State, Step
from scrm_bot.domain.cards import CopyKind, Posting
from scrm_bot.domain.errors import ApprovalConflictError, SlackRefusedError
from scrm_bot.domain.jobs import Job, JobKind
from scrm_bot.domain.team import Holders, Team
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Person, WorkspaceSettings
from scrm_bot.usecases import cards, slackwords
from tests.builders import (
    APPROVALS_CHANNEL,
    EDITOR,
    TEAM,
    a_card_ref,
    an_approval,
    some_settings,
)
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
    assert shown.posting is None
    assert await fakes.approvals.get(approval.id) == shown
    (posted,) = fakes.announcer.shown
    assert posted.posting == Posting(APPROVALS_CHANNEL, fakes.clock.now()), "noted before it is posted"


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


async def test_a_card_is_looked_for_where_an_earlier_try_was_begun(fakes: Fakes) -> None:
    begun = Posting("CBEFORE", fakes.clock.now() - timedelta(minutes=1))
    approval = await a_stored(fakes, posting=begun)

    shown = await cards.show(fakes.workspace, approval)
    (looked_for,) = fakes.announcer.shown
    assert looked_for.posting == replace(begun, tries=2)
    assert shown.posting is None


@pytest.mark.parametrize("code", sorted(slackwords.LOST))
async def test_a_card_that_is_gone_is_posted_anew_once_where_it_was(fakes: Fakes, code: str) -> None:
    approval = await a_stored(fakes, card=CardRef("CBEFORE", "1.0"))
    fakes.announcer.refuse(code)

    shown = await cards.show(fakes.workspace, approval)
    (posted,) = fakes.announcer.shown
    assert (posted.card, posted.posting) == (None, Posting("CBEFORE", fakes.clock.now()))
    assert shown.card
    await cards.show(fakes.workspace, shown)
    assert fakes.announcer.shown[-1].card == shown.card


async def test_of_two_cards_posted_at_once_both_follow_the_request(fakes: Fakes) -> None:
    class Twice(FakeAnnouncer):
        async def show(self, approval: Approval) -> CardRef:
            if not self.shown:
                current = await fakes.approvals.get(approval.id)
                await fakes.approvals.save(replace(current, card=CardRef("C1", "1.0")))
            return await super().show(approval)

    approval = await a_stored(fakes)
    shown = await cards.show(replace(fakes.workspace, announcer=Twice()), approval)

    assert shown.card == CardRef("C1", "1.0")
    (other,) = shown.copies
    assert not other.is_at(shown.card)


async def test_a_card_that_somebody_else_has_put_up_meanwhile_is_not_posted_again(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    await fakes.approvals.save(replace(approval, card=a_card_ref()))

    assert (await cards.show(fakes.workspace, approval)).card == a_card_ref()
    (shown,) = fakes.announcer.shown
    assert shown.card == a_card_ref()


async def test_a_card_put_up_while_the_posting_is_noted_is_shown_in_its_place(fakes: Fakes) -> None:
    class PutUpMeanwhile(FakeApprovalStore):
        reads = 0

        async def get(self, approval_id: str) -> Approval:
            self.reads += 1
            if self.reads == 2:  # after the newest version was read, before the posting is noted
                found = self.approvals[approval_id]
                self.approvals[approval_id] = replace(found, card=a_card_ref(), version=found.version + 1)
            return await super().get(approval_id)

    store = PutUpMeanwhile()
    approval = await store.add(an_approval())

    shown = await cards.show(replace(fakes.workspace, approvals=store), approval)

    assert shown.card == a_card_ref()
    assert {each.card for each in fakes.announcer.shown} == {a_card_ref()}


async def test_where_nobody_has_said_where_cards_go_a_decision_stands_all_the_same(fakes: Fakes) -> None:
    approval = await a_stored(fakes)
    fakes.settings.settings = WorkspaceSettings()

    assert await cards.show_or_queue(fakes.workspace, approval) == approval
    assert fakes.queue.put_jobs == []


@pytest.mark.parametrize("code", sorted(slackwords.REVOKED))
async def test_a_bot_that_may_not_speak_leaves_it(fakes: Fakes, code: str) -> None:
    approval = await a_stored(fakes, card=a_card_ref(), copies=(CardRef("DUA", "1.0"),))
    fakes.announcer.refuse(code)

    assert await cards.show_or_queue(fakes.workspace, approval) == approval
    assert (fakes.queue.put_jobs, fakes.announcer.copied) == ([], [])


@pytest.mark.parametrize(("was_told", "jobs"), [("", 1), ("is_archived", 0)])
async def test_a_channel_that_is_gone_is_a_jobs_matter_until_people_were_told(
    fakes: Fakes, was_told: str, jobs: int
) -> None:
    approval = await a_stored(fakes, card=a_card_ref(), unreachable=was_told)
    fakes.announcer.refuse("is_archived")

    await cards.show_or_queue(fakes.workspace, approval)
    assert [job.due for job in fakes.queue.put_jobs] == [fakes.clock.now()] * jobs


async def test_a_channel_that_is_back_is_no_trouble_any_more(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=a_card_ref(), unreachable="is_archived")

    assert (await cards.show(fakes.workspace, approval)).unreachable == ""


async def test_what_people_are_notified_of_follows_the_card(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=a_card_ref())

    await cards.notify(fakes.workspace, approval, {"UA"})
    await cards.notify(fakes.workspace, approval, {"UB"}, why=Why.REMINDER)
    (news, nudge) = (await fakes.approvals.get(approval.id)).copies
    assert (news.channel, news.kind) == ("DUA", CopyKind.NEWS)
    assert (nudge.channel, nudge.kind) == ("DUB", CopyKind.NUDGE)


async def test_of_several_nudges_only_the_last_is_kept(fakes: Fakes) -> None:
    old, theirs = CardRef("DUA", "1.0", CopyKind.NUDGE), CardRef("DUB", "2.0", CopyKind.NUDGE)
    approval = await a_stored(fakes, copies=(old, theirs))

    await cards.notify(fakes.workspace, approval, {"UA"}, why=Why.REMINDER)
    kept = (await fakes.approvals.get(approval.id)).copies
    assert fakes.announcer.retired == [old]
    assert [copy.channel for copy in kept] == ["DUB", "DUA"]
    assert old not in kept


@pytest.mark.parametrize(("code", "is_kept"), [("message_not_found", False), ("internal_error", True)])
async def test_a_nudge_that_cannot_be_retired_goes_on_following(
    fakes: Fakes, code: str, *, is_kept: bool
) -> None:
    old = CardRef("DUA", "1.0", CopyKind.NUDGE)
    approval = await a_stored(fakes, copies=(old,))

    class Refusing(FakeAnnouncer):
        async def retire(self, copy: CardRef, approval: Approval) -> None:
            raise SlackRefusedError(code, method="chat.update")

    workspace = replace(fakes.workspace, announcer=Refusing())
    await cards.notify(workspace, approval, {"UA"}, why=Why.REMINDER)
    assert (old in (await fakes.approvals.get(approval.id)).copies) is is_kept


async def test_what_is_said_under_the_card_follows_it_too(fakes: Fakes) -> None:
    approval = await a_stored(fakes, card=a_card_ref())

    await cards.say_changes(fakes.workspace, approval)
    (said,) = (await fakes.approvals.get(approval.id)).copies
    assert (said.channel, said.kind) == (APPROVALS_CHANNEL, CopyKind.NEWS)


async def test_without_a_card_nothing_is_said_under_it(fakes: Fakes) -> None:
    approval = await a_stored(fakes)

    await cards.say_changes(fakes.workspace, approval)
    assert (await fakes.approvals.get(approval.id)).copies == ()


async def test_the_oldest_of_many_copies_are_let_go(fakes: Fakes) -> None:
    many = tuple(CardRef("D1", f"{number}.0") for number in range(cards.MOST_COPIES))

    kept = cards.with_copies(an_approval(copies=many), CardRef("D2", "1.0"), many[-1]).copies
    assert (len(kept), kept[0], kept[-1]) == (cards.MOST_COPIES, many[1], CardRef("D2", "1.0"))


@pytest.mark.parametrize("how", [cards.tell, cards.notify])
@pytest.mark.parametrize("role", [{"is_gone": True}, {"is_guest": True}, {"team_id": "TELSEWHERE"}], ids=str)
async def test_texts_go_to_nobody_who_has_left_or_has_no_role(
    fakes: Fakes, how: Callable[..., Awaitable[None]], role: dict[str, Any]
) -> None:
    stored = await fakes.approvals.add(an_approval(card=a_card_ref()))
    fakes.people.set("UWAS", **role)

    await how(fakes.workspace, stored, {"UWAS", EDITOR})
    assert fakes.announcer.people_told == [EDITOR]


async def test_a_guest_with_a_role_is_told(fakes: Fakes) -> None:
    stored = await fakes.approvals.add(an_approval(card=a_card_ref()))
    fakes.settings.settings = some_settings(team=Team(editors=Holders(people=(EDITOR,))))
    fakes.people.set(EDITOR, is_guest=True)

    await cards.notify(fakes.workspace, stored, {EDITOR})
    assert fakes.announcer.people_told == [EDITOR]


@pytest.mark.parametrize("how", [cards.tell, cards.notify])
async def test_a_guest_who_is_only_named_as_an_approver_reads_no_texts(
    fakes: Fakes, how: Callable[..., Awaitable[None]]
) -> None:
    stored = await fakes.approvals.add(an_approval(card=a_card_ref()))
    fakes.settings.settings = some_settings(approvers=("UGUEST",), approver_groups=("S1",))
    fakes.people.members = {"S1": frozenset({"UGROUPED"})}
    for guest in ("UGUEST", "UGROUPED"):
        fakes.people.set(guest, is_guest=True)

    await how(fakes.workspace, stored, {"UGUEST", "UGROUPED"})
    assert fakes.announcer.people_told == []


async def test_nobody_from_outside_reads_texts_whatever_their_role(fakes: Fakes) -> None:
    stored = await fakes.approvals.add(an_approval(card=a_card_ref()))
    fakes.settings.settings = some_settings(team=Team(editors=Holders(people=("UOUTSIDE",))))
    fakes.people.set("UOUTSIDE", team_id="TELSEWHERE")

    await cards.notify(fakes.workspace, stored, {"UOUTSIDE"})
    assert fakes.announcer.people_told == []


async def test_whom_slack_does_not_know_of_just_now_is_told_all_the_same(fakes: Fakes) -> None:
    stored = await fakes.approvals.add(an_approval(card=a_card_ref()))

    async def refuse(user_id: str) -> Person:
        raise SlackRefusedError(f"ratelimited {user_id}", method="users.info")

    fakes.people.get = refuse  # type: ignore[method-assign]
    await cards.notify(fakes.workspace, stored, {EDITOR})
    assert fakes.announcer.people_told == [EDITOR]
