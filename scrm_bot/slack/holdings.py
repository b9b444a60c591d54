"""What the inputs of a view or message hold, each by its type."""

from collections.abc import Mapping
from typing import Any

from scrm_bot.domain.grammar import mask_keys
from scrm_bot.slack import fileobjects
from scrm_bot.views.ids import Action

Json = Mapping[str, Any]

# input type → where its value is (docs: block-kit/block-elements)
VALUE_OF: dict[str, str] = {
    "button": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "file_input": "files",
}
_FILES = "file_input"


def all_of(state: Json) -> tuple[dict[str, Any], dict[str, str]]:
    """What every input holds, and the block each is in, both by action_id."""
    values: dict[str, Any] = {}
    blocks: dict[str, str] = {}
    for block_id, inputs in (state.get("values") or {}).items():
        for action_id, element in inputs.items():
            values[action_id] = held(element)
            blocks[action_id] = block_id
    return values, blocks


def held(element: Json) -> Any:
    """A value by the type of its input: text or None, list of text, whole number for a date with time."""
    kind = element.get("type") or ""
    value = element.get(VALUE_OF.get(kind, "value"))
    if kind == _FILES:
        return [fileobjects.plain(fileobjects.read(each)) for each in value or ()]
    if kind.startswith("multi_") or kind == "checkboxes":
        return [_one(each) for each in value or ()]
    return _one(value)


def without_keys(state: Json) -> tuple[dict[str, Any], bool]:
    """What the inputs hold without API keys, and whether there was one; the field for one has it."""
    masked, leaked = {}, False
    for action_id, value in state.items():
        masked[action_id], spotted = (value, False) if action_id == Action.API_KEY else _masked(value)
        leaked = leaked or spotted
    return masked, leaked


def _masked(value: Any) -> tuple[Any, bool]:
    if isinstance(value, str):
        return mask_keys(value)
    if isinstance(value, list):
        pairs = [_masked(each) for each in value]
        return [each for each, _ in pairs], any(spotted for _, spotted in pairs)
    return value, False


def _one(value: Any) -> Any:
    """An option's value, or the value itself."""
    return value.get("value", value) if isinstance(value, dict) else value
