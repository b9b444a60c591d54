"""What can be done to a post where it is shown, lists page by page, and the modals that finish a verb."""

from datetime import timedelta

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import NotFoundError, PausedError, WhenError
from scrm_bot.domain.when import When
from scrm_bot.slack import plans
from scrm_bot.slack.reply import CloseModal, OpenModal, ShowErrors, Silence
from scrm_bot.views import answers, modals
from tests.builders import LATER, a_pause, a_post, a_trend, metrics, some_settings
from tests.fakes.clock import START
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_modal,
    a_reply,
    a_submission,
    an_update,
    checked,
    click,
    connected,
    labels,
    metadata_of,
    opened,
    said,
    say,
    state_of,
    submit,
    told,
    value_of,
)

IN_A_MODAL = modals.notice("Draft saved", answers.expired_text())
AT_HOME = {"type": "home", "blocks": []}


@pytest.fixture
def listed() -> Fakes:
    """Twenty-five posts, the newest first."""
    posts = [
        a_post(id=f"post_{n}", body=f"Body {n}.", created_at=START - timedelta(minutes=n))
        for n in range(1, 26)
    ]
    return connected(*posts)


async def test_a_listed_post_is_shown_in_full(fakes: Fakes) -> None:
    answer = a_reply(await click(fakes, "show_post", "post_123"))

    assert labels(answer) == ["Ask for approval", "Schedule", "Edit", "Attach", "Delete"]
    assert not answer.replace


async def test_scheduling_from_a_card_asks_for_the_time(fakes: Fakes) -> None:
    outside = a_modal(await click(fakes, "schedule_post", "post_123"))
    inside = an_update(await click(fakes, "schedule_post", "post_123", view=IN_A_MODAL))

    assert (outside.push, inside.view) == (False, outside.view)
    assert metadata_of(outside.view)["post"] == "post_123"
    assert outside.view["title"]["text"] == "Schedule"


@pytest.mark.parametrize("verb", ["rewrite", "optimise"])
async def test_the_assistant_works_on_the_post_of_the_card(fakes: Fakes, verb: str) -> None:
    answer = await click(fakes, "post_menu", f"{verb}:post_123")

    assert "A better text." in said(answer)
    assert "Use" in labels(a_reply(answer))


async def test_an_entry_that_is_none_does_nothing(fakes: Fakes) -> None:
    assert await click(fakes, "post_menu", "delete:post_123") == Silence()
    assert "post_123" in fakes.socialcrm.posts


async def test_editing_from_a_message_opens_a_modal_and_from_a_notice_takes_its_place(fakes: Fakes) -> None:
    outside = a_modal(await click(fakes, "edit_post", "post_123"))
    inside = an_update(await click(fakes, "edit_post", "post_123", view=IN_A_MODAL))
    at_home = a_modal(await click(fakes, "edit_post", "post_123", view=AT_HOME))

    assert (outside.push, at_home.push) == (False, False)
    assert (inside.view["title"], inside.view_id) == (outside.view["title"], "V2")
    assert state_of(outside.view)["text"] == "Launch day is here."


async def test_deleting_takes_the_place_of_the_question(fakes: Fakes) -> None:
    answer = a_reply(await click(fakes, "delete_post", "post_123"))

    assert fakes.socialcrm.posts == {}
    assert answer.replace
    assert "gone from SocialCRM" in said(answer)
    assert "```Launch day is here.```" in said(answer)
    assert "request" not in said(answer)


