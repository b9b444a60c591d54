"""The draft modal: saving, asking, coming back with what was typed."""

from typing import Any

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import (
    InvalidRequestError,
    QuotaExceededError,
    ScrmError,
)
from scrm_bot.domain.posts import Post, PostChanges
from scrm_bot.slack import plans
from scrm_bot.slack.plans import Plan
from scrm_bot.slack.reply import Answers, Reply, ShowErrors, ShowView, UpdateModal
from scrm_bot.views.blocks import View
from tests.builders import LATER, a_post, some_settings
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    REFUSED_DRAFTS,
    a_submission,
    an_update,
    checked,
    click,
    connected,
    field,
    labels,
    metadata_of,
    opened,
    said,
    say,
    state_of,
    submit,
)

TEXT = "Grand opening on Friday"
LONG = "word " * 700


def both(answers: Answers) -> tuple[Reply, UpdateModal]:
    """What is said in the channel, and what the modal shows."""
    assert isinstance(answers, list)
    reply, update = answers
    assert isinstance(reply, Reply)
    assert isinstance(update, UpdateModal)
    return reply, update


async def test_saving_leaves_alone_what_the_person_did_not_touch(fakes: Fakes) -> None:
    window = await opened(fakes, "edit post_123")
    fakes.socialcrm.change("post_123", body="Better words of a colleague", account_ids=("acct_2",))

    await submit(fakes, window, text=a_post().body, accounts=[*a_post().account_ids], note="mind the pun")

    stored = await fakes.socialcrm.get_post("post_123")
    assert (stored.body, stored.account_ids) == ("Better words of a colleague", ("acct_2",))


@pytest.mark.parametrize("part", ["text", "accounts"])
async def test_what_somebody_else_changed_meanwhile_is_replaced_only_when_told_twice(
    fakes: Fakes, part: str
) -> None:
    window = await opened(fakes, "edit post_123")
    fakes.socialcrm.change("post_123", body="Better words of a colleague", account_ids=("acct_2",))
    own: dict[str, Any] = {"text": a_post().body, "accounts": [*a_post().account_ids]}
    own |= {"text": "My words"} if part == "text" else {"accounts": ["acct_3"]}

    back = await submit(fakes, window, **own)
    assert isinstance(back, UpdateModal)
    assert "Somebody else has changed this post" in str(back.view)
    assert (await fakes.socialcrm.get_post("post_123")).body == "Better words of a colleague"

    await submit(fakes, back.view, **own)
    stored = await fakes.socialcrm.get_post("post_123")
    assert (stored.body, stored.account_ids) == (
        (own["text"], ("acct_2",)) if part == "text" else ("Better words of a colleague", ("acct_3",))
    )


@pytest.mark.parametrize(("told_so", "sent"), [(True, ()), (False, None)])
async def test_accounts_are_taken_out_only_where_they_were_told(
    fakes: Fakes,
    told_so: bool,  # noqa: FBT001
    sent: tuple[str, ...] | None,
) -> None:
    accounts = ("acct_1",) if told_so else ()
    fakes.socialcrm.change("post_123", account_ids=accounts, accounts_told=told_so)
    changed: list[PostChanges] = []
    update = fakes.socialcrm.update_post

    async def noted(post_id: str, changes: PostChanges) -> Post:
        changed.append(changes)
        return await update(post_id, changes)

    fakes.socialcrm.update_post = noted  # type: ignore[method-assign]

    await submit(fakes, await opened(fakes, "edit post_123"), text="New", accounts=[])

    assert changed == [PostChanges(body="New", account_ids=sent)]


@pytest.mark.parametrize("text", [None, "", "  \n"])
async def test_an_empty_text_keeps_the_modal_open(fakes: Fakes, text: str | None) -> None:
    ack = checked(a_submission(await opened(fakes, "draft"), text=text))

    assert ack == ShowErrors((("text:0", "Write something first, or add a picture."),))


@pytest.mark.parametrize(
    ("when", "told_so"),
    [("at some point", "is not a time"), ("2020-01-01 09:00", "has passed"), ("tomorrow", "no time of day")],
)
async def test_a_time_nobody_can_keep_is_told_at_its_field(fakes: Fakes, when: str, told_so: str) -> None:
    ack = checked(a_submission(await opened(fakes, "draft"), text=TEXT, when=when))

    assert isinstance(ack, ShowErrors)
    ((block_id, sentence),) = ack.errors
    assert block_id == "when"
    assert told_so in sentence


