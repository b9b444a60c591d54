"""The digest of a channel: what went out, what needs somebody, what comes next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.insights import Account, Metrics, metric_label
from scrm_bot.domain.posts import Post
from scrm_bot.views import approvals, headlines, ids, networks
from scrm_bot.views.blocks import (
    Block,
    Message,
    actions,
    bold,
    button,
    context,
    divider,
    header,
    line,
    message,
    section,
)
from scrm_bot.views.charts import sparkline
from scrm_bot.views.insights import trend_row
from scrm_bot.views.words import (
    change,
    channel,
    listed,
    local_time,
    moment,
    number,
    plural,
    when,
    zone_of,
)
from scrm_bot.views.words import day as long_day

History = Mapping[str, Sequence[float | None]]
_MOST_ACCOUNTS = 3
_MOST_WAITING = 3
_MOST_POSTS = 5
_MOST_TRENDS = 3
_MOST_EXCERPT = 140


def digest(report: Report, *, channel_id: str = "", history: History | None = None) -> Message:
    """The whole message; two lines on a quiet day. `history` gives accounts a line of their past."""
    if _quiet(report):
        return message(*_two_lines(report))
    known = report.accounts
    return message(
        header(_title(report)),
        *([approvals.banner(report.paused)] if report.paused else []),
        *_headline(report),
        *_account_rows(report, history or {}),
        *_posts(report),
        *_needs_you(report),
        *_next_day(report, known),
        *_trends(report),
        divider(),
        context(*_freshness(report)),
        actions(
            button("Mute 3 days", ids.Action.MUTE_DIGEST, channel_id),
            button("Settings", ids.Action.SHOW_SETTINGS),
        ),
    )


def schedules(found: Sequence[DigestSchedule]) -> Message:
    """Which channel gets a digest, and when."""
    if not found:
        told = "No channel gets a digest yet. `/scrm digest on #channel 09:00` starts one."
        return message(section(told))
    return message(header("Digests"), *[section(_schedule(schedule)) for schedule in found[:20]])


def switched_on(schedule: DigestSchedule, *, first: datetime) -> Message:
    told = f"✅ {channel(schedule.channel)} gets a digest {_rhythm(schedule)}."
    return message(section(f"{told}\nThe first one comes {when(first, schedule.zone)}."))


def switched_off(channel_id: str) -> Message:
    return message(
        section(f"Digests for {channel(channel_id)} are off. `/scrm digest on` starts them again.")
    )


def muted(schedule: DigestSchedule) -> Message:
    until = f" until {when(schedule.muted_until, schedule.zone)}" if schedule.muted_until else ""
    return message(section(f"🔕 The digest of {channel(schedule.channel)} is muted{until}."))


def _quiet(report: Report) -> bool:
    """Nothing to tell, and known to be so: with a source missing it is not."""
    happened = report.published or report.failed or report.waiting or report.upcoming
    is_odd = report.late or report.paused or report.missing
    return not happened and not is_odd


def _two_lines(report: Report) -> list[Block]:
    told = "A quiet day: nothing went out, nothing waits, and nothing is planned for the next 24 hours."
    return [section(f"{bold(_title(report))}\n{told}")]


def _title(report: Report) -> str:
    return f"Daily digest: {report.workspace}, {_day(report)}"


def _day(report: Report) -> str:
    at = datetime(report.day.year, report.day.month, report.day.day, tzinfo=zone_of(report.zone)[0])
    return f"{long_day(at)}, {zone_of(report.zone)[1]}"


def _headline(report: Report) -> list[Block]:
    found = headlines.headline(report)
    if found is None:
        return []
    return [section(f"*{number(found.total)}* {metric_label(found.metric).lower()}{found.words}")]


def _account_rows(report: Report, history: History) -> list[Block]:
    rows = []
    for numbers in report.numbers[:_MOST_ACCOUNTS]:
        account = networks.named([numbers.account_id], report.accounts)[0]
        past = sparkline(history.get(numbers.account_id, ()))
        rows.append(f"{_account(account)}  {_values(numbers, report)}{f'  {past}' if past else ''}")
    left = len(report.numbers) - _MOST_ACCOUNTS
    more = [context(f"{plural(left, 'more account')}: `/scrm stats`")] if left > 0 else []
    return [section("\n".join(rows)), *more] if rows else []


def _account(account: Account) -> str:
    return bold(networks.name_of(account), 60) if account.id else "*In all*"


def _values(numbers: Metrics, report: Report) -> str:
    before = report.before.get(numbers.account_id)
    told = []
    for name, value in numbers.values[:3]:
        against = change(value, before.get(name) if before else None)
        told.append(f"{line(metric_label(name), 40)} {number(value)}{f' ({against})' if against else ''}")
    return " · ".join(told) or "n/a"


def _posts(report: Report) -> list[Block]:
    if not report.published:
        return []
    ranked = headlines.ranked(report.published)
    if ranked is None:
        posts = [post for post, _ in report.published]
        rows = [_post_row(post, "") for post in posts[:_MOST_POSTS]]
        left = len(posts) - _MOST_POSTS
        return [section(f"*Went out:* {plural(len(posts), 'post')}"), *rows, *_left(left)]
    metric, (best, most), (weakest, least) = ranked
    name = line(metric_label(metric), 40).lower()
    return [
        section(f"*Went out:* {plural(len(report.published), 'post')}"),
        _post_row(best, f"🏆 *Best*, {name} {number(most)}\n"),
        _post_row(weakest, f"🌱 *Weakest*, {name} {number(least)}\n"),
    ]


def _post_row(post: Post, lead: str) -> Block:
    excerpt = line(post.body, _MOST_EXCERPT) or "_No text._"
    return section(f"{lead}{excerpt}", accessory=button("Show", ids.Action.SHOW_POST, post.id))


def _needs_you(report: Report) -> list[Block]:
    if not report.waiting and not report.failed:
        return []
    rows = [
        block
        for approval in report.waiting[:_MOST_WAITING]
        for block in approvals.row(approval, accounts=report.accounts)
    ]
    failed = [_post_row(post, f"❌ *Failed:* {_why(post)}\n") for post in report.failed[:_MOST_POSTS]]
    requests = _left(len(report.waiting) - _MOST_WAITING, " `/scrm approvals` shows them.")
    failures = _left(len(report.failed) - _MOST_POSTS, " `/scrm posts failed` shows them.")
    return [section("*Needs you*"), *rows, *requests, *failed, *failures]


def _why(post: Post) -> str:
    return line(post.error, 200) or "SocialCRM gave no reason"


def _next_day(report: Report, known: Sequence[Account]) -> list[Block]:
    if not report.upcoming:
        return []
    place = zone_of(report.zone)[0]
    rows = []
    for post in report.upcoming[:_MOST_POSTS]:
        at = f"{local_time(post.scheduled_at, place):%a %H:%M}" if post.scheduled_at else "no time"
        names = networks.names(post.account_ids, known, most=2)
        rows.append(f"{at}  {line(post.body, _MOST_EXCERPT) or '_No text._'} ({names})")
    told = "*Next 24 hours*\n" + "\n".join(rows)
    return [section(told), *_left(len(report.upcoming) - _MOST_POSTS)]


def _trends(report: Report) -> list[Block]:
    if not report.trends:
        return []
    rows = [
        trend_row(rank, trend, label="Draft") for rank, trend in enumerate(report.trends[:_MOST_TRENDS], 1)
    ]
    return [section("*Trending*"), *rows]


def _freshness(report: Report) -> list[str]:
    told = [f"Data as of {moment(report.as_of, report.zone)}."]
    if report.missing:
        names = listed([line(name, 60) for name in report.missing[:8]])
        told.append(f"⚠️ Not everything answered. Missing: {names}.")
    if report.late:
        told.append("This digest is late: the bot was not running at its time.")
    return told


def _left(count: int, where: str = "") -> list[Block]:
    return [context(f"{count:,} more.{where}")] if count > 0 else []


def _schedule(schedule: DigestSchedule) -> str:
    told = f"{channel(schedule.channel)}: {_rhythm(schedule)}"
    if schedule.muted_until:
        told += f", muted until {when(schedule.muted_until, schedule.zone)}"
    return f"{told}\n⚠️ {line(schedule.problem, 200)}" if schedule.problem.strip() else told


def _rhythm(schedule: DigestSchedule) -> str:
    rhythm = {"weekdays": "on weekdays", "weekly": "every Monday", "monthly": "on the first of each month"}
    days = rhythm.get(schedule.days, "every day")
    return f"{days} at {line(schedule.at, 10)} {line(schedule.zone, 60)}"
