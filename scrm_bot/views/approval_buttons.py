"""What can be pressed about an approval request, by where it stands."""

from datetime import datetime

from scrm_bot.domain.approvals import ActionKind, Approval, State
from scrm_bot.views import ids
from scrm_bot.views.blocks import Block, Option, button, confirm, overflow

_ASK_AGAIN = frozenset(
    {State.REJECTED, State.CHANGES_REQUESTED, State.WITHDRAWN, State.EXPIRED, State.VOID, State.FAILED}
)


def of_card(approval: Approval, now: datetime | None, *, whole: bool) -> list[Block]:
    """Under the card. Without `now` an approved post counts as still inside its undo window."""
    match approval.state:
        case State.PENDING:
            return [*decisions(approval, whole=whole), _menu(approval, hold=True)]
        case State.ON_HOLD:
            resume = button("Resume", ids.Action.RESUME, approval.id, style="primary")
            return [resume, *decisions(approval, whole=whole)[1:], _menu(approval, hold=False)]
        case State.APPROVED if _can_undo(approval, now):
            return [button("Undo", ids.Action.UNDO, approval.id)]
        case State.UNKNOWN if approval.needs_person:
            return _settling(approval)
        case State.VOID | State.FAILED if not approval.newer:
            return [button("Ask for approval", ids.Action.ASK_AGAIN, approval.id)]
        case _:
            return []


def _can_undo(approval: Approval, now: datetime | None) -> bool:
    """Within the window, and as long as it waits for another try. Scheduling has no window."""
    if approval.detail.strip():
        return True
    if approval.act_at is None:
        return False
    waits = approval.action is ActionKind.PUBLISH or approval.attempt is not None
    return waits if now is None else now < approval.act_at


def decisions(approval: Approval, *, whole: bool) -> list[Block]:
    """Approve is there only where everything that it is bound to is seen; else the way to see it."""
    sure = confirm(
        "Reject this post?",
        "It will not go out, and its author is told. You can say why in the next step.",
        yes="Reject",
        no="Back",
        danger=True,
    )
    approve = button("Approve", ids.Action.APPROVE, approval.id, style="primary")
    return [
        approve if whole else show_all(approval.id),
        button("Request changes", ids.Action.REQUEST_CHANGES, approval.id),
        button("Reject", ids.Action.REJECT, approval.id, style="danger", confirm=sure),
    ]


def withdraw(approval_id: str) -> Block:
    sure = confirm(
        "Withdraw this request?",
        "Nobody can approve it any more. The post stays, and approval can be asked for again.",
        yes="Withdraw",
        no="Back",
    )
    return button("Withdraw", ids.Action.WITHDRAW, approval_id, confirm=sure)


def show_all(value: str) -> Block:
    return button("Show all", ids.Action.SHOW_REQUEST, value, style="primary")


def _menu(approval: Approval, *, hold: bool) -> Block:
    waiting = [ids.CardEntry.HOLD, ids.CardEntry.REASSIGN] if hold else []
    entries = [ids.CardEntry.EDIT, *waiting, ids.CardEntry.WITHDRAW, ids.CardEntry.HISTORY]
    options = [Option(entry.capitalize(), ids.menu_value(entry, approval.id)) for entry in entries]
    return overflow(ids.Action.CARD_MENU, options)


def _settling(approval: Approval) -> list[Block]:
    verb = "Publish" if approval.action is ActionKind.PUBLISH else "Schedule"
    sure = confirm(
        f"{verb} anyway?",
        "If the first try did go through, the post appears twice. Check it in SocialCRM first.",
        yes=f"{verb} anyway",
        no="Back",
        danger=True,
    )
    return [
        button("Check again", ids.Action.CHECK_AGAIN, approval.id, style="primary"),
        button(f"{verb} anyway", ids.Action.PUBLISH_ANYWAY, approval.id, style="danger", confirm=sure),
        button("Leave it", ids.Action.LEAVE, approval.id, confirm=_closing()),
    ]


def _closing() -> Block:
    return confirm(
        "Leave it as it is?",
        "This closes the request; whether the post went out stays unknown. Look in SocialCRM first.",
        yes="Leave it",
        no="Back",
    )


def next_steps(approval: Approval) -> list[Block]:
    """Under a message about the request: the way on, for its author and whoever asked."""
    if approval.state in _ASK_AGAIN and not approval.newer:
        return [
            button("Edit", ids.Action.EDIT_POST, approval.post_id),
            button("Ask for approval", ids.Action.ASK_AGAIN, approval.id),
        ]
    if approval.is_open or approval.newer:
        return [button("Show approvals", ids.Action.SHOW_APPROVALS)]
    if approval.state is State.PUBLISHED:
        return [button("Stats", ids.Action.POST_STATS, approval.post_id)]
    return []
