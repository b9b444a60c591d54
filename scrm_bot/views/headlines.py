"""Which number leads a digest, against what, and what explains most of it, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite

from scrm_bot.domain.digests import Report
from scrm_bot.domain.insights import Metrics, metric_label
from scrm_bot.domain.movements import Cause, Gap, Headline
from scrm_bot.domain.periods import Edition
from scrm_bot.domain.posts import Post
from scrm_bot.domain.standings import LEVELS
from scrm_bot.views import networks
from scrm_bot.views.blocks import line
from scrm_bot.views.words import change, number, plural, signed, when
from scrm_bot.views.words import day as long_day

_JUDGING = ("engagement_rate", "engagements", "impressions", "likes", "views")
_PRIOR = {
    Edition.DAILY: "the same weekday last week",
    Edition.WEEKLY: "the week before",
    Edition.MONTHLY: "the month before",
}
_BROUGHT = {
    Edition.DAILY: ("the next digest", "what a day brought"),
    Edition.WEEKLY: ("next week's digest", "what a week brought"),
    Edition.MONTHLY: ("next month's digest", "what a month brought"),
}
_SAME_DAYS = "the same days last week"
_BACK_THEN = {Edition.DAILY: "a week ago", Edition.WEEKLY: "a week ago", Edition.MONTHLY: "a month ago"}
_USUAL = {
    Edition.DAILY: (timedelta(hours=23), timedelta(hours=25), "the last 24 hours"),
    Edition.WEEKLY: (timedelta(days=6, hours=22), timedelta(days=7, hours=2), "the last 7 days"),
    Edition.MONTHLY: (timedelta(days=27, hours=22), timedelta(days=31, hours=2), "the last month"),
}
_QUIET = {
    Edition.DAILY: "A quiet day",
    Edition.WEEKLY: "A quiet week",
    Edition.MONTHLY: "A quiet month",
}
_UNREADABLE = "earlier numbers"  # as a missing source
_A_WEEK = timedelta(days=7, hours=12)
_AGO = {
    Edition.DAILY: (timedelta(days=6, hours=12), _A_WEEK),
    Edition.WEEKLY: (timedelta(days=6, hours=12), _A_WEEK),
    Edition.MONTHLY: (timedelta(days=27, hours=12), timedelta(days=31, hours=12)),
}
_SETTLED = timedelta(hours=6)  # a post that is younger had no time to do well
_MOST_EXCERPT = 60
_ALL_OF_IT = 0.005  # give or take

Published = Sequence[tuple[Post, Metrics | None]]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Best and weakest of so many posts, by one number."""

    metric: str
    best: tuple[Post, float]
    weakest: tuple[Post, float]
    of: int


def told(report: Report) -> str:
    """The number that leads, its change, and one sentence of why; empty where no account has a number."""
    found = report.headline
    if found is None:
        return ""
    if found.gap or (found.since is None and found.before is None):
        name = line(metric_label(found.metric), 40).lower()
        so_far = "" if found.gap is Gap.LEVEL or found.metric in LEVELS else " so far"
        return f"*{number(found.value)}* {name}{so_far}{_part(found)}. {_unknown(found, report)}"
    return " ".join(part for part in (_lead(found, report), _why(found, report)) if part)


def short(report: Report) -> str:
    """The same for a quiet day: the number alone, and nothing where it is not known what the day brought."""
    found = report.headline
    if found is None or found.since is None or found.gap:
        return ""
    return _lead(found, report)


def period(report: Report) -> str:
    """What the digest looks back on."""
    found = report.headline
    _, _, usual = _USUAL[report.edition]
    if report.since:
        return f"Since {when(report.since, report.zone)}."
    if found is None or found.since is None or not found.is_gain:
        return f"{usual[0].upper()}{usual[1:]}."
    return f"Since {when(found.since, report.zone)}."


def quiet(report: Report) -> str:
    """`A quiet day`; where it looks back on more than that, since when."""
    _, most, _ = _USUAL[report.edition]
    if report.since and report.now - report.since > most:
        return f"Quiet since {when(report.since, report.zone)}"
    return _QUIET[report.edition]


