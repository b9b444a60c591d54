"""Domain objects as JSON: a missing field takes its default, an unknown one is passed over."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # each takes a millisecond to make


def written(record: object) -> bytes:
    return _adapter(type(record)).dump_json(record)


def read(kind: type[T], body: bytes | str) -> T:
    record: T = _adapter(kind).validate_json(body)
    return record


def microseconds(at: datetime) -> int:
    """Since 1970, exactly: floating point would lose the last digit."""
    return (at - _EPOCH) // _MICROSECOND


def milliseconds(at: datetime) -> int:
    """Since 1970, rounded up: nothing begins before its time."""
    return -(-microseconds(at) // 1000)


def moment(since_1970: int) -> datetime:
    """The time that is so many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=since_1970)


def _adapter(kind: type) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
