"""What is said of a request while it waits: its times, its round, what it may get in the way of."""

from collections.abc import Iterable
from datetime import datetime

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.clashes import Clash, ClashKind
from scrm_bot.domain.insights import Account
from scrm_bot.domain.waiting import Why, due_at, expires_at
from scrm_bot.views import networks
from scrm_bot.views.blocks import Block, context, line, section
from scrm_bot.views.blocks import code as as_code
from scrm_bot.views.words import mention, moment, when

_MOST_REASON = 300


def deadlines(approval: Approval, now: datetime | None = None) -> list[str]:
    """`due …` and `expires …`, as the request's own rules have it; nothing once it is decided."""
    if not approval.is_open:
        return []
    due, ends = due_at(approval), expires_at(approval)
    told = []
    if due and due != ends:
        is_late = now is not None and due <= now
        told.append(f"{'⏰ overdue since' if is_late else 'due'} {moment(due, approval.zone)}")
    if ends:
        told.append(f"expires {moment(ends, approval.zone)}")
    return told


def round_line(approval: Approval) -> list[Block]:
    """That changes were asked for before, by whom and which."""
    wanted = approval.changes
    if wanted is None:
        return []
    reason = f": {line(wanted.reason, _MOST_REASON)}" if wanted.reason.strip() else ""
    which = ordinal(approval.round_number)
    return [context(f"🔁 *{which} round*; changes asked by {mention(wanted.by)}{reason}")]


def warnings(approval: Approval, accounts: Iterable[Account]) -> list[Block]:
    """What the approver should know of other posts, while there is still something to decide."""
    if not approval.is_open or not approval.clashes:
        return []
    known = tuple(accounts)
    return [section("\n".join(f"⚠️ {_clash(clash, known, approval.zone)}" for clash in approval.clashes))]


def reason_to_tell(why: Why, approval: Approval) -> str:
    """The first words of a message about a request, "" where its state says it all."""
    due = due_at(approval)
    match why:
        case Why.REMINDER:
            return "🔔 *This still waits for your decision.*"
        case Why.OVERDUE:
            when_due = f" It was due {moment(due, approval.zone)}." if due else ""
            return f"⏰ *This request is overdue.*{when_due}"
        case Why.HANDED_OVER:
            by = mention(approval.decisions[-1].by) if approval.decisions else "Somebody"
            return f"🤝 *{by} handed this to you* to decide."
        case _:
            return ""


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _clash(clash: Clash, accounts: tuple[Account, ...], zone: str) -> str:
    post = as_code(clash.post_id)
    if clash.asked:
        return _asked_clash(clash, post, accounts, zone)
    at = f" for {when(clash.at, zone)}" if clash.at else ""
    if clash.kind is ClashKind.SAME_HOUR:
        names = networks.names(clash.accounts, accounts, most=4)
        return f"Within the hour: {post} is planned{at} on {names}."
    if clash.published:
        went = f" on {when(clash.at, zone)}" if clash.at else " lately"
        return f"The same text: {post} went out{went}."
    return f"The same text: {post} is planned{at}."


def _asked_clash(clash: Clash, post: str, accounts: tuple[Account, ...], zone: str) -> str:
    """Of a post that waits for its approval, or for its turn after it."""
    at = f"for {when(clash.at, zone)}" if clash.at else "to go out once it is approved"
    if clash.kind is ClashKind.SAME_TEXT:
        return f"The same text: {post} is asked for, too, {at}."
    names = networks.names(clash.accounts, accounts, most=4)
    return f"Within the hour: {post} is asked for, too, {at}, on {names}."
