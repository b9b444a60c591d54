"""The fields of modals, one function for each kind."""

from collections.abc import Sequence

from scrm_bot.views.blocks import (
    MOST_INPUT,
    MOST_LABEL,
    MOST_OPTIONS,
    MOST_PLACEHOLDER,
    Block,
    Option,
    clean,
    option,
    plain,
    size,
)

TIMES = "now, in 2h30m, tomorrow 09:00, fri 5pm, or a date: 2030-12-01 09:00"


def field(label: str, element: Block, *, block_id: str = "", optional: bool = False, hint: str = "") -> Block:
    """An input block; its block_id is the element's action_id where none is given."""
    block: Block = {
        "type": "input",
        "block_id": block_id or element["action_id"],
        "label": plain(label, MOST_LABEL),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": plain(hint, MOST_LABEL)} if hint else block


def dispatching(block: Block) -> Block:
    """The same field, telling at once when it changes."""
    return block | {"dispatch_action": True}


def text(action: str, *, initial: str = "", multiline: bool = False, placeholder: str = "") -> Block:
    """A text field. What is longer than it holds stays out: half a text must not be saved as the whole."""
    element: Block = {"type": "plain_text_input", "action_id": action, "max_length": MOST_INPUT}
    if multiline:
        element["multiline"] = True
    if initial and fits(initial):
        element["initial_value"] = clean(initial)
    return _hinted(element, placeholder)


def fits(value: str) -> bool:
    """True when a text field can hold this text."""
    return size(clean(value)) <= MOST_INPUT


def select(action: str, entries: Sequence[Option], *, initial: str = "", placeholder: str = "") -> Block:
    options = [option(entry) for entry in entries[:MOST_OPTIONS]]
    element: Block = {"type": "static_select", "action_id": action, "options": options}
    return _hinted(element | _chosen(options, initial), placeholder)


def radio(action: str, entries: Sequence[Option], *, initial: str = "") -> Block:
    options = [option(entry) for entry in entries[:10]]
    return {"type": "radio_buttons", "action_id": action, "options": options} | _chosen(options, initial)


def checkboxes(action: str, entries: Sequence[Option], *, ticked: Sequence[str] = ()) -> Block:
    """Ten at the most, as Slack has it."""
    options = [option(entry) for entry in entries[:10]]
    element: Block = {"type": "checkboxes", "action_id": action, "options": options}
    chosen = [entry for entry in options if entry["value"] in ticked]
    return element | {"initial_options": chosen} if chosen else element


def suggested(action: str, *, initial: Sequence[Option] = (), placeholder: str = "") -> Block:
    """Several of what the bot offers while somebody types; the menu opens at once."""
    element: Block = {"type": "multi_external_select", "action_id": action, "min_query_length": 0}
    if initial:
        element["initial_options"] = [option(entry) for entry in initial[:MOST_OPTIONS]]
    return _hinted(element, placeholder)


def suggested_one(action: str, *, placeholder: str = "") -> Block:
    return _hinted({"type": "external_select", "action_id": action, "min_query_length": 0}, placeholder)


def conversation(action: str, *, initial: str = "", placeholder: str = "") -> Block:
    """A channel, public or private; no direct messages, no archived or foreign ones."""
    element: Block = {
        "type": "conversations_select",
        "action_id": action,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if initial:
        element["initial_conversation"] = initial
    return _hinted(element, placeholder)


def people(action: str, *, initial: Sequence[str] = (), placeholder: str = "") -> Block:
    element: Block = {"type": "multi_users_select", "action_id": action}
    if initial:
        element["initial_users"] = list(initial)
    return _hinted(element, placeholder)


def person(action: str, *, placeholder: str = "") -> Block:
    return _hinted({"type": "users_select", "action_id": action}, placeholder)


def files(action: str, *, most: int = 10) -> Block:
    return {
        "type": "file_input",
        "action_id": action,
        "filetypes": ["jpg", "jpeg", "png", "gif", "webp", "mp4", "mov"],
        "max_files": most,
    }


def time_hint(zone: str) -> str:
    """What can be typed where a time is asked for; `zone` is the one it is read in."""
    where = f" Times are in {zone} unless you name another zone." if zone else ""
    return f"Such as {TIMES}.{where}"


def _chosen(options: Sequence[Block], initial: str) -> Block:
    chosen = [entry for entry in options if entry["value"] == initial]
    return {"initial_option": chosen[0]} if chosen else {}


def _hinted(element: Block, placeholder: str) -> Block:
    return element | {"placeholder": plain(placeholder, MOST_PLACEHOLDER)} if placeholder else element
