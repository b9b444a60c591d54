"""What a digest's thread holds: every account, every post, and the time of day that does best."""

from collections.abc import Sequence
from math import isfinite

from scrm_bot.domain.besttime import ENOUGH, HOURS, BestTime
from scrm_bot.domain.digests import Report
from scrm_bot.domain.insights import Metrics, metric_label
from scrm_bot.domain.posts import Post
from scrm_bot.views.blocks import Block, Message, context, line, message, section, sections
from scrm_bot.views.charts import sparkline
from scrm_bot.views.digests import account_name, moved_told
from scrm_bot.views.words import moment, number, plural, zone_of

_MOST_ACCOUNTS = 25
_MOST_POSTS = 25
_MOST_METRICS = 8
_MOST_EXCERPT = 100
_TOGETHER = 10_000  # signs of JSON: Slack has refused messages of some 13,000, each block of them legal


def details(report: Report) -> Sequence[Message]:
    """One reply about accounts and posts, as far as there is something to say; where it is much, several."""
    accounts, posts = _accounts(report), _posts(report)
    if _signs([*accounts, *posts]) <= _TOGETHER:
        accounts, posts = [*accounts, *posts], []
    return [message(*found) for part in (accounts, posts) for found in _replies(part)]


def _replies(blocks: Sequence[Block]) -> Sequence[Sequence[Block]]:
    """As many as it takes: Slack refuses a message that is too long as a whole."""
    replies: list[list[Block]] = []
    for block in blocks:
        if replies and _signs([*replies[-1], block]) <= _TOGETHER:
            replies[-1].append(block)
        else:
            replies.append([block])
    return replies


def _signs(blocks: Sequence[Block]) -> int:
    return sum(len(str(block)) for block in blocks)


def _accounts(report: Report) -> list[Block]:
    if not report.rows:
        return []
    rows = []
    for row in report.rows[:_MOST_ACCOUNTS]:
        told = " · ".join(moved_told(moved) for moved in row.moved[:_MOST_METRICS]) or "n/a"
        past = sparkline(row.past)
        rows.append(f"{account_name(row, report.accounts)}{f'  {past}' if past else ''}\n{told}")
    left = len(report.rows) - _MOST_ACCOUNTS
    more = [context(f"{plural(left, 'more account')} not shown.")] if left > 0 else []
    return [section("*All accounts*"), *_packed(rows), *more]


def _posts(report: Report) -> list[Block]:
    rows = [_post(post, numbers, report.zone) for post, numbers in report.published[:_MOST_POSTS]]
    left = len(report.published) - _MOST_POSTS
    more = [context(f"{plural(left, 'more post')} not shown.")] if left > 0 else []
    best = [section(_best(report.best_time, report.zone))] if report.best_time else []
    listed = [section("*All posts that went out*"), *_packed(rows), *more] if rows else []
    return [*listed, *best]


def _packed(rows: Sequence[str], *, most: int = 6) -> list[Block]:
    """Several rows to a section: a message has room for fifty blocks."""
    groups = [rows[at : at + most] for at in range(0, len(rows), most)]
    return [block for group in groups for block in sections("\n".join(group))]


def _post(post: Post, numbers: Metrics | None, zone: str) -> str:
    at = moment(post.published_at, zone) if post.published_at else "n/a"
    values = numbers.values[:_MOST_METRICS] if numbers else ()
    told = " · ".join(f"{number(value)} {line(metric_label(name), 40).lower()}" for name, value in values)
    return f"• {at}  {line(post.body, _MOST_EXCERPT) or '_No text._'}\n{told or 'n/a'}"


def _best(found: BestTime, zone: str) -> str:
    """With its sample, or why there is none."""
    place = zone_of(zone)[1]
    if not found.is_enough:
        return (
            f"*Best time to post:* not enough data. {plural(found.of, 'post')} can be compared so far; "
            f"from {ENOUGH} on there is a suggestion."
        )
    if found.hour is None:
        return f"*Best time to post:* no time of day stands out among {plural(found.of, 'post')}."
    name, until = line(metric_label(found.metric), 40).lower(), (found.hour + HOURS) % 24
    percent = f"{round((found.lift - 1) * 100)}% " if isfinite(found.lift) else ""
    return (
        f"*Best time to post:* {found.hour:02}:00 to {until:02}:00 {place}. The {found.posts} posts from "
        f"then, of {found.of}, had {percent}more {name} than usual (medians)."
    )
