"""Analytics, trending topics, accounts and the brand persona."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from scrm_bot.demo.socialcrm.clock import Clock
from scrm_bot.demo.socialcrm.posts import Post
from scrm_bot.demo.socialcrm.rhythm import between, fraction, grown, risen

_EPOCH: Final = datetime(2024, 1, 1, tzinfo=UTC)
_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR

# The share of impressions that turns into each metric: from, to.
_POST_SHARES: Final = {
    "reach": (0.68, 0.86),
    "likes": (0.018, 0.052),
    "comments": (0.0015, 0.007),
    "shares": (0.001, 0.006),
    "clicks": (0.006, 0.024),
    "saves": (0.001, 0.009),
}
_ENGAGING: Final = ("likes", "comments", "shares", "clicks", "saves")
# The same for an account; reach follows impressions, the others have a rhythm of their own.
_REACH_SHARE: Final = 0.74
_ACCOUNT_SHARES: Final = {"engagements": (0.028, 0.061), "clicks": (0.008, 0.019)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    id: str
    network: str
    handle: str
    name: str
    followers: int  # on the day the numbers begin
    daily_impressions: float
    daily_followers: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """One row of numbers; `account_id` is None for a total."""

    account_id: str | None
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    volume: int


class Insights:
    def __init__(self, *, now: Clock, seed: int, accounts: Sequence[Account], topics: Sequence[str]) -> None:
        self._now = now
        self._seed = seed
        self._accounts = accounts
        self._topics = topics

    def of_post(self, post: Post) -> tuple[Metrics, ...]:
        """One row for each account the post went out on; all zero until it did."""
        chosen = [account for account in self._accounts if account.id in post.account_ids]
        return tuple(self._post_row(post, account) for account in chosen)

    def of_accounts(self) -> tuple[Metrics, ...]:
        return tuple(self._account_row(account) for account in self._accounts)

    def trending(self) -> tuple[Topic, ...]:
        """Today's topics, the busiest first; some stay for days, some go."""
        now = self._now()
        day = f"{now:%Y-%m-%d}"
        week = f"{now:%G-%V}"
        hour_share = risen(now.hour + now.minute / 60, slowness=14)
        topics = []
        for name in self._topics:
            heat = (fraction(self._seed, "topic", name, week) + fraction(self._seed, "topic", name, day)) / 2
            topics.append(Topic(name, int(between(600, 42_000, heat**2) * (0.6 + 0.4 * hour_share))))
        return tuple(sorted(topics, key=lambda topic: (-topic.volume, topic.name))[:12])

    def _post_row(self, post: Post, account: Account) -> Metrics:
        seen = self._impressions(post, account)
        numbers = {"impressions": int(seen)}
        for metric, (low, high) in _POST_SHARES.items():
            share = between(low, high, fraction(self._seed, post.id, account.id, metric))
            numbers[metric] = int(seen * share)
        numbers["engagements"] = sum(numbers[metric] for metric in _ENGAGING)
        return Metrics(account.id, numbers)

    def _impressions(self, post: Post, account: Account) -> float:
        if post.published_at is None:
            return 0.0
        hours = (self._now() - post.published_at).total_seconds() / _HOUR
        luck = between(0.35, 2.1, fraction(self._seed, post.id, account.id) ** 1.6)
        return account.daily_impressions * 0.8 * luck * risen(hours, slowness=16)

    def _account_row(self, account: Account) -> Metrics:
        days = max(0.0, (self._now() - _EPOCH).total_seconds() / _DAY)
        seen = account.daily_impressions * grown(days, self._seed, account.id)
        followers = account.daily_followers * grown(days, self._seed, account.id, "followers")
        numbers = {"followers": account.followers + int(followers), "impressions": int(seen)}
        numbers["reach"] = int(seen * _REACH_SHARE)
        for metric, (low, high) in _ACCOUNT_SHARES.items():
            share = between(low, high, fraction(self._seed, account.id, metric))
            own = grown(days, self._seed, account.id, metric)
            numbers[metric] = int(account.daily_impressions * share * own)
        return Metrics(account.id, numbers)


def total(rows: Sequence[Metrics]) -> Metrics:
    names = rows[0].numbers if rows else ()
    return Metrics(None, {name: sum(row.numbers[name] for row in rows) for name in names})
