import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.clashes import Clash, ClashKind
from scrm_bot.domain.posts import Content, Drift
from scrm_bot.views import approval_lists, approvals
from scrm_bot.views.blocks import Message, size, spoken
from tests.builders import (
    LATER,
    NOW,
    a_content,
    a_decision,
    a_pause,
    a_policy,
    accounts,
    an_approval,
    an_approved,
    an_attempt,
)
from tests.goldens.cases.approvals import STATES
from tests.unit.views.rules import texts


def labels(message: Message) -> list[str]:
    """What can be pressed, with the entries of menus."""
    found: list[str] = []
    for block in message.blocks:
        for element in block.get("elements", ()):
            if element["type"] == "button":
                found.append(element["text"]["text"])
            if element["type"] == "overflow":
                found += [option["text"]["text"] for option in element["options"]]
    return found


def card(approval: Any, **more: Any) -> Message:
    return approvals.card(approval, accounts=accounts(), **more)


def listed(*waiting: Approval) -> Message:
    return approval_lists.listing(approval_lists.Waiting(waiting, total=len(waiting)), accounts=accounts())


def test_a_waiting_card_offers_every_step_by_its_name() -> None:
    assert labels(card(an_approval())) == [
        "Approve",
        "Request changes",
        "Reject",
        "Edit",
        "Hold",
        "Reassign",
        "Withdraw",
        "History",
    ]


def test_rejecting_asks_back_and_approving_does_not() -> None:
    approve, _, reject, _ = card(an_approval()).blocks[-1]["elements"]

    assert "confirm" not in approve
    assert reject["confirm"]["title"]["text"] == "Reject this post?"


def test_a_request_on_hold_cannot_be_approved() -> None:
    assert labels(card(STATES["on_hold"])) == [
        "Resume",
        "Request changes",
        "Reject",
        "Edit",
        "Withdraw",
        "History",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "published",
        "scheduled",
        "rejected",
        "changes_requested",
        "withdrawn",
        "expired",
        "publishing",
        "unknown",
    ],
)
def test_once_decided_the_buttons_are_gone(name: str) -> None:
    assert labels(card(STATES[name])) == []


@pytest.mark.parametrize("name", STATES)
def test_published_and_scheduled_are_said_only_of_what_was_read_back(name: str) -> None:
    approval = replace(STATES[name], detail="")
    said = " ".join([card(approval).text, *texts(card(approval).blocks)]).lower()

    assert ("published" in said) == (approval.state is State.PUBLISHED)
    assert ("scheduled" in said) == (approval.state is State.SCHEDULED)


@pytest.mark.parametrize("state", State)
def test_every_state_says_something_of_its_own(state: State) -> None:
    first = card(an_approval(state=state)).text.split("\n")[0]

    others = {card(an_approval(state=other)).text.split("\n")[0] for other in State if other is not state}
    assert first not in others or state in {State.PUBLISHING, State.SCHEDULING}


def test_undo_is_there_until_the_window_ends() -> None:
    approval = an_approved()

    assert labels(card(approval, now=NOW)) == ["Undo"]
    assert labels(card(approval, now=NOW + timedelta(seconds=10))) == []
    assert labels(card(approval)) == ["Undo"]


def test_scheduling_has_no_undo_unless_it_waits_for_another_try() -> None:
    approved = an_approved(at=LATER)

    assert labels(card(approved)) == []
    assert labels(card(replace(approved, attempt=an_attempt()))) == ["Undo"]
    assert labels(card(replace(approved, act_at=None))) == []


def test_an_unsettled_post_needs_a_person_who_is_warned() -> None:
    shown = card(STATES["unknown_needs_person"])

    assert labels(shown) == ["Check again", "Publish anyway", "Leave it"]
    assert "appears twice" in shown.blocks[-1]["elements"][1]["confirm"]["text"]["text"]
    assert labels(card(STATES["unknown_needs_person_to_schedule"])) == [
        "Check again",
        "Schedule anyway",
        "Leave it",
    ]


@pytest.mark.parametrize("name", ["void", "failed"])
def test_what_can_be_asked_again_offers_it(name: str) -> None:
    assert labels(card(STATES[name])) == ["Ask for approval"]


def test_a_changed_post_is_shown_beside_what_was_asked_about() -> None:
    said = card(an_approval(state=State.VOID, changed_body="Other words")).text

    assert "Launch day is here." in said
    assert "Other words" in said


def test_progress_counts_only_approvals_of_the_content_as_it_is() -> None:
    pending = an_approval(policy=a_policy(needed=2))
    stale = replace(a_decision(pending), content_hash="of another text")

    assert "1 of 2 approvals (<@UAPPROVER>)" in card(replace(pending, decisions=(a_decision(pending),))).text
    assert "0 of 2 approvals" in card(replace(pending, decisions=(stale,))).text


def test_a_list_lets_nobody_approve_what_it_does_not_show_in_full() -> None:
    long, short = an_approval(body="word " * 200), an_approval()

    assert labels(listed(long)) == ["Show"]
    assert labels(listed(short)) == ["Approve", "Request changes", "Reject", "Show"]


MANY = tuple(f"acct_{n}" for n in range(9))


