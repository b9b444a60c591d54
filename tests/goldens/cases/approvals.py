"""Cards, lists and notices of approval requests."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrm_bot.domain.approvals import Approval, State, Step
from scrm_bot.domain.cards import CopyKind
from scrm_bot.domain.clashes import Clash, ClashKind
from scrm_bot.domain.errors import RecentLapseError
from scrm_bot.domain.posts import Drift
from scrm_bot.domain.waiting import Why
from scrm_bot.usecases import reasons
from scrm_bot.usecases.asking import REPLACED
from scrm_bot.views import approval_lists, approvals, copies, modals, request_windows
from scrm_bot.views.approval_lists import Waiting
from tests.builders import (
    APPROVER,
    EDITOR,
    LATER,
    NOW,
    SECOND_APPROVER,
    a_card_ref,
    a_decision,
    a_pause,
    a_policy,
    accounts,
    an_approval,
    an_approved,
    an_attempt,
)
from tests.goldens import Cases

ACCOUNTS = accounts()


def decided(state: State, step: Step, reason: str = "") -> Approval:
    return an_approval(state=state, decisions=(a_decision(step=step, reason=reason),), detail=reason)


def to_schedule(state: State, **changes: Any) -> Approval:
    pending = an_approval(at=LATER)
    return replace(pending, state=state, decisions=(a_decision(pending),), **changes)


TWO_NEEDED = an_approval(
    at=LATER,
    policy=a_policy(needed=2),
    note="For the launch.\nPlease read the second line twice.",
    requested_by="UASKS",
    content=replace(
        an_approval().content, account_ids=("acct_1", "acct_3", "acct_gone"), media_ids=("m1", "m2")
    ),
    decisions=(),
)
LONG = "A long story, told slowly. " * 380
STATES = {
    "pending": an_approval(),
    "pending_to_schedule": an_approval(at=LATER),
    "pending_one_of_two": replace(TWO_NEEDED, decisions=(a_decision(TWO_NEEDED),)),
    "pending_every_approver": an_approval(policy=a_policy(needed=0)),
    "pending_every_approver_of_groups": an_approval(policy=a_policy(needed=0, groups=("S1",))),
    "pending_long": an_approval(body=LONG),
    "pending_hidden": an_approval(body="Pay \u202e001 now\x00"),
    "pending_empty": an_approval(body="", content=replace(an_approval().content, account_ids=())),
    "approved": an_approved(),
    "approved_waiting": an_approved(
        attempt=an_attempt(answered=True),
        detail="SocialCRM asked to slow down",
        act_at=NOW + timedelta(minutes=1),
    ),
    "approved_waiting_after_a_lapse": an_approved(
        detail=reasons.of_waiting(RecentLapseError(retry_in=80), "Tue 1 Dec 2026, 09:01 Europe/Berlin"),
    ),
    "approved_waiting_for_its_turn": an_approved(attempt=an_attempt(), act_at=None),
    "approved_to_schedule": to_schedule(State.APPROVED, act_at=NOW),
    "publishing": an_approved(state=State.PUBLISHING, attempt=an_attempt()),
    "scheduling": to_schedule(State.SCHEDULING, attempt=an_attempt()),
    "unknown": an_approved(state=State.UNKNOWN, attempt=an_attempt()),
    "unknown_needs_person": an_approved(state=State.UNKNOWN, attempt=an_attempt(2), needs_person=True),
    "unknown_needs_person_to_schedule": to_schedule(State.UNKNOWN, attempt=an_attempt(2), needs_person=True),
    "unknown_still_at_it": an_approved(
        state=State.UNKNOWN,
        attempt=an_attempt(answered=True),
        needs_person=True,
        detail="SocialCRM has been saying for over an hour that it is publishing the post.",
    ),
    "left_as_it_is": decided(State.WITHDRAWN, Step.LEAVE),
    "pending_with_an_odd_word": an_approval(standing="in_review"),
    "scheduled_unread": to_schedule(
        State.SCHEDULED,
        confirmed_at=LATER,
        unread_since=LATER,
        detail="The post could not be read since Tue 1 Dec 2026, 09:00 Europe/Berlin: SocialCRM does not "
        "answer. Whether it went out is not known.",
    ),
    "published": an_approved(state=State.PUBLISHED, confirmed_at=NOW + timedelta(seconds=12)),
    "published_without_a_time": an_approval(state=State.PUBLISHED),
    "scheduled": to_schedule(State.SCHEDULED, confirmed_at=LATER),
    "scheduled_without_a_time": to_schedule(State.SCHEDULED),
    "rejected": decided(State.REJECTED, Step.REJECT, "Off brand.\nTry the other picture."),
    "rejected_without_reason": decided(State.REJECTED, Step.REJECT),
    "changes_requested": decided(State.CHANGES_REQUESTED, Step.REQUEST_CHANGES, "Name the date"),
    "on_hold": decided(State.ON_HOLD, Step.HOLD, "Waiting for legal"),
    "withdrawn": decided(State.WITHDRAWN, Step.WITHDRAW),
    "withdrawn_by_nobody_known": an_approval(state=State.WITHDRAWN),
    "replaced": an_approval(state=State.WITHDRAWN, detail=REPLACED, newer="apr_2"),
    "replaced_while_half_approved": an_approval(
        state=State.WITHDRAWN,
        detail=REPLACED,
        newer="apr_2",
        decisions=(a_decision(),),
    ),
    "expired": an_approval(state=State.EXPIRED),
    "void": an_approval(state=State.VOID, changed_body="Launch day is tomorrow."),
    "void_other_media": an_approval(state=State.VOID, detail="The media changed.", drift=(Drift.MEDIA,)),
    "void_not_changed": an_approval().voided(
        "A change in Slack ended this request, but SocialCRM did not take it: the post is as it was."
    ),
    "void_deleted": an_approval().voided(f"The post was deleted by <@{EDITOR}>."),
    "void_gone_after_sending": an_approved(
        state=State.VOID, attempt=an_attempt(), detail="The post is gone from SocialCRM."
    ),
    "void_gone_after_scheduling": to_schedule(
        State.VOID,
        attempt=an_attempt(),
        confirmed_at=LATER,
        detail="It is not scheduled in SocialCRM any more.",
    ),
    "void_other_files": an_approval().voided("", found=replace(an_approval().content, media_ids=("m1",))),
    "void_other_words": an_approval().voided(
        "", found=replace(an_approval().content, body="Launch day was.")
    ),
    "void_other_accounts": an_approval(
        body="Launch day is here.",
        content=replace(an_approval().content, media_ids=("m1", "m2")),
    ).voided(
        "The post was changed in Slack after the request.",
        found=replace(an_approval().content, account_ids=("acct_2", "acct_3"), media_ids=()),
    ),
    "pending_many_accounts": an_approval(
        content=replace(an_approval().content, account_ids=tuple(f"acct_{n}" for n in range(45)))
    ),
    "pending_nobody_can": an_approval(policy=a_policy(approvers=(EDITOR,))),
    "pending_too_few_can": an_approval(policy=a_policy(approvers=(EDITOR, APPROVER), needed=2)),
    "pending_too_few_at_all": an_approval(policy=a_policy(needed=3, self_approval=True)),
    "pending_with_a_remark": replace(
        TWO_NEEDED, decisions=(a_decision(TWO_NEEDED, reason="Well said.\nThe *date* is right."),)
    ),
    "void_after_sending": an_approved(state=State.VOID, attempt=an_attempt()),
    "void_after_scheduling": to_schedule(State.VOID, attempt=an_attempt(), confirmed_at=LATER),
    "void_asked_again": an_approval(state=State.VOID, changed_body="Launch day is near.", newer="apr_2"),
    "void_long": an_approval(
        state=State.VOID,
        body=f"{'Once upon a time. ' * 40}The price is 5 euros.{' And so it went on.' * 40}",
        changed_body=f"{'Once upon a time. ' * 40}The price is 50 euros!{' And so it went on.' * 40}",
    ),
    "void_rewritten": an_approval(state=State.VOID, changed_body="Quite another story, told by nobody else"),
    "void_much": an_approval(
        state=State.VOID,
        body=" ".join(f"word{n} stays" for n in range(900)),
        changed_body=" ".join(f"other{n} stays" for n in range(900)),
    ),
    "void_hidden": an_approval(state=State.VOID, changed_body="Launch day is \u202ehere.\x00"),
    "void_emptied": an_approval(state=State.VOID, body="", changed_body=""),
    "failed": an_approved(state=State.FAILED, detail="The key lacks the scope posts:publish."),
    "failed_without_reason": an_approved(state=State.FAILED),
}
FULL = an_approval(
    content=replace(an_approval().content, media_ids=("m1",)),
    note="For the launch",
    clashes=(Clash(ClashKind.SAME_TEXT, "post_7", LATER),),
)
WAITING_RULES = a_policy(needed=2, due_hours=24, remind_hours=8, expire_hours=72)
UNDER_RULES = an_approval(policy=WAITING_RULES)
CLASHES = (
    Clash(ClashKind.SAME_HOUR, "post_7", LATER + timedelta(minutes=30), ("acct_1",)),
    Clash(ClashKind.SAME_TEXT, "post_8", LATER, ("acct_1",)),
    Clash(ClashKind.SAME_TEXT, "post_9", NOW - timedelta(days=1), ("acct_1",), published=True),
)
ASKED_CLASHES = (
    Clash(ClashKind.SAME_HOUR, "post_7", LATER + timedelta(minutes=30), ("acct_1",), asked=True),
    Clash(ClashKind.SAME_TEXT, "post_8", LATER, ("acct_1",), asked=True),
    Clash(ClashKind.SAME_HOUR, "post_9", None, ("acct_1",), asked=True),
)
KEPT = {
    "pending": replace(an_approval(), card=a_card_ref()),
    "rejected": replace(STATES["rejected"], card=a_card_ref()),
    "rejected_asked_again": replace(STATES["rejected"], newer="apr_2"),
}
CHANGES = a_decision(by=APPROVER, step=Step.REQUEST_CHANGES, reason="Name the <date>")
HANDED = an_approval(decisions=(a_decision(by=APPROVER, step=Step.REASSIGN, reason="UNEXT"),))
LATE = an_approval(at=NOW - timedelta(hours=1))
WAITING = [
    STATES["pending"],
    STATES["pending_to_schedule"],
    STATES["pending_long"],
    STATES["on_hold"],
    STATES["unknown_needs_person"],
]

CASES: Cases = {
    **{
        f"approvals.card.{name}": approvals.card(approval, accounts=ACCOUNTS)
        for name, approval in STATES.items()
    },
    **{
        f"approvals.notice.{name}": approvals.notice(STATES[name], accounts=ACCOUNTS)
        for name in ("pending", "published", "scheduled", "rejected", "changes_requested", "void", "failed")
    },
    "approvals.card.pending_too_late": approvals.card(LATE, accounts=ACCOUNTS, now=NOW),
    "approvals.card.pending_due": approvals.card(UNDER_RULES, accounts=ACCOUNTS, now=NOW),
    "approvals.card.pending_overdue": approvals.card(
        UNDER_RULES, accounts=ACCOUNTS, now=NOW + timedelta(hours=24)
    ),
    "approvals.card.pending_due_before_its_time": approvals.card(
        an_approval(at=LATER, policy=a_policy(due_hours=2)), accounts=ACCOUNTS, now=NOW
    ),
    "approvals.card.pending_due_at_its_time": approvals.card(
        an_approval(at=LATER, policy=a_policy(due_hours=72)), accounts=ACCOUNTS, now=NOW
    ),
    "approvals.card.pending_with_clashes": approvals.card(
        an_approval(at=LATER, clashes=CLASHES), accounts=ACCOUNTS
    ),
    "approvals.card.pending_with_clashes_of_requests": approvals.card(
        an_approval(at=LATER, clashes=ASKED_CLASHES), accounts=ACCOUNTS
    ),
    **{
        f"copies.copy.{kind}.{name}": copies.copy(approval, kind, accounts=ACCOUNTS)
        for name, approval in KEPT.items()
        for kind in CopyKind
    },
    "copies.overtaken": copies.overtaken(an_approval()),
    **{
        f"copies.unreachable.{code}": copies.unreachable(replace(KEPT["pending"], unreachable=code))
        for code in ("is_archived", "not_in_channel", "channel_not_found", "restricted_action")
    },
    "copies.unreachable.without_a_card": copies.unreachable(an_approval(unreachable="is_archived")),
    "approvals.card.pending_with_clashes_without_times": approvals.card(
        an_approval(
            clashes=(
                Clash(ClashKind.SAME_TEXT, "post_8"),
                Clash(ClashKind.SAME_TEXT, "post_9", published=True),
            )
        ),
        accounts=ACCOUNTS,
    ),
    "approvals.card.approved_with_clashes": approvals.card(an_approved(clashes=CLASHES), accounts=ACCOUNTS),
    "approvals.card.pending_second_round": approvals.card(
        an_approval(round_number=2, changes=CHANGES), accounts=ACCOUNTS
    ),
    "approvals.card.pending_third_round": approvals.card(
        an_approval(round_number=3, changes=replace(CHANGES, reason=" ")), accounts=ACCOUNTS
    ),
    "approvals.card.expired_by_the_rules": approvals.card(
        an_approval(state=State.EXPIRED, policy=WAITING_RULES, detail="It was not approved within 3 days."),
        accounts=ACCOUNTS,
    ),
    "approvals.notice.reminder": approvals.notice(UNDER_RULES, accounts=ACCOUNTS, why=Why.REMINDER),
    "approvals.notice.overdue": approvals.notice(UNDER_RULES, accounts=ACCOUNTS, why=Why.OVERDUE),
    "approvals.notice.overdue_without_a_time": approvals.notice(
        an_approval(), accounts=ACCOUNTS, why=Why.OVERDUE
    ),
    "approvals.notice.handed_over": approvals.notice(HANDED, accounts=ACCOUNTS, why=Why.HANDED_OVER),
    "approvals.notice.handed_over_by_nobody_known": approvals.notice(
        an_approval(), accounts=ACCOUNTS, why=Why.HANDED_OVER
    ),
    "approvals.wanted_changes": approvals.wanted_changes(STATES["changes_requested"]),
    "modals.pick_request": modals.pick_post("approve", requested=True, metadata="{}"),
    "request_windows.reassign": request_windows.reassign(an_approval(), metadata='{"approval":"apr_1"}'),
    "request_windows.history.handed_over": request_windows.history(HANDED),
    "approvals.card.paused": approvals.card(an_approval(), accounts=ACCOUNTS, paused=a_pause()),
    "approvals.card.paused_after_scheduling": approvals.card(
        STATES["scheduled"], accounts=ACCOUNTS, paused=a_pause(reason="")
    ),
    "approvals.card.approved_undo_over": approvals.card(
        an_approved(), accounts=ACCOUNTS, now=NOW + timedelta(seconds=10)
    ),
    "approvals.card.approved_undo_open": approvals.card(an_approved(), accounts=ACCOUNTS, now=NOW),
    "approval_lists.listing": approval_lists.listing(Waiting(WAITING, total=len(WAITING)), accounts=ACCOUNTS),
    "approval_lists.listing.several": approval_lists.listing(
        Waiting(WAITING, total=len(WAITING)), accounts=ACCOUNTS, several=True
    ),
    "approval_lists.listing.for_one": approval_lists.listing(
        Waiting(
            [an_approval(id=f"apr_{n}") for n in range(3)],
            1,
            12,
            decides={"apr_1"},
            withdraws={"apr_0", "apr_1"},
        ),
        accounts=ACCOUNTS,
    ),
    "approval_lists.listing.none": approval_lists.listing(Waiting([]), accounts=ACCOUNTS, paused=a_pause()),
    "approval_lists.listing.no_more": approval_lists.listing(Waiting([], 6, 5), accounts=ACCOUNTS),
    "approval_lists.listing.many": approval_lists.listing(
        Waiting([an_approval(id=f"apr_{n}") for n in range(5)], 6, 12, all=True), accounts=ACCOUNTS
    ),
    "approval_lists.listing.with_everything": approval_lists.listing(
        Waiting([FULL, replace(FULL, note="Please " * 90, clashes=FULL.clashes * 3)], total=2),
        accounts=ACCOUNTS,
    ),
    "approvals.confirmation": approvals.confirmation(FULL, accounts=ACCOUNTS, value="apr_1:s:"),
    "approvals.confirmation.long": approvals.confirmation(
        an_approval(body=LONG), accounts=ACCOUNTS, value="apr_1:s:k"
    ),
    "approvals.seen_whole": approvals.seen_whole(
        an_approval(body=LONG), accounts=ACCOUNTS, metadata='{"about":"apr_1:s:"}'
    ),
    "approvals.seen_whole.decided": approvals.seen_whole(
        STATES["rejected"], accounts=ACCOUNTS, metadata="{}"
    ),
    "approvals.seen_whole.too_long": approvals.seen_whole(
        an_approval(body="Word " * 12_001), accounts=ACCOUNTS, metadata="{}"
    ),
    "request_windows.history": request_windows.history(
        an_approval(
            decisions=(
                a_decision(),
                a_decision(by=SECOND_APPROVER, step=Step.UNDO, at=NOW + timedelta(seconds=5)),
                a_decision(by=APPROVER, step=Step.REJECT, reason="On second thought, no"),
                a_decision(step=Step.FAIL),
            )
        )
    ),
    "request_windows.reject": request_windows.reject(an_approval(), metadata='{"approval":"apr_1"}'),
    "request_windows.request_changes": request_windows.request_changes(
        an_approval(), metadata='{"approval":"apr_1"}'
    ),
}
