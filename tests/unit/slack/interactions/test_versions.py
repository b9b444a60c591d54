"""The former texts of a draft, within its modal."""

from scrm_bot.slack.reply import Silence
from scrm_bot.views.blocks import View
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_modal,
    an_update,
    click,
    field,
    filled,
    labels,
    metadata_of,
    opened,
    said,
    state_of,
    submit,
)


async def with_answer(fakes: Fakes, view: View, text: str, answer: str) -> View:
    """The modal after this text was rewritten and the answer used."""
    fakes.socialcrm.answer = answer
    asked = a_modal(await click(fakes, "rewrite", view=view, state=state_of(view) | {"text": text}))
    return an_update(await submit(fakes, await filled(asked), under="V1")).view


def options(view: View) -> list[str]:
    """What the menu of versions offers."""
    menus = [each for block in view["blocks"] for each in block.get("elements", ())]
    (menu,) = [each for each in menus if each.get("action_id") == "versions"]
    return [str(option["text"]["text"]) for option in menu["options"]]


async def test_a_new_draft_has_no_versions(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    assert "versions" not in state_of(view)
    assert "Back" not in labels(view)


async def test_each_use_keeps_the_former_text(fakes: Fakes) -> None:
    first = await with_answer(fakes, await opened(fakes, "draft"), "buy now", "Buy today.")
    second = await with_answer(fakes, first, "Buy today.", "Come by today.")

    assert options(second) == ["1. buy now", "2. Buy today.", "3. Come by today."]
    assert state_of(second)["versions"] == "3"
    assert "Version 3 of 3" in said(second)


async def test_back_shows_exactly_the_text_before_in_a_new_block(fakes: Fakes) -> None:
    view = await with_answer(fakes, await opened(fakes, "draft"), "  buy\nnow ", "Buy today.")

    back = an_update(await click(fakes, "back", view=view)).view

    assert state_of(back)["text"] == "  buy\nnow "
    assert field(back, "text")["block_id"] == "text:2"
    assert "Back" not in labels(back)
    assert options(back) == ["1. buy now", "2. Buy today."]


async def test_going_back_keeps_what_was_typed_over_the_answer(fakes: Fakes) -> None:
    view = await with_answer(fakes, await opened(fakes, "draft"), "buy now", "Buy today.")

    back = an_update(
        await click(fakes, "back", view=view, state=state_of(view) | {"text": "Buy today!", "note": "Hurry"})
    ).view

    assert state_of(back)["text"] == "Buy today."
    assert state_of(back)["note"] == "Hurry"
    assert options(back) == ["1. buy now", "2. Buy today.", "3. Buy today!"]


async def test_any_version_can_be_chosen(fakes: Fakes) -> None:
    first = await with_answer(fakes, await opened(fakes, "draft"), "buy now", "Buy today.")
    second = await with_answer(fakes, first, "Buy today.", "Come by today.")

    chosen = an_update(await click(fakes, "versions", "1", view=second)).view
    there_again = an_update(await click(fakes, "versions", "3", view=chosen)).view

    assert state_of(chosen)["text"] == "buy now"
    assert state_of(there_again)["text"] == "Come by today."
    assert metadata_of(there_again)["rev"] == 4


async def test_a_version_nobody_offered_changes_nothing(fakes: Fakes) -> None:
    view = await with_answer(fakes, await opened(fakes, "draft"), "buy now", "Buy today.")

    for number in ("9", "x"):
        assert state_of(an_update(await click(fakes, "versions", number, view=view)).view)["text"] == (
            "Buy today."
        )


async def test_a_use_delivered_twice_is_one_version(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")
    asked = a_modal(await click(fakes, "rewrite", view=view, state=state_of(view) | {"text": "buy now"}))
    window = await filled(asked)

    first = an_update(await submit(fakes, window, under="V1"))
    second = an_update(await submit(fakes, window, under="V1"))

    assert first == second
    assert options(second.view) == ["1. buy now", "2. A better text."]


async def test_two_drafts_know_nothing_of_each_other(fakes: Fakes) -> None:
    await with_answer(fakes, await opened(fakes, "draft"), "buy now", "Buy today.")

    other = await with_answer(fakes, await opened(fakes, "draft"), "hello", "Hello there.")

    assert options(other) == ["1. hello", "2. Hello there."]


async def test_own_words_for_the_tone_have_a_field_when_they_are_wanted(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    wanted = an_update(await click(fakes, "tone", "*", view=view, state=state_of(view) | {"tone": "*"})).view
    assert field(wanted, "own_tone")["label"]["text"] == "Tone in your own words"

    typed = state_of(wanted) | {"tone": "*", "own_tone": "drier", "text": "buy now"}
    window = await filled(a_modal(await click(fakes, "rewrite", view=wanted, state=typed)))
    assert "Suggested, drier" in said(window)

    unwanted = an_update(
        await click(fakes, "tone", "playful", view=wanted, state=typed | {"tone": "playful"})
    )
    assert "own_tone" not in state_of(unwanted.view)


async def test_a_tone_of_the_list_needs_no_other_modal(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")

    state = state_of(view) | {"tone": "playful"}

    assert await click(fakes, "tone", "playful", view=view, state=state) == Silence()


async def test_the_tone_beside_an_answer_waits_for_try_again(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")
    asked = a_modal(await click(fakes, "rewrite", view=view, state=state_of(view) | {"text": "buy now"}))
    window = await filled(asked)

    assert await click(fakes, "tone", "playful", view=window) == Silence()

    again = an_update(
        await click(fakes, "try_again", view=window, state={"tone": "playful", "own_tone": "a bit drier"})
    )
    assert "Suggested, a bit drier" in said(await filled(again))


async def test_of_hashtags_only_the_ticked_ones_go_below_the_text(fakes: Fakes) -> None:
    view = await opened(fakes, "draft")
    asked = a_modal(await click(fakes, "hashtags", view=view, state=state_of(view) | {"text": "buy now"}))
    window = await filled(asked)

    assert field(window, "tags")["label"]["text"] == "Hashtags to append"
    used = an_update(await submit(fakes, window, under="V1", tags=["#acme"]))

    assert state_of(used.view)["text"] == "buy now\n\n#acme"


async def test_the_brands_voice_stands_in_the_draft_once_it_is_known(fakes: Fakes) -> None:
    before = await opened(fakes, "draft")
    await filled(a_modal(await click(fakes, "rewrite", view=before, state={"text": "buy now"})))

    after = await opened(fakes, "draft")

    assert "Your brand" not in said(before)
    assert "Your brand's voice: Warm, Plain" in said(after)
    assert fakes.socialcrm.count("get_persona") == 1