def ranked(published: Published, *, at: datetime) -> Ranked | None:
    """Best and weakest by the number that most posts have, two at least; None where there are none.

    A post that went out just now may be the best already; the weakest it is not, whatever it has.
    """
    ranks = {metric: _having(metric, published) for metric in _JUDGING}
    fit = {
        metric: found
        for metric, found in ranks.items()
        if len(found) > 1 and any(_is_settled(post, at) for post, _ in found)
    }
    if not fit:
        return None
    metric, found = max(fit.items(), key=lambda each: len(each[1]))  # of equals the first
    best = max(found, key=lambda pair: pair[1])
    settled = [pair for pair in found if _is_settled(pair[0], at)]
    weakest = min(reversed(settled), key=lambda pair: pair[1])
    return None if weakest[1] == best[1] else Ranked(metric, best, weakest, len(found))


def _having(metric: str, published: Published) -> list[tuple[Post, float]]:
    return [
        (post, value)
        for post, row in published
        if row and (value := row.get(metric)) is not None and isfinite(value)
    ]


def _is_settled(post: Post, at: datetime) -> bool:
    return post.published_at is not None and at - post.published_at >= _SETTLED


def _unknown(found: Headline, report: Report) -> str:
    """Why nothing is compared; a total is no day's number."""
    next_one, brought = _BROUGHT[report.edition]
    if _UNREADABLE in report.missing:
        return "What was remembered of earlier days could not be read this time, so nothing is compared."
    match found.gap:
        case Gap.LEVEL:
            return f"How it stood {_day_then(found, report)} is not known."
        case Gap.NEW:
            return f"No account that has it now had it before: {next_one} can tell {brought}."
        case Gap.ABSENT:
            return f"How it stood when the period began is not known: {next_one} can tell {brought}."
        case Gap.BROKEN if found.last:
            return (
                f"The last numbers before these are of {_date(found.last)}, too far back to tell {brought}."
            )
        case _:
            return f"There is no earlier day to compare with yet: {next_one} can tell {brought}."


def _date(day: date) -> str:
    return long_day(datetime.combine(day, time(), UTC))


def _lead(found: Headline, report: Report) -> str:
    name = line(metric_label(found.metric), 40).lower()
    against = change(found.value if found.alike is None else found.alike, found.before)
    told = f", {against} against" if against else ""
    if not found.is_gain or found.since is None:
        compared = f"{told} {_back_then(found, report)}{_alike(found)}" if told else ""
        return f"*{number(found.value)}* {name}{_part(found)}{compared}."
    compared = f"{told} {_prior(found, report)}{_alike(found)}" if told else _incomparable(found, report)
    return f"*{signed(found.value)}* {name} {_span(found.since, report)}{_part(found)}{compared}."


def _incomparable(found: Headline, report: Report) -> str:
    prior = _prior(found, report)
    if found.before is not None:
        return f", after {number(found.before)} on {prior}{_alike(found)}"
    return f"; {prior} {'are' if prior == _SAME_DAYS else 'is'} not known"


def _prior(found: Headline, report: Report) -> str:
    """What a gain is compared with."""
    _, most, _ = _USUAL[report.edition]
    length = report.as_of - found.since if found.since else most
    if length <= most:
        return _PRIOR[report.edition]
    is_days = report.edition is Edition.DAILY and length <= _A_WEEK
    return _SAME_DAYS if is_days else "the same number of days before"


def _back_then(found: Headline, report: Report) -> str:
    """What a level is compared with."""
    least, most = _AGO[report.edition]
    if found.since is None or least <= report.as_of - found.since <= most:
        return _BACK_THEN[report.edition]
    return when(found.since, report.zone)


def _day_then(found: Headline, report: Report) -> str:
    """The same of a day whose level is not known."""
    least, most = _AGO[report.edition]
    if found.last is None or least <= report.day - found.last <= most:
        return _BACK_THEN[report.edition]
    return f"on {_date(found.last)}"


def _alike(found: Headline) -> str:
    """Of how many accounts the comparison is, where it is not of all that are counted."""
    return "" if found.compared is None else f" ({found.compared} of {plural(found.of, 'account')})"


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
    if not cause.account_id or found.of == 1:
        return ""
    name = line(networks.name_of(networks.named([cause.account_id], report.accounts)[0]), 60)
    of = "the change" if found.before is not None else "it"
    return f"{_share(cause)} of {of} is {name}: {signed(cause.moved)}."


def _share(cause: Cause) -> str:
    share = cause.moved / cause.total
    if abs(share - 1) < _ALL_OF_IT:
        return "All"
    return "Most" if share > 0.5 else "The largest part"
