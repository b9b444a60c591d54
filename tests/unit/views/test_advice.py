"""What stands beside a text: how long it may be, and whose voice it should have."""

import pytest

from scrm_bot.domain.insights import Account, Persona
from scrm_bot.views import assist, insights, networks
from tests.builders import accounts


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        ((), ""),
        ((("brand", ("Acme",)), ("brand_voice", ("warm", "plain"))), "Your brand's voice: warm, plain"),
        ((("audience", ("Neighbours",)),), "Your brand: Audience: Neighbours"),
    ],
)
def test_the_voice_is_told_in_one_line(traits: tuple[tuple[str, tuple[str, ...]], ...], told: str) -> None:
    assert insights.voice(Persona(traits)) == told


def test_each_network_is_counted_once_and_the_shortest_first() -> None:
    found = [*accounts(), Account("a", "x", "another"), Account("b", "myspace", "old")]

    assert networks.advice("n" * 290, found) == (
        "X: 290 of about 280 (⚠️ 10 over) · Instagram: 290 of about 2,200 · LinkedIn: 290 of about 3,000"
    )
    assert networks.advice("hi", [Account("b", "myspace", "old")]) == ""


def test_only_what_is_too_long_is_warned_of() -> None:
    assert networks.over("hi", accounts()) == ""
    assert networks.over("n" * 290, accounts()) == "⚠️ 10 over about 280 for X"


def test_hashtags_are_offered_as_far_as_the_text_field_holds_them() -> None:
    text = "n" * 2985

    assert assist.fresh_tags(text, ["#one", "#two", "#three"]) == ("#one", "#two")
    assert assist.fresh_tags("n" * 3000, ["#one"]) == ()
    assert len(assist.fresh_tags("n" * 3001, [f"#t{number}" for number in range(12)])) == assist.MOST_TAGS
    assert assist.fresh_tags("hi #One", ["one", "n" * 80, "two words"]) == ("#twowords",)
