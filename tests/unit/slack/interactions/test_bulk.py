"""The window where several requests are decided: opened, paged, checked, carried out."""

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.slack.reply import Answer, Answers, Progress, Reply, ShowErrors, ShowView, UpdateModal
from scrm_bot.views.blocks import View
from tests.builders import (
    APPROVER,
    EDITOR,
    NOW,
    SECOND_APPROVER,
    a_content,
    a_pause,
    a_policy,
    an_approval,
    some_settings,
)
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_modal,
    a_submission,
    an_update,
    checked,
    choose_shortcut,
    click,
    connected,
    filled,
    labels,
    metadata_of,
    said,
    state_of,
    submit,
    told,
)


async def waiting(number: int, **changes: Any) -> Fakes:
    """A workspace where this many requests wait: `apr_1` is the newest."""
    fakes = connected()
    for each in range(1, number + 1):
        request = an_approval(
            id=f"apr_{each}",
            post_id=f"post_{each}",
            content=a_content(body=changes.get("body", f"Body {each}.")),
            created_at=NOW - timedelta(minutes=each),
        )
        await fakes.approvals.add(replace(request, **{k: v for k, v in changes.items() if k != "body"}))
    return fakes


async def opened(fakes: Fakes, *, by: str = APPROVER) -> View:
    return await filled(a_modal(await click(fakes, "decide_several", by=by)))


def choosing(**choices: str) -> dict[str, str]:
    """`_2="approve"` chooses in the second menu."""
    return {f"choice:{name.strip('_')}": choice for name, choice in choices.items()}


async def sent(fakes: Fakes, view: View, *, by: str = APPROVER, **typed: Any) -> list[Answer]:
    """What comes of submitting it."""
    answers: Answers = await submit(fakes, view, by=by, **typed)
    assert isinstance(answers, AsyncGenerator)
    return [answer async for answer in answers]


def states(fakes: Fakes) -> list[State]:
    return [request.state for request in fakes.approvals.approvals.values()]


def stored(fakes: Fakes, number: int) -> Approval:
    return fakes.approvals.approvals[f"apr_{number}"]


@pytest.mark.parametrize(("number", "offered"), [(1, 0), (2, 1)])
async def test_the_list_offers_it_for_two_or_more(number: int, offered: int) -> None:
    fakes = await waiting(number)

    assert labels(await told(fakes, "approvals", by=APPROVER)).count("Decide several") == offered


async def test_it_is_not_offered_for_what_others_decide() -> None:
    fakes = await waiting(3)

    assert "Decide several" not in labels(await told(fakes, "approvals all", by=EDITOR))


async def test_the_shortcut_offers_it_too() -> None:
    fakes = await waiting(2, policy=a_policy(approvers=(EDITOR,)), author="U7", requested_by="U7")

    answer = await choose_shortcut(fakes, "my_approvals")

    assert isinstance(answer, Reply)
    assert "Decide several" in labels(answer)


async def test_the_window_opens_at_once_and_shows_every_request_in_full() -> None:
    fakes = await waiting(2, body="A long text. " * 200, note="For the launch")

    answer = a_modal(await click(fakes, "decide_several", by=APPROVER))
    view = await filled(answer)

    assert "Looking" in said(answer)
    assert said(view).count("A long text. " * 200) == 2
    assert "For the launch" in said(view)
    assert "Instagram @acme" in said(view)
    assert state_of(view) == choosing(_1="leave", _2="leave") | {"reason": None}


async def test_in_a_modal_it_lies_on_top() -> None:
    fakes = await waiting(2)

    answer = await click(fakes, "decide_several", by=APPROVER, view={"callback_id": "notice", "blocks": []})

    assert a_modal(answer).push


async def test_nothing_to_decide_is_said(fakes: Fakes) -> None:
    view = await opened(fakes)

    assert "Nothing waits for your decision" in said(view)
    assert "submit" not in view


