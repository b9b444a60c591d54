"""/scrm posts, show, edit, delete, calendar"""

from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import ForbiddenScopeError, NotConnectedError, NotFoundError, UsageError
from scrm_bot.domain.posts import Post
from scrm_bot.domain.when import When
from scrm_bot.slack import plans
from tests.builders import LATER, a_post, accounts, an_approval
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes, some_fakes
from tests.unit.slack.deeds import (
    an_update,
    click,
    connected,
    labels,
    metadata_of,
    opened,
    said,
    say,
    state_of,
    told,
    value_of,
)

VERBS = ["show", "edit", "attach", "delete"]


def many(count: int) -> list[Post]:
    """Posts 1 (the newest) to `count`."""
    times = [START - timedelta(minutes=number) for number in range(count)]
    return [
        a_post(id=f"post_{number}", body=f"Body {number}.", created_at=at)
        for number, at in enumerate(times, 1)
    ]


async def test_the_newest_posts_are_listed_by_number(fakes: Fakes) -> None:
    answer = await told(fakes, "posts")

    assert "*1.* Launch day is here." in said(answer)
    assert fakes.memory.lists["UEDITOR"] == ("post_123",)
    assert not answer.shared


async def test_a_list_can_be_shared(fakes: Fakes) -> None:
    assert (await told(fakes, "posts --share")).shared


async def test_more_than_ten_have_a_next_page() -> None:
    answer = await told(connected(*many(11)), "posts")

    assert "Body 10." in said(answer)
    assert "Body 11." not in said(answer)
    assert value_of(answer, "Next") == ":11"
    assert "Previous" not in labels(answer)


async def test_exactly_ten_have_no_next_page() -> None:
    assert "Next" not in labels(await told(connected(*many(10)), "posts"))


async def test_status_mine_and_account_choose() -> None:
    fakes = connected(
        a_post(id="post_a", body="Ours."),
        a_post(id="post_b", body="Theirs.", account_ids=("acct_2",)),
        a_post(id="post_c", body="Out.", status="published"),
    )
    fakes.socialcrm.accounts = list(accounts())
    await fakes.memory.keep("author:post_a", {"user": "UEDITOR"})

    answer = await told(fakes, "posts draft mine <@U7|acme>")

    assert "Ours." in said(answer)
    assert "Theirs." not in said(answer)
    assert "Out." not in said(answer)


