"""Block elements: buttons, selects, pickers, inputs."""

import re
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from scrm_bot.demo.slack.blockkit_objects import (
    action_id,
    confirm,
    conversation_filter,
    counts_fit,
    dispatch_action_config,
    has_offers,
    offers,
    option,
    overflow_option,
    placeholder,
    plain,
    rich_option,
    slack_file,
    starts_with_an_offer,
    workflow,
)
from scrm_bot.demo.slack.blockkit_rich import rich_text
from scrm_bot.demo.slack.blockkit_schema import (
    Check,
    Problem,
    Problems,
    Walk,
    boolean,
    choice,
    integer,
    listing,
    pattern,
    record,
    string,
    url,
)
from scrm_bot.demo.slack.wire import as_object

STYLE = choice("primary", "danger")
INPUT_TEXT = 3000
SECONDS = (10**9, 10**10 - 1)


def _is_date(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_zone(value: str) -> bool:
    try:
        return bool(ZoneInfo(value))
    except (KeyError, ValueError, OSError):
        return False


a_date = pattern(_is_date, "must be a date as YYYY-MM-DD")
a_time = pattern(re.compile(r"([01]\d|2[0-3]):[0-5]\d").fullmatch, "must be a time as HH:mm")
a_zone = pattern(_is_zone, "must be an IANA time zone")
a_number = pattern(re.compile(r"-?\d+(\.\d+)?").fullmatch, "must be a number as a string")
an_id = string(255)


def focus(value: object, at: str, walk: Walk) -> Problems:
    """Only one element of a view may ask for the focus."""
    yield from boolean(value, at, walk)
    walk.focused += value is True
    if walk.focused > 1 and value is True:
        yield Problem(at, "only one element can set `focus_on_load`")


def unique_action_id(value: object, at: str, walk: Walk) -> Problems:
    """An action_id is used once in its block."""
    yield from action_id(value, at, walk)
    if isinstance(value, str) and value in walk.action_ids:
        yield Problem(at, f'`action_id` "{value}" already exists for another element')
    walk.action_ids.add(str(value))


def element(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    then: Check | None = None,
) -> Check:
    return record(required, {"action_id": unique_action_id, **(optional or {})}, then=then)


def _one_image(value: object, at: str, _walk: Walk) -> Problems:
    given = [name for name in ("image_url", "slack_file") if name in as_object(value)]
    if len(given) != 1:
        yield Problem(at, "must define either `image_url` or `slack_file`")


IMAGE_SOURCE: dict[str, Check] = {"image_url": url(), "slack_file": slack_file}
image = record({"alt_text": string(2000)}, IMAGE_SOURCE, then=_one_image)
one_image = _one_image


def _lengths_fit(value: object, at: str, _walk: Walk) -> Problems:
    held = as_object(value)
    low, high = held.get("min_length"), held.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Problem(f"{at}/min_length", "must be less than `max_length`")
    initial = held.get("initial_value")
    if isinstance(initial, str) and isinstance(high, int) and len(initial) > high:
        yield Problem(f"{at}/initial_value", f"must be less than {high + 1} characters")


INPUT: dict[str, Check] = {"placeholder": placeholder, "focus_on_load": focus}
TYPED: dict[str, Check] = {**INPUT, "dispatch_action_config": dispatch_action_config}
CHOSEN: dict[str, Check] = {**INPUT, "confirm": confirm}
MANY: dict[str, Check] = {**CHOSEN, "max_selected_items": integer(1, 10**6)}


def _chosen_well(value: object, at: str, walk: Walk) -> Problems:
    yield from has_offers(value, at, walk)
    yield from starts_with_an_offer(value, at, walk)
    yield from counts_fit(value, at, walk)


BUTTONS: dict[str, Check] = {
    "button": element(
        {"text": plain(75)},
        {
            "url": url(),
            "value": string(2000),
            "style": STYLE,
            "confirm": confirm,
            "accessibility_label": string(75),
        },
    ),
    "overflow": element({"options": listing(overflow_option, most=5)}, {"confirm": confirm}),
    "workflow_button": element(
        {"text": plain(75), "workflow": workflow}, {"style": STYLE, "accessibility_label": string(75)}
    ),
}

_feedback = record(
    {"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)}, typed=False
)
CONTEXT_ACTIONS: dict[str, Check] = {
    "feedback_buttons": element({"positive_button": _feedback, "negative_button": _feedback}),
    "icon_button": element(
        {"icon": choice("trash"), "text": plain(75)},
        {
            "value": string(2000),
            "confirm": confirm,
            "accessibility_label": string(75),
            "visible_to_user_ids": listing(an_id, most=1000),
        },
    ),
}

PICKERS: dict[str, Check] = {
    "datepicker": element(optional={**CHOSEN, "initial_date": a_date}),
    "timepicker": element(optional={**CHOSEN, "initial_time": a_time, "timezone": a_zone}),
    "datetimepicker": element(
        optional={"initial_date_time": integer(*SECONDS), "confirm": confirm, "focus_on_load": focus}
    ),
    "checkboxes": element(
        {"options": listing(rich_option, most=10)},
        {"initial_options": listing(rich_option, most=10), "confirm": confirm, "focus_on_load": focus},
        then=starts_with_an_offer,
    ),
    "radio_buttons": element(
        {"options": listing(rich_option, most=10)},
        {"initial_option": rich_option, "confirm": confirm, "focus_on_load": focus},
        then=starts_with_an_offer,
    ),
}

CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": conversation_filter}
SELECTS: dict[str, Check] = {
    "static_select": element(optional={**CHOSEN, **offers, "initial_option": option}, then=_chosen_well),
    "external_select": element(
        optional={**CHOSEN, "initial_option": option, "min_query_length": integer(0, 100)}
    ),
    "users_select": element(optional={**CHOSEN, "initial_user": an_id}),
    "conversations_select": element(
        optional={**CHOSEN, **CONVERSATIONS, "initial_conversation": an_id, "response_url_enabled": boolean}
    ),
    "channels_select": element(
        optional={**CHOSEN, "initial_channel": an_id, "response_url_enabled": boolean}
    ),
}

MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": element(
        optional={**MANY, **offers, "initial_options": listing(option, most=100)}, then=_chosen_well
    ),
    "multi_external_select": element(
        optional={**MANY, "initial_options": listing(option, most=100), "min_query_length": integer(0, 100)},
        then=counts_fit,
    ),
    "multi_users_select": element(
        optional={**MANY, "initial_users": listing(an_id, most=100)}, then=counts_fit
    ),
    "multi_conversations_select": element(
        optional={**MANY, **CONVERSATIONS, "initial_conversations": listing(an_id, most=100)}, then=counts_fit
    ),
    "multi_channels_select": element(
        optional={**MANY, "initial_channels": listing(an_id, most=100)}, then=counts_fit
    ),
}

_initial_text = string(INPUT_TEXT, least=0)
INPUTS: dict[str, Check] = {
    "plain_text_input": element(
        optional={
            **TYPED,
            "initial_value": _initial_text,
            "multiline": boolean,
            "min_length": integer(0, INPUT_TEXT),
            "max_length": integer(1, INPUT_TEXT),
        },
        then=_lengths_fit,
    ),
    "email_text_input": element(optional={**TYPED, "initial_value": _initial_text}),
    "url_text_input": element(optional={**TYPED, "initial_value": _initial_text}),
    "number_input": element(
        {"is_decimal_allowed": boolean},
        {**TYPED, "initial_value": a_number, "min_value": a_number, "max_value": a_number},
    ),
    "rich_text_input": element(optional={**TYPED, "initial_value": rich_text}),
    "file_input": element(
        optional={"filetypes": listing(string(50), most=100), "max_files": integer(1, 10)},
    ),
}
