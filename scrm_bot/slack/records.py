"""A reading as it is kept until its work is done: JSON, to be sealed by the caller."""

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from operator import attrgetter
from typing import Any

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
    Shortcut,
    Submission,
)
from scrm_bot.slack.payloads import Reading


def _only(name: str) -> Callable[[Any], tuple[Any]]:
    return lambda value: (getattr(value, name),)


_KINDS: dict[str, type[Deed]] = {
    "invocation": Invocation,
    "click": Click,
    "submission": Submission,
    "shortcut": Shortcut,
    "home": HomeOpened,
    "key": KeySpotted,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FIELDS = {kind: tuple(each.name for each in fields(kind)) for kind in (*_NAMES, Caller, Line, SlackFile)}
_REQUIRED = {
    kind: tuple(each.name for each in fields(kind) if each.default is MISSING is each.default_factory)
    for kind in (*_NAMES, Caller, Line)
}
_VALUES = {kind: attrgetter(*names) if len(names) > 1 else _only(names[0]) for kind, names in _FIELDS.items()}


class RecordError(ScrmError):
    """A stored record that this version cannot read."""


def dump(reading: Reading) -> bytes:
    """The record of a reading."""
    deed = reading.deed
    whole = {"kind": _NAMES[type(deed)], "leaked": reading.leaked, "dedupe": reading.dedupe, "deed": deed}
    return _encode(whole).encode()


def load(record: bytes) -> Reading:
    """The reading of a record. Fields that a later version added are left out. Raises `RecordError`."""
    try:
        whole = json.loads(record)
        deed = _built(_KINDS[whole["kind"]], whole["deed"])
        return Reading(deed, whole["dedupe"], leaked=whole["leaked"])
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError("a record that this version cannot read") from error


def _plain(value: Any) -> dict[str, Any]:
    """Its fields, without those that hold nothing."""
    kind = type(value)
    return {name: held for name, held in zip(_FIELDS[kind], _VALUES[kind](value), strict=True) if held}


def _built(kind: type[Deed], value: dict[str, Any]) -> Deed:
    known = _known(kind, value)
    known["caller"] = Caller(**_known(Caller, known["caller"]))
    if kind is Invocation:
        known["line"] = Line(**_known(Line, known.get("line", {})))
    if kind is Shortcut:
        known["files"] = fileobjects.kept(known.get("files", ()))
    return kind(**known)


_encode = json.JSONEncoder(default=_plain, separators=(",", ":"), check_circular=False).encode


def _known(kind: type[Any], value: dict[str, Any]) -> dict[str, Any]:
    """The fields this version knows; what was left out for holding nothing is text."""
    held = {name: value[name] for name in _FIELDS[kind] if name in value}
    return dict.fromkeys(_REQUIRED[kind], "") | held