@pytest.mark.parametrize(
    "changes",
    [
        {"content": a_content(account_ids=MANY)},
        {"content": a_content(media_ids=MANY)},
        {"clashes": (Clash(ClashKind.SAME_TEXT, "post_7", LATER),) * 10},
        {"clashes": (Clash(ClashKind.SAME_HOUR, "post_7", LATER, ("acct_1",) * 4),) * 5},
    ],
    ids=["accounts", "media", "lines", "words"],
)
def test_a_row_without_room_for_everything_leaves_approve_out(changes: dict[str, Any]) -> None:
    shown = listed(an_approval(**changes))

    assert labels(shown) == ["Show"]
    assert "There is more to see before it is approved" in shown.text


def test_a_row_says_the_note_the_media_and_what_it_gets_in_the_way_of() -> None:
    clash = Clash(ClashKind.SAME_TEXT, "post_7", LATER)
    asked = an_approval(note="Mind the date", content=a_content(media_ids=("m1",)), clashes=(clash,))

    shown = listed(asked)
    assert all(word in shown.text for word in ("Mind the date", "1 file: `m1`", "`post_7`"))
    assert labels(shown)[0] == "Approve"


@pytest.mark.parametrize(
    "content",
    [
        a_content(body="word " * 1_900),
        a_content(account_ids=tuple(f"acct_{n}" for n in range(41))),
        a_content(media_ids=tuple(f"m{n}" for n in range(11))),
    ],
    ids=["text", "accounts", "media"],
)
def test_a_card_without_room_for_everything_shows_it_before_it_is_approved(content: Content) -> None:
    asked = an_approval(content=content)

    assert labels(card(asked))[0] == "Show all"
    window = approvals.seen_whole(asked, accounts=(), metadata="{}")
    assert window["submit"]["text"] == "Approve"
    said = json.dumps(window)
    assert all(each in said for each in (*content.account_ids, *content.media_ids))
    assert said.count("word ") >= content.body.count("word ") - 1


def test_a_card_with_all_there_is_stays_within_what_slack_takes() -> None:
    clash = Clash(ClashKind.SAME_HOUR, "post_7", LATER, ("acct_1", "acct_2", "acct_3"))
    asked = an_approval(
        content=a_content(body="&" * 4_000, account_ids=tuple("n" * 50 + str(n) for n in range(99))),
        note="&" * 900,
        clashes=(clash,) * 3,
    )

    shown = approvals.card(asked, accounts=(), paused=a_pause(reason="r" * 400))
    assert size(spoken(shown.blocks)) < 13_000


def test_a_scheduled_post_says_what_nobody_can_prevent() -> None:
    assert "would go out; the bot watches for it" in card(STATES["scheduled"]).text
    changed = replace(STATES["scheduled"], drift=(Drift.TEXT,), changed_body="Other words")
    assert "the bot watches" not in card(changed).text


def test_a_void_request_says_what_was_changed() -> None:
    said = card(STATES["void_other_accounts"]).text

    assert "Other than asked: its accounts and media." in said
    assert "*Accounts, as asked:* Instagram @acme" in said
    assert "*Accounts now:* LinkedIn @acme-inc, X @acme_hq" in said
    assert "*Media, as asked:* 2 files: `m1`, `m2`" in said
    assert "*Media now:* no file" in said
    assert "struck through" not in said


@pytest.mark.parametrize("name", ["rejected", "changes_requested", "void", "failed", "expired", "withdrawn"])
def test_the_author_is_offered_the_way_on(name: str) -> None:
    assert labels(approvals.notice(STATES[name], accounts=())) == ["Edit", "Ask for approval"]


def test_a_past_time_is_pointed_out_while_it_can_still_be_changed() -> None:
    late = an_approval(at=NOW - timedelta(minutes=1))

    assert "This time has passed." in card(late, now=NOW).text
    assert "This time has passed." not in card(replace(late, state=State.EXPIRED), now=NOW).text


def test_history_tells_who_did_what_and_why() -> None:
    lines = approvals.history(an_approval(decisions=(a_decision(step=Step.HOLD, reason="Legal reads it"),)))

    assert lines[0].endswith("<@UEDITOR> asked for approval")
    assert lines[1].endswith("<@UAPPROVER> put it on hold: Legal reads it")


@pytest.mark.parametrize(
    "detail", ["The post was deleted by <@UANA>.", "The key, connected by <@UANA>, lacks it"]
)
def test_a_person_whom_the_bot_names_in_a_reason_is_shown_by_name(detail: str) -> None:
    shown = approvals.card(an_approval(state=State.FAILED, detail=detail), accounts=()).text

    assert " by <@UANA>" in shown


def test_nobody_else_is_mentioned_by_a_reason_from_outside() -> None:
    detail = "Ask <@UANA> or <!channel>, deleted by <!here>"
    shown = approvals.card(an_approval(state=State.FAILED, detail=detail), accounts=()).text

    assert "<@UANA>" not in shown
    assert "<!" not in shown


def test_accounts_that_were_not_told_are_not_called_none() -> None:
    untold = an_approval(content=a_content(account_ids=(), accounts_told=False))

    for shown in (
        approvals.card(untold, accounts=accounts()),
        approvals.notice(untold, accounts=accounts()),
        approvals.confirmation(untold, accounts=accounts(), value="x"),
    ):
        assert "accounts not told" in shown.text
        assert "no account yet" not in shown.text