async def test_a_pause_is_told() -> None:
    fakes = await waiting(2)
    fakes.settings.settings = some_settings(pause=a_pause())

    assert "Paused" in said(await opened(fakes))


async def test_each_is_decided_as_chosen_and_the_list_tells_it() -> None:
    fakes = await waiting(5)
    chosen = choosing(_1="approve", _2="reject", _3="changes", _4="hold")

    reply, final = await sent(fakes, await opened(fakes), **chosen, reason="Too long")

    assert states(fakes) == [
        State.APPROVED,
        State.REJECTED,
        State.CHANGES_REQUESTED,
        State.ON_HOLD,
        State.PENDING,
    ]
    assert "4 requests decided" in said(reply)
    assert isinstance(final, Progress)
    assert final.view_id == "V2"
    assert "Body 5" not in said(reply)


async def test_a_no_to_one_is_told_and_costs_the_others_nothing() -> None:
    fakes = await waiting(3)
    view = await opened(fakes)
    await click(fakes, "withdraw", "apr_2", by=EDITOR)

    reply, _ = await sent(fakes, view, **choosing(_1="approve", _2="approve", _3="approve"))

    assert states(fakes) == [State.APPROVED, State.WITHDRAWN, State.APPROVED]
    assert "2 requests decided and 1 request not" in said(reply)
    assert "already withdrawn" in said(reply)


async def test_a_fault_of_the_bots_own_costs_the_others_nothing() -> None:
    fakes = await waiting(2)
    view = await opened(fakes)
    read = fakes.approvals.get

    async def faulty(approval_id: str) -> Approval:
        if approval_id == "apr_1":
            raise RuntimeError("a mistake of ours")
        return await read(approval_id)

    fakes.approvals.get = faulty  # type: ignore[method-assign]

    reply, _ = await sent(fakes, view, **choosing(_1="approve", _2="approve"))

    assert states(fakes) == [State.PENDING, State.APPROVED]
    assert "a fault of its own" in said(reply)


async def test_the_same_delivery_twice_decides_once_and_tells_the_same() -> None:
    fakes = await waiting(2)
    view = await opened(fakes)
    chosen = choosing(_1="approve", _2="reject") | {"reason": "No"}

    first, _ = await sent(fakes, view, **chosen)
    second, _ = await sent(fakes, view, **chosen)

    assert said(second) == said(first)
    assert len(fakes.announcer.people_told) == 1


async def test_how_far_it_is_is_told_in_between() -> None:
    fakes = await waiting(6)
    chosen = choosing(**{f"_{number}": "hold" for number in range(1, 7)})

    progress, _, _ = await sent(fakes, await opened(fakes), **chosen)

    assert "Decided 5 of 6" in said(progress.view)  # type: ignore[union-attr]


async def test_pages_keep_what_was_chosen_on_others() -> None:
    fakes = await waiting(8)
    first = await opened(fakes)

    second = an_update(
        await click(fakes, "bulk_next", "2", view=first, state=state_of(first) | choosing(_2="approve"))
    ).view
    back = an_update(
        await click(
            fakes,
            "bulk_previous",
            "1",
            view=second,
            state=state_of(second) | choosing(_8="reject") | {"reason": "No"},
        )
    ).view

    assert list(state_of(second)) == ["choice:7", "choice:8", "reason"]
    assert state_of(back)["choice:2"] == "approve"
    assert state_of(back)["reason"] == "No"
    assert metadata_of(back)["chosen"] == "-a-----r"
    assert "2 choices made so far" in said(back)
    await sent(fakes, back)
    assert (stored(fakes, 2).state, stored(fakes, 8).state) == (State.APPROVED, State.REJECTED)
    assert states(fakes).count(State.PENDING) == 6


@pytest.mark.parametrize(
    ("value", "shown"), [("9", "Page 2 of 2"), ("0", "Page 1 of 2"), ("x", "Page 1 of 2")]
)
async def test_a_page_that_is_none_is_the_nearest(value: str, shown: str) -> None:
    fakes = await waiting(7)

    answer = await click(fakes, "bulk_next", value, view=await opened(fakes))

    assert shown in said(answer)


