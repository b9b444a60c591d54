"""The assistant in the draft modal, and the buttons under its answers to commands."""

import pytest

from scrm_bot.domain.approvals import State
from scrm_bot.domain.errors import QuotaExceededError
from scrm_bot.slack.reply import CloseModal, OpenModal, ShowErrors
from scrm_bot.views.blocks import View
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_modal,
    a_reply,
    a_submission,
    an_update,
    checked,
    click,
    field,
    filled,
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

VERBS = ["rewrite", "optimise", "hashtags", "thread"]
METHODS = {"hashtags": "suggest_hashtags", "thread": "expand_into_thread"}
TYPED = {"text": "buy now", "accounts": ["acct_1"], "when": "in 2h", "note": "Hurry", "then": "ask"}


async def ask(fakes: Fakes, verb: str = "rewrite", view: View | None = None, **typed: object) -> OpenModal:
    """Press the button in the draft modal, with everything filled in."""
    view = view or await opened(fakes, "draft")
    state = state_of(view) | TYPED | typed
    return a_modal(await click(fakes, verb, view=view, state=state))


@pytest.mark.parametrize("verb", VERBS)
async def test_the_answer_lies_on_top_of_the_draft_beside_the_original(fakes: Fakes, verb: str) -> None:
    asked = await ask(fakes, verb)

    assert asked.push
    assert "…" in said(asked.view)
    assert "buy now" in said(asked.view)
    window = await filled(asked)
    assert (window["submit"]["text"], window["close"]["text"]) == ("Use", "Keep mine")
    assert labels(window) == ["Try again"]
    assert "buy now" in said(window)


@pytest.mark.parametrize("verb", VERBS)
async def test_use_puts_exactly_the_answer_into_text_and_keeps_the_rest(fakes: Fakes, verb: str) -> None:
    window = await filled(await ask(fakes, verb))
    answer = {
        "rewrite": "A better text.",
        "optimise": "A better text.",
        "hashtags": "buy now\n\n#launch #acme",
        "thread": "buy now\n\nA better text.",
    }[verb]

    assert checked(a_submission(window)) == CloseModal()
    update = an_update(await submit(fakes, window, under="V1"))

    assert update.view_id == "V1"
    assert field(update.view, "text")["block_id"] == "text:1"
    assert state_of(update.view) == state_of(update.view) | TYPED | {"text": answer}


async def test_a_second_use_gets_another_block_again(fakes: Fakes) -> None:
    first = an_update(await submit(fakes, await filled(await ask(fakes)), under="V1"))
    again = await filled(await ask(fakes, "optimise", first.view))

    second = an_update(await submit(fakes, again, under="V1"))

    assert field(second.view, "text")["block_id"] == "text:2"


async def test_without_the_views_below_the_parent_is_known_all_the_same(fakes: Fakes) -> None:
    window = await filled(await ask(fakes))

    assert an_update(await submit(fakes, window)).view_id == "V2"


async def test_use_while_editing_stays_with_the_post(fakes: Fakes) -> None:
    window = await filled(await ask(fakes, view=await opened(fakes, "edit post_123")))

    update = an_update(await submit(fakes, window, under="V1"))

    assert metadata_of(update.view)["post"] == "post_123"
    assert state_of(update.view)["text"] == "A better text."


@pytest.mark.parametrize("verb", VERBS)
async def test_a_failed_answer_shows_why_and_the_own_text_and_cannot_be_used(fakes: Fakes, verb: str) -> None:
    fakes.socialcrm.refuse(METHODS.get(verb, verb), QuotaExceededError(endpoint=f"POST /ai/{verb}"))

    window = await filled(await ask(fakes, verb))

    assert "quota" in said(window)
    assert "buy now" in said(window)
    assert "submit" not in window
    assert labels(window) == ["Try again"]


async def test_an_empty_draft_has_nothing_to_rewrite(fakes: Fakes) -> None:
    window = await filled(await ask(fakes, text=None))

    assert "no text to work on" in said(window)
    assert fakes.socialcrm.count("rewrite") == 0


async def test_an_answer_too_long_for_the_field_cannot_be_used(fakes: Fakes) -> None:
    fakes.socialcrm.answer = "word " * 700

    window = await filled(await ask(fakes))

    assert "does not fit" in said(window)
    assert "submit" not in window


