"""What every reading of SocialCRM's JSON is made of: texts, lists and numbers, under one of several names."""

import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

ACCOUNT_NAMES = ("account", "social_account")

_T = TypeVar("_T")

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)


class MisfitError(ValueError):
    """JSON that fits no variant of what was asked for."""


def text_of(value: Any, names: Sequence[str]) -> str:
    """A bare string, or the first of these names that holds one; never an empty one."""
    found = value if isinstance(value, str) else first_text(value, names)
    if not found:
        raise MisfitError("no text where one was expected")
    return found


def first_text(value: Any, names: Sequence[str]) -> str:
    told = value if isinstance(value, dict) else {}
    return next((told[name] for name in names if isinstance(told.get(name), str) and told[name]), "")


def list_of(value: Any, names: Sequence[str]) -> list[Any]:
    """A bare list, or the first of these names that holds one."""
    if isinstance(value, dict):
        value = next((value[name] for name in names if isinstance(value.get(name), list)), None)
    if not isinstance(value, list):
        raise MisfitError("no list where one was expected")
    return value


def each_of(items: Sequence[Any], read: Callable[[Any], _T]) -> tuple[_T, ...]:
    """What can be read of a list: one odd entry is no reason to refuse the others. It is, where it is all."""
    found = []
    for item in items:
        with suppress(MisfitError):
            found.append(read(item))
    if items and not found:
        raise MisfitError("no entry that could be read")
    return tuple(found)


def number(value: Any) -> float | None:
    """A finite number, also one written as a plain string; None for everything else, `true` included."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        told = float(value)
    except OverflowError:
        return None
    return told if math.isfinite(told) else None


def is_content(name: str) -> bool:
    """Whether a field is one to show: ids and times are not, nor the account itself."""
    return name not in {"id", *ACCOUNT_NAMES} and not name.endswith(("_id", "Id", "_at", "At"))
