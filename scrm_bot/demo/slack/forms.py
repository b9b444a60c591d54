"""The values in a message's or view's inputs: their exact shapes, and what keeps a form from going out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrm_bot.demo.slack.wire import Block, Json, Values, as_object

# element type -> (key in state.values, key of its initial value, what an empty one is)
SHAPES: dict[str, tuple[str, str, object]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "radio_buttons": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "file_input": ("files", "", []),
}
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
REQUIRED = "Please complete this required field."


@dataclass(frozen=True, slots=True)
class Field:
    """An interactive element and where it stands."""

    block: Block
    element: Json

    @property
    def block_id(self) -> str:
        return str(self.block.get("block_id", ""))

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def kind(self) -> str:
        return str(self.element.get("type", ""))

    @property
    def keeps_state(self) -> bool:
        return self.kind in SHAPES

    @property
    def is_input(self) -> bool:
        return self.block.get("type") == "input"


def fields(blocks: Sequence[Block]) -> Iterator[Field]:
    """Every element a person can work with, in reading order."""
    for block in blocks:
        kind = block.get("type")
        if kind == "input":
            yield Field(block, as_object(block.get("element")))
        elif kind == "section" and "accessory" in block:
            yield Field(block, as_object(block["accessory"]))
        elif kind in {"actions", "context_actions"}:
            for element in block.get("elements", []):
                yield Field(block, element)
        elif kind == "card":
            for element in block.get("actions", []):
                yield Field(block, element)
        elif kind in {"carousel", "container"}:
            yield from fields(block.get("elements", []) + block.get("child_blocks", []))


def complete(blocks: Sequence[Block], *, sent: Values, kept: Values) -> Values:
    """state.values in full: what was sent, else what was kept, else what the block began with."""
    values: Values = {}
    for field in fields(blocks):
        if not field.keeps_state:
            continue
        value = _value(field, sent) or _value(field, kept) or _initial(field)
        values.setdefault(field.block_id, {})[field.action_id] = value
    return values


def _value(field: Field, values: Values) -> Json | None:
    given = as_object(values.get(field.block_id)).get(field.action_id)
    key, _, empty = SHAPES[field.kind]
    if not isinstance(given, dict) or key not in given:
        return None
    held = given[key]
    value = {"type": field.kind, key: empty if held in ("", None) else held}
    if field.kind == "timepicker" and given.get("timezone"):
        value["timezone"] = given["timezone"]
    return value


def _initial(field: Field) -> Json:
    key, initial, empty = SHAPES[field.kind]
    return {"type": field.kind, key: field.element.get(initial, empty)}


def shortfalls(blocks: Sequence[Block], values: Values) -> dict[str, str]:
    """What Slack's own client would say under each input before it sends the form."""
    found: dict[str, str] = {}
    for field in fields(blocks):
        if not field.is_input or not field.keeps_state:
            continue
        held = values[field.block_id][field.action_id][SHAPES[field.kind][0]]
        problem = _shortfall(field, held)
        if problem:
            found[field.block_id] = problem
    return found


def _shortfall(field: Field, held: object) -> str:
    if held is None or held == []:
        return "" if field.block.get("optional") else REQUIRED
    if isinstance(held, str):
        return _text_shortfall(field, held)
    limit = field.element.get("max_selected_items") or field.element.get("max_files")
    if isinstance(held, list) and limit and len(held) > int(limit):
        return f"Choose no more than {limit}."
    return ""


def _text_shortfall(field: Field, held: str) -> str:
    element = field.element
    match field.kind:
        case "plain_text_input" if len(held) < int(element.get("min_length", 0)):
            return f"Use at least {element['min_length']} characters."
        case "plain_text_input" if len(held) > int(element.get("max_length", 3000)):
            return f"Use at most {element.get('max_length', 3000)} characters."
        case "email_text_input" if not EMAIL.fullmatch(held):
            return "Enter a valid email address."
        case "url_text_input" if not held.startswith(("http://", "https://")):
            return "Enter a valid URL."
        case "number_input":
            return _number_shortfall(element, held)
    return ""


def _number_shortfall(element: Json, held: str) -> str:
    try:
        number = float(held)
    except ValueError:
        return "Enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Enter {element['min_value']} or more."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Enter {element['max_value']} or less."
    return ""
