"""Short answers that confirm what somebody just did."""

from datetime import datetime

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.views.blocks import Message, escape, line, message, section
from scrm_bot.views.words import channel, when

_MOST_RAW = 9000
_MOST_CODE = 2000  # of raw JSON a section; escaping makes it longer

_DONE = {
    State.PENDING: "Noted. More approvals are needed.",
    State.APPROVED: "Approved. It goes out after the moment to undo.",
    State.REJECTED: "Rejected. The author is told.",
    State.CHANGES_REQUESTED: "Changes requested. The author is told.",
    State.ON_HOLD: "On hold. `/scrm resume` puts it back.",
    State.WITHDRAWN: "Withdrawn. The draft stays as it is.",
    State.VOID: "The post was changed after it was asked about, so the request is void. Ask again.",
}


def asked(approval: Approval, *, approvals_channel: str) -> Message:
    """The request is up: where, and what happens once it is approved."""
    at = approval.content.at
    then = f"scheduled for {when(at, approval.zone)}" if at else "published"
    told = f"🙋 *Asked for approval* in {channel(approvals_channel)}. Once approved it is {then}."
    return message(section(f"{told}\n`{line(approval.post_id, 60)}`"))


def dry_run(post_id: str, *, at: datetime | None, zone: str, approvals_channel: str) -> Message:
    """What `schedule` or `publish` would ask, without asking."""
    then = f"schedule it for {when(at, zone)}" if at else "publish it"
    where = channel(approvals_channel) if approvals_channel else "the approvals channel, which is not set yet"
    told = f"*Dry run.* I would ask in {where} to {then}: `{line(post_id, 60)}`. Nothing was asked."
    return message(section(told))


def decided(approval: Approval) -> Message:
    """What a decision made by a command led to."""
    told = _DONE.get(approval.state, f"The request is {approval.state.replace('_', ' ')} now.")
    return message(section(f"{told}\n`{line(approval.post_id, 60)}`"))


def saved(post_id: str, *, voided: bool) -> Message:
    """After an edit."""
    void = " Its request for approval is void now: ask again." if voided else ""
    return message(section(f"✅ *Saved.*{void}\n`{line(post_id, 60)}`"))


def expired_text() -> Message:
    """A button whose text is not kept any more."""
    return message(section("That text is no longer kept. Run the command again for a new one."))


def raw(path: str, text: str) -> Message:
    """A JSON answer as it came, shortened where it does not fit a message."""
    shown = text if len(text) <= _MOST_RAW else f"{text[:_MOST_RAW]}\n… ({len(text):,} characters in all)"
    parts = [shown[start : start + _MOST_CODE] for start in range(0, len(shown), _MOST_CODE)]
    blocks = [section(f"```{escape(part).replace('```', '` ` `')}```") for part in parts]
    return message(section(f"*GET* `{line(path, 300)}`"), *blocks)
