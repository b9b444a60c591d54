import pytest

from scrm_bot.views import blocks
from scrm_bot.views.blocks import Message
from tests.unit.views.rules import complaints


def test_mentions_commands_and_links_from_outside_are_inert() -> None:
    assert blocks.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_control_characters_and_direction_overrides_are_taken_out() -> None:
    assert blocks.escape("a\x00b\u202ec\r\nd\te") == "abc\nd\te"


def test_clipping_counts_as_slack_does_at_its_strictest() -> None:
    clipped = blocks.clip("🎉" * 20, 11)

    assert clipped == "🎉" * 5 + "…"
    assert blocks.size(clipped) == 11


def test_clipping_never_leaves_half_an_entity_or_half_a_mention() -> None:
    assert blocks.clip("ab&amp;cd", 6) == "ab…"
    assert blocks.clip("hi <@U123456> there", 10) == "hi…"


def test_text_is_split_at_words_and_nothing_is_lost() -> None:
    text = "word " * 1500

    pieces = blocks.split(text)

    assert "".join(pieces) == text
    assert all(piece.startswith("word") for piece in pieces)
    assert all(blocks.size(piece) <= blocks.MOST_SECTION for piece in pieces)


def test_a_text_without_a_space_is_split_all_the_same() -> None:
    assert [len(piece) for piece in blocks.split("n" * 7000)] == [3000, 3000, 1000]


def test_a_message_with_too_many_blocks_says_that_there_is_more() -> None:
    message = blocks.message(*[blocks.section(f"Row {n}") for n in range(60)])

    assert len(message.blocks) == 50
    assert message.text.endswith("There is more than fits into one message.")
    assert complaints(message) == []


def test_the_top_level_text_says_what_the_blocks_say() -> None:
    message = blocks.message(
        blocks.header("Tea & cake"),
        blocks.fields("*A*\n1", "*B*\n2"),
        blocks.divider(),
        blocks.context("small"),
    )

    assert message.text == "Tea &amp; cake\n*A*\n1\n*B*\n2\nsmall"


def test_a_message_of_buttons_alone_still_has_a_text() -> None:
    assert blocks.message(blocks.actions(blocks.button("Go", "go"))) == Message(
        "…",
        (
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Go", "emoji": True},
                        "action_id": "go",
                    }
                ],
            },
        ),
    )


def test_a_text_too_long_for_a_message_tells_how_much_is_shown() -> None:
    shown = blocks.body("long " * 3000)

    assert (
        shown[-1]["elements"][0]["text"]
        == "The first 8,999 of 15,000 characters. The rest does not fit here."
    )
    assert complaints(blocks.message(*shown)) == []


def test_a_hidden_character_is_told() -> None:
    shown = blocks.body("Pay \u202e001")

    assert "invisible" in shown[-1]["elements"][0]["text"]
    assert not blocks.hides_something("two\r\nlines")


@pytest.mark.parametrize(
    "text", ["*New* today", "Read `this`", "> quoted", "Party :tada:", ":+1:", "(_really_)"]
)
def test_what_slack_shows_as_formatting_is_told_to_go_out_as_typed(text: str) -> None:
    assert "go out as typed" in blocks.body(text)[-1]["elements"][0]["text"]


@pytest.mark.parametrize("text", ["See @my_cafe_shop", "2 * 3 * 4", "At 9:00: doors", "#launch_day_1 x_y"])
def test_signs_that_slack_leaves_alone_are_not_mentioned(text: str) -> None:
    assert len(blocks.body(text)) == 1


def test_backticks_from_outside_do_not_end_a_code_span() -> None:
    assert blocks.code("a`b").count("`") == 2
    assert blocks.code("") == "`…`"


def test_asterisks_from_outside_do_not_end_bold_text() -> None:
    assert blocks.bold("a*b").count("*") == 2


@pytest.mark.parametrize("text", ["<<>", "<<!x>", "<a<b>c<", "a < b and <c\nd>", "<!channel", "<@U1"])
def test_nothing_in_a_label_opens_what_is_closed_behind_it(text: str) -> None:
    shown = str(blocks.plain(text, 75)["text"])

    assert "<" not in shown.rpartition(">")[0]
    assert "<!" not in shown
    assert "<@" not in shown