async def test_a_text_too_long_for_the_field_is_worked_on_all_the_same(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", body="word " * 700)
    view = await opened(fakes, "edit post_123")
    asked = a_modal(await click(fakes, "rewrite", view=view))

    update = an_update(await submit(fakes, await filled(asked), under="V1"))

    assert state_of(update.view)["text"] == "A better text."


async def test_trying_again_shows_that_it_works_then_the_new_answer(fakes: Fakes) -> None:
    window = await filled(await ask(fakes))
    fakes.socialcrm.answer = "A third text."

    again = an_update(await click(fakes, "try_again", "rewrite", view=window, state={"tone": "bold"}))

    assert again.view_id == "V2"
    assert "Rewriting…" in said(again.view)
    fresh = await filled(again)
    assert "A third text." in said(fresh)
    assert "Suggested, bold" in said(fresh)
    assert state_of(an_update(await submit(fakes, fresh, under="V1")).view)["text"] == "A third text."


async def test_use_takes_what_is_shown_and_not_what_came_later(fakes: Fakes) -> None:
    window = await filled(await ask(fakes))
    fakes.socialcrm.answer = "A third text."
    await filled(an_update(await click(fakes, "try_again", "rewrite", view=window)))

    update = an_update(await submit(fakes, window, under="V1"))

    assert state_of(update.view)["text"] == "A better text."


async def test_trying_again_works_after_a_failure(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("rewrite", QuotaExceededError())
    window = await filled(await ask(fakes))

    fresh = await filled(an_update(await click(fakes, "try_again", "rewrite", view=window)))

    assert fresh["submit"]["text"] == "Use"


async def test_what_is_not_kept_any_more_is_said_in_the_modal(fakes: Fakes) -> None:
    window = await filled(await ask(fakes))
    fakes.memory.kept.clear()

    update = an_update(await click(fakes, "try_again", "rewrite", view=window))

    assert "no longer kept" in said(update)
    assert "no longer kept" in said(a_reply(await submit(fakes, window)))


async def test_an_answer_to_a_command_is_put_into_its_post(fakes: Fakes) -> None:
    await say(fakes, "publish post_123")
    answer = await told(fakes, "rewrite post_123")

    used = a_reply(await click(fakes, "use", value_of(answer, "Use")))

    assert fakes.socialcrm.posts["post_123"].body == "A better text."
    assert used.replace
    assert "void now" in said(used)
    (request,) = fakes.approvals.approvals.values()
    assert request.state is State.VOID


async def test_an_answer_without_a_post_is_not_put_anywhere(fakes: Fakes) -> None:
    answer = await told(fakes, "rewrite buy now")

    assert "no longer kept" in said(await click(fakes, "use", value_of(answer, "Use in a new post")))
    assert "no longer kept" in said(await click(fakes, "use", "k_gone"))


@pytest.mark.parametrize("verb", ["rewrite", "compose"])
async def test_another_answer_takes_the_place_of_the_first(fakes: Fakes, verb: str) -> None:
    answer = await told(fakes, f"{verb} buy now --tone bold")
    fakes.socialcrm.answer = "A third text."

    again = a_reply(await click(fakes, "try_again", value_of(answer, "Try again")))

    assert again.replace
    assert "A third text." in said(again)
    assert "Suggested, bold" in said(again)


async def test_a_failure_leaves_the_first_answer_alone(fakes: Fakes) -> None:
    answer = await told(fakes, "rewrite buy now")
    fakes.socialcrm.refuse("rewrite", QuotaExceededError())

    again = a_reply(await click(fakes, "try_again", value_of(answer, "Try again")))

    assert not again.replace
    assert "buy now" in said(again)


async def test_other_ideas_take_the_place_of_the_first(fakes: Fakes) -> None:
    answer = await told(fakes, "ideas spring")

    again = a_reply(await click(fakes, "try_again", value_of(answer, "Try again")))

    assert again.replace
    assert "Ideas: spring" in said(again)
    assert fakes.socialcrm.count("generate_ideas") == 2


async def test_an_expired_answer_is_told(fakes: Fakes) -> None:
    assert "no longer kept" in said(await click(fakes, "try_again", "k_gone"))


async def test_composing_from_the_modal_answers_where_it_was_opened(fakes: Fakes) -> None:
    view = await opened(fakes, "compose")

    empty = checked(a_submission(view, prompt=" "))
    full = checked(a_submission(view, prompt="spring"))
    answer = a_reply(await submit(fakes, view, prompt="spring", tone="bold"))

    assert empty == ShowErrors((("prompt", "Say what it is about."),))
    assert full == CloseModal()
    assert "A better text." in said(answer)
    assert a_submission(view).caller.channel == "CSOCIAL"
