"""Two texts in one: nothing is lost, nothing is invented, and nothing comes alive."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.views.blocks import Block, Message, clean, message
from scrm_bot.views.differences import difference
from tests.unit.views.rules import complaints
from tests.unit.views.test_hostile_text import HOSTILE, TEXTS

SHORT = st.lists(
    st.sampled_from(
        ["a", "b ", "\n", " ", "It's", "*x*", "<!here>", "~", "née", "日本語", "👩‍👩‍👧‍👦", ".", "_"]
    ),
    max_size=4,
).map("".join)


def shown(before: str, after: str) -> Message:
    return message(*difference("Asked about, and now", before, after))


def pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Every piece of text with its look."""
    for block in shown(before, after).blocks:
        yield from _pieces(block)


def _pieces(block: Block) -> Iterator[tuple[str, str]]:
    if block["type"] == "rich_text":
        for element in block["elements"][0]["elements"]:
            yield element["text"], next(iter(element.get("style", ())), "")


def test_words_are_marked_and_not_letters() -> None:
    assert list(pieces("The price is 5 euros.", "The price is 50 euros!")) == [
        ("The price is ", ""),
        ("5 ", "strike"),
        ("50 ", "bold"),
        ("euros", ""),
        (".", "strike"),
        (" ", ""),
        ("!", "bold"),
    ]


def test_the_text_for_screen_readers_says_what_is_marked() -> None:
    told = shown("The price is 5 euros", "The price is 50 euros").text

    assert "The price is ~5~ *50* euros" in told


def test_much_that_is_the_same_is_left_out() -> None:
    same = "Once upon a time there was a post. " * 30

    told = "".join(text for text, _ in pieces(f"{same}Old end. {same}", f"{same}New end. {same}"))
    assert told.count("…") == 2
    assert len(told) < 200
    assert "Old New end." in told


def test_what_is_the_same_between_two_changes_is_left_out_too() -> None:
    same = "and so it went on " * 20

    told = "".join(text for text, _ in pieces(f"One {same}one", f"Two {same}two"))
    assert told.startswith("One Two and so")
    assert "… " in told
    assert told.endswith("one two")


def test_texts_with_hardly_a_word_in_common_are_shown_one_after_the_other() -> None:
    looks = [
        look
        for _, look in pieces("Open on Sunday, come all! " * 4, "Shut, and nobody knows why it is on. " * 4)
    ]

    assert looks in (["strike", "bold"], ["strike", "", "bold"])


def test_a_text_that_is_too_long_to_compare_counts_as_one_change() -> None:
    looks = [look for _, look in pieces("start " + "a " * 3000 + "end", "start " + "b a " * 1500 + "end")]

    assert [look for look in looks if look] == ["strike", "bold"]


def test_equal_texts_have_nothing_marked_and_no_text_says_so() -> None:
    assert list(pieces("Same", "Same")) == [("Same", "")]
    assert list(pieces("", "")) == [("No text.", "")]


def test_what_cannot_be_seen_is_pointed_out() -> None:
    assert "invisible" in shown("Pay 100", "Pay \u202e001").text
    assert "invisible" not in shown("Pay 100", "Pay 200").text


def test_where_more_was_changed_than_fits_it_says_so() -> None:
    before = " ".join(f"word{number} stays" for number in range(900))
    after = " ".join(f"other{number} stays" for number in range(900))

    assert "More was changed than fits here." in shown(before, after).text
    assert complaints(shown(before, after)) == []


def test_where_there_are_more_changes_than_one_text_has_parts_it_says_so() -> None:
    before, after = ("".join(f"same{at} {sign}{at} " for at in range(200)) for sign in "ab")

    assert "More was changed than fits here." in shown(before, after).text
    assert complaints(shown(before, after)) == []


def test_with_less_room_both_what_is_gone_and_what_is_new_are_shown() -> None:
    head, *rest = difference("Both", "old " * 3_000, "new " * 3_000, most=600)[1]["elements"][0]["elements"]

    assert (head["style"], rest[-1]["style"]) == ({"strike": True}, {"bold": True})
    assert sum(len(each["text"]) for each in (head, *rest)) <= 600


def test_a_word_longer_than_there_is_room_for_is_clipped_and_said_so() -> None:
    told = shown("日" * 9_000, "日" * 9_000)

    assert told.text.count("日") > 3_000
    assert "No text." not in told.text
    assert "More was changed than fits here." in told.text


@given(SHORT, SHORT)
def test_without_what_is_new_it_is_the_old_text_and_without_what_is_gone_the_new_one(
    before: str, after: str
) -> None:
    parts = list(pieces(before, after))

    if before or after:
        old = "".join(text for text, look in parts if look != "bold")
        new = "".join(text for text, look in parts if look != "strike")
        assert old.replace(" ", "") == clean(before).replace(" ", "")
        assert new.replace(" ", "") == clean(after).replace(" ", "")


@given(TEXTS, TEXTS)
def test_any_two_texts_stay_harmless_and_within_limits(before: str, after: str) -> None:
    assert complaints(shown(before, after)) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_beside_a_plain_one_stays_harmless(text: str) -> None:
    assert complaints(shown(text, "Launch day is here.")) == []
    assert complaints(shown("Launch day is here.", text)) == []
