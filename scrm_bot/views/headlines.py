"""Which number leads a digest, against what, and why it moved: computed, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from scrm_bot.domain.digests import Report
from scrm_bot.domain.insights import Metrics
from scrm_bot.domain.posts import Post
from scrm_bot.views import networks
from scrm_bot.views.blocks import line
from scrm_bot.views.words import change, number, plural

_LEADING = ("impressions", "reach", "views", "engagements", "followers")
_JUDGING = ("engagement_rate", "engagements", "impressions", "likes", "views")

Ranked = tuple[str, tuple[Post, float], tuple[Post, float]]


@dataclass(frozen=True, slots=True)
class Headline:
    """`words` comes after the number and the metric's name: of which accounts, against what, why."""

    metric: str
    total: float
    words: str


def headline(report: Report) -> Headline | None:
    """The first of the leading metrics that any account has."""
    for metric in _LEADING:
        values = {
            row.account_id: value
            for row in report.numbers
            if (value := row.get(metric)) is not None and isfinite(value)
        }
        if values:
            return Headline(metric, sum(values.values()), _words(report, metric, values))
    return None


def ranked(published: Sequence[tuple[Post, Metrics | None]]) -> Ranked | None:
    """Best and weakest of at least two posts that have the same number; None where that is not known."""
    for metric in _JUDGING:
        found = [
            (post, value)
            for post, row in published
            if row and (value := row.get(metric)) is not None and isfinite(value)
        ]
        if len(found) > 1:
            ordered = sorted(found, key=lambda pair: pair[1], reverse=True)
            return metric, ordered[0], ordered[-1]
    return None


def _words(report: Report, metric: str, values: dict[str, float]) -> str:
    lacking = len(report.numbers) - len(values)
    part = f" (from {len(values)} of {plural(len(report.numbers), 'account')})" if lacking else ""
    before = {account: row.get(metric) for account, row in report.before.items() if account in values}
    moves = {account: values[account] - value for account, value in before.items() if value is not None}
    if len(moves) < len(values):
        return f"{part}."
    total = sum(values.values())
    against = change(total, total - sum(moves.values()))
    compared = f", {against} against the same weekday last week" if against else ""
    return f"{part}{compared}.{_why(report, moves) if against else ''}"


def _why(report: Report, moves: dict[str, float]) -> str:
    """The account that moved most, where there are several to choose from."""
    account, most = max(moves.items(), key=lambda move: abs(move[1]))
    if len(moves) < 2 or not most:
        return ""
    name = line(networks.name_of(networks.named([account], report.accounts)[0]), 60)
    sign = "+" if most > 0 else "−"  # noqa: RUF001 - a minus sign
    return f" {name} moved most: {sign}{number(abs(most))}."
