"""Layout blocks, and on which surfaces each may stand."""

from scrm_bot.demo.slack.blockkit_elements import (
    BUTTONS,
    CONTEXT_ACTIONS,
    IMAGE_SOURCE,
    INPUTS,
    MULTI_SELECTS,
    PICKERS,
    SELECTS,
    image,
    one_image,
)
from scrm_bot.demo.slack.blockkit_objects import plain, text
from scrm_bot.demo.slack.blockkit_rich import rich_text
from scrm_bot.demo.slack.blockkit_schema import (
    Check,
    Problem,
    Problems,
    Surface,
    Walk,
    anything,
    boolean,
    choice,
    kinds,
    listing,
    record,
    string,
    url,
)
from scrm_bot.demo.slack.wire import as_list, as_object

MARKDOWN = 12_000
ACCESSORIES = {
    **BUTTONS,
    **SELECTS,
    **MULTI_SELECTS,
    "image": image,
    **{name: PICKERS[name] for name in ("datepicker", "timepicker", "checkboxes", "radio_buttons")},
}
ACTIONS = {**BUTTONS, **SELECTS, **PICKERS}
ENTRIES = {**INPUTS, **SELECTS, **MULTI_SELECTS, **PICKERS}
CONTEXT = {
    "image": image,
    "plain_text": record({"text": string(3000)}, {"emoji": boolean}),
    "mrkdwn": record({"text": string(3000)}, {"verbatim": boolean}),
}


def _section_says_something(value: object, at: str, _walk: Walk) -> Problems:
    if not {"text", "fields"} & set(as_object(value)):
        yield Problem(at, "must define either `text` or `fields`")


def _input_fits(value: object, at: str, walk: Walk) -> Problems:
    element = as_object(as_object(value).get("element"))
    if element.get("type") == "file_input" and walk.surface != "modal":
        yield Problem(f"{at}/element", "unsupported type: file_input")


def _markdown(value: object, at: str, walk: Walk) -> Problems:
    walk.markdown += len(str(as_object(value).get("text", "")))
    if walk.markdown > MARKDOWN:
        yield Problem(f"{at}/text", f"must be less than {MARKDOWN + 1} characters in all markdown blocks")


def _table(value: object, at: str, walk: Walk) -> Problems:
    walk.tables += 1
    if walk.tables > 1:
        yield Problem(at, "only one table is allowed in a message")
    widths = {len(row) for row in as_list(as_object(value).get("rows")) if isinstance(row, list)}
    if len(widths) > 1:
        yield Problem(f"{at}/rows", "all rows must have the same number of cells")


def _card(value: object, at: str, _walk: Walk) -> Problems:
    if not {"hero_image", "title", "actions", "body"} & set(as_object(value)):
        yield Problem(at, "must define at least one of `hero_image`, `title`, `actions`, `body`")


def _block(
    required: dict[str, Check] | None = None,
    optional: dict[str, Check] | None = None,
    *,
    then: Check | None = None,
) -> Check:
    return record(required, {"block_id": string(255), **(optional or {})}, then=then)


def known(*names: str) -> Check:
    """A block the bot has no use for: its properties are known by name only."""
    return _block(optional=dict.fromkeys(names, anything))


CELLS = {
    "raw_text": record({"text": string(3000)}),
    "raw_number": record({"value": anything}, {"text": string(3000)}),
    "rich_text": rich_text,
}
CARD = _block(
    optional={
        "hero_image": kinds({"image": image}),
        "icon": kinds({"image": image}),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": listing(kinds({"button": BUTTONS["button"]}), most=3),
    },
    then=_card,
)

BLOCKS: dict[str, Check] = {
    "section": _block(
        optional={
            "text": text(3000),
            "fields": listing(text(2000), most=10),
            "accessory": kinds(ACCESSORIES),
            "expand": boolean,
        },
        then=_section_says_something,
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block(),
    "image": _block({"alt_text": string(2000)}, {**IMAGE_SOURCE, "title": plain(2000)}, then=one_image),
    "actions": _block({"elements": listing(kinds(ACTIONS), most=25)}),
    "context": _block({"elements": listing(kinds(CONTEXT), most=10)}),
    "context_actions": _block({"elements": listing(kinds(CONTEXT_ACTIONS), most=5)}),
    "input": _block(
        {"label": plain(2000), "element": kinds(ENTRIES)},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        then=_input_fits,
    ),
    "file": _block({"external_id": string(255), "source": choice("remote")}),
    "markdown": _block({"text": string(MARKDOWN)}, then=_markdown),
    "rich_text": rich_text,
    "table": _block(
        {"rows": listing(listing(kinds(CELLS), most=20), most=100)},
        {"column_settings": listing(anything, most=20)},
        then=_table,
    ),
    "video": _block(
        {"alt_text": string(2000), "title": plain(200), "thumbnail_url": url(), "video_url": url()},
        {
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": url(),
            "provider_name": string(50),
            "title_url": url(),
        },
    ),
    "alert": _block({"text": text(200)}, {"level": choice("default", "info", "warning", "error", "success")}),
    "card": CARD,
    "carousel": _block({"elements": listing(kinds({"card": CARD}), most=10)}),
    "call": known("call_id", "api_decoration_available", "call"),
    "plan": known("title", "tasks", "plan_id"),
    "task_card": known("task_id", "title", "details", "output", "sources", "status"),
}
CHILDREN = ("section", "header", "divider", "image", "actions", "context", "rich_text", "input")
BLOCKS["container"] = _block(
    {"child_blocks": listing(kinds({name: BLOCKS[name] for name in CHILDREN}), most=10)},
    {
        "title": plain(150),
        "subtitle": plain(150),
        "icon": kinds({"image": image}),
        "width": anything,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
        "rich_text_title": rich_text,
    },
)

EVERYWHERE = {"section", "header", "divider", "image", "actions", "context", "input", "rich_text", "video"}
MESSAGE_ONLY = {
    "markdown",
    "table",
    "context_actions",
    "file",
    "card",
    "carousel",
    "call",
    "plan",
    "task_card",
}
ON: dict[Surface, set[str]] = {
    "message": EVERYWHERE | MESSAGE_ONLY | {"container"},
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE,
}
