"""The modals of a request: saying why not, naming somebody else, and what has happened to it."""

from scrm_bot.domain.approvals import Approval
from scrm_bot.views import approvals, ids, inputs
from scrm_bot.views.blocks import View, section
from scrm_bot.views.inputs import field
from scrm_bot.views.windows import excerpt, which, window


def reject(approval: Approval, *, metadata: str = "") -> View:
    """Why not? Said to the author."""
    return _reason(ids.Callback.REJECT, "Reject", approval, metadata, optional=True)


def request_changes(approval: Approval, *, metadata: str = "") -> View:
    """What should be different? Needed: a request for changes without them helps nobody."""
    return _reason(ids.Callback.CHANGES, "Request changes", approval, metadata, optional=False)


def reassign(approval: Approval, *, metadata: str = "") -> View:
    """Who should decide instead?"""
    person = field(
        "Hand it to", inputs.person(ids.Action.PERSON, placeholder="Choose a person"), hint="They are told."
    )
    return window(
        ids.Callback.REASSIGN,
        "Reassign",
        [which(approval.post_id), excerpt(approval.content.body), person],
        submit="Reassign",
        close="Back",
        metadata=metadata,
    )


def history(approval: Approval) -> View:
    """Everything people did to a request."""
    lines = approvals.history(approval)
    shown = [section(told) for told in lines[-90:]]
    return window(ids.Callback.NOTICE, "History", [which(approval.post_id), *shown])


def _reason(callback: str, title: str, approval: Approval, metadata: str, *, optional: bool) -> View:
    hint = "The author reads this." + (" You may leave it empty." if optional else "")
    reason = field("Reason", inputs.text(ids.Action.REASON, multiline=True), optional=optional, hint=hint)
    return window(
        callback,
        title,
        [excerpt(approval.content.body), reason],
        submit=title,
        close="Back",
        metadata=metadata,
    )
