"""What each state of an approval request is called, and the sentence that tells it."""

import re
from collections.abc import Callable

from scrm_bot.domain.approvals import ActionKind, Approval, State, Step
from scrm_bot.domain.posts import Drift
from scrm_bot.views.blocks import escape
from scrm_bot.views.words import listed, mention, mentions, moment, sentence, when

# "Published" and "Scheduled" are said only of what was read back from SocialCRM
_CHIPS = {
    State.PENDING: "⏳ *Waiting for approval*",
    State.APPROVED: "✅ *Approved*",
    State.PUBLISHING: "📤 *Publishing…*",
    State.SCHEDULING: "📤 *Scheduling…*",
    State.UNKNOWN: "🔎 *Checking…*",
    State.PUBLISHED: "🟢 *Published*",
    State.SCHEDULED: "🗓️ *Scheduled*",
    State.REJECTED: "⛔ *Rejected*",
    State.CHANGES_REQUESTED: "✏️ *Changes requested*",
    State.ON_HOLD: "⏸️ *On hold*",
    State.WITHDRAWN: "↩️ *Withdrawn*",
    State.EXPIRED: "⌛ *Expired*",
    State.VOID: "⚠️ *The post was changed*",
    State.FAILED: "❌ *Failed*",
}
_DRIFTED = {
    State.SCHEDULED: "⚠️ *Scheduled, but not as approved*",
    State.PUBLISHED: "⚠️ *Published, but not as approved*",
}
_ENDED = "⚠️ *Request ended*"  # void, though nobody knows of a change: the post is gone, or an edit failed
_PARTS = {Drift.TEXT: "text", Drift.ACCOUNTS: "accounts", Drift.MEDIA: "media", Drift.TIME: "time"}
_MOST_REASON = 500
# A person in a reason is shown by name where the bot itself put them there, after these words alone.
_NAMED = re.compile(r"\b((?:connected|deleted) by )&lt;@([A-Z0-9]+)&gt;")


def chip(approval: Approval) -> str:
    """The state in two words, with its sign."""
    if approval.drift and approval.state in _DRIFTED:
        return _DRIFTED[approval.state]
    if is_left(approval):
        return "↩️ *Left as it is*"
    if approval.state is State.VOID and not _was_changed(approval):
        return _ENDED
    needs_look = approval.state is State.UNKNOWN and approval.needs_person
    return "🔎 *Checking: a person has to look*" if needs_look else _CHIPS[approval.state]


def is_left(approval: Approval) -> bool:
    """Whether somebody closed it while nobody knew what had become of it."""
    return approval.state is State.WITHDRAWN and any(d.step is Step.LEAVE for d in approval.decisions[-1:])


def told(approval: Approval) -> str:
    """One or two sentences: what happened, and what happens next."""
    tells = approval.newer and not _is_replaced(approval)  # which says so itself
    since = "\n🔁 A newer request for this post has been made since." if tells else ""
    return f"{_TOLD[approval.state](approval)}{since}"


def _asks(approval: Approval) -> str:
    what = "schedule this" if approval.action is ActionKind.SCHEDULE else "publish this now"
    return f"{mention(approval.requested_by)} asks to {what}."


def _approved(approval: Approval) -> str:
    if approval.attempt or approval.detail.strip():
        return f"{_because(approval, 'The last try did not get through.')}{_by(approval)}"
    if approval.action is ActionKind.PUBLISH:
        return f"It goes out in a moment; until then it can be undone.{_by(approval)}"
    return f"It goes to SocialCRM next.{_by(approval)}"


def _sending(approval: Approval) -> str:
    return f"On its way to SocialCRM. This card says more once the post has been read back.{_by(approval)}"


def _checking(approval: Approval) -> str:
    if not approval.needs_person:
        return "SocialCRM's answer was lost. The post is being read back; until then nothing is sent again."
    anyway = "Publish anyway" if approval.action is ActionKind.PUBLISH else "Schedule anyway"
    unsettled = "SocialCRM's answer was lost, and reading the post back did not settle whether it worked."
    ways = f"“{anyway}” could send it twice, “Leave it” closes this request"
    return f"{_because(approval, unsettled)} Look at the post in SocialCRM first: {ways}."


def _published(approval: Approval) -> str:
    read = _read_back(approval, moment(approval.confirmed_at, approval.zone) if approval.confirmed_at else "")
    return f"{read}{_drifted(approval, 'went out')}"


def _scheduled(approval: Approval) -> str:
    at = f"For {when(approval.confirmed_at, approval.zone)}" if approval.confirmed_at else ""
    late = f"\n⚠️ {sentence(_detail(approval))}" if approval.detail.strip() else ""
    stop = " Correct it in SocialCRM, or stop it there." if approval.drift else ""
    return f"{_read_back(approval, at)}{late}{_drifted(approval, 'goes out')}{stop}"


