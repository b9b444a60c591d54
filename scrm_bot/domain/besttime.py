"""At which time of day posts do best, as far as there are enough of them to tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from zoneinfo import ZoneInfo

from scrm_bot.domain.insights import JUDGING
from scrm_bot.domain.snapshots import PostReading, Snapshot, Timeline

ENOUGH = 12  # posts in all
ENOUGH_IN_A_PART = 3
HOURS = 3  # a day has eight parts
STANDS_OUT = 1.1  # times what the posts do otherwise
SETTLED = timedelta(hours=20)  # a post that was read sooner after it went out had no time to do well


@dataclass(frozen=True, slots=True)
class BestTime:
    """`posts` of `of` posts went out from `hour` to `hour + HOURS`, and did `lift` times as well as usual.

    Without an hour nothing is known: too few posts, or, with `is_enough`, no part of the day stands out.
    """

    of: int
    hour: int | None = None
    posts: int = 0
    lift: float = 0.0
    metric: str = ""

    @property
    def is_enough(self) -> bool:
        return self.of >= ENOUGH


def best_time(timeline: Timeline, *, zone: str) -> BestTime:
    """The part of the day whose posts do best by their median, each by the last reading of it."""
    readings = _settled(timeline)
    counts = {name: sum(post.numbers.get(name) is not None for post in readings) for name in JUDGING}
    metric = next((name for name, count in counts.items() if count >= ENOUGH), "")
    if not metric:
        return BestTime(max(counts.values()))
    judged = [(post, value) for post in readings if (value := post.numbers.get(metric)) is not None]
    parts: dict[int, list[float]] = {}
    for post, value in judged:
        local = post.published_at.astimezone(ZoneInfo(zone))
        parts.setdefault(local.hour // HOURS * HOURS, []).append(value)
    middles = {
        hour: (median(values), len(values))
        for hour, values in parts.items()
        if len(values) >= ENOUGH_IN_A_PART
    }
    usual = median(value for _, value in judged)
    hour = max(middles, key=lambda each: (middles[each], -each), default=None)
    if hour is None or usual <= 0 or middles[hour][0] < STANDS_OUT * usual:
        return BestTime(len(judged), metric=metric)
    return BestTime(len(judged), hour, middles[hour][1], middles[hour][0] / usual, metric)


def settled(snapshot: Snapshot) -> Sequence[PostReading]:
    """The posts that had been out for a day when it was made."""
    return [post for post in snapshot.posts if snapshot.at - post.published_at >= SETTLED and post.values]


def _settled(timeline: Timeline) -> Sequence[PostReading]:
    """The last reading of every post that had been out for a day by then."""
    found = {post.post_id: post for snapshot in timeline.in_order() for post in settled(snapshot)}
    return list(found.values())
