"""The digest of a channel: what changed and why, what needs somebody, what comes next."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.digests import LISTED, Report
from scrm_bot.domain.insights import Account, metric_label
from scrm_bot.domain.movements import AccountRow, Moved
from scrm_bot.domain.periods import Edition
from scrm_bot.domain.posts import Post
from scrm_bot.domain.waiting import due_at
from scrm_bot.views import approval_lists, approvals, headlines, ids, networks
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
from scrm_bot.views.waiting import deadlines
from scrm_bot.views.words import (
    change,
    listed,
    local_time,
    moment,
    number,
    plural,
    signed,
    zone_of,
)
from scrm_bot.views.words import day as long_day

TITLES = {
    Edition.DAILY: "Daily digest",
    Edition.WEEKLY: "Weekly digest",
    Edition.MONTHLY: "Monthly digest",
}
_MOST_ACCOUNTS = 3
_MOST_FAILED = 3
_MOST_POSTS = 5
_MOST_TRENDS = 3
_MOST_EXCERPT = 140


def digest(
    report: Report,
    *,
    channel_id: str = "",
    private: bool = False,
    admin: bool = True,
    decides: Collection[str] | None = None,
) -> Message:
    """The whole message; two lines when nothing happened.

    `channel_id` is where it is; its digest can be muted, if it has one. One that is `private` has no thread;
    `admin` is whether its readers may open the settings; `decides` are the ids of the requests that wait for
    the word of its one reader, None where many read it.
    """
    if _is_quiet(report):
        return message(*_two_lines(report))
    return message(
        header(title(report)),
        context(f"{headlines.period(report)} Numbers as of {moment(report.as_of, report.zone)}."),
        *([approvals.banner(report.paused)] if report.paused else []),
        *_headline(report),
        *_account_rows(report, "with" if private else "in the thread, and with"),
        *_posts(report),
        *_needs_you(report, decides),
        *_next_day(report),
        *_trends(report),
        divider(),
        context(*_freshness(report)),
        *_ways_out(channel_id if report.is_planned else "", admin=admin),
    )


def _ways_out(channel_id: str, *, admin: bool) -> list[Block]:
    mute = [button("Mute 3 days", ids.Action.MUTE_DIGEST, channel_id)] if channel_id else []
    buttons = [*mute, *([button("Settings", ids.Action.SHOW_SETTINGS)] if admin else [])]
    return [actions(*buttons)] if buttons else []


def title(report: Report) -> str:
    return f"{TITLES[report.edition]}: {report.workspace}, {_day(report.day, report.zone)}"


def account_name(row: AccountRow, accounts: Sequence[Account]) -> str:
    if not row.account_id:
        return "*In all*"
    return bold(networks.name_of(networks.named([row.account_id], accounts)[0]), 60)


def moved_told(moved: Moved) -> str:
    """`Impressions +1,234 (+12%)`, `Followers 5,310 (no change)`."""
    value = number(moved.value) if moved.gained is None else signed(moved.gained)
    against = change(moved.told, moved.before)
    return f"{line(metric_label(moved.metric), 40)} {value}{f' ({against})' if against else ''}"


def _post_row(post: Post, lead: str) -> Block:
    excerpt = line(post.body, _MOST_EXCERPT) or "_No text._"
    return section(f"{lead}{excerpt}", accessory=button("Show", ids.Action.SHOW_POST, post.id))


def _is_quiet(report: Report) -> bool:
    """Nothing to tell, and known to be so: with a source missing it is not."""
    happened = report.published or report.failed or report.waiting or report.upcoming
    is_odd = report.late or report.skipped or report.paused or report.missing
    return not happened and not is_odd


def _two_lines(report: Report) -> list[Block]:
    told = "nothing went out, nothing waits, and nothing is planned for the next 24 hours."
    more = [headlines.short(report), _failed_before(report)]
    said = " ".join(each for each in (f"{headlines.quiet(report)}: {told}", *more) if each)
    return [section(f"{bold(title(report))}\n{said}")]


def _failed_before(report: Report) -> str:
    """What failed before its period was told then; it only counts."""
    if not report.failed_before:
        return ""
    return f"{plural(report.failed_before, 'older failed post')}: `/scrm posts failed` shows them."


def _day(day: date, zone: str) -> str:
    at = datetime(day.year, day.month, day.day, tzinfo=zone_of(zone)[0])
    return f"{long_day(at)}, {zone_of(zone)[1]}"


def _headline(report: Report) -> list[Block]:
    told = headlines.told(report)
    return [section(told)] if told else []


def _account_rows(report: Report, where: str) -> list[Block]:
    """`where` the accounts are found that are left out, before the command that tells them."""
    rows = []
    for row in report.rows[:_MOST_ACCOUNTS]:
        told = " · ".join(moved_told(moved) for moved in row.moved[:3]) or "n/a"
        past = sparkline(row.past)
        name = account_name(row, report.accounts)
        rows.append("  ".join(part for part in (name, past, told) if part))
    left = len(report.rows) - _MOST_ACCOUNTS
    more = [context(f"{plural(left, 'more account')}: {where} `/scrm stats`.")]
    return [section("\n".join(rows)), *(more if left > 0 else [])] if rows else []


def _posts(report: Report) -> list[Block]:
    if not report.published:
        return []
    ranked = headlines.ranked(report.published, at=report.now)
    count = len(report.published)
    name = line(metric_label(ranked.metric), 40).lower() if ranked else ""
    having = f", {ranked.of} of them with {name}" if ranked and ranked.of < count else ""
    first = section(f"*Went out:* {plural(count, 'post')}{having}")
    if ranked is None:
        posts = [post for post, _ in report.published]
        rows = [_post_row(post, "") for post in posts[:_MOST_POSTS]]
        return [first, *rows, *_left(len(posts) - _MOST_POSTS)]
    (best, most), (weakest, least) = ranked.best, ranked.weakest
    return [
        first,
        _post_row(best, f"🏆 *Best*, {name} {number(most)}\n"),
        _post_row(weakest, f"🌱 *Weakest*, {name} {number(least)}\n"),
    ]


def _needs_you(report: Report, decides: Collection[str] | None) -> list[Block]:
    if not (report.waiting or report.failed or report.failed_before):
        return []
    rows = [block for approval in report.waiting[:LISTED] for block in _waiting(approval, report, decides)]
    failed = [block for post in report.failed[:_MOST_FAILED] for block in _failed(post)]
    more = len(report.waiting[LISTED:]) + report.unlisted
    requests = _left(more, " `/scrm approvals` shows them.")
    failures = _left(len(report.failed) - _MOST_FAILED, " `/scrm posts failed` shows them.")
    open_ones = sum(approval.is_open for approval in report.waiting) + report.unlisted
    several = approval_lists.several_row() if (open_ones if decides is None else len(decides)) > 1 else []
    before = _failed_before(report)
    older = [context(before)] if before else []
    title = section("*Needs you*" if open_ones or failed or older else "*Needed you*")
    return [title, *rows, *requests, *several, *failed, *failures, *older]


def _waiting(approval: Approval, report: Report, decides: Collection[str] | None) -> list[Block]:
    """A request with its buttons, as in every list; and that it is overdue, where it is."""
    is_theirs = decides is None or approval.id in decides
    due = due_at(approval)
    is_late = approval.is_open and due is not None and due <= report.now
    late = [context(" · ".join(deadlines(approval, report.now)))] if is_late else []
    return [*approval_lists.row(approval, accounts=report.accounts, decides=is_theirs), *late]


def _failed(post: Post) -> list[Block]:
    """What went wrong, and the way to try it again: mend it, then ask for approval."""
    reason = line(post.error, 200) or "SocialCRM gave no reason"
    excerpt = line(post.body, _MOST_EXCERPT) or "_No text._"
    return [
        section(f"❌ *Failed:* {reason}\n{excerpt}"),
        actions(
            button("Edit", ids.Action.EDIT_POST, post.id),
            button("Ask for approval", ids.Action.ASK_APPROVAL, post.id, says="Ask for approval to retry"),
            button("Show", ids.Action.SHOW_POST, post.id),
        ),
    ]


def _next_day(report: Report) -> list[Block]:
    if not report.upcoming:
        return []
    place = zone_of(report.zone)[0]
    rows = []
    for post in report.upcoming[:_MOST_POSTS]:
        at = f"{local_time(post.scheduled_at, place):%a %H:%M}" if post.scheduled_at else "no time"
        names = networks.targets(post, report.accounts, most=2)
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
    """What is missing, late or was left out; else that nothing is."""
    told = []
    if report.missing:
        names = listed([line(name, 60) for name in report.missing[:8]])
        told.append(f"⚠️ Not everything answered. Missing: {names}.")
    if report.late:
        told.append(f"This digest is late: it was due {moment(report.late, report.zone)}.")
    if report.skipped:
        told.append(f"The digest of {line(report.skipped, 20)} was not sent: it came over two hours late.")
    return told or ["Every source answered."]


def _left(count: int, where: str = "") -> list[Block]:
    return [context(f"{count:,} more.{where}")] if count > 0 else []
