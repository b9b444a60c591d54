"""Posts, one and many."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scrm_bot.domain.approvals import State
from scrm_bot.domain.lists import Listed, Place
from scrm_bot.domain.posts import Post
from scrm_bot.views import posts
from tests.builders import LATER, NOW, a_policy, a_post, accounts, an_approval, an_approved
from tests.goldens import Cases

ACCOUNTS = accounts()
ZONE = "Europe/Berlin"
SCHEDULED = a_post(id="post_124", status="scheduled", scheduled_at=LATER, body="Doors open at nine.")
PUBLISHED = a_post(
    id="post_125", status="published", published_at=NOW, account_ids=("acct_1", "acct_2", "acct_3")
)
FAILED = a_post(id="post_126", status="failed", error="Instagram refused the picture.", media_ids=("m1",))
ODD = a_post(id="post_127", status="in_review", body="", account_ids=(), created_at=None, updated_at=None)
ALL = [a_post(), SCHEDULED, PUBLISHED, FAILED, ODD]
MANY = [a_post(id=f"post_{n}", body=f"Post number {n}") for n in range(12)]


def listed(shown: Sequence[Post], start: int = 1, offset: int = 0, **changes: Any) -> Listed:
    """A page of these posts, which are all there are unless something else is said."""
    page = Listed(tuple(enumerate(shown, start)), Place(start, offset), len(shown), len(shown), is_all=True)
    return replace(page, **changes)


CASES: Cases = {
    "posts.card.draft": posts.card(a_post(), accounts=ACCOUNTS, zone=ZONE),
    "posts.card.scheduled": posts.card(SCHEDULED, accounts=ACCOUNTS, zone=ZONE),
    "posts.card.published": posts.card(PUBLISHED, accounts=ACCOUNTS, zone=ZONE),
    "posts.card.failed": posts.card(FAILED, accounts=ACCOUNTS, zone=ZONE),
    "posts.card.accounts_not_told": posts.card(
        a_post(account_ids=(), accounts_told=False), accounts=ACCOUNTS, zone=ZONE
    ),
    "posts.card.status_not_told": posts.card(a_post(status="unknown"), accounts=ACCOUNTS, zone=ZONE),
    "posts.card.odd": posts.card(ODD, accounts=ACCOUNTS, zone=ZONE),
    "posts.card.too_long_for_x": posts.card(
        a_post(body="n" * 312, account_ids=("acct_3",)), accounts=ACCOUNTS
    ),
    "posts.card.waiting": posts.card(
        a_post(), accounts=ACCOUNTS, zone=ZONE, request=an_approval(policy=a_policy(due_hours=0)), now=NOW
    ),
    "posts.card.changed_since": posts.card(
        a_post(body="Not what was asked."), accounts=ACCOUNTS, zone=ZONE, request=an_approval()
    ),
    "posts.card.approved": posts.card(a_post(), accounts=ACCOUNTS, zone=ZONE, request=an_approved(), now=NOW),
    "posts.card.changed_and_approved": posts.card(
        a_post(body="Not what was asked."), accounts=ACCOUNTS, zone=ZONE, request=an_approved()
    ),
    "posts.card.under_way": posts.card(
        a_post(), accounts=ACCOUNTS, zone=ZONE, request=an_approved(state=State.PUBLISHING)
    ),
    "posts.card.sent_back": posts.card(
        a_post(), accounts=ACCOUNTS, zone=ZONE, request=an_approval(state=State.CHANGES_REQUESTED)
    ),
    "posts.card.went_out": posts.card(
        PUBLISHED, accounts=ACCOUNTS, zone=ZONE, request=an_approved(state=State.PUBLISHED)
    ),
    "posts.drafted": posts.drafted(a_post(), accounts=ACCOUNTS, zone=ZONE),
    "posts.drafted.with_a_note": posts.drafted(
        a_post(), accounts=ACCOUNTS, zone=ZONE, note="Mind the *pun*\n& the price"
    ),
    "posts.deleted": posts.deleted("post_123"),
    "posts.deleted.with_its_text": posts.deleted("post_123", text="Tea & <cake>\n```today```"),
    "posts.delete_question": posts.delete_question(a_post()),
    "posts.delete_question.closing": posts.delete_question(SCHEDULED, zone=ZONE, closes=True),
    "posts.delete_question.empty": posts.delete_question(a_post(body="")),
    "posts.delete_question.long": posts.delete_question(a_post(body="word " * 2000)),
    "posts.listing": posts.listing(listed(ALL), accounts=ACCOUNTS, zone=ZONE, key="all"),
    "posts.listing.first_page": posts.listing(listed(MANY), accounts=ACCOUNTS, title="Drafts", key="draft"),
    "posts.listing.middle_page": posts.listing(
        listed(MANY, 11, total=25, gone=1), accounts=ACCOUNTS, key="draft"
    ),
    "posts.listing.of_thousands": posts.listing(
        listed(MANY[:3], 11, 950, total=13, looked=950, is_all=False), accounts=ACCOUNTS, key="mine"
    ),
    "posts.listing.last_of_thousands": posts.listing(
        listed(MANY[:3], 1, 9500, looked=500), accounts=ACCOUNTS, key="mine"
    ),
    "posts.listing.none_so_far": posts.listing(
        listed([], looked=950, is_all=False), accounts=ACCOUNTS, key="failed"
    ),
    "posts.listing.gone": posts.listing(listed([], 11, total=13, gone=3), accounts=ACCOUNTS),
    "posts.listing.past_the_end": posts.listing(listed([], 21), accounts=ACCOUNTS, key="draft"),
    "posts.listing.none": posts.listing(listed([]), accounts=ACCOUNTS),
}
