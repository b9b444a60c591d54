"""The rules that a request for approval is made under."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from scrm_bot.domain.hours import OFFICE, WorkingHours


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules a request was made under; later changes of the settings do not touch it.

    `needed` is the number of approvals, 0 = every approver. Groups are resolved when somebody decides.
    The hours count from the request on, 0 = never. `given_away` are those who handed their place to somebody
    else: they have none any more, also as members of a group.
    """

    approvers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    needed: int = 1
    self_approval: bool = False
    due_hours: int = 0
    remind_hours: int = 0
    expire_hours: int = 0
    working_hours: WorkingHours = OFFICE
    escalate_to: tuple[str, ...] = ()
    given_away: tuple[str, ...] = ()

    def handed(self, to: str, *, instead_of: str = "") -> "Policy":
        """The same rules with `to` among the approvers, in the place of another where one is named."""
        gone = (*self.given_away, instead_of) if instead_of else self.given_away
        return replace(
            self,
            approvers=(*(user for user in self.approvers if user not in {to, instead_of}), to),
            given_away=tuple(user for user in dict.fromkeys(gone) if user != to),
        )

    def goal(self, approvers: Collection[str]) -> int:
        """How many approvals are enough among these people."""
        return len(approvers) if self.needed == 0 else self.needed
