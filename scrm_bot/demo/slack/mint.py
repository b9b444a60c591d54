"""Ids, timestamps and secrets that look like Slack's."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def random_id(prefix: str) -> str:
    return prefix + "0" + "".join(secrets.choice(ALPHABET) for _ in range(9))


def random_block_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def bot_token() -> str:
    return f"xoxb-{secrets.randbelow(10**12):012d}-{secrets.randbelow(10**12):012d}-{secrets.token_hex(12)}"


def app_token() -> str:
    return f"xapp-1-A0SCRMBOT-{secrets.randbelow(10**12):012d}-{secrets.token_hex(32)}"


@dataclass(slots=True)
class Mint:
    """Gives each message and trigger a stamp nobody else has."""

    clock: Callable[[], float]
    _last_us: int = field(default=0)

    def now(self) -> float:
        return self.clock()

    def ts(self) -> str:
        """A message timestamp, later than every one given before."""
        micros = max(int(self.clock() * 1e6), self._last_us + 1)
        self._last_us = micros
        return f"{micros // 10**6}.{micros % 10**6:06d}"

    def hash(self) -> str:
        return f"{int(self.clock())}.{secrets.token_hex(4)}"

    def trigger(self) -> str:
        return f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**11)}.{secrets.token_hex(16)}"
