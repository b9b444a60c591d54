"""Structured lines with a request id, and secrets blotted out."""

import json
import logging
import re
import secrets
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")

_SECRET = re.compile(r"(sk_(?:live|test)_|xox[a-z]-|xapp-|xoxe\.)[\w.-]*|(?<=/response/)[\w/-]+", re.ASCII)


def blot(text: str) -> str:
    """The text with every key and token replaced by its kind and asterisks."""
    return _SECRET.sub(lambda match: f"{match[1] or ''}****", text)


def new_request_id() -> str:
    """A short id that a person can read out and an operator can search for."""
    fresh = secrets.token_hex(4)
    request_id.set(fresh)
    return fresh


class _Blotter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return blot(super().format(record))


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return blot(json.dumps(line, ensure_ascii=False, default=str))


class _RequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_id.get()
        return True


def configure(style: str, *, level: int = logging.INFO) -> None:
    """Send every line to standard error as `text` or `json`."""
    handler = logging.StreamHandler()
    text = _Blotter("%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s", "%H:%M:%S")
    handler.setFormatter(_JsonLines() if style == "json" else text)
    handler.addFilter(_RequestId())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("slack_bolt").setLevel(logging.WARNING)  # it logs whole bodies at INFO
    logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
