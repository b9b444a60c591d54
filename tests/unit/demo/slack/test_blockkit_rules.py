"""Each violation is refused where it stands, with Slack's words."""

from typing import Any

import pytest

from scrm_bot.demo.slack.blockkit import option_problems, problems
from scrm_bot.demo.slack.blockkit_schema import Surface
from tests.unit.demo.slack.bots import TEXT_INPUT, button, entry, modal, plain, section

Json = dict[str, Any]


def option(text: str = "One", value: str = "1", **more: object) -> Json:
    return {"text": plain(text), "value": value, **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def beside(accessory: Json) -> Json:
    return {**section("x"), "accessory": accessory}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(parts)}]}


IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
CONFIRM = {"title": plain("Sure?"), "text": plain("Really"), "confirm": plain("Yes"), "deny": plain("No")}
CELL = {"type": "raw_text", "text": "x"}

GOOD_BLOCKS: list[Json] = [
    section("x"),
    {"type": "section", "fields": [mrkdwn("a"), plain("b")]},
    {"type": "header", "text": plain("x"), "block_id": "b"},
    {"type": "divider"},
    IMAGE | {"title": plain("t")},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"},
    actions(button("Go", value="1", style="primary", confirm=CONFIRM)),
    actions(select(initial_option=option()), {"type": "overflow", "action_id": "o", "options": [option()]}),
    actions({"type": "datetimepicker", "action_id": "d", "initial_date_time": 1_800_000_000}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-12-01"}),
    actions({"type": "timepicker", "action_id": "t", "initial_time": "09:30", "timezone": "Europe/Berlin"}),
    beside({"type": "multi_external_select", "action_id": "m", "min_query_length": 0}),
    beside({"type": "users_select", "action_id": "u", "initial_user": "U1"}),
    beside(IMAGE),
    {"type": "context", "elements": [mrkdwn("x"), IMAGE]},
    {
        "type": "context_actions",
        "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}],
    },
    {"type": "markdown", "text": "**x**"},
    rich({"type": "text", "text": "x", "style": {"bold": True}}, {"type": "user", "user_id": "U1"}),
    {"type": "table", "rows": [[CELL, CELL], [CELL, CELL]], "column_settings": [{"align": "right"}]},
    {"type": "card", "title": plain("t"), "actions": [button("Go")]},
    {"type": "carousel", "elements": [{"type": "card", "body": mrkdwn("b")}]},
]

BAD_BLOCKS: list[tuple[str, Json, str, str]] = [
    ("empty text", section(""), "/text/text", "must be more than 0 characters"),
    ("long text", section("x" * 3001), "/text/text", "must be less than 3001 characters"),
    ("section of nothing", {"type": "section"}, "", "must define either `text` or `fields`"),
    (
        "eleven fields",
        {"type": "section", "fields": [plain("x")] * 11},
        "/fields",
        "no more than 10 items allowed",
    ),
    (
        "long field",
        {"type": "section", "fields": [plain("x" * 2001)]},
        "/fields/0/text",
        "must be less than 2001 characters",
    ),
    ("mrkdwn header", {"type": "header", "text": mrkdwn("x")}, "/text", "unsupported type: mrkdwn"),
    (
        "long header",
        {"type": "header", "text": plain("x" * 151)},
        "/text/text",
        "must be less than 151 characters",
    ),
    ("header without text", {"type": "header"}, "", "missing required field: text"),
    ("no alt text", {"type": "image", "image_url": "https://x.y"}, "", "missing required field: alt_text"),
    ("long alt text", IMAGE | {"alt_text": "x" * 2001}, "/alt_text", "must be less than 2001 characters"),
    (
        "image from nowhere",
        {"type": "image", "alt_text": "a"},
        "",
        "must define either `image_url` or `slack_file`",
    ),
    (
        "image of two sources",
        IMAGE | {"slack_file": {"id": "F"}},
        "",
        "must define either `image_url` or `slack_file`",
    ),
    ("not a URL", IMAGE | {"image_url": "a.png"}, "/image_url", "must be a valid URL"),
    ("no actions", actions(), "/elements", "no less than 1 items allowed"),
    (
        "26 actions",
        actions(*(button("x", f"a{n}") for n in range(26))),
        "/elements",
        "no more than 25 items allowed",
    ),
    (
        "11 in a context",
        {"type": "context", "elements": [plain("x")] * 11},
        "/elements",
        "no more than 10 items allowed",
    ),
    (
        "button in a context",
        {"type": "context", "elements": [button("x")]},
        "/elements/0",
        "unsupported type: button",
    ),
    (
        "six context actions",
        {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "action_id": f"{n}", "icon": "trash", "text": plain("x")}
                for n in range(6)
            ],
        },
        "/elements",
        "no more than 5 items allowed",
    ),
    (
        "mrkdwn on a button",
        actions(button("x", text=mrkdwn("x"))),
        "/elements/0/text",
        "unsupported type: mrkdwn",
    ),
    ("long button", actions(button("x" * 76)), "/elements/0/text/text", "must be less than 76 characters"),
    (
        "long value",
        actions(button("x", value="x" * 2001)),
        "/elements/0/value",
        "must be less than 2001 characters",
    ),
    ("odd style", actions(button("x", style="bold")), "/elements/0/style", "must be one of: primary, danger"),
    (
        "long URL",
        actions(button("x", url="https://" + "x" * 3000)),
        "/elements/0/url",
        "must be less than 3001 characters",
    ),
    (
        "long action_id",
        actions(button("x", "a" * 256)),
        "/elements/0/action_id",
        "must be less than 256 characters",
    ),
    (
        "same action_id twice",
        actions(button("x"), button("y")),
        "/elements/1/action_id",
        '`action_id` "go" already exists for another element',
    ),
    (
        "long confirm",
        actions(button("x", confirm=CONFIRM | {"title": plain("x" * 101)})),
        "/elements/0/confirm/title/text",
        "must be less than 101 characters",
    ),
    (
        "confirm without deny",
        actions(button("x", confirm={k: v for k, v in CONFIRM.items() if k != "deny"})),
        "/elements/0/confirm",
        "missing required field: deny",
    ),
    ("no options", actions(select(options=[])), "/elements/0/options", "no less than 1 items allowed"),
    (
        "neither options nor groups",
        actions({"type": "static_select", "action_id": "s"}),
        "/elements/0",
        "missing required field: options",
    ),
    (
        "options and groups",
        actions(select(option_groups=[{"label": plain("g"), "options": [option()]}])),
        "/elements/0",
        "must define either `options` or `option_groups`",
    ),
    (
        "101 options",
        actions(select(options=[option(value=str(n)) for n in range(101)])),
        "/elements/0/options",
        "no more than 100 items allowed",
    ),
    (
        "long option",
        actions(select(options=[option("x" * 76)])),
        "/elements/0/options/0/text/text",
        "must be less than 76 characters",
    ),
    (
        "long option value",
        actions(select(options=[option(value="x" * 151)])),
        "/elements/0/options/0/value",
        "must be less than 151 characters",
    ),
    (
        "long description",
        actions(select(options=[option(description=plain("x" * 76))])),
        "/elements/0/options/0/description/text",
        "must be less than 76 characters",
    ),
    (
        "url outside an overflow",
        actions(select(options=[option(url="https://x.y")])),
        "/elements/0/options/0",
        "invalid additional property: url",
    ),
    (
        "initial option not offered",
        actions(select(initial_option=option("Two", "2"))),
        "/elements/0/initial_option",
        "must be one of the options",
    ),
    (
        "long placeholder",
        actions(select(placeholder=plain("x" * 151))),
        "/elements/0/placeholder/text",
        "must be less than 151 characters",
    ),
    (
        "11 checkboxes",
        actions({"type": "checkboxes", "options": [option(value=str(n)) for n in range(11)]}),
        "/elements/0/options",
        "no more than 10 items allowed",
    ),
    (
        "11 radio buttons",
        actions({"type": "radio_buttons", "options": [option(value=str(n)) for n in range(11)]}),
        "/elements/0/options",
        "no more than 10 items allowed",
    ),
    (
        "six in an overflow",
        actions({"type": "overflow", "options": [option(value=str(n)) for n in range(6)]}),
        "/elements/0/options",
        "no more than 5 items allowed",
    ),
    (
        "nine digits",
        actions({"type": "datetimepicker", "initial_date_time": 999_999_999}),
        "/elements/0/initial_date_time",
        "must be greater than 999999999",
    ),
    (
        "30 February",
        actions({"type": "datepicker", "initial_date": "2026-02-30"}),
        "/elements/0/initial_date",
        "must be a date as YYYY-MM-DD",
    ),
    (
        "25 o'clock",
        actions({"type": "timepicker", "initial_time": "25:00"}),
        "/elements/0/initial_time",
        "must be a time as HH:mm",
    ),
    (
        "no such zone",
        actions({"type": "timepicker", "timezone": "Mars/Olympus"}),
        "/elements/0/timezone",
        "must be an IANA time zone",
    ),
    (
        "multi-select in actions",
        actions({"type": "multi_users_select"}),
        "/elements/0",
        "unsupported type: multi_users_select",
    ),
    (
        "more chosen than allowed",
        beside({"type": "multi_users_select", "initial_users": ["U1", "U2"], "max_selected_items": 1}),
        "/accessory/initial_users",
        "no more than 1 items allowed",
    ),
    ("text input beside a section", beside(TEXT_INPUT), "/accessory", "unsupported type: plain_text_input"),
    ("button in an input", entry("X", button("x")), "/element", "unsupported type: button"),
    ("input without label", {"type": "input", "element": TEXT_INPUT}, "", "missing required field: label"),
    (
        "long label",
        entry("X", TEXT_INPUT) | {"label": plain("x" * 2001)},
        "/label/text",
        "must be less than 2001 characters",
    ),
    (
        "max_length too large",
        entry("X", TEXT_INPUT | {"max_length": 3001}),
        "/element/max_length",
        "must be less than 3001",
    ),
    (
        "shortest longer than longest",
        entry("X", TEXT_INPUT | {"min_length": 5, "max_length": 4}),
        "/element/min_length",
        "must be less than `max_length`",
    ),
    (
        "starts too long",
        entry("X", TEXT_INPUT | {"initial_value": "x" * 3001}),
        "/element/initial_value",
        "must be less than 3001 characters",
    ),
    (
        "number without kind",
        entry("X", {"type": "number_input"}),
        "/element",
        "missing required field: is_decimal_allowed",
    ),
    (
        "file input in a message",
        entry("X", {"type": "file_input"}),
        "/element",
        "unsupported type: file_input",
    ),
    (
        "long markdown",
        {"type": "markdown", "text": "x" * 12_001},
        "/text",
        "must be less than 12001 characters",
    ),
    ("101 rows", {"type": "table", "rows": [[CELL]] * 101}, "/rows", "no more than 100 items allowed"),
    ("21 cells", {"type": "table", "rows": [[CELL] * 21]}, "/rows/0", "no more than 20 items allowed"),
    (
        "uneven table",
        {"type": "table", "rows": [[CELL], [CELL] * 2]},
        "/rows",
        "all rows must have the same number of cells",
    ),
    ("alert in a message", {"type": "alert", "text": plain("x")}, "", "unsupported type: alert"),
    (
        "four buttons on a card",
        {"type": "card", "actions": [button("x", f"{n}") for n in range(4)]},
        "/actions",
        "no more than 3 items allowed",
    ),
    (
        "empty card",
        {"type": "card"},
        "",
        "must define at least one of `hero_image`, `title`, `actions`, `body`",
    ),
    ("unknown block", {"type": "banner"}, "", "unsupported type: banner"),
    ("unknown element", actions({"type": "slider"}), "/elements/0", "unsupported type: slider"),
    ("unknown property", section("x") | {"colour": "red"}, "", "invalid additional property: colour"),
    (
        "emoji on mrkdwn",
        {"type": "section", "text": mrkdwn("x") | {"emoji": True}},
        "/text",
        "invalid additional property: emoji",
    ),
    ("no type", {"text": plain("x")}, "", "missing required field: type"),
    ("unknown rich part", rich({"type": "smell"}), "/elements/0/elements/0", "unsupported type: smell"),
    (
        "rich text without text",
        rich({"type": "text", "text": ""}),
        "/elements/0/elements/0/text",
        "must be more than 0 characters",
    ),
    (
        "long block_id",
        section("x") | {"block_id": "b" * 256},
        "/block_id",
        "must be less than 256 characters",
    ),
    ("text as a string", {"type": "section", "text": "x"}, "/text", "must provide an object"),
    ("value as a number", actions(button("x", value=1)), "/elements/0/value", "must provide a string"),
]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda block: block["type"])
def test_a_sound_block_passes(block: Json) -> None:
    assert problems([block], "message") == []


