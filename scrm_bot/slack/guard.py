"""What stands before Bolt: the signature over the raw bytes first, then one strict parse."""

import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

MOST_BYTES = 1_000_000
_WINDOW = 300  # seconds (docs: verifying-requests-from-slack)
_MOST_FIELDS = 100
_LIKE_SLACKS = re.compile(rb"v0=[0-9a-f]{64}")
_SHORT = 32
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")
_HEX = "0123456789abcdefABCDEF"
_BYTES = {f"{high}{low}".encode(): bytes([int(high + low, 16)]) for high in _HEX for low in _HEX}

Body = dict[str, Any]


class GuardError(Exception):
    """A request that goes no further; `status` is its answer."""

    status = 400


class UnsignedError(GuardError):
    """Not from Slack, or too old to say."""

    status = 401


class OtherSecretError(UnsignedError):
    """Signed just now as Slack does it, with a secret that is not ours."""


class MalformedError(GuardError):
    """From Slack, and still not what Slack documents."""


class Guard:
    """Lets signed and well-formed requests through."""

    def __init__(self, signing_secret: str, *, now: Callable[[], float] = time.time) -> None:
        self._secret = signing_secret.encode()
        self._now = now

    def verify(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Return when Slack signed exactly these bytes within five minutes.

        Raises `UnsignedError`, or `OtherSecretError` which is one.
        """
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
            raise UnsignedError
        if abs(self._now() - int(stamp)) > _WINDOW:
            raise UnsignedError
        digest = hmac.digest(self._secret, b"v0:%b:%b" % (stamp.encode(), raw), "sha256")
        given = headers.get("X-Slack-Signature", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(b"v0=%b" % digest.hex().encode(), given):
            raise OtherSecretError if _LIKE_SLACKS.fullmatch(given) else UnsignedError


def parse(raw: bytes) -> Body:
    """The body as the one object it is: a command's form, a form's `payload`, or JSON.

    Raises `MalformedError`.
    """
    try:
        text = raw.decode()
        if text.startswith("{"):
            return _object(text)
        form = _form(text)
        if "payload" in form and "command" not in form:
            return _object(form["payload"])
    except (KeyError, ValueError, RecursionError) as error:
        raise MalformedError from error
    return form


def _object(text: str) -> Body:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise MalformedError
    check_shape(value)
    return legible(value) if _HALVES.search(text) else value


def legible(value: Any) -> Any:
    """The same without halves of surrogate pairs, which JSON can hold and Redis cannot."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case dict():
            return {legible(name): legible(each) for name, each in value.items()}
        case list():
            return [legible(each) for each in value]
    return value


def _form(text: str) -> Body:
    """The fields of a form. `parse_qsl` takes three times as long, and this is in every acknowledgement."""
    if text.count("&") >= _MOST_FIELDS:
        raise MalformedError
    fields: Body = {}
    for pair in text.split("&"):
        name, _, value = pair.partition("=")
        if "%" in value or "+" in value:
            value = _often(value) if len(value) <= _SHORT else _unquoted(value)
        fields[name] = value
    return fields


def _unquoted(value: str) -> str:
    """What was quoted for a form. Raises `KeyError` or `ValueError` for what no browser writes."""
    first, *rest = value.replace("+", " ").encode().split(b"%")
    return (first + b"".join([_BYTES[part[:2]] + part[2:] for part in rest])).decode()


_often = lru_cache(1024)(_unquoted)  # the command itself is in every delivery


_OBJECTS = ("event", "view", "container", "message", "state")
_NAMED = ("team", "user", "channel", "enterprise")
_LISTED = ("actions", "authorizations", "response_urls")


def check_shape(body: Body) -> None:
    """What Bolt and our readers look into must be what it is documented to be, or they would fail midway.

    Raises `MalformedError`.
    """
    sound = (
        all(isinstance(body.get(name), dict | None) for name in _OBJECTS)
        and all(isinstance(body.get(name), dict | str | None) for name in _NAMED)
        and all(_is_list_of_objects(body.get(name)) for name in _LISTED)
    )
    if not sound or (body.get("type") == "event_callback" and not _is_event(body.get("event"))):
        raise MalformedError


def _is_list_of_objects(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(each, dict) for each in value))


def _is_event(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("type"), str)
