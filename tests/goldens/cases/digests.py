"""Digests, and what is said about their schedules."""

from dataclasses import replace

from scrm_bot.domain.insights import Metrics
from scrm_bot.views import digests
from tests.builders import (
    LATER,
    a_digest_schedule,
    a_pause,
    a_post,
    a_report,
    a_trend,
    accounts,
    an_approval,
    metrics,
)
from tests.goldens import Cases

NUMBERS = (metrics("acct_1", impressions=1200, followers=5310), metrics("acct_2", impressions=300))
BEFORE = {
    "acct_1": metrics("acct_1", impressions=1000, followers=5310),
    "acct_2": metrics("acct_2", impressions=310),
}
OUT = tuple(
    (a_post(id=f"post_{n}", status="published", body=f"Post number {n}"), metrics("", likes=float(n * 10)))
    for n in range(1, 4)
)
BUSY = a_report(
    accounts=accounts(),
    numbers=NUMBERS,
    before=BEFORE,
    published=OUT,
    failed=(
        a_post(status="failed", error="Instagram refused the picture."),
        a_post(status="failed", body=""),
    ),
    upcoming=(a_post(scheduled_at=LATER), a_post(body="")),
    waiting=(an_approval(), an_approval(at=LATER)),
    trends=(a_trend(), a_trend("Rain", None), a_trend("Tea"), a_trend("Not shown")),
)
CROWDED = replace(
    BUSY,
    numbers=tuple(metrics(f"acct_{n}", followers=float(n)) for n in range(5)),
    before={},
    published=tuple((post, None) for post, _ in OUT * 3),
    failed=BUSY.failed * 4,
    upcoming=BUSY.upcoming * 4,
    waiting=BUSY.waiting * 3,
    late=True,
)
PAST = {"acct_1": (900.0, None, 1000.0, 1200.0)}
SOME = replace(BUSY, numbers=(*NUMBERS, metrics("acct_3", likes=4)), before={"acct_1": BEFORE["acct_1"]})
STILL = replace(BUSY, numbers=NUMBERS[:1], before={"acct_1": NUMBERS[0]}, published=OUT[:1])
UNMOVED = replace(BUSY, before={row.account_id: row for row in NUMBERS}, published=(), trends=())
FELL = replace(BUSY, before={**BEFORE, "acct_1": metrics("acct_1", impressions=9000)}, waiting=(), failed=())
FROM_NOTHING = replace(
    BUSY, before={row.account_id: metrics(row.account_id, impressions=0) for row in NUMBERS}
)
MUTED = a_digest_schedule(days="weekdays", muted_until=LATER)
TROUBLED = a_digest_schedule(channel="COTHER", days="monthly", problem="The bot is not in this channel.")

CASES: Cases = {
    "digests.digest": digests.digest(BUSY, channel_id="CDIGEST", history=PAST),
    "digests.digest.paused": digests.digest(a_report(paused=a_pause()), channel_id="CDIGEST"),
    "digests.digest.quiet": digests.digest(a_report(), channel_id="CDIGEST"),
    "digests.digest.partial": digests.digest(
        a_report(missing=("posts", "account numbers")), channel_id="CDIGEST"
    ),
    "digests.digest.crowded": digests.digest(CROWDED, channel_id="CDIGEST"),
    "digests.digest.some_numbers": digests.digest(SOME),
    "digests.digest.standing_still": digests.digest(STILL),
    "digests.digest.unmoved": digests.digest(UNMOVED),
    "digests.digest.fell": digests.digest(FELL),
    "digests.digest.from_nothing": digests.digest(FROM_NOTHING),
    "digests.digest.no_numbers": digests.digest(replace(BUSY, numbers=(Metrics(),), trends=())),
    "digests.schedules": digests.schedules([a_digest_schedule(), MUTED, TROUBLED]),
    "digests.schedules.none": digests.schedules([]),
    "digests.switched_on": digests.switched_on(a_digest_schedule(), first=LATER),
    "digests.switched_off": digests.switched_off("CDIGEST"),
    "digests.muted": digests.muted(MUTED),
    "digests.muted.for_good": digests.muted(a_digest_schedule()),
}
