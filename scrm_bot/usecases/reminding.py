"""Nudging those whose word a request waits for, in their own working hours, and others once it is overdue."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scrm_bot.domain.approvals import Approval, State
from scrm_bot.domain.errors import ApprovalConflictError, ApprovalNotFoundError, SlackRefusedError
from scrm_bot.domain.waiting import Nudge, next_look, nudged, nudges
from scrm_bot.domain.when import find_zone
from scrm_bot.domain.workspaces import Person
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards
from scrm_bot.usecases.approvers import approvers_of

PAUSED = timedelta(minutes=15)  # between two looks while nothing can be approved


async def remind(workspace: Workspace, approval_id: str) -> datetime | None:
    """The job of a request that waits. Returns when it wants to run again, None when it is done."""
    try:
        approval = await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return None
    if approval.state is not State.PENDING:
        return None  # what comes off hold gets its jobs anew
    now = workspace.clock.now()
    if (await workspace.settings.load()).pause:
        return now + PAUSED
    coming = await _nudges(workspace, approval, now)
    ready = [nudge for nudge in coming if nudge.at <= now]
    if ready:
        try:  # before they are told, since twice is worse than not at all
            approval = await cards.save(workspace, nudged(approval, ready, at=now), before=approval)
        except ApprovalConflictError:
            return now
    await _tell(workspace, approval, ready)
    approval = await cards.show_or_queue(workspace, approval)
    return next_look(approval, await _nudges(workspace, approval, now), now=now)


async def _nudges(workspace: Workspace, approval: Approval, now: datetime) -> tuple[Nudge, ...]:
    approvers = await approvers_of(workspace, approval.policy)
    missing = approval.may_decide(approvers) - {*approval.approved_by}
    return nudges(
        approval,
        approvers=await _zones(workspace, missing),
        others=await _zones(workspace, approval.policy.escalate_to),
        now=now,
    )


async def _zones(workspace: Workspace, people: Iterable[str]) -> dict[str, str]:
    """The zones of those among them who are members, the workspace's where a person's is not known."""
    home = (await workspace.settings.load()).timezone
    known = [await _person(workspace, user) for user in sorted({*people})]
    members = (person for person in known if person.is_member(workspace.team_id))
    return {person.id: find_zone(person.timezone) or home for person in members}


async def _person(workspace: Workspace, user: str) -> Person:
    try:
        return await workspace.people.get(user)
    except SlackRefusedError:
        return Person(user)


async def _tell(workspace: Workspace, approval: Approval, ready: Iterable[Nudge]) -> None:
    for nudge in ready:
        await cards.notify(workspace, approval, {nudge.user}, why=nudge.why)
