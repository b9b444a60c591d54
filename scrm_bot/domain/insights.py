"""Accounts, numbers, persona, trends, and the assistant's answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite

NETWORKS = {
    "bluesky": "Bluesky",
    "facebook": "Facebook",
    "google_business": "Google Business",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "mastodon": "Mastodon",
    "pinterest": "Pinterest",
    "threads": "Threads",
    "tiktok": "TikTok",
    "twitter": "X",
    "x": "X",
    "youtube": "YouTube",
}
KNOWN_METRICS = {
    "impressions": "Impressions",
    "reach": "Reach",
    "likes": "Likes",
    "comments": "Comments",
    "shares": "Shares",
    "clicks": "Clicks",
    "followers": "Followers",
    "engagements": "Engagements",
    "engagement_rate": "Engagement rate",
    "views": "Views",
    "saves": "Saves",
}
LEADING = ("impressions", "reach", "views", "engagements", "followers")  # the first that is there leads
JUDGING = ("engagement_rate", "engagements", "likes", "impressions", "views")  # how a post did
# In whatever spelling: numbers whose sum over accounts means nothing.
_NO_SUM = frozenset(
    {
        *("rate", "ratio", "percent", "percentage", "pct", "per"),
        *("avg", "average", "mean", "median", "score", "rank", "position"),
        *("ctr", "cpc", "cpm", "cpe", "cpa", "roas"),
    }
)
_SEVERAL = re.compile(r"(\d+ accounts)?")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, slots=True)
class Account:
    """A connected social account. `network` is SocialCRM's word for it, such as `instagram`."""

    id: str
    network: str = ""
    handle: str = ""
    name: str = ""
    status: str = ""

    @property
    def label(self) -> str:
        """The shortest thing that tells it from the others, such as `Instagram @acme`."""
        who = f"@{self.handle.removeprefix('@')}" if self.handle else self.name or self.id
        return f"{network_name(self.network)} {who}".strip()


@dataclass(frozen=True, slots=True)
class Metrics:
    """Named numbers in the order they came. A missing one is absent, never 0."""

    values: tuple[tuple[str, float], ...] = ()
    account_id: str = ""

    def get(self, name: str) -> float | None:
        return dict(self.values).get(name)


def network_name(network: str) -> str:
    """As it is written, such as `LinkedIn`."""
    return NETWORKS.get(network.lower(), network.replace("_", " ").title())


@lru_cache(maxsize=1_000)  # the same few names in every row of every workspace
def is_additive(name: str) -> bool:
    """Whether the sum of several accounts' values says something: of rates and averages it does not."""
    return _NO_SUM.isdisjoint(word.lower() for word in _WORD.findall(name))


def summed(rows: Sequence[Metrics]) -> Metrics | None:
    """A post's numbers over all its accounts. Rates and averages do not add up: of several there is none."""
    totals: dict[str, float] = {}
    for metric, value in (pair for row in rows for pair in row.values):
        if len(rows) == 1 or is_additive(metric):
            totals[metric] = totals.get(metric, 0.0) + value
    finite = tuple((metric, total) for metric, total in totals.items() if isfinite(total))
    return Metrics(finite) if finite else None


def told_apart(rows: Sequence[Metrics]) -> tuple[Metrics, ...]:
    """A row for each account; those that cannot be told apart become one, named by how many they are.

    So that a day on which they are more is never taken for a gain of those there were.
    """
    groups: dict[str, list[Metrics]] = {}
    for row in rows:
        groups.setdefault(row.account_id, []).append(row)
    return tuple(
        same[0] if len(same) == 1 else Metrics(_sum(same), _several(name, len(same)))
        for name, same in groups.items()
    )


def whole(rows: Sequence[Metrics], count: int) -> tuple[Metrics, ...]:
    """One row for all of several accounts is named by how many they are, too."""
    is_one = len(rows) == 1 and not rows[0].account_id
    return (replace(rows[0], account_id=_several("", count)),) if is_one and count > 1 else tuple(rows)


def with_missing(rows: Sequence[Metrics], accounts: Sequence[Account]) -> tuple[Metrics, ...]:
    """With an empty row for each connected account that has none, where all rows say whose they are."""
    connected = [account.id for account in accounts]
    told = {row.account_id for row in rows}
    if not told or not told <= {*connected}:
        return tuple(rows)
    return (*rows, *(Metrics((), each) for each in connected if each not in told))


def is_of_one(name: str) -> bool:
    """Whether a row of that name says whose numbers it has."""
    return not _SEVERAL.fullmatch(name)


def _sum(rows: Sequence[Metrics]) -> tuple[tuple[str, float], ...]:
    found = summed(rows)
    return found.values if found else ()


def _several(name: str, count: int) -> str:
    return f"{name}: {count} accounts" if name else f"{count} accounts"


def metric_label(name: str) -> str:
    """`engagement_rate` → `Engagement rate`; an unknown name is title-cased."""
    return KNOWN_METRICS.get(name, name.replace("_", " ").strip().title())


@dataclass(frozen=True, slots=True)
class Persona:
    """The brand's voice: names with one or more strings each, in the order they came."""

    traits: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Trend:
    """A trending topic; `volume` in whatever unit SocialCRM counts, None when not told."""

    topic: str
    volume: float | None = None


@dataclass(frozen=True, slots=True)
class Idea:
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Optimised:
    text: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """Where the bytes of one file go: a presigned address that must never get the API key."""

    media_id: str
    url: str
    method: str = "PUT"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    id: str
    url: str = ""
    status: str = ""
