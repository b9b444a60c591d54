"""The mark of a brand on what is sent, and which brand a deed is about."""

import json
from collections.abc import AsyncGenerator

import pytest

from scrm_bot.domain.brands import Brand, Brands
from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import parse
from scrm_bot.slack import marks
from scrm_bot.slack.branding import Marking, is_of_team, which
from scrm_bot.slack.command import Caller, Click, Deed, HomeOpened, Invocation, Shortcut, Submission
from scrm_bot.slack.payloads import Kind, read
from scrm_bot.slack.readings import Reading
from scrm_bot.slack.reply import Answer, OpenModal, Post, Progress, PublishHome, Reply, Silence, UpdateModal
from scrm_bot.views.blocks import MOST_METADATA, Message, View, actions, button, context, message, section

TWO = Brands((Brand("", "Acme", ("C_ACME",)), Brand("b2", "Globex", ("C_GLOBEX",))))
MARKING = Marking("b2", "Globex")
SAID = message(
    section("*Draft saved*"),
    section("A post", accessory=button("Show", "show_post", "post_1")),
    actions(button("Edit", "edit_post", "post_1"), block_id="mine"),
)


def a_view(metadata: str = '{"channel":"C1"}') -> View:
    return {
        "type": "modal",
        "callback_id": "draft",
        "blocks": [section("Text")],
        "private_metadata": metadata,
    }


def a_caller(channel: str = "", brand: str = "") -> Caller:
    return Caller("T1", "U1", channel, brand=brand)


def test_everything_that_can_be_used_carries_the_mark_and_reads_back() -> None:
    blocks = marks.marked(SAID, "b2").blocks

    assert "block_id" not in blocks[0]
    assert [marks.of_block(block["block_id"]) for block in blocks[1:]] == [("1", "b2"), ("mine", "b2")]
    assert marks.marked(SAID, "") is SAID


def test_a_block_of_another_make_has_no_mark() -> None:
    assert [marks.of_block(text) for text in ("mine", "", "x|brand:", "x|brand:B*")] == [
        ("mine", ""),
        ("", ""),
        ("x|brand:", ""),
        ("x|brand:B*", ""),
    ]


@pytest.mark.parametrize("metadata", ["", "no json", "[1]", '{"channel":"C1"}'])
def test_a_view_tells_its_brand_beside_what_it_told_before(metadata: str) -> None:
    kept = json.loads(marks.marked_view(a_view(metadata), "b2")["private_metadata"])

    assert marks.of_view(kept) == "b2"
    assert kept.get("channel") == ("C1" if "C1" in metadata else None)


def test_a_view_without_room_for_its_brand_is_a_mistake_and_not_the_first_brands() -> None:
    with pytest.raises(ValueError, match="no room"):
        marks.marked_view(a_view(json.dumps({"x": "x" * (MOST_METADATA - 10)})), "b2")


@pytest.mark.parametrize("told", [None, 2, "B/2", ""])
def test_what_is_no_id_is_no_mark(told: object) -> None:
    assert marks.of_view({"brand": told}) == ""


async def test_every_kind_of_answer_is_marked_and_labelled() -> None:
    async def fill() -> View:
        return a_view("")

    given: list[Answer] = [
        Reply(SAID),
        Post("C1", SAID),
        OpenModal(a_view(), fill=fill),
        UpdateModal(a_view(), "V1"),
        Progress(a_view(), "V1"),
        PublishHome("U1", a_view()),
        Silence(),
    ]

    marked = MARKING.answers(given)

    assert isinstance(marked, list)
    reply, post, opened, updated, progress, home, silence = marked
    assert isinstance(reply, Reply)
    assert isinstance(post, Post)
    assert isinstance(opened, OpenModal)
    assert isinstance(updated, UpdateModal)
    assert isinstance(progress, Progress)
    assert isinstance(home, PublishHome)
    assert opened.fill
    views = [opened.view, updated.view, progress.view, home.view, await opened.fill()]
    assert {json.loads(view["private_metadata"])["brand"] for view in views} == {"b2"}
    assert all("Globex" in str(part[0]) for part in (reply.message.blocks, post.message.blocks))
    assert all("Globex" in str(view["blocks"][0]) for view in views)
    assert silence == Silence()


async def test_answers_as_they_come_and_a_single_one_are_marked_too() -> None:
    async def come() -> AsyncGenerator[Answer, None]:
        yield Reply(SAID)

    answers = MARKING.answers(come())

    assert isinstance(answers, AsyncGenerator)
    assert [each async for each in answers] == [MARKING.answers(Reply(SAID))]