@pytest.mark.parametrize("when", [None, "now", "in 2h", "tomorrow 09:00"])
async def test_what_can_be_saved_says_that_it_is_being_saved(fakes: Fakes, when: str | None) -> None:
    ack = checked(a_submission(await opened(fakes, "draft"), text=TEXT, when=when))

    assert isinstance(ack, ShowView)
    assert "Saving…" in said(ack.view)


async def test_saving_makes_the_draft_and_keeps_the_plan(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    reply, update = both(
        await submit(fakes, view, text=TEXT, accounts=["acct_1"], when="tomorrow 09:00", note="Hurry")
    )

    made = fakes.socialcrm.posts["post_1"]
    assert (made.body, made.account_ids, made.status) == (TEXT, ("acct_1",), "draft")
    assert await plans.of(fakes.workspace, "post_1") == Plan(LATER, "Europe/Berlin", "Hurry")
    assert "planned for Tue 1 Dec 2026, 09:00 Europe/Berlin" in said(reply)
    assert update.view_id == "V2"
    assert TEXT in said(reply)
    assert "Draft saved" in said(update)
    assert TEXT not in said(update)
    assert labels(update.view) == ["Ask for approval", "Edit", "Delete"]
    assert fakes.announcer.shown == []


async def test_saving_the_same_modal_twice_makes_one_draft(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    await submit(fakes, view, text=TEXT)
    await submit(fakes, view, text=TEXT)

    assert fakes.socialcrm.count("create_draft") == 1
    assert sorted(fakes.socialcrm.posts) == ["post_1", "post_123"]


async def test_asking_from_the_modal_puts_the_card_up_with_time_and_note(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    reply, update = both(
        await submit(fakes, view, text=TEXT, when="tomorrow 09:00", note="Hurry", then="ask")
    )

    (card,) = fakes.announcer.shown
    assert (card.content.body, card.content.at, card.note) == (TEXT, LATER, "Hurry")
    assert "Asked for approval" in said(reply)
    assert update.view["title"]["text"] == "Asked for approval"


async def test_a_request_that_is_refused_leaves_the_draft_and_says_so(fakes: Fakes) -> None:
    fakes.settings.settings = some_settings(approvals_channel="")
    view = await opened(fakes, "draft")

    reply, update = both(await submit(fakes, view, text=TEXT, then="ask"))

    assert fakes.socialcrm.posts["post_1"].body == TEXT
    assert "Draft saved" in said(reply)
    assert "Approval was not asked for" in said(reply)
    assert "No channel is set for approvals" in said(update)
    assert "Settings" in labels(update.view)


@pytest.mark.parametrize(
    ("error", "told_so"),
    REFUSED_DRAFTS,
)
async def test_a_refusal_brings_the_form_back_with_everything_typed(
    fakes: Fakes, error: ScrmError, told_so: str
) -> None:
    fakes.socialcrm.refuse("create_draft", error)
    typed: dict[str, Any] = {
        "text": TEXT,
        "accounts": ["acct_1"],
        "when": "in 2h",
        "note": "Hurry",
        "then": "ask",
    }

    update = an_update(await submit(fakes, await opened(fakes, "draft"), **typed))

    assert update.view_id == "V2"
    assert told_so in said(update)
    assert typed.items() <= state_of(update.view).items()


async def test_a_time_that_passed_while_it_was_saved_saves_nothing(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    update = an_update(await submit(fakes, view, text=TEXT, when="2026-11-30 09:59"))

    assert "has passed" in said(update)
    assert fakes.socialcrm.count("create_draft") == 0


async def test_then_names_the_submit_button_and_keeps_the_rest(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")
    typed = state_of(view) | {"text": TEXT, "note": "Hurry", "accounts": ["acct_1"], "then": "ask"}

    update = an_update(await click(fakes, "then", "ask", view=view, state=typed))

    assert update.view["submit"]["text"] == "Ask for approval"
    assert state_of(update.view) == typed
    assert field(update.view, "text")["block_id"] == "text:0"
    assert metadata_of(update.view) == metadata_of(view)


async def test_editing_changes_the_post(fakes: Fakes) -> None:
    view = await opened(fakes, "edit post_123")

    reply, _ = both(await submit(fakes, view, text="Better."))

    assert fakes.socialcrm.posts["post_123"].body == "Better."
    assert fakes.socialcrm.posts["post_123"].account_ids == ("acct_1",)
    assert "void" not in said(reply)


async def test_editing_keeps_the_plan_it_showed(fakes: Fakes) -> None:
    await say(fakes, "draft Hello --at tomorrow 09:00 --note Hurry")
    view = await opened(fakes, "edit last")

    await submit(fakes, view, text="Better.")
    await click(fakes, "ask_approval", "post_1")

    (card,) = fakes.announcer.shown
    assert (card.content.body, card.content.at, card.note) == ("Better.", LATER, "Hurry")


async def test_editing_voids_an_open_request_and_says_so(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")

    reply, update = both(await submit(fakes, await opened(fakes, "edit post_123"), text="Better."))

    (request,) = fakes.approvals.approvals.values()
    assert request.state is State.VOID
    assert "Its request for approval is void now" in said(reply)
    assert "Its request for approval is void now" in said(update)


async def test_a_refused_edit_comes_back_as_it_was_filled_in(fakes: Fakes) -> None:
    view = await opened(fakes, "edit post_123")
    fakes.socialcrm.refuse("update_post", QuotaExceededError(endpoint="PATCH /posts/{id}"))

    update = an_update(await submit(fakes, view, text="Better."))

    assert update.view["title"]["text"] == "Edit post"
    assert state_of(update.view)["text"] == "Better."
    assert metadata_of(update.view)["post"] == "post_123"


async def test_a_long_text_is_not_touched_by_an_edit_of_its_accounts() -> None:
    fakes = connected()
    fakes.socialcrm.change("post_123", body=LONG)
    view = await opened(fakes, "edit post_123")

    assert isinstance(checked(a_submission(view)), ShowView)
    changed = an_update(await click(fakes, "then", "ask", view=view))
    assert "It stays as it is" in said(changed)
    await submit(fakes, view, accounts=["acct_2"])

    assert fakes.socialcrm.posts["post_123"].body == LONG
    assert fakes.socialcrm.posts["post_123"].account_ids == ("acct_2",)


async def long_draft(fakes: Fakes) -> View:
    """A new post from a message too long for a text field."""
    fakes.socialcrm.answer = LONG
    answer = await say(fakes, "compose a novel")
    assert isinstance(answer, Reply)
    key = next(name.removeprefix("answer:") for name in fakes.memory.kept if name.startswith("answer:"))
    opened_answer = await click(fakes, "draft_this", key)
    view: View = opened_answer.view  # type: ignore[union-attr]
    return view


async def test_a_long_new_text_is_saved_whole(fakes: Fakes) -> None:
    view = await long_draft(fakes)
    assert "text" not in state_of(view)

    changed = an_update(await click(fakes, "then", "ask", view=view)).view
    await submit(fakes, changed)

    assert fakes.socialcrm.posts["post_1"].body == LONG


async def test_a_long_new_text_that_is_not_kept_any_more_is_missed(fakes: Fakes) -> None:
    view = await long_draft(fakes)
    fakes.memory.kept.clear()

    update = an_update(await submit(fakes, view))

    assert "needs a text" in said(update)


@pytest.mark.parametrize(
    ("message", "under"),
    [
        ("body is too long", "text:0"),
        ("account_ids: no such account", "accounts"),
        ("scheduled_at is in the past", "when"),
        ("media_ids are not ready", "media"),
        ("tone is unknown", ""),
        ("Malformed JSON", ""),
    ],
)
async def test_what_socialcrm_did_not_accept_is_said_beside_its_field(
    fakes: Fakes, message: str, under: str
) -> None:
    fakes.socialcrm.refuse("create_draft", InvalidRequestError(message))

    shown = an_update(await submit(fakes, await opened(fakes, "draft"), text=TEXT)).view["blocks"]

    (at,) = [n for n, block in enumerate(shown) if message in said(block)]
    assert at == 0 if not under else shown[at - 1]["block_id"] == under
