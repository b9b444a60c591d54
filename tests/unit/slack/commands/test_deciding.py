"""/scrm approve, reject, changes, hold, resume, withdraw; /scrm approvals"""

import re

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import (
    AlreadyDecidedError,
    ApprovalNotFoundError,
    NotAnApproverError,
    NotPermittedError,
    OutdatedViewError,
    SelfApprovalError,
    TransitionError,
    UsageError,
)
from scrm_bot.slack.reply import CloseModal, Reply
from tests.builders import a_pause, a_post, some_settings
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_modal,
    a_reply,
    a_submission,
    checked,
    click,
    connected,
    field,
    labels,
    metadata_of,
    opened,
    said,
    say,
    submit,
    told,
    value_of,
)

VERBS = ["approve", "reject", "changes", "hold", "resume", "withdraw"]


@pytest.fixture
async def asked(fakes: Fakes) -> Fakes:
    await say(fakes, "publish post_123")
    return fakes


@pytest.fixture
async def revised(fakes: Fakes) -> Fakes:
    """Asked about, taken back, and asked about with another text."""
    fakes.socialcrm.change("post_123", body="Launch day was here.")
    await say(fakes, "publish post_123", trigger_id="0.1")
    fakes.socialcrm.change("post_123", body="Launch day is here.")
    await say(fakes, "publish post_123", trigger_id="0.2")
    fakes.approvals.approvals = {
        name: each for name, each in fakes.approvals.approvals.items() if each.state is State.PENDING
    }
    return fakes


def state(fakes: Fakes) -> State:
    (request,) = fakes.approvals.approvals.values()
    return request.state