async def test_a_status_alone_needs_no_accounts(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_accounts", ForbiddenScopeError(scope="insights:read"), times=2)

    assert "Launch day" in said(await told(fakes, "posts drafts"))


async def test_a_word_that_may_be_an_account_says_why_accounts_are_missing(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_accounts", ForbiddenScopeError(scope="insights:read"), times=2)

    with pytest.raises(ForbiddenScopeError):
        await say(fakes, "posts acme")


async def test_a_misspelt_filter_names_the_statuses(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match=r"scheduld.*A status is `draft`, `scheduled`"):
        await say(fakes, "posts scheduld")


@pytest.mark.parametrize("verb", VERBS)
async def test_without_a_post_one_is_chosen_in_a_modal(fakes: Fakes, verb: str) -> None:
    view = await opened(fakes, verb)

    titles = {"attach": "Attach media to a post"}
    assert view["title"]["text"] == titles.get(verb, f"{verb.capitalize()} a post")
    assert metadata_of(view) == {"verb": verb, "channel": "CSOCIAL", "flags": ""}


@pytest.mark.parametrize("verb", VERBS)
async def test_without_a_key_there_is_nothing_to_choose(verb: str) -> None:
    with pytest.raises(NotConnectedError):
        await say(some_fakes(), verb)


@pytest.mark.parametrize("verb", VERBS)
async def test_a_post_that_is_gone_is_not_found(fakes: Fakes, verb: str) -> None:
    with pytest.raises(NotFoundError):
        await say(fakes, f"{verb} post_404")


@pytest.mark.parametrize("verb", VERBS)
async def test_last_is_told_to_be_missing(fakes: Fakes, verb: str) -> None:
    with pytest.raises(UsageError, match="not worked on a post yet"):
        await say(fakes, f"{verb} last")


async def test_a_post_is_shown_with_what_can_be_done_to_it(fakes: Fakes) -> None:
    answer = await told(fakes, "show `post_123` --share")

    assert "Launch day is here." in said(answer)
    assert "Instagram" in said(answer)
    assert labels(answer) == ["Ask for approval", "Schedule", "Edit", "Attach", "Delete"]
    assert answer.shared


@pytest.mark.parametrize(
    ("state", "status", "offered"),
    [
        (State.PENDING, "draft", ["Approve", "Request changes", "Reject", "Edit", "Attach", "Delete"]),
        (State.ON_HOLD, "draft", ["Resume", "Request changes", "Reject", "Edit", "Attach", "Delete"]),
        (State.PUBLISHING, "draft", []),
        (State.REJECTED, "draft", ["Ask for approval", "Schedule", "Edit", "Attach", "Delete"]),
        (State.FAILED, "failed", ["Ask for approval", "Schedule", "Edit", "Attach", "Delete"]),
        (State.SCHEDULED, "scheduled", ["Delete"]),
        (State.PUBLISHED, "published", ["Stats"]),
        (State.PUBLISHING, "publishing", ["Stats"]),
        (None, "in_review", ["Stats", "Delete"]),
    ],
)
async def test_the_actions_fit_the_post_and_its_request(
    state: State | None, status: str, offered: list[str]
) -> None:
    fakes = connected(a_post(status=status))
    if state:
        await fakes.approvals.add(an_approval(state=state))

    assert labels(await told(fakes, "show post_123")) == offered


async def test_what_was_changed_since_it_was_asked_about_is_not_approved_by_its_card() -> None:
    fakes = connected(a_post(body="Not what was asked."))
    await fakes.approvals.add(an_approval())

    answer = await told(fakes, "show post_123")

    assert "no longer what was asked about" in said(answer)
    assert "Approve" not in labels(answer)


async def test_the_card_has_the_assistants_verbs_in_its_menu(fakes: Fakes) -> None:
    (menu,) = [
        element
        for block in (await told(fakes, "show post_123")).message.blocks
        for element in block.get("elements", ())
        if element.get("type") == "overflow"
    ]

    assert [entry["value"] for entry in menu["options"]] == [
        f"{verb}:post_123" for verb in ("rewrite", "optimise", "hashtags", "thread")
    ]


async def test_deleting_asks_first_and_always_in_private(fakes: Fakes) -> None:
    answer = await told(fakes, "delete post_123 --share")

    assert "Delete this post?" in said(answer)
    assert value_of(answer, "Delete") == "post_123"
    assert "post_123" in fakes.socialcrm.posts
    assert not answer.shared
    assert "```Launch day is here.```" in said(answer)
    assert "request" not in said(answer)


async def test_deleting_says_before_that_it_closes_the_request(fakes: Fakes) -> None:
    await fakes.approvals.add(an_approval())

    assert "Its request for approval is closed with it" in said(await told(fakes, "delete post_123"))


async def test_editing_with_a_text_opens_the_window_with_it_and_keeps_the_former_one(fakes: Fakes) -> None:
    view = await opened(fakes, "edit post_123, A better &amp; shorter text.\n\nWith two lines")

    assert state_of(view)["text"] == "A better & shorter text.\n\nWith two lines"
    assert "Version 2 of 2" in said(view)
    before = await click(fakes, "back", view=view, state=state_of(view))
    assert state_of(an_update(before).view)["text"] == "Launch day is here."
    assert fakes.socialcrm.posts["post_123"].body == "Launch day is here."


async def test_editing_with_a_text_that_no_field_holds_hands_it_back(fakes: Fakes) -> None:
    answer = await told(fakes, f"edit post_123 {'long ' * 700}")

    assert "does not fit the window, so the post is as it was" in said(answer)
    assert "Your text, unchanged" in said(answer)


async def test_editing_without_a_post_that_is_named_asks_which(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="Which post"):
        await say(fakes, "edit a better text")


@pytest.mark.parametrize("typed", ["show post_123 please", "delete 1, quickly"])
async def test_words_behind_a_post_are_not_taken_for_its_name(fakes: Fakes, typed: str) -> None:
    await say(fakes, "posts")

    with pytest.raises(UsageError, match="The words behind it mean nothing here, so nothing was done"):
        await say(fakes, typed)


async def test_editing_opens_the_post_as_it_is(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", account_ids=("acct_1", "acct_gone"), media_ids=("media_1",))

    view = await opened(fakes, "edit post_123")

    state = state_of(view)
    assert view["title"]["text"] == "Edit post"
    assert state["text"] == "Launch day is here."
    assert state["accounts"] == ["acct_1", "acct_gone"]
    assert "1 attached already" in str(view)
    assert metadata_of(view)["post"] == "post_123"


@pytest.mark.parametrize("state", [State.PENDING, State.ON_HOLD, State.APPROVED])
async def test_editing_says_before_saving_that_a_request_becomes_void(fakes: Fakes, state: State) -> None:
    await fakes.approvals.add(an_approval(state=state))

    view = await opened(fakes, "edit post_123")
    rebuilt = an_update(await click(fakes, "then", view=view)).view

    assert "Saving a change makes it void" in said(view)
    assert "Saving a change makes it void" in said(rebuilt)


async def test_editing_says_nothing_of_a_request_that_has_ended(fakes: Fakes) -> None:
    await fakes.approvals.add(an_approval(state=State.REJECTED))

    assert "void" not in said(await opened(fakes, "edit post_123"))


@pytest.mark.parametrize("status", ["scheduled", "publishing", "published"])
async def test_what_cannot_be_changed_any_more_is_told_before_anything_is_typed(status: str) -> None:
    with pytest.raises(UsageError, match=r"post_123 (is|has)"):
        await opened(connected(a_post(status=status)), "edit post_123")


async def test_editing_keeps_the_accounts_when_their_names_cannot_be_read(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("list_accounts", ForbiddenScopeError(scope="insights:read"))

    assert state_of(await opened(fakes, "edit post_123"))["accounts"] == ["acct_1"]


async def test_editing_shows_the_planned_time_and_note(fakes: Fakes) -> None:
    await plans.keep(fakes.workspace, "post_123", When(LATER, "Europe/Berlin"), zone="", note="Hurry")

    state = state_of(await opened(fakes, "edit post_123"))

    assert state["when"] == "2026-12-01 09:00 Europe/Berlin"
    assert state["note"] == "Hurry"


async def test_editing_forgets_a_planned_time_that_has_passed(fakes: Fakes) -> None:
    await plans.keep(fakes.workspace, "post_123", When(LATER, "Europe/Berlin"), zone="", note="")
    fakes.clock.advance(days=2)

    assert state_of(await opened(fakes, "edit post_123"))["when"] is None


async def test_a_text_too_long_for_a_field_is_shown_and_stays(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", body="word " * 700)

    view = await opened(fakes, "edit post_123")

    assert "text" not in state_of(view)
    assert "It stays as it is" in said(view)


@pytest.mark.parametrize(
    ("typed", "shown", "hidden"),
    [
        ("calendar", ["Soon.", "This week."], ["Next month."]),
        ("calendar week", ["Soon.", "This week."], ["Next month."]),
        ("calendar TODAY", ["Soon."], ["This week.", "Next month."]),
    ],
)
async def test_the_calendar_shows_what_is_planned(typed: str, shown: list[str], hidden: list[str]) -> None:
    fakes = connected(
        a_post(id="a", body="Soon.", status="scheduled", scheduled_at=START + timedelta(hours=3)),
        a_post(id="b", body="This week.", status="scheduled", scheduled_at=START + timedelta(days=3)),
        a_post(id="c", body="Next month.", status="scheduled", scheduled_at=START + timedelta(days=30)),
        a_post(id="d", body="A draft."),
        a_post(id="e", body="No time.", status="scheduled"),
    )

    answer = await told(fakes, typed)

    assert all(words in said(answer) for words in shown)
    assert not any(words in said(answer) for words in [*hidden, "A draft.", "No time."])
    assert "Europe/Berlin" in said(answer)


async def test_the_calendar_leaves_the_numbers_of_the_latest_list_alone(fakes: Fakes) -> None:
    await say(fakes, "posts")

    answer = await told(fakes, "calendar --share")

    assert fakes.memory.lists["UEDITOR"] == ("post_123",)
    assert answer.shared


async def test_the_calendar_knows_no_other_span(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="`today` or a `week`"):
        await say(fakes, "calendar next year")
