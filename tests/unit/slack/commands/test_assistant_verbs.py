"""/scrm compose, rewrite, optimise, hashtags, thread, ideas"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from scrm_bot.domain.errors import (
    QuotaExceededError,
    RateLimitedError,
    SocialCRMUnreachableError,
    StoreUnavailableError,
    UnauthorizedError,
    UsageError,
)
from scrm_bot.slack import assistant
from scrm_bot.slack.reading import Subject
from tests.builders import accounts
from tests.fakes.stores import FakeMemory
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import (
    a_reply,
    click,
    labels,
    metadata_of,
    opened,
    said,
    say,
    state_of,
    told,
    value_of,
)

METHODS = {
    "rewrite": "rewrite",
    "optimise": "optimise",
    "optimize": "optimise",
    "hashtags": "suggest_hashtags",
    "thread": "expand_into_thread",
    "compose": "compose",
}
ON_A_TEXT = ["rewrite", "optimise", "hashtags", "thread"]


class BrokenMemory(FakeMemory):
    """Nothing can be kept."""

    async def keep(self, name: str, value: Mapping[str, Any], *, seconds: int = 86_400) -> None:
        raise StoreUnavailableError(f"{name} for {seconds} s: {len(value)}")


@pytest.mark.parametrize("verb", METHODS)
async def test_the_answer_stands_beside_what_was_typed(fakes: Fakes, verb: str) -> None:
    answer = await told(fakes, f"{verb} buy &amp; smile")

    assert fakes.socialcrm.count(METHODS[verb]) == 1
    assert "buy &amp; smile" in said(answer)
    assert labels(answer) == ["Use in a new post", "Try again", "Keep mine"]
    assert not answer.shared


@pytest.mark.parametrize("verb", [*ON_A_TEXT, "compose"])
async def test_the_answer_can_be_shared(fakes: Fakes, verb: str) -> None:
    assert (await told(fakes, f"{verb} buy now --share")).shared


@pytest.mark.parametrize("verb", ON_A_TEXT)
async def test_of_a_post_the_answer_can_be_used_in_it(fakes: Fakes, verb: str) -> None:
    fakes.memory.last["UEDITOR"] = "post_123"

    answer = await told(fakes, f"{verb} last")

    assert "Launch day is here." in said(answer)
    assert labels(answer) == ["Use", "Draft this", "Try again", "Keep mine"]


@pytest.mark.parametrize("verb", ON_A_TEXT)
async def test_without_a_text_the_draft_modal_opens(fakes: Fakes, verb: str) -> None:
    view = await opened(fakes, f"{verb} --tone playful")

    assert view["title"]["text"] == "New social post"
    assert state_of(view)["tone"] == "playful"


@pytest.mark.parametrize("verb", [*ON_A_TEXT, "compose"])
async def test_a_refusal_gives_the_own_text_back_in_private(fakes: Fakes, verb: str) -> None:
    fakes.socialcrm.refuse(METHODS[verb], QuotaExceededError(endpoint=f"POST /ai/{verb}"))

    answer = await told(fakes, f"{verb} buy now, smile later --share")

    assert "quota" in said(answer)
    assert "buy now, smile later" in said(answer)
    assert not answer.shared


async def test_a_refused_key_comes_with_the_way_out(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("rewrite", UnauthorizedError())

    assert labels(await told(fakes, "rewrite buy now")) == ["Connect"]


@pytest.mark.parametrize(
    ("typed", "tone"), [("rewrite buy now", "friendly"), ("rewrite x --tone bold", "bold")]
)
async def test_the_tone_is_told_with_the_answer(fakes: Fakes, typed: str, tone: str) -> None:
    assert f"Suggested, {tone}" in said(await told(fakes, typed))


async def test_what_may_work_a_moment_later_can_be_tried_again(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("rewrite", RateLimitedError(retry_in=7))
    refused = await told(fakes, "rewrite buy now --tone bold")

    again = a_reply(await click(fakes, "try_again", value_of(refused, "Try again")))

    assert again.replace
    assert "A better text." in said(again)
    assert "Suggested, bold" in said(again)


async def test_without_the_store_the_own_text_comes_back_all_the_same(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("rewrite", SocialCRMUnreachableError("no route"))
    forgetful = replace(fakes.workspace, memory=BrokenMemory())

    answer = await assistant.answer(forgetful, "rewrite", Subject("buy now"))

    assert "buy now" in said(answer)
    assert labels(answer) == []


async def test_the_answer_is_counted_for_the_networks_it_may_go_to(fakes: Fakes) -> None:
    fakes.socialcrm.accounts = list(accounts())

    anywhere, there = await told(fakes, "rewrite buy now"), await told(fakes, "rewrite post_123")

    assert "Characters: X: 14 of about 280" in said(anywhere)
    assert "Instagram: 14 of about 2,200" in said(there)
    assert "X: 14" not in said(there)


async def test_a_part_of_a_thread_that_is_too_long_somewhere_says_so(fakes: Fakes) -> None:
    fakes.socialcrm.accounts = list(accounts())
    fakes.socialcrm.answer = "n" * 290

    shown = said(await told(fakes, "thread buy now"))

    assert "*1/2*  (7 characters)" in shown
    assert "*2/2*  (290 characters; ⚠️ 10 over about 280 for X)" in shown


async def test_the_brands_voice_stands_beside_what_is_written(fakes: Fakes) -> None:
    rewritten, optimised = await told(fakes, "rewrite buy now"), await told(fakes, "optimise buy now")

    assert "Your brand's voice: Warm, Plain" in said(rewritten)
    assert "Your brand" not in said(optimised)


async def test_hashtags_are_boxes_to_tick(fakes: Fakes) -> None:
    answer = await told(fakes, "hashtags buy now")

    boxes = next(
        element
        for block in answer.message.blocks
        for element in block.get("elements", ())
        if element["type"] == "checkboxes"
    )
    assert [option["value"] for option in boxes["initial_options"]] == ["#launch", "#acme"]


@pytest.mark.parametrize(
    ("ticked", "text"),
    [
        (["#launch", "#acme"], "Launch day is here.\n\n#launch #acme"),
        (["#acme"], "Launch day is here.\n\n#acme"),
        ([], "Launch day is here."),
    ],
)
async def test_only_ticked_hashtags_are_appended(fakes: Fakes, ticked: list[str], text: str) -> None:
    answer = await told(fakes, "hashtags post_123")

    await click(fakes, "use", value_of(answer, "Use"), state={"tags": ticked})

    assert fakes.socialcrm.posts["post_123"].body == text


async def test_a_text_that_has_every_hashtag_is_told_so(fakes: Fakes) -> None:
    assert "has every hashtag" in said(await told(fakes, "hashtags New #Launch at #acme"))


async def test_keeping_ones_own_words_shows_them_and_changes_nothing(fakes: Fakes) -> None:
    answer = await told(fakes, "rewrite buy now")

    kept = a_reply(await click(fakes, "keep_mine", value_of(answer, "Keep mine")))

    assert kept.replace
    assert "buy now" in said(kept)
    assert "A better text." not in said(kept)


async def test_keeping_a_post_as_it_is_names_it(fakes: Fakes) -> None:
    answer = await told(fakes, "rewrite post_123")

    kept = await click(fakes, "keep_mine", value_of(answer, "Keep mine"))

    assert "as it was" in said(kept)
    assert fakes.socialcrm.count("update_post") == 0
    assert "no longer kept" in said(await click(fakes, "keep_mine", "k_gone"))


async def test_no_hashtags_are_said_to_be_none(fakes: Fakes) -> None:
    fakes.socialcrm.tags = []

    answer = await told(fakes, "hashtags hm")

    assert "No hashtags came back" in said(answer)
    assert labels(answer) == []


async def test_an_empty_answer_is_never_offered_for_use(fakes: Fakes) -> None:
    fakes.socialcrm.answer = " "

    answer = await told(fakes, "rewrite my own words")

    assert "answer was empty" in said(answer)
    assert "my own words" in said(answer)


async def test_a_post_without_a_text_has_nothing_to_work_on(fakes: Fakes) -> None:
    fakes.socialcrm.change("post_123", body=" ")

    answer = await told(fakes, "optimise post_123")

    assert "no text to work on" in said(answer)
    assert fakes.socialcrm.count("optimise") == 0


async def test_an_unknown_number_is_told(fakes: Fakes) -> None:
    with pytest.raises(UsageError, match="no number 9"):
        await say(fakes, "rewrite 9")


async def test_compose_without_a_prompt_asks_for_one(fakes: Fakes) -> None:
    view = await opened(fakes, "compose --tone bold")

    assert view["title"]["text"] == "Compose"
    assert state_of(view) == {"prompt": None, "tone": "bold", "own_tone": None}
    assert metadata_of(view) == {"channel": "CSOCIAL"}


async def test_each_idea_can_be_drafted(fakes: Fakes) -> None:
    answer = await told(fakes, "ideas spring &amp; sale --share")

    assert "Ideas: spring &amp; sale" in said(answer)
    assert labels(answer) == ["Draft this"] * 5 + ["Try again"]
    assert value_of(answer, "Draft this").endswith(":1")
    assert answer.shared


async def test_ideas_need_no_topic(fakes: Fakes) -> None:
    assert "Idea 5" in said(await told(fakes, "ideas"))


async def test_ideas_that_failed_give_the_topic_back_and_another_try(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("generate_ideas", SocialCRMUnreachableError())

    answer = await told(fakes, "ideas spring sale --share")

    assert "cannot be reached" in said(answer)
    assert "spring sale" in said(answer)
    assert not answer.shared
    again = a_reply(await click(fakes, "try_again", value_of(answer, "Try again")))
    assert "Idea 5" in said(again)


async def test_ideas_that_will_not_come_offer_no_other_try(fakes: Fakes) -> None:
    fakes.socialcrm.refuse("generate_ideas", QuotaExceededError(endpoint="POST /ai/ideas"))

    answer = await told(fakes, "ideas spring sale")

    assert "spring sale" in said(answer)
    assert "Try again" not in labels(answer)


async def test_ideas_that_cannot_be_kept_are_explained_all_the_same(
    fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object, **__: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(FakeMemory, "keep", lost)
    fakes.socialcrm.refuse("generate_ideas", SocialCRMUnreachableError())

    answer = await told(fakes, "ideas spring sale")

    assert "cannot be reached" in said(answer)
    assert "Try again" not in labels(answer)