@pytest.mark.parametrize(
    ("typed", "by", "becomes", "words"),
    [
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


async def confirmed(fakes: Fakes, typed: str) -> Reply:
    """What the approver gets who confirms what they were shown after they had typed this."""
    shown = await told(fakes, typed, by="UAPPROVER")
    return a_reply(await click(fakes, "confirm_approve", value_of(shown, "Confirm"), by="UAPPROVER"))


async def test_a_typed_approval_acts_at_once_where_there_was_only_one_content_to_see(asked: Fakes) -> None:
    answer = await told(asked, "approve post_123 well said --share", by="UAPPROVER")

    (request,) = asked.approvals.approvals.values()
    assert (request.state, request.decisions[-1].reason) == (State.APPROVED, "well said")
    assert answer.shared


async def test_of_a_revised_post_a_typed_approval_shows_first_what_it_would_approve(revised: Fakes) -> None:
    shown = await told(revised, "approve post_123 --share", by="UAPPROVER")

    assert state(revised) is State.PENDING
    assert labels(shown) == ["Confirm"]
    assert not shown.shared
    assert "Launch day is here." in said(shown)
    assert "*To:*" in said(shown)
    assert "*When:*" in said(shown)


async def test_one_click_confirms_it(revised: Fakes) -> None:
    answer = await confirmed(revised, "approve post_123")

    (request,) = revised.approvals.approvals.values()
    assert request.state is State.APPROVED
    assert request.act_at == revised.clock.now() + revised.workspace.undo
    assert "undone" in said(answer)
    assert answer.replace


async def test_what_was_changed_between_is_not_approved(revised: Fakes) -> None:
    shown = await told(revised, "approve post_123", by="UAPPROVER")
    await say(revised, "hold post_123")
    await say(revised, "resume post_123")

    with pytest.raises(OutdatedViewError):
        await click(revised, "confirm_approve", value_of(shown, "Confirm"), by="UAPPROVER")
    assert state(revised) is State.PENDING


async def test_a_button_that_carries_no_sight_approves_nothing(asked: Fakes) -> None:
    (request,) = asked.approvals.approvals.values()

    with pytest.raises(OutdatedViewError):
        await click(asked, "confirm_approve", request.id, by="UAPPROVER")


async def test_a_text_that_replaced_the_one_that_was_seen_is_shown_again(asked: Fakes) -> None:
    await say(asked, "approvals", by="UAPPROVER")
    asked.socialcrm.change("post_123", body="SWAPPED")
    await say(asked, "publish post_123", trigger_id="2.2")

    shown = await told(asked, "approve 1", by="UAPPROVER")
    assert labels(shown) == ["Confirm"]
    assert "SWAPPED" in said(shown)


async def test_what_was_just_seen_in_the_list_is_approved_at_once(revised: Fakes) -> None:
    await say(revised, "approvals", by="UAPPROVER")

    answer = await told(revised, "approve 1 well said --share", by="UAPPROVER")
    (request,) = revised.approvals.approvals.values()
    assert request.state is State.APPROVED
    assert request.decisions[-1].reason == "well said"
    assert answer.shared


async def test_what_was_not_seen_whole_in_the_list_is_shown_first() -> None:
    fakes = connected(a_post(body="word " * 199))
    await say(fakes, "publish post_123", trigger_id="0.1")
    fakes.socialcrm.change("post_123", body="word " * 200)
    await say(fakes, "publish post_123", trigger_id="0.2")
    await say(fakes, "approvals", by="UAPPROVER")

    assert labels(await told(fakes, "approve 1", by="UAPPROVER")) == ["Confirm"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("approve post_123 well &amp; good", "well & good"),
        ("approve post_123 --note well said", "well said"),
        ("approve post_123 well --note said", "well said"),
        ("approve post_123", ""),
    ],
)
async def test_the_remark_of_an_approval_is_kept_and_logged(revised: Fakes, typed: str, kept: str) -> None:
    await confirmed(revised, typed)

    (request,) = revised.approvals.approvals.values()
    assert request.decisions[-1].reason == kept
    assert revised.audit.entries[-1].detail == kept


@pytest.mark.parametrize("verb", ["reject", "changes", "hold"])
async def test_a_note_is_a_reason(asked: Fakes, verb: str) -> None:
    await say(asked, f"{verb} post_123 --note the price is wrong", by="UAPPROVER")

    (request,) = asked.approvals.approvals.values()
    assert request.decisions[-1].reason == "the price is wrong"


async def test_why_it_goes_on_is_kept_too(asked: Fakes) -> None:
    await say(asked, "hold post_123")
    await say(asked, "resume post_123 the date is fixed")

    (request,) = asked.approvals.approvals.values()
    assert request.decisions[-1].reason == "the date is fixed"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("approve post_123 looks good --dry-run", "--dry-run"),
        ("approve post_123 --dryrun", "--dryrun"),
        ("approve post_123 —dryrun", "--dryrun"),
        ("approve post_123 --at tomorrow", "--at"),
        ("reject post_123 --csv no", "--csv"),
        ("hold post_123 --force", "--force"),
    ],
)
async def test_a_flag_that_a_decision_does_not_know_does_nothing(
    asked: Fakes, typed: str, wrong: str
) -> None:
    answer = await told(asked, typed, by="UAPPROVER")

    assert state(asked) is State.PENDING
    assert f"does not take `{wrong}`, so nothing was done" in said(answer)
    assert f"/scrm {typed}" in said(answer)


@pytest.mark.parametrize(
    "reason",
    [
        "-- the --dryrun flag is named wrongly",
        'the "--dryrun" flag',
        "the price — and the date",
        "—soon is no date",
    ],
)
async def test_a_reason_may_hold_dashes(asked: Fakes, reason: str) -> None:
    await say(asked, f"reject post_123 {reason}", by="UAPPROVER")

    assert state(asked) is State.REJECTED


