"""What travels as JSON: names for its types, and reading it without trusting it."""

import json
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
Block: TypeAlias = dict[str, Any]
Values: TypeAlias = dict[str, dict[str, Json]]


def as_object(value: object) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    return value if isinstance(value, str) else ""


def parse(raw: str | bytes) -> Any:
    """The JSON in `raw`; ValueError when it is not JSON or not UTF-8."""
    return json.loads(raw)


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def walk(value: object) -> list[Json]:
    """Every JSON object inside `value`, outermost first."""
    found: list[Json] = []
    if isinstance(value, dict):
        found.append(value)
        for child in value.values():
            found.extend(walk(child))
    elif isinstance(value, list):
        for child in value:
            found.extend(walk(child))
    return found
