"""Numbers that look alive: fixed by a seed and by time, and never falling."""

import hashlib
import math
from typing import Final

_TURN: Final = 2 * math.pi
_RHYTHMS: Final = ((7.0, 0.35), (3.3, 0.2), (11.7, 0.2), (1.0, 0.1))  # days, swing; the swings stay below 1
_WEEKLY: Final = 7.0


def fraction(seed: int, *names: str) -> float:
    """A number from 0 to 1 that belongs to these names."""
    digest = hashlib.sha256(":".join((str(seed), *names)).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def between(low: float, high: float, at: float) -> float:
    return low + (high - low) * at


def grown(days: float, seed: int, *names: str) -> float:
    """About one a day: a slope of 1 + the swings, whose sum stays below 1, so the total only rises."""
    total = days
    for period, swing in _RHYTHMS:
        # a week has the same shape for everyone; the other rhythms are each series' own
        phase = 0.0 if period == _WEEKLY else _TURN * fraction(seed, f"{period}", *names)
        turn = _TURN / period
        total += swing / turn * (math.sin(turn * days + phase) - math.sin(phase))
    return total


def risen(hours: float, *, slowness: float) -> float:
    """From 0 towards 1: quick at first, then slower, as a post is seen."""
    return 1 - math.exp(-max(0.0, hours) / slowness)
