"""Answers that confirm."""

from scrm_bot.domain.errors import (
    NoApproversError,
    PaymentRequiredError,
    RateLimitedError,
    UnauthorizedError,
    UsageError,
)
from scrm_bot.views import answers, posts, problems
from tests.builders import APPROVALS_CHANNEL, LATER, a_policy, a_post, accounts, an_approval
from tests.goldens import Cases
from tests.goldens.cases.approvals import STATES

ZONE = "Europe/Berlin"
NO_PLAN = problems.sentence(PaymentRequiredError(endpoint="POST /media/upload-url"))

CASES: Cases = {
    "answers.asked": answers.asked(an_approval(), approvals_channel=APPROVALS_CHANNEL),
    "answers.asked.nobody_can_approve": answers.asked(
        an_approval(policy=a_policy(approvers=("UEDITOR",))), approvals_channel=APPROVALS_CHANNEL
    ),
    "answers.asked.to_schedule": answers.asked(an_approval(at=LATER), approvals_channel=APPROVALS_CHANNEL),
    "answers.dry_run": answers.dry_run("post_123", at=None, zone=ZONE, approvals_channel=APPROVALS_CHANNEL),
    "answers.dry_run.not_set_up": answers.dry_run("post_123", at=LATER, zone=ZONE, approvals_channel=""),
    **{
        f"answers.decided.{name}": answers.decided(STATES[name])
        for name in ("pending_one_of_two", "approved", "approved_to_schedule", "rejected", "on_hold", "void")
    },
    "answers.handed_over": answers.handed_over(an_approval(), "UNEXT"),
    "answers.saved": answers.saved("post_123", voided=False),
    "answers.saved.voiding": answers.saved("post_123", voided=True),
    "answers.attached": posts.drafted(
        a_post(media_ids=("media_1",)), accounts=accounts(), saved=answers.attached_words(1, voided=True)
    ),
    "answers.attached.nothing": answers.without_files(
        posts.drafted(a_post(), accounts=accounts(), saved=answers.attached_words(0, voided=False)),
        "post_123",
        [("a <b>.png", "a &lt;b&gt;.png is empty.")],
    ),
    "answers.without_files": answers.without_files(
        posts.drafted(a_post(), accounts=accounts()),
        "post_123",
        [("a.png", "a.png is empty."), ("b.png", NO_PLAN), ("c*.mp4", NO_PLAN)],
        asking=True,
    ),
    "answers.not_asked": answers.not_asked(problems.explain(NoApproversError()), posts.deleted("post_123")),
    "answers.with_stray_flag": answers.with_stray_flag(posts.deleted("post_123"), "--too", "--to"),
    "answers.in_brief": answers.in_brief(posts.drafted(a_post(), accounts=accounts())),
    "answers.given_back": answers.given_back(
        problems.explain(UnauthorizedError()), "Launch day is here. <!channel> & *more*"
    ),
    "answers.given_back.as_draft": answers.given_back(
        problems.explain(
            UsageError("No connected account is called “nosuch”.", field="accounts"), verb="draft"
        ),
        "Launch day --to nosuch",
        as_draft="line:k_1",
    ),
    "answers.given_back.again": answers.given_back(
        problems.explain(RateLimitedError(retry_in=7)), "buy now", again="k_1"
    ),
    "answers.given_back.nothing": answers.given_back(problems.explain(UnauthorizedError()), " "),
    "answers.deleted": answers.deleted("post_123", closed=False),
    "answers.deleted.closing": answers.deleted("post_123", closed=True),
    "answers.posted": answers.posted("CDIGEST"),
    "answers.expired_text": answers.expired_text(),
    "answers.readable": answers.readable(["/v1/posts", "/v1/posts/{id}"]),
    "answers.raw": answers.raw("/v1/posts", '{\n  "data": ["<b>", "```"]\n}'),
    "answers.raw.long": answers.raw("/v1/posts", '{"id": "post_123"},\n' * 600),
}
