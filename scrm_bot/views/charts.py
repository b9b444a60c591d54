"""Numbers as pictures: for now a line of text."""

from collections.abc import Sequence
from math import isfinite

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"


def sparkline(values: Sequence[float | None]) -> str:
    """One sign for each value; a gap for one that is not known; empty with fewer than two known ones."""
    known = [value for value in values if value is not None and isfinite(value)]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    return "".join(_bar(value, low, high) for value in values)


def _bar(value: float | None, low: float, high: float) -> str:
    if value is None or not isfinite(value):
        return _GAP
    if high == low:
        return _BARS[3]
    return _BARS[round((value - low) / (high - low) * (len(_BARS) - 1))]
