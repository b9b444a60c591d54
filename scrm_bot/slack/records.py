"""A reading as it is kept until its work is done: JSON, to be sealed by the caller."""

import json
from dataclasses import MISSING, asdict, fields
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.grammar import Line
from scrm_bot.domain.media import SlackFile
from scrm_bot.slack import fileobjects
from scrm_bot.slack.command import (
    Caller,
    Click,
    Deed,
    HomeOpened,
    Invocation,
    KeySpotted,
    LinksShared,
    Shortcut,
    StepRun,
    Submission,
)
from scrm_bot.slack.readings import Reading

_KINDS: dict[str, type[Deed]] = {
    "invocation": Invocation,
    "click": Click,
    "submission": Submission,
    "shortcut": Shortcut,
    "home": HomeOpened,
    "key": KeySpotted,
    "step": StepRun,
    "links": LinksShared,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FIELDS = {kind: tuple(each.name for each in fields(kind)) for kind in (*_NAMES, Caller, Line, SlackFile)}
_REQUIRED = {
    kind: tuple(each.name for each in fields(kind) if each.default is MISSING is each.default_factory)
    for kind in (*_NAMES, Caller, Line)
}


class RecordError(ScrmError):
    """A stored record that this version cannot read."""


def dump(reading: Reading) -> bytes:
    """The record of a reading. Every acknowledgement waits for it, so compiled code writes it."""
    deed = reading.deed
    whole = {"kind": _NAMES[type(deed)], "leaked": reading.leaked, "dedupe": reading.dedupe, "deed": deed}
    whole |= {"cut": True} if reading.cut else {}
    try:
        return to_json(whole)
    except PydanticSerializationError:  # half a surrogate pair, which is JSON but no text
        return json.dumps(whole, default=asdict).encode()


def load(record: bytes) -> Reading:
    """The reading of a record. Fields that a later version added are left out. Raises `RecordError`."""
    try:
        whole = json.loads(record)
        deed = _built(_KINDS[whole["kind"]], whole["deed"])
        return Reading(deed, whole["dedupe"], leaked=whole["leaked"], cut=whole.get("cut", False))
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError("a record that this version cannot read") from error


def _built(kind: type[Deed], value: dict[str, Any]) -> Deed:
    known = _known(kind, value)
    known["caller"] = Caller(**_known(Caller, known["caller"]))
    if kind is Invocation:
        known["line"] = Line(**_known(Line, known.get("line", {})))
    if kind in {Invocation, Shortcut}:
        known["files"] = fileobjects.kept(known.get("files", ()))
    if kind is Submission:
        known["inputs"] = tuple(known.get("inputs", ()))
    if kind is LinksShared:
        known["urls"] = tuple(known["urls"])
    return kind(**known)


def _known(kind: type[Any], value: dict[str, Any]) -> dict[str, Any]:
    """The fields this version knows; what was left out for holding nothing is text."""
    held = {name: value[name] for name in _FIELDS[kind] if name in value}
    return dict.fromkeys(_REQUIRED[kind], "") | held
