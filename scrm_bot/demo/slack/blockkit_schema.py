"""Small checks that combine into schemas, with Slack's wording for what is wrong."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Surface = Literal["message", "modal", "home"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


@dataclass(slots=True)
class Walk:
    """What one check of a message or view remembers on its way."""

    surface: Surface
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    focused: int = 0
    tables: int = 0
    markdown: int = 0


Problems: TypeAlias = Iterator[Problem]
Check: TypeAlias = Callable[[object, str, Walk], Problems]


def string(most: int, *, least: int = 1) -> Check:
    """Text of a certain length."""

    def check(value: object, at: str, _walk: Walk) -> Problems:
        if not isinstance(value, str):
            yield Problem(at, "must provide a string")
        elif len(value) > most:
            yield Problem(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            yield Problem(at, f"must be more than {least - 1} characters")

    return check


def url(most: int = 3000) -> Check:
    text = string(most)

    def check(value: object, at: str, walk: Walk) -> Problems:
        yield from text(value, at, walk)
        if isinstance(value, str) and not value.startswith(("https://", "http://", "slack://", "mailto:")):
            yield Problem(at, "must be a valid URL")

    return check


def integer(low: int, high: int) -> Check:
    def check(value: object, at: str, _walk: Walk) -> Problems:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, "must be an integer")
        elif value < low:
            yield Problem(at, f"must be greater than {low - 1}")
        elif value > high:
            yield Problem(at, f"must be less than {high + 1}")

    return check


def boolean(value: object, at: str, _walk: Walk) -> Problems:
    if not isinstance(value, bool):
        yield Problem(at, "must be a boolean")


def anything(_value: object, _at: str, _walk: Walk) -> Problems:
    """For properties that are known, and whose contents are not checked."""
    yield from ()


def choice(*values: str) -> Check:
    def check(value: object, at: str, _walk: Walk) -> Problems:
        if value not in values:
            yield Problem(at, f"must be one of: {', '.join(values)}")

    return check


def listing(item: Check, *, least: int = 1, most: int) -> Check:
    """An array of so many items, each sound."""

    def check(value: object, at: str, walk: Walk) -> Problems:
        if not isinstance(value, list):
            yield Problem(at, "must provide an array")
            return
        if len(value) > most:
            yield Problem(at, f"no more than {most} items allowed")
        if len(value) < least:
            yield Problem(at, f"no less than {least} items allowed")
        for index, each in enumerate(value):
            yield from item(each, f"{at}/{index}", walk)

    return check


def record(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    typed: bool = True,
    then: Check | None = None,
) -> Check:
    """An object with these properties and no others; `then` looks at it as a whole."""
    needed, known = required or {}, {**(required or {}), **(optional or {})}
    if typed:
        known.setdefault("type", anything)

    def check(value: object, at: str, walk: Walk) -> Problems:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
            return
        for name in needed:
            if value.get(name) is None:
                yield Problem(at, f"missing required field: {name}")
        for name, held in value.items():
            if name not in known:
                yield Problem(at, f"invalid additional property: {name}")
            elif held is not None or name not in needed:
                yield from known[name](held, f"{at}/{name}", walk)
        if then is not None:
            yield from then(value, at, walk)

    return check


def kinds(table: Mapping[str, Check], *, allowed: Collection[str] | None = None) -> Check:
    """An object checked by its `type`; only the `allowed` ones, where that is narrower than the table."""
    names = set(table) if allowed is None else set(allowed)

    def check(value: object, at: str, walk: Walk) -> Problems:
        if not isinstance(value, dict):
            yield Problem(at, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            yield Problem(at, "missing required field: type")
        elif kind not in names:
            yield Problem(at, f"unsupported type: {kind}")
        else:
            yield from table[kind](value, at, walk)

    return check


def pattern(matches: Callable[[str], object], sentence: str) -> Check:
    """Text in a certain form."""

    def check(value: object, at: str, _walk: Walk) -> Problems:
        if not isinstance(value, str) or not matches(value):
            yield Problem(at, sentence)

    return check
