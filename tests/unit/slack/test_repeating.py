"""A deed on a button, and back."""

import pytest

from scrm_bot.domain.grammar import Line, parse
from scrm_bot.domain.media import SlackFile
from scrm_bot.slack.command import Click, Invocation, Submission
from scrm_bot.slack.repeating import again, offer, once_more
from tests.unit.slack.deeds import a_caller

CALLER = a_caller()


def clicked(value: str) -> Click:
    return Click(CALLER, "again", value)


def test_a_line_comes_back_whole_with_its_files_to_be_looked_up() -> None:
    call = Invocation(
        CALLER, parse("draft Hi --to all"), (SlackFile("F1", "a.png", "image/png", 3, "https://x"),)
    )

    assert once_more(clicked(again(call))) == Invocation(CALLER, call.line, (SlackFile("F1", "a.png"),))


def test_a_line_without_files_comes_back_as_it_was() -> None:
    call = Invocation(CALLER, parse("posts mine"))

    assert once_more(clicked(again(call))) == call


def test_a_click_in_a_message_can_be_repeated_and_one_in_a_window_cannot() -> None:
    click = Click(CALLER, "show_post", "post_1")

    assert once_more(clicked(again(click))) == click
    assert again(Click(CALLER, "show_post", "post_1", view_id="V1")) == ""
    assert again(Submission(CALLER, "draft", "V1")) == ""


@pytest.mark.parametrize("value", ["", "{", "[]", "7", '{"verb": "draft"}', '{"action_id": "x"}'])
def test_what_no_button_of_ours_carries_does_nothing(value: str) -> None:
    assert once_more(clicked(value)) is None


def test_a_line_too_long_for_a_button_is_not_cut_but_not_offered() -> None:
    assert offer("Run", Line("draft", "x" * 2_000)) == []
    assert len(offer("Run", Line("draft", "x"))) == 1