@pytest.mark.parametrize(
    ("block", "pointer", "sentence"), [case[1:] for case in BAD_BLOCKS], ids=[c[0] for c in BAD_BLOCKS]
)
def test_a_broken_rule_is_told_with_its_place(block: Json, pointer: str, sentence: str) -> None:
    told = [str(problem) for problem in problems([block], "message")]

    assert f"{sentence} [json-pointer:/blocks/0{pointer}]" in told


BAD_VIEWS: list[tuple[str, Json, Surface, str]] = [
    (
        "no title",
        {"type": "modal", "blocks": []},
        "modal",
        "missing required field: title [json-pointer:/view]",
    ),
    (
        "long title",
        modal(title="x" * 25),
        "modal",
        "must be less than 25 characters [json-pointer:/view/title/text]",
    ),
    (
        "long submit",
        modal(submit=plain("x" * 25)),
        "modal",
        "must be less than 25 characters [json-pointer:/view/submit/text]",
    ),
    (
        "input without submit",
        {"type": "modal", "title": plain("x"), "blocks": [entry("X", TEXT_INPUT)]},
        "modal",
        "must define `submit` to use an `input` block in modals [json-pointer:/view]",
    ),
    (
        "long metadata",
        modal(private_metadata="x" * 3001),
        "modal",
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    (
        "long callback_id",
        modal(callback_id="x" * 256),
        "modal",
        "must be less than 256 characters [json-pointer:/view/callback_id]",
    ),
    (
        "long external_id",
        modal(external_id="x" * 256),
        "modal",
        "must be less than 256 characters [json-pointer:/view/external_id]",
    ),
    (
        "markdown in a modal",
        modal({"type": "markdown", "text": "x"}),
        "modal",
        "unsupported type: markdown [json-pointer:/view/blocks/0]",
    ),
    (
        "101 blocks",
        modal(*[{"type": "divider"}] * 101),
        "modal",
        "no more than 100 items allowed [json-pointer:/view/blocks]",
    ),
    ("a view read back", modal(hash="1"), "modal", "invalid additional property: hash [json-pointer:/view]"),
    (
        "home as a modal",
        {"type": "home", "blocks": []},
        "modal",
        "must be one of: modal [json-pointer:/view/type]",
    ),
    (
        "title on the Home",
        {"type": "home", "blocks": [], "title": plain("x")},
        "home",
        "invalid additional property: title [json-pointer:/view]",
    ),
    (
        "alert on the Home",
        {"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]},
        "home",
        "unsupported type: alert [json-pointer:/view/blocks/0]",
    ),
    (
        "eleven files",
        modal(entry("X", {"type": "file_input", "max_files": 11})),
        "modal",
        "must be less than 11 [json-pointer:/view/blocks/0/element/max_files]",
    ),
    (
        "two want the focus",
        modal(
            entry("X", TEXT_INPUT | {"focus_on_load": True}), entry("Y", TEXT_INPUT | {"focus_on_load": True})
        ),
        "modal",
        "only one element can set `focus_on_load` [json-pointer:/view/blocks/1/element/focus_on_load]",
    ),
    (
        "block_id twice",
        modal(section("x") | {"block_id": "b"}, section("y") | {"block_id": "b"}),
        "modal",
        '`block_id` "b" already exists for another block [json-pointer:/view/blocks/1/block_id]',
    ),
]


@pytest.mark.parametrize(
    ("view", "surface", "told"), [case[1:] for case in BAD_VIEWS], ids=[c[0] for c in BAD_VIEWS]
)
def test_a_broken_view_is_told_with_its_place(view: Json, surface: Surface, told: str) -> None:
    assert told in [str(problem) for problem in problems(view, surface)]


def test_a_sound_modal_and_home_pass() -> None:
    full = modal(
        entry("Text", TEXT_INPUT | {"multiline": True, "max_length": 3000}, hint=plain("h"), optional=True),
        entry("Media", {"type": "file_input", "max_files": 10, "filetypes": ["png"]}),
        {"type": "alert", "text": plain("x"), "level": "info"},
        callback_id="c",
        private_metadata="m",
        notify_on_close=True,
        close=plain("Cancel"),
    )

    assert problems(full, "modal") == []
    assert problems({"type": "home", "blocks": [section("x"), actions(button("Go"))]}, "home") == []


def test_a_message_has_at_most_fifty_blocks_and_one_table() -> None:
    table = {"type": "table", "rows": [[CELL]]}

    assert [str(p) for p in problems([{"type": "divider"}] * 51, "message")] == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert [str(p) for p in problems([table, table], "message")] == [
        "only one table is allowed in a message [json-pointer:/blocks/1]"
    ]


def test_markdown_blocks_share_their_limit() -> None:
    half = {"type": "markdown", "text": "x" * 6001}

    assert [p.pointer for p in problems([half, half], "message")] == ["/blocks/1/text"]


def test_the_same_action_id_may_stand_in_two_blocks() -> None:
    assert problems([actions(button("x")), actions(button("y"))], "message") == []


@pytest.mark.parametrize("content", ["blocks", [1], [None], {"type": "section"}])
def test_what_is_no_list_of_blocks_is_refused(content: Any) -> None:
    assert problems(content, "message")


def test_options_answered_to_a_select_are_checked_too() -> None:
    assert option_problems({"options": []}) == []
    assert option_problems({"option_groups": [{"label": plain("g"), "options": [option()]}]}) == []
    assert [str(p) for p in option_problems({"options": [option("x" * 76)]})] == [
        "must be less than 76 characters [json-pointer:/options/0/text/text]"
    ]
    assert option_problems({})
