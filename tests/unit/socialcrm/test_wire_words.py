from typing import Any

import pytest

from scrm_bot.domain.insights import Idea, Optimised, Persona, Trend
from scrm_bot.socialcrm import wire, wire_words


def test_a_persona_is_strings_and_lists_of_strings_in_their_order() -> None:
    told = {"voice": "warm", "tone": ["plain", 3, ""], "id": "p1", "nothing": None, "values": []}

    assert wire_words.persona({**told, "updated_at": "2026"}) == Persona(
        (("voice", ("warm",)), ("tone", ("plain",)))
    )


def test_no_persona_is_one_without_traits() -> None:
    assert wire_words.persona(wire.payload(b'{"data": null}')) == Persona()


@pytest.mark.parametrize(
    ("told", "trend"),
    [
        ("#tea", Trend("#tea")),
        ({"topic": "tea", "volume": 3}, Trend("tea", 3.0)),
        ({"title": "tea", "score": "4.5"}, Trend("tea", 4.5)),
        ({"name": "tea", "posts": []}, Trend("tea")),
        ({"hashtag": "#tea", "volume": None, "posts": 2}, Trend("#tea", 2.0)),
    ],
)
@pytest.mark.parametrize("around", [None, "trending", "topics", "trends"])
def test_a_trend_is_a_word_or_an_object(told: Any, trend: Trend, around: str | None) -> None:
    assert wire_words.trends({around: [told]} if around else [told]) == (trend,)


@pytest.mark.parametrize("told", ["x", {"text": "x"}, {"body": "x"}, {"text": "", "body": "x"}])
def test_a_written_text_has_either_name(told: Any) -> None:
    assert wire_words.text(told) == "x"


@pytest.mark.parametrize(
    "told",
    [
        {"hashtags": ["#tea", "tea", "##time", " ", "#"]},
        ["tea", "time"],
        "#tea #time",
        [{"tag": "tea"}, {"hashtag": "#time"}],
    ],
)
def test_hashtags_have_one_sign_each_and_come_once(told: Any) -> None:
    told = [each for each in told if each != " "] if isinstance(told, list) else told

    assert wire_words.hashtags(told) == ("#tea", "#time")


@pytest.mark.parametrize("name", ["posts", "thread", "parts", None])
@pytest.mark.parametrize("part", ["one", {"text": "one"}, {"body": "one"}])
def test_a_thread_has_any_of_three_names(name: str | None, part: Any) -> None:
    assert wire_words.thread({name: [part, "two"]} if name else [part, "two"]) == ("one", "two")


@pytest.mark.parametrize(
    ("told", "idea"),
    [
        ("A quiz", Idea("A quiz")),
        ({"title": "A quiz"}, Idea("A quiz")),
        ({"text": "Ask them"}, Idea("Ask them")),
        ({"description": "Ask them"}, Idea("Ask them")),
        ({"title": "A quiz", "text": "Ask them"}, Idea("A quiz", "Ask them")),
        ({"title": "A quiz", "description": "Ask them"}, Idea("A quiz", "Ask them")),
    ],
)
@pytest.mark.parametrize("around", [None, "ideas"])
def test_an_idea_has_a_title_or_words(told: Any, idea: Idea, around: str | None) -> None:
    assert wire_words.ideas({around: [told]} if around else [told]) == (idea,)


@pytest.mark.parametrize(
    ("told", "suggestions"),
    [
        ({"text": "x", "suggestions": ["a", {"text": "b"}]}, ("a", "b")),
        ({"body": "x", "suggestions": "a"}, ("a",)),
        ({"text": "x", "suggestions": ["", {"title": "a"}, {"message": "b"}, 3, None]}, ("a", "b")),
        ({"text": "x", "suggestions": None}, ()),
        ({"text": "x", "suggestions": 3}, ()),
        ("x", ()),
    ],
)
def test_an_optimised_text_may_bring_suggestions(told: Any, suggestions: tuple[str, ...]) -> None:
    assert wire_words.optimised(told) == Optimised("x", suggestions)


@pytest.mark.parametrize(
    ("reading", "told", "read"),
    [
        (wire_words.hashtags, ["tea", "", None, {"tag": ""}], ("#tea",)),
        (wire_words.thread, {"posts": ["one", "", {"text": None}]}, ("one",)),
        (wire_words.ideas, [{"title": "A quiz"}, {}, 3], (Idea("A quiz"),)),
        (wire_words.trends, ["#tea", {"volume": 3}, None], (Trend("#tea"),)),
    ],
)
def test_an_odd_entry_does_not_cost_the_others(reading: Any, told: Any, read: tuple[Any, ...]) -> None:
    assert reading(told) == read
