"""The per-minute limit of a key, in the three ways an API may count a minute."""

from collections import deque
from typing import Protocol

from scrm_bot.demo.socialcrm.config import WindowKind

_MINUTE = 60.0


class Window(Protocol):
    def take(self, now: float) -> float:
        """Count one request: 0 when it may pass, else the seconds until one may."""


class FixedWindow:
    """A count that starts again at each full minute."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._minute = -1
        self._used = 0

    def take(self, now: float) -> float:
        minute = int(now // _MINUTE)
        if minute != self._minute:
            self._minute, self._used = minute, 0
        if self._used >= self._limit:
            return (minute + 1) * _MINUTE - now
        self._used += 1
        return 0.0


class SlidingWindow:
    """Any sixty seconds hold at most the limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._taken: deque[float] = deque()

    def take(self, now: float) -> float:
        while self._taken and self._taken[0] <= now - _MINUTE:
            self._taken.popleft()
        if len(self._taken) >= self._limit:
            oldest = self._taken[0] if self._taken else now
            return oldest + _MINUTE - now
        self._taken.append(now)
        return 0.0


class Bucket:
    """A bucket of tokens that refills evenly, a whole limit in a minute."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tokens = float(limit)
        self._filled_at: float | None = None

    def take(self, now: float) -> float:
        passed = 0.0 if self._filled_at is None else max(0.0, now - self._filled_at)
        self._tokens = min(float(self._limit), self._tokens + passed * self._limit / _MINUTE)
        self._filled_at = now
        if self._tokens < 1:
            return (1 - self._tokens) * _MINUTE / self._limit if self._limit else _MINUTE
        self._tokens -= 1
        return 0.0


def open_window(kind: WindowKind, limit: int) -> Window:
    match kind:
        case "fixed":
            return FixedWindow(limit)
        case "sliding":
            return SlidingWindow(limit)
        case "bucket":
            return Bucket(limit)