def test_where_there_is_nothing_to_tell_apart_nothing_changes() -> None:
    given = Reply(SAID)

    assert Marking().answers(given) is given
    assert Marking().message(SAID) is SAID
    assert Marking("", "Acme").message(Message("Hello")) == Message("Acme: Hello")


def test_a_full_message_or_window_is_named_where_there_is_room() -> None:
    full = message(*[context("x")] * 50)
    window = a_view() | {"blocks": [section("x")] * 100}

    named = MARKING.message(full)

    assert len(named.blocks) == 50
    assert named.text.startswith("Globex: ")
    assert len(MARKING.view(window)["blocks"]) == 100


def test_what_was_typed_is_about_the_flag_else_the_channel_else_the_default() -> None:
    def asked(text: str, channel: str = "C_ELSE") -> str:
        return which(Invocation(a_caller(channel), parse(text)), TWO)

    assert asked("draft Hi --brand globex", "C_ACME") == "b2"
    assert [asked("draft Hi", "C_GLOBEX"), asked("draft Hi")] == ["b2", ""]
    assert which(Shortcut(a_caller("C_GLOBEX"), "x"), TWO) == "b2"
    assert which(HomeOpened(a_caller()), Brands(TWO.known, "b2")) == "b2"


def test_the_name_of_a_brand_to_be_connected_may_be_new() -> None:
    assert which(Invocation(a_caller("C_GLOBEX"), parse("connect --brand initech")), TWO) == "b2"
    with pytest.raises(UsageError, match="There is no brand"):
        which(Invocation(a_caller(), parse("draft --brand initech")), TWO)


def test_a_brand_is_named_as_it_was_typed_and_not_as_slack_sends_it() -> None:
    brands = Brands((*TWO.known, Brand("b3", "H&M")))

    assert which(Invocation(a_caller(), parse("posts --brand H&amp;M")), brands) == "b3"
    with pytest.raises(UsageError, match="There is no brand “C&A” here"):
        which(Invocation(a_caller(), parse("posts --brand C&amp;A")), brands)


def test_what_was_used_stays_with_its_brand_wherever_it_is() -> None:
    click, submission = Click(a_caller("C_GLOBEX"), "edit"), Submission(a_caller(brand="b2"), "draft", "V1")

    assert [which(click, TWO), which(submission, TWO)] == ["", "b2"]
    with pytest.raises(UsageError, match="was removed"):
        which(Click(a_caller(brand="b3"), "edit"), TWO)


def test_what_is_the_teams_shows_no_brand() -> None:
    caller = a_caller()
    of_team: list[Deed] = [
        Invocation(caller, parse("settings")),
        Submission(caller, "settings", "V1"),
        Click(caller, "show_settings"),
    ]

    assert all(is_of_team(deed) for deed in of_team)
    assert not any(is_of_team(deed) for deed in (Invocation(caller, parse("draft")), HomeOpened(caller)))


def a_click(**more: object) -> dict[str, object]:
    action = {"type": "button", "action_id": "edit_post", "value": "post_1", "block_id": "1|brand:b2"}
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "t",
        "actions": [action],
        **more,
    }


def test_a_button_of_a_message_says_its_brand_by_its_block() -> None:
    found = read(Kind.CLICK, a_click(message={"ts": "1.0"}))

    assert isinstance(found, Reading)
    assert isinstance(found.deed, Click)
    assert (found.deed.caller.brand, found.deed.block_id) == ("b2", "1")


def test_a_button_of_a_view_says_its_brand_by_the_view() -> None:
    found = read(Kind.CLICK, a_click(view={"id": "V1", "private_metadata": '{"brand":"b7"}'}))

    assert isinstance(found, Reading)
    assert found.deed.caller.brand == "b7"


def test_a_menu_that_asks_for_its_options_says_its_brand() -> None:
    body = {"type": "block_suggestion", "team": {"id": "T1"}, "user": {"id": "U1"}, "action_id": "accounts"}

    in_message = read(Kind.SUGGESTION, {**body, "value": "x", "block_id": "1|brand:b2"})
    in_view = read(Kind.SUGGESTION, {**body, "value": "x", "view": {"private_metadata": '{"brand":"b7"}'}})

    assert [getattr(each, "caller").brand for each in (in_message, in_view)] == ["b2", "b7"]  # noqa: B009
