"""What is told after the fact: the audit log, and what is said under a card."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.audit import Deed, Entry, Filter
from scrm_bot.domain.posts import Drift
from scrm_bot.domain.remarks import Remark
from scrm_bot.views import approvals, audit, threads
from tests.builders import ADMIN, APPROVER, EDITOR, LATER, NOW, a_decision, accounts, an_approval, metrics
from tests.goldens import Cases

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ENTRIES = (
    Entry(
        NOW + timedelta(hours=3),
        "",
        Deed.PUBLISHED,
        "post_123",
        "apr_1",
        HASH,
        before="scheduled",
        after="published",
        result="not as approved: text",
    ),
    Entry(
        NOW + timedelta(hours=2),
        "",
        Deed.CALLED,
        "post_123",
        "apr_1",
        HASH,
        result="answer lost",
        detail="schedule",
    ),
    Entry(
        NOW + timedelta(hours=1),
        APPROVER,
        Deed.APPROVED,
        "post_123",
        "apr_1",
        HASH,
        before="pending",
        after="approved",
    ),
    Entry(
        NOW, EDITOR, Deed.ASKED, "post_123", "apr_1", HASH, after="pending", detail='=HYPERLINK("x"), *bold*'
    ),
    Entry(NOW, EDITOR, Deed.EDITED, "post_123", content_hash=HASH, before="0123456789ab", after=HASH[:12]),
    Entry(NOW, ADMIN, Deed.SETTINGS, before="needed=1", after="needed=2", detail="needed"),
    Entry(NOW, ADMIN, Deed.CONNECTED, after="key ending in 9f3c"),
)
WITH_IDS = (
    Entry(
        NOW,
        ADMIN,
        Deed.SETTINGS,
        before="approvers=U0APPROV1 S0DESIGN1",
        after="approvers=CHRISTMAS U0APPROV1 " + "W012345678 " * 6,
        detail="approvers",
    ),
    Entry(NOW, EDITOR, Deed.DIGEST_MUTED, after="C0SOCIAL1 until Thu 3 Dec 2026, 09:00 Europe/Berlin"),
)


def scheduled(state: State = State.SCHEDULED, **changes: Any) -> Approval:
    pending = an_approval(at=LATER)
    held = replace(pending, state=state, decisions=(a_decision(pending),), confirmed_at=LATER)
    return replace(held, **changes)


OTHER_TEXT: dict[str, Any] = {"drift": (Drift.TEXT,), "changed_body": "Launch day is tomorrow."}
MOVED: dict[str, Any] = {"drift": (Drift.TIME,), "confirmed_at": LATER + timedelta(hours=2)}
OUT = scheduled(State.PUBLISHED, confirmed_at=LATER + timedelta(seconds=4))
HOUR = timedelta(hours=1)

CASES: Cases = {
    "approvals.card.scheduled_changed": approvals.card(scheduled(**OTHER_TEXT), accounts=accounts()),
    "approvals.card.scheduled_moved": approvals.card(scheduled(**MOVED), accounts=accounts()),
    "approvals.card.scheduled_other_media": approvals.card(
        scheduled(drift=(Drift.ACCOUNTS, Drift.MEDIA)), accounts=accounts()
    ),
    "approvals.card.scheduled_late": approvals.card(
        scheduled(detail="SocialCRM has not published it yet, though its time has come."), accounts=accounts()
    ),
    "approvals.card.published_changed": approvals.card(
        scheduled(State.PUBLISHED, **OTHER_TEXT), accounts=accounts()
    ),
    "audit.listing": audit.listing(ENTRIES, wanted=Filter(), zone="Europe/Berlin"),
    "audit.listing.narrowed": audit.listing(
        ENTRIES[2:3], wanted=Filter("post_123", APPROVER, NOW), zone="UTC"
    ),
    "audit.listing.none": audit.listing([], wanted=Filter(), zone="UTC"),
    "audit.listing.with_ids": audit.listing(WITH_IDS, wanted=Filter(), zone="Europe/Berlin"),
    "audit.listing.many": audit.listing(ENTRIES * 4, wanted=Filter(), zone="UTC", more=True),
    "audit.as_csv": audit.as_csv(ENTRIES),
    "audit.as_csv.many": audit.as_csv(ENTRIES * 40),
    "audit.as_csv.more": audit.as_csv(ENTRIES * 40, more=True),
    "audit.as_csv.without_the_right": audit.as_csv(ENTRIES, lacks_right=True),
    "audit.handed_over": audit.handed_over(ENTRIES),
    "audit.handed_over.none": audit.handed_over([]),
    "audit.handed_over.shared": audit.handed_over(ENTRIES[:1], shared=True),
    "audit.with_file": audit.with_file(ENTRIES, wanted=Filter()),
    "audit.with_file.narrowed": audit.with_file(
        ENTRIES[:1], wanted=Filter("post_123", "UAPPROVER"), more=True
    ),
    "audit.without_file": audit.without_file(),
    "threads.remark": threads.remark(OUT, Remark()),
    "threads.remark.changed": threads.remark(scheduled(State.PUBLISHED, **OTHER_TEXT), Remark()),
    "threads.remark.numbers": threads.remark(OUT, Remark(24 * HOUR, metrics())),
    "threads.remark.no_numbers": threads.remark(OUT, Remark(HOUR)),
    "threads.remark.soon": threads.remark(OUT, Remark(HOUR / 2, metrics(impressions=0.0))),
}
