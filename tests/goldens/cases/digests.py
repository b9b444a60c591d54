"""Digests, their threads, and what is said about their schedules."""

from dataclasses import replace
from datetime import date, timedelta
from math import inf

from scrm_bot.domain.approvals import State
from scrm_bot.domain.besttime import BestTime
from scrm_bot.domain.digests import Planned, Trouble
from scrm_bot.domain.movements import AccountRow, Cause, Gap, Headline, Moved
from scrm_bot.domain.periods import Edition
from scrm_bot.views import digest_details, digest_schedules, digests
from tests.builders import (
    LATER,
    NOW,
    a_digest_schedule,
    a_pause,
    a_policy,
    a_post,
    a_report,
    a_trend,
    accounts,
    an_approval,
    an_approved,
    metrics,
)
from tests.goldens import Cases

YESTERDAY = NOW - timedelta(days=1)
OUT = tuple(
    (
        a_post(id=f"post_{n}", status="published", body=f"Post number {n}", published_at=YESTERDAY),
        metrics("", impressions=float(n * 400), likes=float(n * 10)),
    )
    for n in range(1, 4)
)
ROWS = (
    AccountRow(
        "acct_1",
        (Moved("impressions", 81_200, 1200, 1000), Moved("followers", 5310, None, 5310)),
        (900.0, None, 1000.0, 1200.0),
    ),
    AccountRow("acct_2", (Moved("impressions", 4300, 300, 310),), (310.0, 300.0)),
)
LED = Headline(
    "impressions", 1500, 2, 2, is_gain=True, before=1310, since=YESTERDAY, cause=Cause(200, 190, "acct_1")
)
BUSY = a_report(
    accounts=accounts(),
    headline=LED,
    rows=ROWS,
    published=OUT,
    failed=(
        a_post(status="failed", error="Instagram refused the picture."),
        a_post(id="post_9", status="failed", body=""),
    ),
    upcoming=(a_post(scheduled_at=LATER), a_post(body="")),
    waiting=(an_approval(), an_approval(at=LATER)),
    trends=(a_trend(), a_trend("Rain", None), a_trend("Tea"), a_trend("Not shown")),
)
OVERDUE = an_approval(policy=a_policy(due_hours=2), created_at=NOW - timedelta(hours=5))
CROWDED = replace(
    BUSY,
    rows=tuple(AccountRow(f"acct_{n}", (Moved("followers", float(n)),)) for n in range(30)),
    headline=Headline("followers", 435, 30, 30),
    published=tuple((post, None) for post, _ in OUT * 10),
    failed=BUSY.failed * 4,
    upcoming=BUSY.upcoming * 4,
    waiting=(OVERDUE, *BUSY.waiting * 3),
)
FIRST_ROWS = tuple(replace(row, past=(), moved=(Moved("impressions", 4300),)) for row in ROWS)
FIRST = replace(BUSY, headline=Headline("impressions", 8600, 2, 2), rows=FIRST_ROWS, failed=(), waiting=())
UNKNOWN = Headline("impressions", 8600, 2, 2)
BY_POST = replace(LED, before=600, cause=Cause(900, 900, post=OUT[2][0]))
FELL = replace(LED, value=300, before=1500, cause=Cause(-1000, -1200, "acct_1"))
WEEK_AGO = NOW - timedelta(days=7)
LEVEL = Headline("followers", 9000, 2, 3, before=8900, since=WEEK_AGO, cause=Cause(60, 100, "acct_2"))
WEEK = replace(
    BUSY,
    edition=Edition.WEEKLY,
    headline=replace(LED, since=NOW - timedelta(days=7), cause=Cause(190, 190, "acct_1")),
    best_time=BestTime(24, 9, 6, 1.42, "engagement_rate"),
)
MONTH = replace(WEEK, edition=Edition.MONTHLY, headline=replace(LED, since=NOW - timedelta(days=30)))
PARTIAL = a_report(missing=("posts", "account numbers"), rows=(AccountRow("acct_1"),))
TELLING = {
    "digest": BUSY,
    "digest.paused": a_report(paused=a_pause()),
    "digest.quiet": a_report(),
    "digest.quiet_but_numbers": a_report(headline=LED, rows=ROWS),
    "digest.quiet_week": a_report(edition=Edition.WEEKLY),
    "digest.partial": PARTIAL,
    "digest.crowded": CROWDED,
    "digest.first_day": FIRST,
    "digest.first_week": replace(FIRST, edition=Edition.WEEKLY),
    "digest.weekly": WEEK,
    "digest.monthly": MONTH,
    "digest.late": replace(BUSY, late=NOW - timedelta(hours=1), skipped="2026-11-28"),
    "digest.because_of_a_post": replace(BUSY, headline=BY_POST),
    "digest.because_of_a_post_without_text": replace(
        BUSY, headline=replace(BY_POST, cause=Cause(900, 900, post=a_post(body="")))
    ),
    "digest.fell": replace(BUSY, headline=FELL),
    "digest.level": replace(BUSY, headline=LEVEL),
    "digest.level_of_the_week": replace(WEEK, headline=LEVEL),
    "digest.level_without_a_week_ago": replace(BUSY, headline=replace(LEVEL, before=None)),
    "digest.no_prior": replace(BUSY, headline=replace(LED, before=None, cause=Cause(1200, 1500, "acct_1"))),
    "digest.from_nothing": replace(BUSY, headline=replace(LED, before=0)),
    "digest.unmoved": replace(BUSY, headline=replace(LED, before=1500, cause=None), published=OUT[:1]),
    "digest.longer_than_a_day": replace(BUSY, headline=replace(LED, since=NOW - timedelta(days=3))),
    "digest.without_an_account": replace(
        BUSY,
        headline=replace(LED, cause=Cause(190, 190, "")),
        rows=(AccountRow("", ROWS[0].moved, ROWS[0].past),),
    ),
    "digest.after_a_weekend": replace(
        BUSY, since=NOW - timedelta(days=3), headline=replace(LED, since=NOW - timedelta(days=3))
    ),
    "digest.after_a_weekend.no_prior": replace(
        BUSY, since=NOW - timedelta(days=3), headline=replace(LED, before=None, since=NOW - timedelta(days=3))
    ),
    "digest.after_two_weeks": replace(
        BUSY, since=NOW - timedelta(days=14), headline=replace(LED, since=NOW - timedelta(days=14))
    ),
    "digest.some_accounts_compared": replace(
        BUSY,
        headline=replace(
            LED, counted=3, of=4, compared=2, alike=1310, cause=Cause(-100, -110, "acct_2"), before=1420
        ),
    ),
    "digest.some_accounts_after_nothing": replace(
        BUSY, headline=replace(LED, compared=1, alike=900, before=0, cause=None)
    ),
    "digest.one_account": replace(BUSY, headline=replace(LED, counted=1, of=1), rows=ROWS[:1]),
    "digest.gap.broken": replace(FIRST, headline=replace(UNKNOWN, gap=Gap.BROKEN, last=date(2026, 11, 20))),
    "digest.gap.new": replace(FIRST, headline=replace(UNKNOWN, gap=Gap.NEW), edition=Edition.MONTHLY),
    "digest.gap.level": replace(FIRST, headline=replace(UNKNOWN, gap=Gap.LEVEL)),
    "digest.gap.followers": replace(FIRST, headline=replace(UNKNOWN, metric="followers", gap=Gap.FIRST)),
    "digest.gap.unreadable": replace(
        FIRST, headline=replace(UNKNOWN, gap=Gap.FIRST), missing=("earlier numbers",)
    ),
    "digest.level_of_weeks_ago": replace(
        BUSY, headline=replace(LEVEL, compared=1, alike=9000, since=NOW - timedelta(days=14))
    ),
    "digest.level_of_the_month": replace(
        MONTH, headline=replace(LEVEL, compared=1, alike=9000, since=NOW - timedelta(days=31))
    ),
    "digest.level_of_two_months": replace(MONTH, headline=replace(LEVEL, since=NOW - timedelta(days=63))),
    "digest.level_since_two_weeks": replace(MONTH, headline=replace(LEVEL, since=NOW - timedelta(days=14))),
    "digest.gap.level_a_week_ago": replace(
        FIRST, headline=replace(UNKNOWN, gap=Gap.LEVEL, last=WEEK_AGO.date())
    ),
    "digest.gap.level_of_weeks_ago": replace(
        FIRST, headline=replace(UNKNOWN, gap=Gap.LEVEL, last=date(2026, 11, 16))
    ),
    "digest.gap.absent": replace(FIRST, headline=replace(UNKNOWN, gap=Gap.ABSENT)),
    "digest.most_have_another_number": replace(
        BUSY, published=(*OUT, *((post, metrics("", engagement_rate=0.5)) for post, _ in OUT[:2]))
    ),
    "digest.all_equal": replace(BUSY, published=tuple((post, metrics("", likes=7)) for post, _ in OUT)),
    "digest.some_measured": replace(BUSY, published=(*OUT, (OUT[0][0], None))),
    "digest.just_out": replace(
        BUSY,
        published=(
            (
                a_post(id="post_8", body="Just out", published_at=NOW - timedelta(minutes=5)),
                metrics("", likes=0),
            ),
            *((post, metrics("", likes=float(n))) for n, (post, _) in enumerate(OUT, start=1)),
        ),
    ),
    "digest.only_just_out": replace(
        BUSY,
        published=tuple((replace(post, published_at=NOW - timedelta(hours=5)), row) for post, row in OUT),
    ),
    "digest.only_the_best_is_not_new": replace(
        BUSY, published=(*((replace(post, published_at=NOW), row) for post, row in OUT[:2]), OUT[2])
    ),
    "digest.failed_before": replace(BUSY, waiting=(), failed=(), failed_before=3),
    "digest.failed_now_and_before": replace(BUSY, waiting=(), failed_before=1),
    "digest.quiet_since": a_report(since=NOW - timedelta(days=3)),
    "digest.quiet_but_failed_before": a_report(since=NOW - timedelta(days=1), failed_before=2),
    "digest.quiet_first_day": a_report(headline=replace(UNKNOWN, gap=Gap.BROKEN, since=YESTERDAY)),
    "digest.no_numbers": replace(BUSY, headline=None, rows=(AccountRow("acct_1"),), trends=()),
}
MUTED = a_digest_schedule(days="weekdays", muted_until=NOW)
TROUBLES = (
    a_digest_schedule(channel="CLATE", problem=Trouble.LATE, problem_day="2026-11-28"),
    a_digest_schedule(channel="CDOWN", problem=Trouble.LATE, problem_day="2026-11-25", skipped="2026-11-28"),
    a_digest_schedule(channel="CUNSURE", problem=Trouble.UNSURE, problem_day="2026-11-28"),
    a_digest_schedule(channel="CTOLD", days="monthly", problem="The bot is not in this channel."),
    a_digest_schedule(channel="CODD", problem="msg_too_long", problem_day="2026-11-28"),
)
STOPPED = a_digest_schedule(channel="CSTOP", stopped=True, problem="is_archived", days="weekly")
KEYLESS = replace(STOPPED, problem=Trouble.KEY_REFUSED, days="daily")

