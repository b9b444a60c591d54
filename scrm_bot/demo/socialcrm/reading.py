"""Reading what a caller sent: JSON bodies, their fields, and the paging of lists."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, TypeVar

from scrm_bot.demo.socialcrm.clock import parse_stamp
from scrm_bot.demo.socialcrm.errors import invalid

LONGEST_TEXT = 20_000
_LONGEST_LIST = 100
_LARGEST_LIMIT = 50
_LARGEST_OFFSET = 10**9

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paging:
    limit: int = 20
    offset: int = 0

    def cut(self, items: Sequence[Item]) -> Sequence[Item]:
        return items[self.offset : self.offset + self.limit]


def paging(query: Mapping[str, str]) -> Paging:
    default = Paging()
    return Paging(
        limit=_whole(query, "limit", default.limit, lowest=1, highest=_LARGEST_LIMIT),
        offset=_whole(query, "offset", default.offset, lowest=0, highest=_LARGEST_OFFSET),
    )


def _whole(query: Mapping[str, str], name: str, default: int, *, lowest: int, highest: int) -> int:
    written = query.get(name)
    if written is None:
        return default
    # int() alone would also take " 5", "1_0" and digits of other scripts
    if written.isascii() and written.isdigit() and len(written) < 12 and lowest <= int(written) <= highest:
        return int(written)
    raise invalid(f"{name} must be a whole number from {lowest} to {highest}.")


class Fields:
    """The fields of one JSON object; whatever does not fit is refused by its name."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw

    def has(self, name: str) -> bool:
        return self._raw.get(name) is not None

    def text(self, name: str, *, longest: int = LONGEST_TEXT) -> str:
        value = self._raw.get(name)
        if not isinstance(value, str) or not value.strip():
            raise invalid(f"{name} must be a text that is not empty.")
        if len(value) > longest:
            raise invalid(f"{name} must be at most {longest} characters long.")
        return value

    def text_or(self, name: str, default: str, *, longest: int = LONGEST_TEXT) -> str:
        return self.text(name, longest=longest) if self.has(name) else default

    def whole(self, name: str, *, lowest: int, highest: int) -> int:
        value = self._raw.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise invalid(f"{name} must be a whole number from {lowest} to {highest}.")
        return value

    def whole_or(self, name: str, default: int, *, lowest: int, highest: int) -> int:
        return self.whole(name, lowest=lowest, highest=highest) if self.has(name) else default

    def seconds_or(self, name: str, default: float, *, highest: float) -> float:
        value = self._raw.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= highest:
            raise invalid(f"{name} must be a number from 0 to {highest:g}.")
        return float(value)

    def ids(self, name: str, known: Callable[[str], bool]) -> tuple[str, ...]:
        """A list of ids, each known, in the order given and each once."""
        values = self.texts(name)
        for value in values:
            if not known(value):
                raise invalid(f"{name} holds an unknown id: {value[:40]!r}.")
        return tuple(dict.fromkeys(values))

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._raw.get(name)
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise invalid(f"{name} must be a list of texts.")
        if len(values) > _LONGEST_LIST:
            raise invalid(f"{name} must hold at most {_LONGEST_LIST} items.")
        return tuple(values)

    def moment(self, name: str) -> datetime:
        try:
            return parse_stamp(self.text(name, longest=40))
        except ValueError as error:
            raise invalid(f"{name} must be an RFC 3339 time with a zone.") from error


def fields(raw: bytes, *, optional: bool = False) -> Fields:
    """The JSON object of a body; an empty body is one without fields where that is allowed."""
    if optional and not raw.strip():
        return Fields({})
    try:
        value = json.loads(raw, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate has no UTF-8
    except (ValueError, RecursionError) as error:
        raise invalid("The body must be well-formed JSON in UTF-8.") from error
    if not isinstance(value, dict):
        raise invalid("The body must be a JSON object.")
    return Fields(value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's
