"""What becomes of the requests of a storm, and what came of them that should not have."""

from dataclasses import dataclass, field
from enum import Enum, auto

from scrm_bot.demo.socialcrm.posts import Post, Status
from scrm_bot.domain.approvals import State

AT = "tomorrow 09:00"
DECIDED = {State.PUBLISHED, State.SCHEDULED, State.REJECTED, State.VOID, State.FAILED}


class Fate(Enum):
    """What becomes of a request."""

    APPROVED = auto()
    REJECTED = auto()
    LEFT = auto()  # nobody decides
    EDITED = auto()  # in SocialCRM, before it is approved
    ELSEWHERE = auto()  # published in SocialCRM, before it is approved
    REFUSED = auto()  # the key has not the scope


FATES = [Fate.APPROVED] * 14 + [Fate.REJECTED, Fate.LEFT, Fate.EDITED, Fate.ELSEWHERE, Fate.REFUSED]


@dataclass(frozen=True, slots=True)
class Request:
    post_id: str
    body: str
    fate: Fate
    at: str

    def is_right(self, post: Post, sent: tuple[int, int]) -> bool:
        """Whether that post went out, and was sent, as often as it should."""
        match self.fate:
            case Fate.APPROVED if self.at:
                return sent == (0, 0) and post.status is Status.SCHEDULED
            case Fate.APPROVED:
                return sent == (1, 1)
            case Fate.ELSEWHERE:
                return sent == (1, 0)
            case _:
                return sent == (0, 0) and post.status is Status.DRAFT

    @property
    def ends(self) -> set[State]:
        match self.fate:
            case Fate.APPROVED:
                return {State.SCHEDULED if self.at else State.PUBLISHED}
            case Fate.ELSEWHERE:
                return {State.PUBLISHED}
            case Fate.REJECTED:
                return {State.REJECTED}
            case Fate.EDITED:
                return {State.VOID}
            case Fate.REFUSED:
                return {State.FAILED}
            case Fate.LEFT:
                return {State.PENDING}


@dataclass(slots=True)
class Verdicts:
    """What did not end as it should, by post: sent twice, lost on the way, or told wrongly."""

    twice: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    untrue: dict[str, str] = field(default_factory=dict)

    @property
    def all(self) -> list[str]:
        return [*self.twice.values(), *self.lost.values(), *self.untrue.values()]
