"""Secrets to look for, in every form they might be written in, and everything that a house lets out."""

import io
import json
import logging
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from scrm_bot import log

LIBRARIES = ("aiohttp", "asyncio", "httpx", "redis", "slack_bolt", "slack_sdk")


def forms(secret: str) -> set[str]:
    """As it is, for addresses, in hex and in base64 at any offset; an encryption key's bytes as well."""
    raws = [secret.encode()]
    try:
        meant = urlsafe_b64decode(secret + "==")
    except ValueError:
        meant = b""
    if len(meant) == 32:
        raws.append(meant)
    found = {secret, secret.rstrip("="), quote(secret, safe="")}
    for raw in raws:
        found |= {raw.hex(), raw.hex().upper()}
        for shift in range(3):
            whole = b64encode(b"\0" * shift + raw).decode()
            middle = whole[4 : len(whole) - len(whole) % 4 - 4]  # what does not depend on its neighbours
            found |= {middle, middle.replace("+", "-").replace("/", "_")}
    return found


@dataclass(slots=True)
class Lines:
    """Everything that was logged while it listened, as both styles would have written it."""

    text: io.StringIO = field(default_factory=io.StringIO)
    json: io.StringIO = field(default_factory=io.StringIO)

    def told(self) -> dict[str, str]:
        return {"log as text": self.text.getvalue(), "log as JSON": self.json.getvalue()}

    def parsed(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.json.getvalue().splitlines()]


@contextmanager
def listening() -> Iterator[Lines]:
    """At DEBUG, and what the libraries say as well, which is more than the bot ever lets through."""
    lines, root = Lines(), logging.getLogger()
    loggers = [root, *map(logging.getLogger, LIBRARIES)]
    before = [each.level for each in loggers]
    handlers = [logging.StreamHandler(lines.text), logging.StreamHandler(lines.json)]
    handlers[0].setFormatter(log._Text("%(levelname)s %(name)s [%(request)s] %(message)s"))
    handlers[1].setFormatter(log._JsonLines())
    for handler in handlers:
        handler.addFilter(log._RequestId())
        root.addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)


def leaks(secrets: Mapping[str, str], places: Mapping[str, str]) -> list[str]:
    """Which secret stands where; never the secret itself."""
    return [
        f"{name} in {place}"
        for name, secret in secrets.items()
        for place, text in places.items()
        if any(form in text for form in forms(secret))
    ]
