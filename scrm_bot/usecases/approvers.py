"""Whose word counts about a request today: the rules' names and groups, and who those people are now."""

from collections.abc import Collection, Iterable

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import ApproversUnknownError, NoApproversError, NotPermittedError
from scrm_bot.domain.policies import Policy
from scrm_bot.domain.shortages import Shortage
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.usecases import roles


async def approvers_of(workspace: Workspace, policy: Policy) -> frozenset[str]:
    """The approvers by name and by group, as the groups are now, without those who gave their place away."""
    people, _ = await _named(workspace, policy)
    if policy.needed:  # who decides is looked at when they do; only "all of them" needs everyone
        return people
    return await members_among(workspace, people)


async def deciders(workspace: Workspace, approval: Approval, by: str) -> frozenset[str]:
    """The approvers, for one who is about to decide. Raises `NotPermittedError` where that one never may."""
    await _require_member(workspace, by)
    return await approvers_of(workspace, approval.policy)


async def counters(workspace: Workspace, approval: Approval, by: str) -> frozenset[str]:
    """The approvers whose approvals count, for one who is about to approve: also those given are looked at.

    Raises `ApproversUnknownError` where every one of them is needed and nobody can say who they are.
    """
    await _require_member(workspace, by)
    people, unreadable = await _named(workspace, approval.policy)
    if unreadable and not approval.policy.needed:
        raise ApproversUnknownError(unreadable[0])
    looked_at = people if not approval.policy.needed else people & {*approval.approved_by}
    return people - (looked_at - await members_among(workspace, looked_at))


async def require_steerer(workspace: Workspace, approval: Approval, by: str) -> frozenset[str]:
    """The approvers, for one who holds, resumes, withdraws or looks again. Raises `NotPermittedError`."""
    approvers = await approvers_of(workspace, approval.policy)
    if not await may_steer(workspace, approval, by, approvers):
        raise NotPermittedError("the author or an approver")
    return approvers


async def may_steer(workspace: Workspace, approval: Approval, by: str, approvers: Collection[str]) -> bool:
    """Approvers as full members; the author and whoever asked also as guests who may still edit."""
    is_own = by in {approval.author, approval.requested_by}
    if (await workspace.people.get(by)).is_member(workspace.team_id):
        return is_own or by in approvers
    return is_own and (await roles.role_of(workspace, by)).includes(Role.EDITOR)


async def members_among(workspace: Workspace, people: Iterable[str]) -> frozenset[str]:
    """Those of them who are full members: no guest, no bot, nobody from outside, nobody who has left."""
    known = [await workspace.people.get(person) for person in sorted(people)]
    return frozenset(person.id for person in known if person.is_member(workspace.team_id))


async def check_somebody(workspace: Workspace, policy: Policy) -> None:
    """Raises `NoApproversError` where there is nobody who could ever approve."""
    if not (policy.approvers or await approvers_of(workspace, policy)):
        raise NoApproversError


async def shortage(workspace: Workspace, policy: Policy) -> Shortage | None:
    """Whether a post that one of the approvers writes could never get its approvals; None where it can."""
    if not (policy.approvers or policy.groups):
        return None
    named, unreadable = await _named(workspace, policy)
    members = tuple(sorted(await members_among(workspace, named)))
    able, needed = len(members) - (not policy.self_approval), max(1, policy.needed)
    return Shortage(members, needed, unreadable) if able < needed or unreadable else None


async def _require_member(workspace: Workspace, by: str) -> None:
    if not (await workspace.people.get(by)).is_member(workspace.team_id):
        raise NotPermittedError("a full member of this workspace")


async def _named(workspace: Workspace, policy: Policy) -> tuple[frozenset[str], tuple[str, ...]]:
    """Everyone by name and by group, and the groups that cannot be read."""
    people, unreadable = set(policy.approvers), []
    for group in policy.groups:
        members = await workspace.people.group_members(group)
        if members is None:
            unreadable.append(group)
        else:
            people |= members
    return frozenset(people - {*policy.given_away}), tuple(unreadable)