async def test_deleting_closes_the_request_and_says_so(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")

    answer = await click(fakes, "delete_post", "post_123")

    (request,) = fakes.approvals.approvals.values()
    assert request.state is State.VOID
    assert "Its request for approval is closed" in said(answer)


async def test_what_is_gone_already_is_told(fakes: Fakes) -> None:
    with pytest.raises(NotFoundError):
        await click(fakes, "delete_post", "post_404")


async def test_deleting_at_home_leaves_home_as_it_is(fakes: Fakes) -> None:
    assert not a_reply(await click(fakes, "delete_post", "post_123", view=AT_HOME)).replace


async def test_asking_uses_the_planned_time_and_note(fakes: Fakes) -> None:
    await say(fakes, "draft Hello --at tomorrow 09:00 --note Hurry")

    answer = await click(fakes, "ask_approval", "post_1")

    (card,) = fakes.announcer.shown
    assert (card.content.at, card.note, card.zone) == (LATER, "Hurry", "Europe/Berlin")
    assert "Tue 1 Dec 2026, 09:00 Europe/Berlin" in said(answer)


async def test_asking_without_a_plan_is_to_publish(fakes: Fakes) -> None:
    await click(fakes, "ask_approval", "post_123")

    (card,) = fakes.announcer.shown
    assert (card.content.at, card.zone) == (None, "Europe/Berlin")


async def test_asking_after_the_planned_time_asks_for_another(fakes: Fakes) -> None:
    await plans.keep(fakes.workspace, "post_123", When(LATER, "Europe/Berlin"), zone="", note="")
    fakes.clock.advance(days=2)

    with pytest.raises(WhenError, match="has passed"):
        await click(fakes, "ask_approval", "post_123")


@pytest.mark.parametrize(
    ("action", "title"),
    [
        ("show_post", "Post"),
        ("delete_post", "Deleted"),
        ("ask_approval", "Asked for approval"),
        ("post_stats", "Post stats"),
    ],
)
async def test_in_a_modal_the_answer_is_seen_in_the_modal(fakes: Fakes, action: str, title: str) -> None:
    update = an_update(await click(fakes, action, "post_123", view=IN_A_MODAL))

    assert update.view_id == "V2"
    assert update.view["title"]["text"] == title


async def test_a_post_tells_its_numbers(fakes: Fakes) -> None:
    fakes.socialcrm.post_numbers["post_123"] = [metrics(likes=21.0)]

    assert "21" in said(await click(fakes, "post_stats", "post_123"))


async def test_pages_follow_each_other_in_the_same_place(listed: Fakes) -> None:
    first = await told(listed, "posts draft")
    second = a_reply(await click(listed, "next_page", value_of(first, "Next")))
    third = a_reply(await click(listed, "next_page", value_of(second, "Next")))
    back = a_reply(await click(listed, "previous_page", value_of(third, "Previous")))

    assert "*11.* Body 11." in said(second)
    assert "*25.* Body 25." in said(third)
    assert "Next" not in labels(third)
    assert said(back) == said(second)
    assert second.replace
    assert value_of(second, "Next") == "draft:21"


async def test_numbers_of_later_pages_mean_what_they_say(listed: Fakes) -> None:
    await click(listed, "next_page", ":11")

    assert "Body 15." in said(await told(listed, "show 15"))


@pytest.mark.parametrize("value", [":-4", ":soon", ":0", "", ":+", ":1+x"])
async def test_a_page_that_is_none_is_the_first(listed: Fakes, value: str) -> None:
    assert "*1.* Body 1." in said(await click(listed, "next_page", value))


async def test_an_answer_can_be_drafted(fakes: Fakes) -> None:
    answer = await told(fakes, "compose spring")

    assert await drafted_text(fakes, value_of(answer, "Use in a new post")) == "A better text."


async def test_an_idea_can_be_drafted_by_its_text_or_its_title(fakes: Fakes) -> None:
    with_text = value_of(await told(fakes, "ideas spring"), "Draft this")
    without = value_of(await told(fakes, "ideas"), "Draft this")

    assert await drafted_text(fakes, with_text) == "spring"
    assert await drafted_text(fakes, without) == "Idea 1"


async def test_a_trend_can_be_drafted(fakes: Fakes) -> None:
    fakes.socialcrm.trends = [a_trend("Slow: mornings")]

    assert (
        await drafted_text(fakes, value_of(await told(fakes, "trending"), "Draft this")) == "Slow: mornings"
    )


async def test_a_draft_takes_the_place_of_a_notice_and_lies_on_any_other_modal(fakes: Fakes) -> None:
    value = value_of(await told(fakes, "compose spring"), "Use in a new post")

    instead = an_update(await click(fakes, "draft_this", value, view=IN_A_MODAL))
    above = a_modal(await click(fakes, "draft_this", value, view=await opened(fakes, "draft")))

    assert (instead.view["callback_id"], instead.view_id) == ("draft", "V2")
    assert above.push


@pytest.mark.parametrize("value", ["k_gone", "k_gone:1", "{ideas}:0", "{ideas}:6", "{ideas}:x"])
async def test_what_is_not_kept_cannot_be_drafted(fakes: Fakes, value: str) -> None:
    ideas = value_of(await told(fakes, "ideas spring"), "Try again")

    assert "no longer kept" in said(await click(fakes, "draft_this", value.format(ideas=ideas)))


async def drafted_text(fakes: Fakes, value: str) -> object:
    return state_of(a_modal(await click(fakes, "draft_this", value)).view)["text"]


@pytest.mark.parametrize(
    ("when", "told_so"), [("never", "is not a time"), ("2020-01-01 09:00", "has passed"), (None, "When?")]
)
async def test_the_schedule_modal_stays_open_for_a_time_nobody_can_keep(
    fakes: Fakes, when: str | None, told_so: str
) -> None:
    ack = checked(a_submission(await opened(fakes, "schedule post_123"), when=when))

    assert isinstance(ack, ShowErrors)
    ((block_id, sentence),) = ack.errors
    assert block_id == "when"
    assert told_so in sentence


async def test_the_schedule_modal_asks_for_approval_of_its_time(fakes: Fakes) -> None:
    view = await opened(fakes, "schedule post_123 --note From the line")

    assert checked(a_submission(view, when="tomorrow 09:00")) == CloseModal()
    answer = a_reply(await submit(fakes, view, when="tomorrow 09:00"))

    (card,) = fakes.announcer.shown
    assert (card.content.at, card.note) == (LATER, "From the line")
    assert "Tue 1 Dec 2026, 09:00 Europe/Berlin" in said(answer)


async def test_a_note_in_the_modal_is_the_note(fakes: Fakes) -> None:
    view = await opened(fakes, "schedule post_123 --note From the line")

    await submit(fakes, view, when="tomorrow 09:00", note="From the modal")

    assert fakes.announcer.shown[0].note == "From the modal"


async def test_a_note_that_is_taken_out_of_the_modal_is_none(fakes: Fakes) -> None:
    await plans.keep(fakes.workspace, "post_123", None, zone="", note="mind the pun")
    view = await opened(fakes, "schedule post_123")

    await submit(fakes, view, when="tomorrow 09:00", note=None)

    assert fakes.announcer.shown[0].note == ""


async def test_a_dry_run_stays_one_through_the_modals(fakes: Fakes) -> None:
    picking = await opened(fakes, "schedule --dry-run")
    view = a_modal(await submit(fakes, picking, post="post_123")).view

    answer = await submit(fakes, view, when="tomorrow 09:00")

    assert "Dry run" in said(answer)
    assert fakes.announcer.shown == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("show", "Launch day is here."),
        ("delete", "Delete this post?"),
        ("publish --note Hurry", "Asked for approval"),
        ("schedule tomorrow 09:00", "09:00 Europe/Berlin"),
        ("publish --dry-run", "Nothing was asked"),
    ],
)
async def test_the_chosen_post_goes_on_with_the_verb(fakes: Fakes, typed: str, shown: str) -> None:
    view = await opened(fakes, typed)

    assert checked(a_submission(view, post="post_123")) == CloseModal()
    assert shown in said(await submit(fakes, view, post="post_123"))


async def test_the_chosen_post_can_be_edited(fakes: Fakes) -> None:
    answer = await submit(fakes, await opened(fakes, "edit"), post="post_123")

    assert isinstance(answer, OpenModal)
    assert metadata_of(answer.view)["channel"] == "CSOCIAL"


async def test_a_refusal_after_choosing_reaches_the_person(fakes: Fakes) -> None:
    view = await opened(fakes, "publish")
    fakes.settings.settings = some_settings(pause=a_pause())

    with pytest.raises(PausedError):
        await submit(fakes, view, post="post_123")
