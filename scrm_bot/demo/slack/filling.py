"""What a person's entry becomes in an input: text, names and dates as Slack's values."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, time

from scrm_bot.demo.slack.forms import SHAPES, Field
from scrm_bot.demo.slack.labels import best, plain, text_of
from scrm_bot.demo.slack.wire import Json, as_list, as_object

Entry = str | int | bool | datetime | date | time | Sequence[object] | None
Fetch = Callable[[Field, str], Awaitable[Json]]


class NoSuchOptionError(LookupError):
    """The select does not offer what was asked for."""


async def value(field: Field, entry: Entry, *, state: Json, fetch: Fetch) -> Json:
    """The entry as this field's value; external selects are asked through `fetch`."""
    key, _, empty = SHAPES[field.kind]
    if entry is None or entry == []:
        return {"type": field.kind, key: empty}
    many = key.endswith("s") and key != "files"
    if many:
        held: object = [await _one(field, each, state, fetch) for each in _several(field, entry)]
    elif key == "files":
        held = list(entry) if isinstance(entry, Sequence) else [entry]
    else:
        held = await _one(field, entry, state, fetch)
    return {"type": field.kind, key: held}


def _several(field: Field, entry: Entry) -> list[object]:
    """Checkboxes may be answered with yes or no when there is only one."""
    if isinstance(entry, bool):
        options = field.element.get("options", [])
        return [text_of(options[0]["text"])] if entry and options else []
    if isinstance(entry, str):
        return [entry]
    return list(entry) if isinstance(entry, Sequence) else [entry]


async def _one(field: Field, entry: object, state: Json, fetch: Fetch) -> object:
    match field.kind.removeprefix("multi_"):
        case "static_select" | "radio_buttons" | "checkboxes":
            return _option(field, str(entry), field.element)
        case "external_select":
            return await _asked(field, str(entry), fetch)
        case "users_select":
            return _named(str(entry), state["users"], field)
        case "conversations_select" | "channels_select":
            return _named(str(entry), state["channels"], field)
    return _written(field.kind, entry)


async def _asked(field: Field, wanted: str, fetch: Fetch) -> Json:
    """Typed into the select; if that finds nothing, looked for in what it offers unasked."""
    try:
        return _option(field, wanted, await fetch(field, wanted))
    except NoSuchOptionError:
        return _option(field, wanted, await fetch(field, ""))


def _written(kind: str, entry: object) -> object:
    """What is typed or picked rather than chosen from a list."""
    if kind == "rich_text_input":
        return _rich(str(entry))
    if kind == "datetimepicker":
        return int(entry.timestamp()) if isinstance(entry, datetime) else int(str(entry))
    if kind == "timepicker" and isinstance(entry, time):
        return entry.strftime("%H:%M")
    if kind == "datepicker" and isinstance(entry, date):
        return entry.isoformat()[:10]
    return str(entry)


def options(source: Mapping[str, object]) -> list[Json]:
    groups = source.get("option_groups") or [source]
    return [each for group in as_list(groups) for each in as_list(as_object(group).get("options"))]


def _option(field: Field, wanted: str, source: Mapping[str, object]) -> Json:
    """The option by label or value; failing that, the only one whose label contains the words."""
    offered = options(source)
    found = best([(text_of(each["text"]), each) for each in offered], wanted)
    found = found or next((each for each in offered if each.get("value") == wanted), None)
    holding = [each for each in offered if plain(wanted) in plain(text_of(each["text"]))]
    if found is None and len(holding) == 1:
        found = holding[0]
    if found is None:
        labels = [text_of(each["text"]) for each in offered]
        raise NoSuchOptionError(f"{field.action_id} does not offer {wanted!r}, only {labels}")
    return found


def _named(wanted: str, things: Sequence[Json], field: Field) -> str:
    bare = wanted.lstrip("#@")
    for thing in things:
        if bare in {thing["id"], thing.get("name"), thing.get("real_name")}:
            return str(thing["id"])
    names = [thing.get("name") for thing in things]
    raise NoSuchOptionError(f"{field.action_id} does not offer {wanted!r}, only {names}")


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}