async def test_long_posts_make_short_pages() -> None:
    fakes = await waiting(4, body="word " * 1700)

    assert "Page 1 of 2" in said(await opened(fakes))


async def test_more_than_fit_into_a_window_come_after_it() -> None:
    fakes = await waiting(42)

    view = await opened(fakes)

    assert "2 more requests after these" in said(view)
    assert len(metadata_of(view)["chosen"]) == 40


async def test_nothing_chosen_is_asked_for_at_the_first_menu() -> None:
    view = await opened(await waiting(2))

    ack = checked(a_submission(view, by=APPROVER))

    assert isinstance(ack, ShowErrors)
    assert ack.errors[0][0] == "choice:1"


@pytest.mark.parametrize("choice", ["reject", "changes"])
async def test_a_no_needs_its_reason_also_when_it_was_chosen_on_another_page(choice: str) -> None:
    fakes = await waiting(7)
    view = await opened(fakes)
    state = state_of(view) | choosing(_1=choice)
    second = an_update(await click(fakes, "bulk_next", "2", view=view, state=state)).view

    ack = checked(a_submission(second, by=APPROVER))

    assert isinstance(ack, ShowErrors)
    assert ack.errors[0][0] == "reason"
    assert isinstance(checked(a_submission(second, by=APPROVER, reason="No")), ShowView)


@pytest.mark.parametrize("choice", ["approve", "hold"])
async def test_a_yes_needs_no_reason(choice: str) -> None:
    view = await opened(await waiting(2))

    assert isinstance(checked(a_submission(view, by=APPROVER, **choosing(_1=choice))), ShowView)


async def test_what_changed_since_the_window_opened_cannot_be_chosen_any_more() -> None:
    fakes = await waiting(7)
    view = await opened(fakes)
    fakes.approvals.approvals["apr_7"] = replace(stored(fakes, 7), state=State.ON_HOLD)
    del fakes.approvals.approvals["apr_6"]

    second = an_update(await click(fakes, "bulk_next", "2", view=view)).view
    back = an_update(await click(fakes, "bulk_previous", "1", view=second)).view

    assert "cannot be decided here" in said(second)
    assert list(state_of(second)) == ["reason"]
    assert "no longer there" in said(back)
    assert isinstance(checked(a_submission(second, by=APPROVER)), ShowErrors)


async def test_a_choice_that_is_none_is_left() -> None:
    view = await opened(await waiting(2))

    assert isinstance(checked(a_submission(view, by=APPROVER, **choosing(_1="publish"))), ShowErrors)


async def test_a_text_too_long_to_be_seen_whole_is_not_approved_here() -> None:
    view = await opened(await waiting(2, body="word " * 2000))

    assert "approve it on its card" in said(view)
    assert '"value": "approve"' not in json.dumps(view["blocks"])


async def test_others_who_approved_meanwhile_do_not_stand_in_the_way() -> None:
    fakes = await waiting(2, policy=a_policy(needed=2))
    view = await opened(fakes)
    await click(fakes, "approve", "apr_1", by=SECOND_APPROVER)

    reply, _ = await sent(fakes, view, **choosing(_1="approve", _2="approve"))

    assert states(fakes) == [State.APPROVED, State.PENDING]
    assert "1 of 2 approvals" in said(reply)


async def test_a_window_that_is_not_kept_decides_nothing() -> None:
    fakes = await waiting(2)
    view = await opened(fakes)
    fakes.memory.kept.clear()

    turned = await click(fakes, "bulk_next", "2", view=view)
    answer = await submit(fakes, view, by=APPROVER, **choosing(_1="approve"))

    assert isinstance(turned, UpdateModal)
    assert isinstance(answer, UpdateModal)
    assert "no longer kept" in said(answer)
    assert states(fakes) == [State.PENDING, State.PENDING]
