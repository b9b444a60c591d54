"""What is said of a request while it waits: its times, its round, what it may get in the way of."""

from collections.abc import Iterable
from datetime import datetime

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.clashes import Clash, ClashKind
from scrm_bot.domain.insights import Account
from scrm_bot.domain.shortages import shortage_of
from scrm_bot.domain.waiting import Why, due_at, expires_at
from scrm_bot.views import networks
from scrm_bot.views.blocks import Block, context, line, section
from scrm_bot.views.blocks import code as as_code
from scrm_bot.views.words import mention, mentions, moment, plural, when

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


def progress(approval: Approval) -> list[str]:
    """`1 of 2 approvals (@ben)`; nothing once it is decided."""
    if not approval.is_open:
        return []
    policy, given = approval.policy, len(approval.approved_by)
    if policy.needed == 0 and policy.groups:
        count = f"{plural(given, 'approval')} so far, every approver is needed"
    else:
        goal = policy.goal(approval.may_decide(policy.approvers))
        count = f"{given} of {plural(goal, 'approval')}" if goal > 1 else "Needs 1 approval"
    by = f" ({mentions(approval.approved_by)})" if given else ""
    return [f"{count}{by}"]


def round_line(approval: Approval) -> list[Block]:
    """That changes were asked for before, by whom and which."""
    wanted = approval.changes
    if wanted is None:
        return []
    reason = f": {line(wanted.reason, _MOST_REASON)}" if wanted.reason.strip() else ""
    which = ordinal(approval.round_number)
    return [context(f"🔁 *{which} round*; changes asked by {mention(wanted.by)}{reason}")]


def warnings(approval: Approval, accounts: Iterable[Account]) -> list[Block]:
    """What to know of other posts and of the rules, while there is still something to decide."""
    told = warnings_told(approval, accounts)
    return [section("\n".join(told))] if told else []


def warnings_told(approval: Approval, accounts: Iterable[Account]) -> list[str]:
    """The same, each in a line of its own."""
    if not approval.is_open:
        return []
    known = tuple(accounts)
    clashes = [f"⚠️ {_clash(clash, known, approval.zone)}" for clash in approval.clashes]
    return [*_odd_word(approval), *clashes, *shortfall(approval)]


def _odd_word(approval: Approval) -> list[str]:
    """What SocialCRM calls the post, where that is none of the words whose meaning is known."""
    if not approval.standing:
        return []
    return [f"⚠️ SocialCRM calls this post “{line(approval.standing, 40)}”. Look there before you approve it."]


def shortfall(approval: Approval) -> list[str]:
    """That a request cannot be approved by those its rules name, and the ways out; nothing where it can."""
    short = shortage_of(approval)
    if short is None:
        return []
    who = f"only {mentions(short.able)} can decide" if short.able else "nobody who is named can decide"
    why = "" if approval.policy.self_approval else ", since authors do not approve their own"
    told = (
        f"⚠️ *Nobody can approve this as the rules are:* it needs {plural(short.needed, 'approval')}, and "
        f"{who}{why}. An admin adds an approver with Reassign, or changes "
        "`/scrm settings` and the author asks again."
    )
    return [told]


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
