"""The card's buttons, its menu, and the modals that ask for a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import CardRef, State
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    NotAnApproverError,
    NotFoundError,
    TransitionError,
    WhenError,
)
from scrm_bot.domain.jobs import JobKind
from scrm_bot.slack.reply import CloseModal
from scrm_bot.views.ids import CardEntry, menu_value
from tests.builders import an_approval, an_approved, an_attempt
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_modal,
    a_reply,
    a_submission,
    checked,
    click,
    metadata_of,
    said,
    say,
    state_of,
    submit,
)


async def asked(fakes: Fakes, how: str = "publish post_123") -> str:
    await say(fakes, how)
    (approval_id,) = fakes.approvals.approvals
    return approval_id


async def test_approve_is_one_click_with_a_moment_to_undo(fakes: Fakes) -> None:
    approval_id = await asked(fakes)

    answer = a_reply(await click(fakes, "approve", approval_id, by="UAPPROVER"))

    request = fakes.approvals.approvals[approval_id]
    assert request.state is State.APPROVED
    assert request.act_at == fakes.clock.now() + fakes.workspace.undo
    assert "undone" in said(answer)
    assert fakes.announcer.states == [State.PENDING, State.APPROVED]


async def test_approving_a_schedule_promises_no_undo(fakes: Fakes) -> None:
    approval_id = await asked(fakes, "schedule post_123 tomorrow 09:00")

    assert "undo" not in said(await click(fakes, "approve", approval_id, by="UAPPROVER"))


async def test_one_of_two_approvals_is_noted(fakes: Fakes) -> None:
    fakes.settings.settings = replace(fakes.settings.settings, needed=2)
    approval_id = await asked(fakes)

    answer = await click(fakes, "approve", approval_id, by="UAPPROVER")

    assert "1 of 2 approvals (<@UAPPROVER>)" in said(answer)


async def test_no_is_an_answer_too(fakes: Fakes) -> None:
    with pytest.raises(NotAnApproverError):
        await click(fakes, "approve", await asked(fakes), by="USOMEBODY")


async def test_the_second_click_loses(fakes: Fakes) -> None:
    approval_id = await asked(fakes)
    await click(fakes, "approve", approval_id, by="UAPPROVER")

    with pytest.raises(AlreadyDecidedError):
        await click(fakes, "approve", approval_id, by="USECOND")


async def test_approving_after_its_time_closes_the_request(fakes: Fakes) -> None:
    approval_id = await asked(fakes, "schedule post_123 tomorrow 09:00")
    fakes.clock.advance(days=2)

    with pytest.raises(WhenError, match="Ask again"):
        await click(fakes, "approve", approval_id, by="UAPPROVER")
    assert fakes.approvals.approvals[approval_id].state is State.EXPIRED


@pytest.mark.parametrize(
    ("action", "title", "becomes"),
    [
        ("reject", "Reject", State.REJECTED),
        ("request_changes", "Request changes", State.CHANGES_REQUESTED),
    ],
)
async def test_a_no_asks_for_its_reason(fakes: Fakes, action: str, title: str, becomes: State) -> None:
    approval_id = await asked(fakes)
    view = a_modal(await click(fakes, action, approval_id, by="UAPPROVER")).view

    assert (view["title"]["text"], view["submit"]["text"]) == (title, title)
    assert metadata_of(view) == {"approval": approval_id, "channel": "CSOCIAL"}
    assert checked(a_submission(view)) == CloseModal()
    answer = a_reply(await submit(fakes, view, by="UAPPROVER", reason=" Too loud "))

    request = fakes.approvals.approvals[approval_id]
    assert (request.state, request.detail) == (becomes, "Too loud")
    assert "The author is told" in said(answer)
    assert fakes.announcer.people_told == ["UEDITOR"]


@pytest.mark.parametrize(
    ("entry", "becomes"), [(CardEntry.HOLD, State.ON_HOLD), (CardEntry.WITHDRAW, State.WITHDRAWN)]
)
async def test_the_menu_steers(fakes: Fakes, entry: CardEntry, becomes: State) -> None:
    approval_id = await asked(fakes)

    await click(fakes, "card_menu", menu_value(entry, approval_id))

    assert fakes.approvals.approvals[approval_id].state is becomes


async def test_the_menu_edits_the_post_as_it_is_now(fakes: Fakes) -> None:
    approval_id = await asked(fakes)
    fakes.socialcrm.change("post_123", body="Changed elsewhere.")

    view = a_modal(await click(fakes, "card_menu", menu_value(CardEntry.EDIT, approval_id))).view

    assert state_of(view)["text"] == "Changed elsewhere."


async def test_the_menu_tells_the_history(fakes: Fakes) -> None:
    approval_id = await asked(fakes)
    await click(fakes, "approve", approval_id, by="UAPPROVER")

    view = a_modal(await click(fakes, "card_menu", menu_value(CardEntry.HISTORY, approval_id))).view

    assert "<@UAPPROVER>" in said(view)


async def test_hold_and_resume_have_buttons(fakes: Fakes) -> None:
    approval_id = await asked(fakes)

    held = await click(fakes, "hold", approval_id)
    resumed = await click(fakes, "resume", approval_id)

    assert "hold" in said(held).lower()
    assert "Waiting for approval" in said(resumed)


async def test_withdraw_has_a_button(fakes: Fakes) -> None:
    approval_id = await asked(fakes)

    assert "Withdrawn" in said(await click(fakes, "withdraw", approval_id))


async def test_undo_takes_the_approval_back(fakes: Fakes) -> None:
    approval_id = await asked(fakes)
    await click(fakes, "approve", approval_id, by="UAPPROVER")

    answer = await click(fakes, "undo", approval_id, by="UAPPROVER")

    assert fakes.approvals.approvals[approval_id].state is State.PENDING
    assert "Waiting for approval" in said(answer)


async def test_undo_after_the_moment_is_too_late(fakes: Fakes) -> None:
    stored = await fakes.approvals.add(an_approved(state=State.PUBLISHED))

    with pytest.raises(TransitionError):
        await click(fakes, "undo", stored.id, by="UAPPROVER")


async def test_check_again_reads_and_tells(fakes: Fakes) -> None:
    lost = an_approved(state=State.UNKNOWN, attempt=an_attempt(2), needs_person=True)
    await fakes.approvals.add(lost)
    fakes.socialcrm.change("post_123", status="published", published_at=fakes.clock.now())

    answer = await click(fakes, "check_again", lost.id, by="UAPPROVER")

    assert "Published" in said(answer)
    assert fakes.socialcrm.sent == []


async def test_publish_anyway_is_answered(fakes: Fakes) -> None:
    lost = an_approved(state=State.UNKNOWN, attempt=an_attempt(2), needs_person=True)
    await fakes.approvals.add(lost)

    answer = await click(fakes, "publish_anyway", lost.id, by="UAPPROVER")

    assert said(answer)
    assert fakes.approvals.approvals[lost.id].needs_person is False


async def test_leaving_it_closes_the_request_as_not_known(fakes: Fakes) -> None:
    lost = an_approved(state=State.UNKNOWN, attempt=an_attempt(2), needs_person=True)
    await fakes.approvals.add(lost)

    answer = await click(fakes, "leave", lost.id, by="UEDITOR")

    assert "Whether it went out is not known" in said(answer)
    assert fakes.approvals.approvals[lost.id].state is State.WITHDRAWN


async def test_asking_again_asks_for_the_post_as_it_is_now(fakes: Fakes) -> None:
    earlier = an_approval(state=State.VOID, note="Hurry", zone="Europe/Berlin")
    await fakes.approvals.add(earlier)
    fakes.socialcrm.change("post_123", body="Changed.")

    answer = await click(fakes, "ask_again", earlier.id)

    (card,) = fakes.announcer.shown
    assert card.id != earlier.id
    assert (card.content.body, card.note, card.zone) == ("Changed.", "Hurry", "Europe/Berlin")
    assert "Asked for approval" in said(answer)


async def test_asking_again_keeps_the_time(fakes: Fakes) -> None:
    approval_id = await asked(fakes, "schedule post_123 tomorrow 09:00")
    await click(fakes, "withdraw", approval_id)

    await click(fakes, "ask_again", approval_id, caller={"trigger_id": "2.2"})

    first, *_, latest = fakes.announcer.shown
    assert latest.content.at == first.content.at


async def test_asking_again_for_a_deleted_post_says_it_is_gone(fakes: Fakes) -> None:
    await fakes.approvals.add(an_approval(state=State.VOID))
    del fakes.socialcrm.posts["post_123"]

    with pytest.raises(NotFoundError):
        await click(fakes, "ask_again", "apr_1")


async def test_a_card_that_nobody_knew_of_is_one_of_its_copies_once_it_is_pressed(fakes: Fakes) -> None:
    approval_id = await asked(fakes)
    where = {"channel": "CAPPROVALS", "message_ts": "5.5"}

    answer = await click(fakes, "approve", approval_id, by="UAPPROVER", caller=where, block_id="card")

    request = fakes.approvals.approvals[approval_id]
    assert request.state is State.APPROVED
    assert request.copies == (CardRef("CAPPROVALS", "5.5"),)
    assert "Approved" in said(answer)


async def test_a_menu_of_such_a_card_does_the_same(fakes: Fakes) -> None:
    approval_id = await asked(fakes)
    where = {"channel": "CAPPROVALS", "message_ts": "5.5"}

    await click(fakes, "card_menu", menu_value(CardEntry.HISTORY, approval_id), caller=where, block_id="card")

    assert fakes.approvals.approvals[approval_id].copies == (CardRef("CAPPROVALS", "5.5"),)


@pytest.mark.parametrize(("block_id", "message_ts"), [("b1", "5.5"), ("card", "")])
async def test_a_button_elsewhere_is_no_card(fakes: Fakes, block_id: str, message_ts: str) -> None:
    approval_id = await asked(fakes)

    await click(fakes, "hold", approval_id, caller={"message_ts": message_ts}, block_id=block_id)

    assert fakes.approvals.approvals[approval_id].copies == ()


async def test_check_again_waits_as_long_as_the_settings_say(fakes: Fakes) -> None:
    fakes.workspace = replace(fakes.workspace, settle=timedelta(minutes=10))
    sent_at = fakes.clock.now()
    lost = an_approved(state=State.UNKNOWN, attempt=an_attempt(2, sent_at=sent_at))
    await fakes.approvals.add(lost)
    fakes.clock.advance(120)  # longer than as delivered

    await click(fakes, "check_again", lost.id, by="UAPPROVER")

    (job,) = [job for job in fakes.queue.put_jobs if job.kind is JobKind.ACT]
    assert job.due == sent_at + timedelta(minutes=10)
    assert fakes.approvals.approvals[lost.id].needs_person is False


@pytest.mark.parametrize("action", ["reject", "request_changes"])
async def test_a_reason_is_not_asked_of_those_who_may_not_decide(fakes: Fakes, action: str) -> None:
    approval_id = await asked(fakes)

    with pytest.raises(NotAnApproverError):
        await click(fakes, action, approval_id, by="UNOBODY")


@pytest.mark.parametrize("action", ["reject", "request_changes"])
async def test_a_reason_is_not_asked_once_it_is_decided_and_the_card_is_shown_anew(
    fakes: Fakes, action: str
) -> None:
    approval_id = await asked(fakes)
    await click(fakes, "approve", approval_id, by="UAPPROVER")
    shown = len(fakes.announcer.shown)

    with pytest.raises(AlreadyDecidedError):
        await click(fakes, action, approval_id, by="UAPPROVER")
    assert fakes.announcer.states[shown:] == [State.APPROVED]
