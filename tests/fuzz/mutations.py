"""What can be wrong with a delivery: its structure, its types, its text, its bytes, and how it is sent."""

import gzip
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.fuzz.shapes import written
from tests.unit.slack.rig import Json, signature

_LONG = "x" * 20_000
_NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**30, 2**63, -(10**400), 1e308, float("inf"), float("nan")),
    *(
        "",
        " ",
        "\x00",
        "\ud800",
        "\u202e\u200b",
        "💥" * 50,
        _LONG,
        "*",
        "T1/b",
        "a:b",
        "{s00}",
        "../x",
        "%00",
    ),
    *([], [[]], [None], {}, {"": ""}, {"id": None}, [{"id": "x"}] * 50, "9" * 5000, "sk_live_" + "a" * 32),
)
_NAMES = ("", "id", "type", "value", "team", "__proto__", "\x00", "x" * 300, "💥")


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it goes out; of one that is not whole the second half is missing."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    is_signed: bool = True
    is_chunked: bool = False
    is_whole: bool = True


class Mutator:
    """Makes one request of one delivery; of the same random numbers the same."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._of_bytes = (
            self._cut,
            self._flipped,
            self._inserted,
            self._twice,
            self._percent,
            self._deep,
            self._doubled,
        )

    def request(self, delivery: Json) -> Sent:
        for _ in range(self._random.choice((0, 1, 1, 1, 2, 5))):
            delivery = self._mutated(delivery)
        raw = written(delivery)
        if self._random.random() < 0.15:
            raw = self._random.choice(self._of_bytes)(raw)
        return self._sent(raw[:990_000])

    # Structure

    def _mutated(self, delivery: Json) -> Json:
        copy: Json = json.loads(json.dumps(delivery))
        where = self._somewhere(copy)
        key = self._random.choice([*where]) if isinstance(where, dict) else self._random.randrange(len(where))
        self._change(where, key)
        return copy

    def _somewhere(self, value: Any) -> Any:
        """A dict or list in it that holds something."""
        inside = [each for each in (value.values() if isinstance(value, dict) else value) if _has_parts(each)]
        if inside and self._random.random() < 0.6:
            return self._somewhere(self._random.choice(inside))
        return value

    def _change(self, where: Any, key: Any) -> None:
        match self._random.randrange(6):
            case 0:
                del where[key]
                if not where and isinstance(where, dict):
                    where["x"] = None
            case 1 if isinstance(where, dict):
                where[self._random.choice(_NAMES)] = where.pop(key)
            case 2:
                where[key] = [where[key]]
            case 3:
                where[key] = _nested(where[key], self._random.choice((3, 200, 3000)))
            case _:
                where[key] = self._random.choice(_NASTY)

    # Bytes

    def _at(self, raw: bytes) -> int:
        return self._random.randrange(len(raw) + 1)

    def _cut(self, raw: bytes) -> bytes:
        return raw[: self._at(raw)]

    def _flipped(self, raw: bytes) -> bytes:
        at = self._at(raw)
        return raw[:at] + bytes([self._random.randrange(256)]) + raw[at + 1 :]

    def _inserted(self, raw: bytes) -> bytes:
        at = self._at(raw)
        return (
            raw[:at] + self._random.choice((b"\x00", b"\xff\xfe", b"&", b"=", b"%", b"\r\n\r\n")) + raw[at:]
        )

    def _twice(self, raw: bytes) -> bytes:
        """The same form field, or the same JSON key, twice."""
        if raw.startswith(b"{"):
            return b'{"type":"event_callback","type":[],' + raw[1:]
        return raw + b"&" + raw.partition(b"=")[0] + b"=%7B%7D"

    def _percent(self, raw: bytes) -> bytes:
        return raw.replace(b"%", self._random.choice((b"%%", b"%g", b"%u00", b"%f")), 3)

    def _deep(self, raw: bytes) -> bytes:
        depth = self._random.choice((100, 10_000, 100_000))
        return b'{"type":' + b"[" * depth + b"]" * depth + b"}" + raw[:10]

    def _doubled(self, raw: bytes) -> bytes:
        return raw + raw

    # On the wire

    def _sent(self, raw: bytes) -> Sent:
        headers, random = signature(raw), self._random
        way = random.choices(("plain", "forged", "stale", "kind", "gzip", "odd"), (11, 4, 1, 1, 1, 1))[0]
        cut = {"is_chunked": random.random() < 0.05, "is_whole": random.random() > 0.05}
        if way == "forged":
            forged = ("", "v0=", "v0=" + "0" * 64, "v1=\xff", _LONG[:900])
            return Sent(raw, headers | {"X-Slack-Signature": random.choice(forged)}, is_signed=False, **cut)
        if way == "stale":
            stamp = random.choice(("", "-1", "1.5", "1", "9" * 30, "NaN"))
            return Sent(raw, headers | {"X-Slack-Request-Timestamp": stamp}, is_signed=False, **cut)
        if way == "gzip":
            raw = gzip.compress(raw)[: random.choice((5, 20, 10**6))]
            headers = signature(raw) | {"Content-Encoding": "gzip"}
        elif way == "kind":
            kinds = ("", "text/xml", "multipart/form-data", "application/json; charset=utf-99", "a" * 500)
            headers["Content-Type"] = random.choice(kinds)
        elif way == "odd":
            headers |= {f"X-{'a' * random.randrange(1, 60)}": _LONG[:2000], "Cookie": "a=" + _LONG[:3000]}
        return Sent(raw, headers, **cut)


def _has_parts(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _nested(value: Any, depth: int) -> Any:
    """Python's own JSON gives up on much more than this."""
    for number in range(min(depth, 300)):
        value = [value] if number % 2 else {"a": value}
    return value