async def test_a_text_that_is_too_long_for_a_message_is_approved_in_a_window() -> None:
    fakes = connected(a_post(body="word " * 2_500))
    await say(fakes, "publish post_123")
    shown = await told(fakes, "approve post_123 well said", by="UAPPROVER")
    assert labels(shown) == ["Show all"]

    opened_window = a_modal(
        await click(fakes, "show_request", value_of(shown, "Show all"), by="UAPPROVER")
    ).view
    assert said(opened_window).count("word") == 2_500
    assert checked(a_submission(opened_window)) == CloseModal()
    await submit(fakes, opened_window, by="UAPPROVER")
    (request,) = fakes.approvals.approvals.values()
    assert (request.state, request.decisions[-1].reason) == (State.APPROVED, "well said")


async def test_the_window_of_all_is_bound_to_what_it_showed(asked: Fakes) -> None:
    (request,) = asked.approvals.approvals.values()
    window = a_modal(await click(asked, "show_request", request.id, by="UAPPROVER")).view
    await say(asked, "hold post_123")
    await say(asked, "resume post_123")

    with pytest.raises(OutdatedViewError):
        await submit(asked, window, by="UAPPROVER")


async def test_last_is_the_one_request_that_waits_for_an_approver_without_posts(asked: Fakes) -> None:
    await say(asked, "approve last", by="UAPPROVER")

    assert state(asked) is State.APPROVED


async def test_last_says_what_to_do_where_none_or_several_wait(asked: Fakes) -> None:
    with pytest.raises(UsageError, match=r"no request waits for your word. `/scrm approvals` numbers them"):
        await say(asked, "approve last", by="USOMEBODY")

    asked.socialcrm.posts["post_7"] = a_post(id="post_7", body="Other words")
    await say(asked, "publish post_7", trigger_id="2.2")
    with pytest.raises(UsageError, match="2 requests wait for your word"):
        await say(asked, "approve last", by="UAPPROVER")


async def test_approving_to_schedule_promises_no_moment_to_undo(fakes: Fakes) -> None:
    await say(fakes, "schedule post_123 tomorrow 09:00")

    answer = await told(fakes, "approve post_123", by="UAPPROVER")

    assert "undo" not in said(answer)
    assert "SocialCRM" in said(answer)


@pytest.mark.parametrize("verb", VERBS)
async def test_without_a_post_one_is_chosen(fakes: Fakes, verb: str) -> None:
    view = await opened(fakes, verb)

    assert metadata_of(view)["verb"] == verb
    assert field(view, "request")


async def test_the_post_that_is_chosen_there_is_decided_about(asked: Fakes) -> None:
    view = await opened(asked, "reject --note no", by="UAPPROVER")

    await submit(asked, view, by="UAPPROVER", request="post_123")
    assert state(asked) is State.REJECTED


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


@pytest.mark.parametrize(
    ("by", "typed", "buttons"),
    [
        ("UAPPROVER", "approvals", ["Approve", "Request changes", "Reject", "Show"]),
        ("UEDITOR", "approvals", ["Show", "Withdraw"]),
        ("UEDITOR", "approvals all", ["Show", "Withdraw"]),
        ("USOMEBODY", "approvals all", ["Show"]),
        ("USOMEBODY", "approvals all --share", ["Approve", "Request changes", "Reject", "Show"]),
    ],
)
async def test_the_list_offers_what_its_reader_may_do(
    asked: Fakes, by: str, typed: str, buttons: list[str]
) -> None:
    assert labels(await told(asked, typed, by=by)) == buttons


async def test_whoever_has_given_their_word_is_not_asked_for_it_again(fakes: Fakes) -> None:
    fakes.settings.settings = some_settings(needed=2)
    await say(fakes, "publish post_123")
    await say(fakes, "approve post_123", by="UAPPROVER")

    assert "Approve" not in labels(await told(fakes, "approvals all", by="UAPPROVER"))
    assert "Approve" in labels(await told(fakes, "approvals", by="USECOND"))


@pytest.mark.parametrize(("by", "typed"), [("UAPPROVER", "approve 1"), ("UEDITOR", "show 1")])
async def test_the_example_below_the_list_is_one_that_its_reader_may_type(
    asked: Fakes, by: str, typed: str
) -> None:
    assert f"such as `/scrm {typed}`" in said(await told(asked, "approvals", by=by))


