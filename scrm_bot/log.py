"""Structured lines with a request id, and secrets blotted out."""

import json
import logging
import re
import secrets
import sys
from base64 import b64encode, urlsafe_b64decode
from collections import deque
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

request_id: ContextVar[str] = ContextVar("request_id", default="-")
_scene: ContextVar[Mapping[str, str]] = ContextVar("scene", default=MappingProxyType({}))

_GONE = "****"
_SECRET = re.compile(
    r"""
      (?P<key>sk_(?:live|test)_)[\w.+/=~:@!\#$%&*?^-]*                   # as domain/grammar.py has them
    | (?P<other_key>(?<![A-Za-z0-9])sk_[a-z]+_)[\w.+/=~:@!\#$%&*?^-]{6,}
    | (?P<token>(?:xox[a-z]-|xapp-|xoxe\.))[\w.-]*                       # tokens by their kind
    | (?P<header>\b(?:authorization|x-api-key)\b['"]?\s*[:=,]\s*(?:b?['"])?(?:(?:bearer|basic)\s+)?)
      [^\s'",})]+
    | (?P<scheme>\bbearer\s+)[\w.~+/=-]{8,}
    | (?P<named>\b(?:SCRM_ENCRYPTION_KEYS|SLACK_(?:SIGNING|CLIENT)_SECRET)['"]?\s*[:=]\s*['"]?)[^\s'"]+
    | (?P<query>[?&](?:code|state|sig|signature|ticket|client_secret
                       |[a-z_]*(?:token|password)|x-(?:amz|goog)-[a-z-]+)=)
      [^&\s'"]+
    | (?P<redis>\brediss?(?:\+\w+)?://[^\s:@/]*:)[^\s"]+(?=@)             # the password in an address
    | (?P<login>\b[a-z][a-z0-9+.-]*://[^\s:@/]*:)[^\s/?\#"'<>,]+(?=@)
    | (?P<hook>/(?:response|hooks\.slack\.com/\w+|hooks\.slack\.com)/)[\w/-]+  # whoever has it may post
    | (?<![\w=+/-])[\w-]{43}=(?![\w=])                                     # what `scrm-bot keys new` prints
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_SHORTEST = 8  # what is shorter is no secret, or would tear holes into words
_held: deque[str] = deque(maxlen=64)
_forms: list[str] = []  # the longest first; looked for one by one, which is ten times as fast as one pattern
_LOUD = ("slack_bolt", "slack_sdk", "httpx", "httpcore", "aiohttp.access")  # below WARNING, whole bodies
_FIELDS = ("outcome", "seconds")  # of a line's `extra`


def keep_secret(*values: str) -> None:
    """Blot these out as well: what this process was given, in every form it might be written in."""
    _held.extend(value for value in values if len(value) >= _SHORTEST and value not in _held)
    _forms[:] = sorted({form for value in _held for form in _written(value)}, key=len, reverse=True)


def _written(value: str) -> Iterator[str]:
    """As it is, in an address, in JSON, in hex and in base64, and the bytes that it stands for likewise."""
    yield from (value, quote(value, safe=""), json.dumps(value)[1:-1])
    yield from _encoded(value.encode())
    try:
        meant = urlsafe_b64decode(value + "==")
    except ValueError:
        return
    if len(meant) == 32:
        yield from (value.rstrip("="), *_encoded(meant))


def _encoded(raw: bytes) -> Iterator[str]:
    standard = b64encode(raw).decode().rstrip("=")
    yield from (
        raw.hex(),
        raw.hex().upper(),
        standard,
        standard.replace("+", "-").replace("/", "_"),
        quote(standard, safe=""),
    )


def blot(text: str) -> str:
    """The text with every key, token and password replaced by its kind and asterisks."""
    for form in _forms:
        if form in text:
            text = text.replace(form, _GONE)
    return _SECRET.sub(lambda match: f"{match[match.lastgroup] if match.lastgroup else ''}{_GONE}", text)


def new_request_id() -> str:
    """A short id that a person can read out and an operator can search for."""
    fresh = secrets.token_hex(4)
    request_id.set(fresh)
    return fresh


def about(**fields: str) -> None:
    """What the lines of this task are about, such as its team and job: fields of their own in JSON."""
    _scene.set(fields)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return blot(super().format(record))


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_id.get(),
            **_scene.get(),
            "message": record.getMessage(),
            **{name: getattr(record, name) for name in _FIELDS if hasattr(record, name)},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return blot(json.dumps(line, ensure_ascii=False, default=str))


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_id.get()
        return True


class _Handler(logging.StreamHandler[Any]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's own name
        """The library's prints what could not be written, arguments and all."""
        error = sys.exc_info()[0]
        told = (
            f"a line of {record.name}:{record.lineno} could not be written: {error.__name__ if error else ''}"
        )
        sys.stderr.write(f"{told}\n")


def configure(style: str, *, level: int = logging.INFO) -> None:
    """Send every line to standard error as `text` or `json`; also what ends the process."""
    handler = _Handler()
    text = _Text("%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s", "%H:%M:%S")
    handler.setFormatter(_JsonLines() if style == "json" else text)
    handler.addFilter(_RequestId())
    handler.addFilter(_told)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in _LOUD:
        logging.getLogger(library).setLevel(logging.WARNING)
    sys.excepthook = _last_words


def _told(record: logging.LogRecord) -> bool:
    """Again where it leaves, as some libraries give their loggers the root's level."""
    return record.levelno >= logging.WARNING or not record.name.startswith(_LOUD)


def _last_words(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(__name__).critical("nothing caught this", exc_info=(kind, error, trace))