def _read_back(approval: Approval, at: str) -> str:
    return (
        f"{at}, as read back from SocialCRM.{_by(approval)}"
        if at
        else f"As read back from SocialCRM.{_by(approval)}"
    )


def _drifted(approval: Approval, goes: str) -> str:
    """In what it is not what was approved; nothing where it is."""
    if not approval.drift:
        return ""
    parts = listed([_PARTS[part] for part in approval.drift])
    many = len(approval.drift) > 1 or approval.drift[0] in {Drift.ACCOUNTS, Drift.MEDIA}
    was = "were" if many else "was"
    return (
        f"\nIts {parts} {was} changed in SocialCRM after the approval: what {goes} is not what was approved."
    )


def _by(approval: Approval) -> str:
    """Who approved it, of exactly what was approved and of nothing else."""
    return (
        f" Approved by {mentions(approval.approved_by)}."
        if approval.approved_by and not approval.drift
        else ""
    )


def _decided(approval: Approval) -> str:
    who = mention(approval.decisions[-1].by) if approval.decisions else "someone"
    reason = escape(approval.detail, _MOST_REASON).strip()
    return f"By {who}: {reason}" if reason else f"By {who}, without a reason."


def _held(approval: Approval) -> str:
    return f"{_decided(approval)}\nNobody can approve it until it is resumed."


def _withdrawn(approval: Approval) -> str:
    if is_left(approval):
        who = mention(approval.decisions[-1].by)
        return f"By {who}. Whether it went out is not known: see in SocialCRM. Nothing more is sent."
    why = escape(approval.detail, _MOST_REASON) if _is_replaced(approval) else _decided(approval)
    return f"{why}\nThis request sends nothing."


def _is_replaced(approval: Approval) -> bool:
    """Whether it was closed by the bot: a person who withdraws it decides so."""
    by_person = any(d.step in {Step.WITHDRAW, Step.LEAVE} for d in approval.decisions[-1:])
    return approval.state is State.WITHDRAWN and not by_person and bool(approval.detail.strip())


def _expired(approval: Approval) -> str:
    return f"{_because(approval, 'It was not approved in time.')}\nThis request sends nothing."


def _was_changed(approval: Approval) -> bool:
    """Whether a request is void for what its post is now; else its detail says what ended it."""
    is_other = approval.found is not None or approval.changed_body is not None or bool(approval.drift)
    return is_other or not approval.detail.strip()


def _void(approval: Approval) -> str:
    if not _was_changed(approval):
        return f"{sentence(_detail(approval))}\n{_left_behind(approval)}"
    why = _because(approval, "Its text, accounts, media or time are not what was asked about any more.")
    if approval.found and approval.drift:
        why += f" Other than asked: its {listed([_PARTS[part] for part in approval.drift])}."
    if approval.confirmed_at:
        still = "SocialCRM holds a time for it and may still send it as it is now. Stop it there if need be."
        return f"{why}\n{still}"
    if approval.attempt:
        return f"{why}\nThe approval does not cover the new version. See in SocialCRM where it stands."
    return f"{why}\nThe approval does not cover the new version, so nothing was sent."


def _left_behind(approval: Approval) -> str:
    """What may still come of a request that ended for something else than a change."""
    if approval.confirmed_at:
        return "SocialCRM had a time for it: see there where it stands."
    if approval.attempt:
        return "See in SocialCRM where it stands."
    return "This request sends nothing."


def _failed(approval: Approval) -> str:
    return f"{_because(approval, 'SocialCRM refused it.')}\nNothing more is tried without a new request."


def _detail(approval: Approval) -> str:
    """Why, with the people whom the bot itself named in it."""
    return _NAMED.sub(lambda found: found[1] + mention(found[2]), escape(approval.detail, _MOST_REASON))


def _because(approval: Approval, otherwise: str) -> str:
    return sentence(_detail(approval)) or otherwise


_TOLD: dict[State, Callable[[Approval], str]] = {
    State.PENDING: _asks,
    State.APPROVED: _approved,
    State.PUBLISHING: _sending,
    State.SCHEDULING: _sending,
    State.UNKNOWN: _checking,
    State.PUBLISHED: _published,
    State.SCHEDULED: _scheduled,
    State.REJECTED: _decided,
    State.CHANGES_REQUESTED: _decided,
    State.ON_HOLD: _held,
    State.WITHDRAWN: _withdrawn,
    State.EXPIRED: _expired,
    State.VOID: _void,
    State.FAILED: _failed,
}
