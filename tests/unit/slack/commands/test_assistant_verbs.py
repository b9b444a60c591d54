"""/scrm compose, rewrite, optimise, hashtags, thread, ideas"""

import pytest

from scrm_bot.domain.errors import QuotaExceededError, UnauthorizedError, UsageError
from tests.fakes.workspace import Fakes
from tests.unit.slack.deeds import labels, metadata_of, opened, said, say, state_of, told, value_of

METHODS = {
    "rewrite": "rewrite",
    "optimise": "optimise",
    "optimize": "optimise",
    "hashtags": "suggest_hashtags",
    "thread": "expand_into_thread",
    "compose": "compose",
}
ON_A_TEXT = ["rewrite", "optimise", "hashtags", "thread"]


@pytest.mark.parametrize("verb", METHODS)
async def test_the_answer_stands_beside_what_was_typed(fakes: Fakes, verb: str) -> None:
    answer = await told(fakes, f"{verb} buy &amp; smile")

    assert fakes.socialcrm.count(METHODS[verb]) == 1
    assert "buy &amp; smile" in said(answer)
    assert labels(answer) == ["Draft this", "Try again"]
    assert not answer.shared


@pytest.mark.parametrize("verb", [*ON_A_TEXT, "compose"])
async def test_the_answer_can_be_shared(fakes: Fakes, verb: str) -> None:
    assert (await told(fakes, f"{verb} buy now --share")).shared


@pytest.mark.parametrize("verb", ON_A_TEXT)
async def test_of_a_post_the_answer_can_be_used_in_it(fakes: Fakes, verb: str) -> None:
    fakes.memory.last["UEDITOR"] = "post_123"

    answer = await told(fakes, f"{verb} last")

    assert "Launch day is here." in said(answer)
    assert labels(answer) == ["Use", "Draft this", "Try again"]


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
    assert state_of(view) == {"prompt": None, "tone": "bold"}
    assert metadata_of(view) == {"channel": "CSOCIAL"}


async def test_each_idea_can_be_drafted(fakes: Fakes) -> None:
    answer = await told(fakes, "ideas spring &amp; sale --share")

    assert "Ideas: spring &amp; sale" in said(answer)
    assert labels(answer) == ["Draft this"] * 5 + ["Try again"]
    assert value_of(answer, "Draft this").endswith(":1")
    assert answer.shared


async def test_ideas_need_no_topic(fakes: Fakes) -> None:
    assert "Idea 5" in said(await told(fakes, "ideas"))
