"""Five ways in which an API may count 600 a minute, each asked afterwards what it would have refused."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Sequence

PHASES = 60

Count = Callable[[Sequence[float], int, float], int]


def fixed(arrivals: Sequence[float], limit: int, window: float) -> int:
    """Refusals where the windows lie worst."""
    if not arrivals:
        return 0
    return max(_fixed(arrivals, limit, window, arrivals[0] - window * at / PHASES) for at in range(PHASES))


def _fixed(arrivals: Sequence[float], limit: int, window: float, start: float) -> int:
    refused, seen, at = 0, 0, 1
    while seen < len(arrivals):
        end = bisect_left(arrivals, start + at * window)
        refused += max(0, end - seen - limit)
        seen, at = end, at + 1
    return refused


def sliding_log(arrivals: Sequence[float], limit: int, window: float) -> int:
    refused, taken = 0, deque[float]()
    for now in arrivals:
        while taken and taken[0] <= now - window:
            taken.popleft()
        if len(taken) < limit:
            taken.append(now)
        else:
            refused += 1
    return refused


def sliding_counter(arrivals: Sequence[float], limit: int, window: float) -> int:
    """This window's count, and the last one's in the share of it that is still within reach."""
    if not arrivals:
        return 0
    starts = [arrivals[0] - window * at / PHASES for at in range(PHASES)]
    return max(_sliding_counter(arrivals, limit, window, start) for start in starts)


def _sliding_counter(arrivals: Sequence[float], limit: int, window: float, start: float) -> int:
    refused, current, now_in, last = 0, 0, 0, 0
    for now in arrivals:
        index = int((now - start) / window)
        if index != now_in:
            last = current if index == now_in + 1 else 0
            now_in, current = index, 0
        gone = (now - start) / window - index
        if last * (1 - gone) + current < limit:
            current += 1
        else:
            refused += 1
    return refused


def bucket(arrivals: Sequence[float], limit: int, window: float, *, holds: float) -> int:
    """A bucket of tokens that refills evenly, a whole limit in a window."""
    refused, tokens, last = 0, holds, arrivals[0] if arrivals else 0.0
    for now in arrivals:
        tokens = min(holds, tokens + (now - last) * limit / window)
        last = now
        if tokens >= 1:
            tokens -= 1
        else:
            refused += 1
    return refused


def full_bucket(arrivals: Sequence[float], limit: int, window: float) -> int:
    return bucket(arrivals, limit, window, holds=limit)


def small_bucket(arrivals: Sequence[float], limit: int, window: float) -> int:
    return bucket(arrivals, limit, window, holds=limit / 6)


WINDOWS: dict[str, Count] = {
    "fixed, worst": fixed,
    "sliding log": sliding_log,
    "sliding counter": sliding_counter,
    "bucket 600": full_bucket,
    "bucket 100": small_bucket,
}
