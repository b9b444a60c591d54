"""The former texts of a draft."""

from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.domain.versions import MOST, Versions


def test_a_draft_begins_with_no_version() -> None:
    assert Versions().text == ""
    assert Versions().before(typed="") == Versions()


def test_a_used_answer_comes_after_the_text_it_was_made_from() -> None:
    used = Versions().showing("mine").showing("theirs")

    assert used == Versions(("mine", "theirs"), 1)
    assert used.text == "theirs"


def test_going_back_shows_what_was_there_and_forgets_nothing() -> None:
    back = Versions(("mine", "theirs"), 1).before(typed="theirs")

    assert back == Versions(("mine", "theirs"), 0)
    assert back.before(typed="mine") == back


def test_what_was_typed_over_an_answer_is_kept_before_going_back() -> None:
    back = Versions(("mine", "theirs"), 1).before(typed="theirs, better")

    assert back == Versions(("mine", "theirs", "theirs, better"), 1)


def test_what_was_typed_over_an_old_version_stands_behind_it() -> None:
    assert Versions(("a", "b", "c"), 0).before(typed="a2") == Versions(("a", "a2", "b", "c"), 0)


def test_a_chosen_version_is_the_one_whose_number_was_seen() -> None:
    assert Versions(("a", "b", "c"), 0).chosen(3, typed="a2").text == "c"


def test_a_number_that_no_version_has_changes_nothing() -> None:
    for number in (0, 4, -1):
        assert Versions(("a", "b", "c"), 1).chosen(number, typed="b") == Versions(("a", "b", "c"), 1)


def test_an_emptied_field_is_no_version() -> None:
    assert Versions(("a", "b"), 1).chosen(1, typed=" \n") == Versions(("a", "b"), 0)


@given(st.lists(st.text(max_size=3), max_size=30), st.text(max_size=3))
def test_there_are_never_more_than_ten_and_the_shown_one_is_among_them(texts: list[str], last: str) -> None:
    versions = Versions()
    for text in texts:
        versions = versions.showing(text)

    shown = versions.showing(last)

    assert len(shown.texts) <= MOST
    assert len(set(shown.texts)) == len(shown.texts)
    assert shown.text == (last if last.strip() else versions.text)
    assert shown.before(typed=last).texts == shown.texts