async def test_others_see_it_only_among_all(asked: Fakes) -> None:
    mine = await told(asked, "approvals", by="USOMEBODY")
    everything = await told(asked, "approvals ALL --share", by="USOMEBODY")

    assert "Launch day" not in said(mine)
    assert "Launch day" in said(everything)
    assert everything.shared


@pytest.fixture
async def seven(fakes: Fakes) -> Fakes:
    """Seven requests, of post_1 the first."""
    for number in range(1, 8):
        fakes.socialcrm.posts[f"post_{number}"] = a_post(id=f"post_{number}", body=f"Text {number}")
        await say(fakes, f"publish post_{number}", trigger_id=f"{number}.1")
        fakes.clock.advance(1)
    return fakes


async def test_numbers_mean_the_list_of_requests_that_was_shown_last(seven: Fakes) -> None:
    await say(seven, "posts", by="UAPPROVER")
    shown = await told(seven, "approvals", by="UAPPROVER")
    second = re.search(r"\*2\.\*[^\n]*\n(Text \d)", said(shown))
    assert second

    await say(seven, "reject 2 no", by="UAPPROVER")
    (rejected,) = [each for each in seven.approvals.approvals.values() if each.state is State.REJECTED]
    assert rejected.content.body == second[1]


async def test_the_list_has_pages_that_keep_their_numbers(seven: Fakes) -> None:
    first = await told(seven, "approvals all", by="UAPPROVER")
    await say(seven, "reject 1 no", by="UAPPROVER")
    second = a_reply(await click(seven, "approvals_next", value_of(first, "Next"), by="UAPPROVER"))

    assert "6 to 7 of 7" in said(second)
    assert second.replace
    back = a_reply(await click(seven, "approvals_previous", value_of(second, "Previous"), by="UAPPROVER"))
    assert "1 to 5 of 6" in said(back), "the first page is read anew"


@pytest.mark.parametrize(("typed", "decided"), [("approvals all", 0), ("approvals all --share", 2)])
async def test_another_page_is_for_those_who_read_the_first(seven: Fakes, typed: str, decided: int) -> None:
    first = await told(seven, typed, by="UEDITOR")

    second = a_reply(await click(seven, "approvals_next", value_of(first, "Next"), by="UEDITOR"))

    assert labels(second).count("Approve") == decided
    assert second.shared == first.shared
    assert "approvals_next" not in str(second.message.blocks)
    back = a_reply(await click(seven, "approvals_previous", value_of(second, "Previous"), by="UEDITOR"))
    assert labels(back) == labels(first)


async def test_a_list_that_is_no_longer_kept_is_read_anew(seven: Fakes) -> None:
    first = await told(seven, "approvals all", by="UAPPROVER")
    await say(seven, "withdraw post_7")
    seven.memory.kept.clear()

    second = a_reply(await click(seven, "approvals_next", value_of(first, "Next"), by="UAPPROVER"))
    assert "6 to 6 of 6" in said(second)


async def test_a_list_with_a_gap_is_read_anew(seven: Fakes) -> None:
    first = await told(seven, "approvals all", by="UAPPROVER")
    gone = next(iter(seven.approvals.approvals))
    del seven.approvals.approvals[gone]

    second = a_reply(await click(seven, "approvals_next", value_of(first, "Next"), by="UAPPROVER"))
    assert "6 to 6 of 6" in said(second)


async def test_a_page_of_nonsense_is_the_first(seven: Fakes) -> None:
    assert "1 to 5 of 7" in said(await click(seven, "approvals_next", "mine:x", by="UAPPROVER"))


async def test_a_pause_is_told_above_the_list(asked: Fakes) -> None:
    asked.settings.settings = some_settings(pause=a_pause())

    assert "Sad news today" in said(await told(asked, "approvals"))
