"""Which number leads a digest, against what, and what explains most of it, in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import isfinite

from scrm_bot.domain.digests import Report
from scrm_bot.domain.insights import Metrics, metric_label
from scrm_bot.domain.movements import Cause, Edition, Headline
from scrm_bot.domain.posts import Post
from scrm_bot.views import networks
from scrm_bot.views.blocks import line
from scrm_bot.views.words import change, number, plural, signed, when

_JUDGING = ("engagement_rate", "engagements", "impressions", "likes", "views")
_PRIOR = {
    Edition.DAILY: "the same weekday last week",
    Edition.WEEKLY: "the week before",
    Edition.MONTHLY: "the month before",
}
_FIRST = {
    Edition.DAILY: "tomorrow's digest can tell what a day brought",
    Edition.WEEKLY: "next week's digest can tell what a week brought",
    Edition.MONTHLY: "next month's digest can tell what a month brought",
}
_USUAL = {
    Edition.DAILY: (timedelta(hours=23), timedelta(hours=25), "the last 24 hours"),
    Edition.WEEKLY: (timedelta(days=6, hours=22), timedelta(days=7, hours=2), "the last 7 days"),
    Edition.MONTHLY: (timedelta(days=27, hours=22), timedelta(days=31, hours=2), "the last month"),
}
_MOST_EXCERPT = 60
_ALL_OF_IT = 0.005  # give or take

Ranked = tuple[str, tuple[Post, float], tuple[Post, float]]


def told(report: Report) -> str:
    """The number that leads, its change, and one sentence of why; empty where no account has a number."""
    found = report.headline
    if found is None:
        return ""
    name = line(metric_label(found.metric), 40).lower()
    if found.since is None and found.before is None:
        return f"*{number(found.value)}* {name} so far{_part(found)}. {_unknown(report)}"
    return " ".join(part for part in (_lead(found, report), _why(found, report)) if part)


def short(report: Report) -> str:
    """The same for a quiet day: the number alone, and nothing where it is not known what the day brought."""
    found = report.headline
    if found is None or found.since is None:
        return ""
    return _lead(found, report)


def period(report: Report) -> str:
    """What the digest looks back on, where it is known from when on."""
    found = report.headline
    _, _, usual = _USUAL[report.edition]
    if found is None or found.since is None or not found.is_gain:
        return f"{usual[0].upper()}{usual[1:]}."
    return f"Since {when(found.since, report.zone)}."


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


def _unknown(report: Report) -> str:
    """Why nothing is compared: on the first day there is nothing earlier, and a total is no day's number."""
    return f"There is no earlier day to compare with yet: {_FIRST[report.edition]}."


def _lead(found: Headline, report: Report) -> str:
    name = line(metric_label(found.metric), 40).lower()
    if not found.is_gain or found.since is None:
        against = change(found.value, found.before)
        compared = f", {against} against {_prior(report, is_level=True)}" if against else ""
        return f"*{number(found.value)}* {name}{_part(found)}{compared}."
    against = change(found.value, found.before)
    compared = f", {against} against {_prior(report)}" if against else _incomparable(found, report)
    return f"*{signed(found.value)}* {name} {_span(found.since, report)}{_part(found)}{compared}."


def _incomparable(found: Headline, report: Report) -> str:
    if found.before is not None:
        return f", after {number(found.before)} on {_prior(report)}"
    return f"; {_prior(report)} is not known"


def _prior(report: Report, *, is_level: bool = False) -> str:
    if is_level and report.edition is Edition.DAILY:
        return "a week ago"
    return _PRIOR[report.edition]


def _span(since: datetime, report: Report) -> str:
    """`in the last 24 hours`; where the period is another, since when exactly."""
    least, most, usual = _USUAL[report.edition]
    if least <= report.as_of - since <= most:
        return f"in {usual}"
    return f"since {when(since, report.zone)}"


def _part(found: Headline) -> str:
    if found.counted == found.of:
        return ""
    return f" (from {found.counted} of {plural(found.of, 'account')})"


def _why(found: Headline, report: Report) -> str:
    """One computed sentence: which account or post explains most of the change."""
    cause = found.cause
    if cause is None:
        return ""
    if cause.post:
        excerpt = line(cause.post.body, _MOST_EXCERPT) or "A post without text"
        return f"Most of it is one post, “{excerpt}”, with {number(cause.moved)}."
    name = line(networks.name_of(networks.named([cause.account_id], report.accounts)[0]), 60)
    if not cause.account_id:
        return ""
    of = "the change" if found.before is not None else "it"
    return f"{_share(cause)} of {of} is {name}: {signed(cause.moved)}."


def _share(cause: Cause) -> str:
    share = cause.moved / cause.total
    if abs(share - 1) < _ALL_OF_IT:
        return "All"
    return "Most" if share > 0.5 else "The largest part"