CASES: Cases = {
    **{f"digests.{name}": digests.digest(report, channel_id="CDIGEST") for name, report in TELLING.items()},
    "digests.digest.private": digests.digest(CROWDED, private=True, admin=False),
    "digests.digest.for_one": digests.digest(CROWDED, private=True, decides=()),
    "digests.digest.unplanned": digests.digest(replace(CROWDED, is_planned=False), channel_id="CDIGEST"),
    "digest.decided": digests.digest(
        replace(BUSY, failed=(), waiting=(an_approved(), an_approval(state=State.REJECTED))), channel_id="C9"
    ),
    "digest.decided.and_more": digests.digest(replace(BUSY, waiting=(an_approved(),), unlisted=4)),
    "digest_details.accounts": digest_details.details(BUSY)[0],
    "digest_details.together": digest_details.details(WEEK)[0],
    "digest_details.many": digest_details.details(CROWDED)[0],
    "digest_details.accounts.no_numbers": digest_details.details(PARTIAL)[0],
    "digest_details.best_time.too_few": digest_details.details(a_report(best_time=BestTime(4)))[0],
    "digest_details.best_time.none": digest_details.details(a_report(best_time=BestTime(30)))[0],
    "digest_details.best_time.from_nothing": digest_details.details(
        a_report(best_time=BestTime(20, 9, 5, inf, "likes"))
    )[0],
    "digest_details.post.bare": digest_details.details(a_report(published=((a_post(body=""), None),)))[0],
    "digest_schedules.schedules": digest_schedules.schedules(
        [
            Planned(a_digest_schedule(last_sent="2026-11-29"), LATER),
            Planned(MUTED, LATER),
            *(Planned(each, LATER) for each in TROUBLES),
            Planned(STOPPED, None),
            Planned(replace(STOPPED, problem="odd_refusal"), None),
        ]
    ),
    "digest_schedules.schedules.many": digest_schedules.schedules([Planned(a_digest_schedule(), LATER)] * 22),
    "digest_schedules.schedules.none": digest_schedules.schedules([]),
    "digest_schedules.switched_on": digest_schedules.switched_on(Planned(a_digest_schedule(), LATER)),
    "digest_schedules.switched_on.stopped": digest_schedules.switched_on(Planned(a_digest_schedule(), None)),
    "digest_schedules.switched_off": digest_schedules.switched_off(a_digest_schedule()),
    "digest_schedules.switched_off.weekdays": digest_schedules.switched_off(
        a_digest_schedule(days="weekdays", zone="America/Argentina/ComodRivadavia")
    ),
    "digest_schedules.muted": digest_schedules.muted(MUTED),
    "digest_schedules.muted.for_good": digest_schedules.muted(a_digest_schedule()),
    "digest_schedules.stopped": digest_schedules.stopped(STOPPED),
    "digest_schedules.stopped.key": digest_schedules.stopped(KEYLESS),
}
