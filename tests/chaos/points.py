"""The 23 points at which "effectively once" can break, and the count of how often each was tried."""

from collections import Counter
from dataclasses import dataclass, field

POINTS = {
    1: "killed before the click is recorded",
    2: "killed when it is recorded, before the acknowledgement",
    3: "killed when approved, before the job is claimed",
    4: "killed with the job claimed, before the intent",
    5: "killed with the intent stored, before anything is sent",
    6: "killed with half of the request sent",
    7: "the request is received and never applied",
    8: "the request is applied after our time-out",
    9: "the request is applied and the answer lost",
    10: "killed with the answer read, before it is stored",
    11: "killed with the outcome stored, before Slack shows it",
    12: "killed when Slack shows it, before the job is finished",
    13: "the lease runs out while its holder lives",
    14: "Redis restarts, or forgets the newest writes",
    15: "two approvers, or an approval and a rejection, at once",
    16: "edited between the approval and the call",
    17: "published in SocialCRM itself meanwhile",
    18: "the key is revoked, or loses its scope",
    19: "the app is uninstalled",
    20: "the clock jumps",
    21: "SIGTERM midway",
    22: "429 or quota_exceeded midway",
    23: "Slack refuses the update",
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """How often each point was really reached: counted from what happened, not from what was asked for."""

    hits: Counter[int] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def hit(self, point: int, times: int = 1) -> None:
        assert point in POINTS
        self.hits[point] += times

    @property
    def missed(self) -> list[int]:
        return [point for point in POINTS if not self.hits[point]]

    def lines(self) -> list[str]:
        return [*self.notes, *(f"{self.hits[point]:5}  {point:2} {told}" for point, told in POINTS.items())]
