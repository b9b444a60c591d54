"""/scrm approve, reject, changes, hold, resume, withdraw; /scrm approvals"""

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalNotFoundError,
    NotAnApproverError,
    NotPermittedError,
    SelfApprovalError,
    TransitionError,
)
from tests.builders import a_pause, some_settings
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import connected, labels, metadata_of, opened, said, say, told

VERBS = ["approve", "reject", "changes", "hold", "resume", "withdraw"]


@pytest.fixture
async def asked(fakes: Fakes) -> Fakes:
    await say(fakes, "publish post_123")
    return fakes


def state(fakes: Fakes) -> State:
    (request,) = fakes.approvals.approvals.values()
    return request.state


@pytest.mark.parametrize(
    ("typed", "by", "becomes", "words"),
    [
        ("approve post_123", "UAPPROVER", State.APPROVED, "undone"),
        ("reject post_123 wrong price", "UAPPROVER", State.REJECTED, "The author is told"),
        ("changes post_123 name the date", "UAPPROVER", State.CHANGES_REQUESTED, "The author is told"),
        ("hold post_123 until noon", "UEDITOR", State.ON_HOLD, "hold"),
        ("withdraw post_123", "UEDITOR", State.WITHDRAWN, "withdrawn"),
    ],
)
async def test_a_verb_decides_about_the_latest_request(
    asked: Fakes, typed: str, by: str, becomes: State, words: str
) -> None:
    answer = await told(asked, typed, by=by)

    assert state(asked) is becomes
    assert words.lower() in said(answer).lower()
    assert not answer.shared


async def test_a_request_comes_off_hold(asked: Fakes) -> None:
    await say(asked, "hold post_123")

    answer = await told(asked, "resume post_123 --share")

    assert state(asked) is State.PENDING
    assert "Waiting for approval" in said(answer)
    assert answer.shared


async def test_the_reason_is_kept_as_it_was_meant(asked: Fakes) -> None:
    await say(asked, "reject post_123\nthe price &amp; the <#C1|social> link", by="UAPPROVER")

    (request,) = asked.approvals.approvals.values()
    assert request.detail == "the price & the #social link"
    assert asked.announcer.people_told == ["UEDITOR"]


async def test_approving_to_publish_leaves_the_moment_to_undo(asked: Fakes) -> None:
    await say(asked, "approve post_123", by="UAPPROVER")

    (request,) = asked.approvals.approvals.values()
    assert request.act_at == asked.clock.now() + asked.workspace.undo


async def test_approving_to_schedule_promises_no_moment_to_undo(fakes: Fakes) -> None:
    await say(fakes, "schedule post_123 tomorrow 09:00")

    answer = await told(fakes, "approve post_123", by="UAPPROVER")

    assert "undo" not in said(answer)
    assert "SocialCRM" in said(answer)


@pytest.mark.parametrize("verb", VERBS)
async def test_without_a_post_one_is_chosen(fakes: Fakes, verb: str) -> None:
    assert metadata_of(await opened(fakes, verb))["verb"] == verb


@pytest.mark.parametrize("verb", VERBS)
async def test_a_post_nobody_asked_about_has_no_request(fakes: Fakes, verb: str) -> None:
    with pytest.raises(ApprovalNotFoundError):
        await say(fakes, f"{verb} post_123")


async def test_only_approvers_decide(asked: Fakes) -> None:
    with pytest.raises(NotAnApproverError):
        await say(asked, "approve post_123", by="USOMEBODY")


async def test_authors_do_not_approve_their_own() -> None:
    fakes = connected(settings=some_settings(approvers=("UEDITOR",)))
    await say(fakes, "publish post_123")

    with pytest.raises(SelfApprovalError):
        await say(fakes, "approve post_123")


async def test_nobody_else_withdraws(asked: Fakes) -> None:
    with pytest.raises(NotPermittedError):
        await say(asked, "withdraw post_123", by="USOMEBODY")


async def test_the_second_decision_loses(asked: Fakes) -> None:
    await say(asked, "reject post_123", by="UAPPROVER")

    with pytest.raises(AlreadyDecidedError):
        await say(asked, "approve post_123", by="USECOND")


async def test_what_is_not_on_hold_does_not_come_off_it(asked: Fakes) -> None:
    with pytest.raises(TransitionError):
        await say(asked, "resume post_123")


async def test_what_waits_for_me_is_listed_with_its_buttons(asked: Fakes) -> None:
    answer = await told(asked, "approvals", by="UAPPROVER")

    assert "Launch day is here." in said(answer)
    assert "Approve" in labels(answer)
    assert not answer.shared


async def test_others_see_it_only_among_all(asked: Fakes) -> None:
    mine = await told(asked, "approvals", by="USOMEBODY")
    everything = await told(asked, "approvals ALL --share", by="USOMEBODY")

    assert "Launch day" not in said(mine)
    assert "Launch day" in said(everything)
    assert everything.shared


async def test_a_pause_is_told_above_the_list(asked: Fakes) -> None:
    asked.settings.settings = some_settings(pause=a_pause())

    assert "Sad news today" in said(await told(asked, "approvals"))
