"""Rules that cannot be met: fewer people may approve than are needed."""

from dataclasses import dataclass

from scrm_bot.domain.approvals import Approval


@dataclass(frozen=True, slots=True)
class Shortage:
    """`able` people can decide where `needed` are wanted. `unreadable` are groups nobody can look into."""

    able: tuple[str, ...]
    needed: int
    unreadable: tuple[str, ...] = ()


def shortage_of(approval: Approval) -> Shortage | None:
    """Whether those whom its rules name are too few for an open request; a group may always have more."""
    policy = approval.policy
    if not approval.is_open or policy.groups:
        return None
    able = tuple(sorted(approval.may_decide(policy.approvers)))
    needed = max(1, policy.needed)
    return Shortage(able, needed) if len(able) < needed else None
