"""What a request that waits for its approvers leads to, and when: reminders, a word to others, its end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from scrm_bot.domain.approvals import Approval, Decision, Reminder, State
from scrm_bot.domain.hours import spelled
from scrm_bot.domain.when import echo

GRACE = timedelta(hours=1)  # between a request's due time and the word to others


class Why(StrEnum):
    """Why somebody is told about a request."""

    NEWS = "news"
    REMINDER = "reminder"
    OVERDUE = "overdue"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class Nudge:
    """`user` is to be told, and not before `at`."""

    user: str
    why: Why
    at: datetime


def due_at(approval: Approval) -> datetime | None:
    """When a decision is wanted: never after the time the post is meant for."""
    hours = approval.policy.due_hours
    return _soonest(_after(approval, hours), approval.content.at) if hours else None


def expires_at(approval: Approval) -> datetime | None:
    """When the request ends by itself: at the post's own time, or before where the rules say so."""
    return _soonest(_after(approval, approval.policy.expire_hours), approval.content.at)


def expiry(approval: Approval) -> str:
    """Why it ended, in one sentence."""
    at = approval.content.at
    if at is not None and at == expires_at(approval):
        return f"{echo(at, approval.zone)} passed before it was approved."
    return f"It was not approved within {spelled(approval.policy.expire_hours)}."


def first_look(approval: Approval) -> datetime | None:
    """When somebody could have to be told for the first time; None where the rules want nobody told."""
    return _soonest(_after(approval, approval.policy.remind_hours), due_at(approval))


def nudges(
    approval: Approval, *, approvers: Mapping[str, str], others: Mapping[str, str], now: datetime
) -> tuple[Nudge, ...]:
    """Everyone to be told next, and when: now or later.

    Both map people to their zones: those whose word is missing, and those who are told once it is overdue.
    """
    policy, due = approval.policy, due_at(approval)

    def nudge(user: str, zone: str, why: Why, since: datetime) -> Nudge:
        return Nudge(user, why, policy.working_hours.first(max(since, now), zone=zone))

    reminders = [
        nudge(user, zone, Why.REMINDER, _told_last(approval, user) + timedelta(hours=policy.remind_hours))
        for user, zone in approvers.items()
        if policy.remind_hours
    ]
    overdue = [
        nudge(user, zone, Why.OVERDUE, due + GRACE)
        for user, zone in others.items()
        if due is not None and user not in approval.escalated
    ]
    return (*reminders, *overdue)


def nudged(approval: Approval, told: Iterable[Nudge], *, at: datetime) -> Approval:
    """The request once they are told: nobody is told the same again before their time."""
    reminded = {reminder.user: reminder for reminder in approval.reminded}
    escalated = list(approval.escalated)
    for nudge in told:
        if nudge.why is Why.REMINDER:
            reminded[nudge.user] = Reminder(nudge.user, at)
        else:
            escalated.append(nudge.user)
    return replace(approval, reminded=tuple(reminded.values()), escalated=tuple(escalated))


def next_look(approval: Approval, coming: Iterable[Nudge], *, now: datetime) -> datetime | None:
    """When there is next something to tell, or the card begins to say that it is overdue."""
    due = due_at(approval)
    return _soonest(*(nudge.at for nudge in coming), due if due and due > now else None)


def next_round(earlier: Approval | None) -> tuple[int, Decision | None]:
    """Which round a new request for the same post begins, and whose word it answers."""
    if earlier is None or earlier.state in {State.PUBLISHED, State.SCHEDULED}:
        return 1, None
    if earlier.state is State.CHANGES_REQUESTED:
        return earlier.round_number + 1, earlier.decisions[-1]
    return earlier.round_number, earlier.changes


def _told_last(approval: Approval, user: str) -> datetime:
    """When this person last heard of the request; the card itself is the first word of it."""
    return max([approval.created_at, *(told.at for told in approval.reminded if told.user == user)])


def _after(approval: Approval, hours: int) -> datetime | None:
    return approval.created_at + timedelta(hours=hours) if hours else None


def _soonest(*times: datetime | None) -> datetime | None:
    return min((time for time in times if time is not None), default=None)
