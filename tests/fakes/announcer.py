"""What would have been said in Slack."""

from collections import deque

from scrm_bot.domain.approvals import Approval, CardRef, State
from scrm_bot.domain.cards import CopyKind
from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.jobs import LostJob
from scrm_bot.domain.remarks import Remark
from scrm_bot.domain.waiting import Why
from scrm_bot.domain.workspaces import Connection


class FakeAnnouncer:
    """`shown` is every version of a card, in order; `told` whatever was sent to whom."""

    def __init__(self, channel: str = "CAPPROVALS") -> None:
        self.channel = channel
        self.shown: list[Approval] = []
        self.told: list[tuple[str, Approval]] = []
        self.reasons: list[tuple[str, Why]] = []
        self.changes: list[Approval] = []
        self.copied: list[Approval] = []
        self.remarks: list[Remark] = []
        self.retired: list[CardRef] = []
        self.warned: list[tuple[str, str]] = []
        self.refused_keys: list[tuple[str, Connection]] = []
        self.lost: list[tuple[str, LostJob]] = []
        self.refusals: deque[SlackRefusedError] = deque()

    def refuse(self, code: str, *, retry_in: float | None = None, times: int = 1) -> None:
        """The next calls are refused by Slack."""
        refusal = SlackRefusedError(code, method="chat.postMessage", retry_in=retry_in)
        self.refusals.extend([refusal] * times)

    @property
    def states(self) -> list[State]:
        """What the card said, one version after the other."""
        return [approval.state for approval in self.shown]

    @property
    def people_told(self) -> list[str]:
        return [person for person, _ in self.told]

    async def show(self, approval: Approval) -> CardRef:
        self._refuse()
        self.shown.append(approval)
        return approval.card or CardRef(self.channel, f"1764489600.{len(self.shown):06}")

    async def show_copies(self, approval: Approval) -> None:
        if approval.copies:
            self._refuse()
            self.copied.append(approval)

    async def tell(self, user_id: str, approval: Approval) -> CardRef:
        self._refuse()
        self.told.append((user_id, approval))
        return CardRef(f"D{user_id}", f"1764489700.{len(self.told):06}")

    async def say_in_thread(self, approval: Approval, remark: Remark) -> None:
        self._refuse()
        self.remarks.append(remark)

    async def notify(self, user_id: str, approval: Approval, *, why: Why) -> CardRef:
        self._refuse()
        self.told.append((user_id, approval))
        self.reasons.append((user_id, why))
        kind = CopyKind.NEWS if why is Why.NEWS else CopyKind.NUDGE
        return CardRef(f"D{user_id}", f"1764489700.{len(self.told):06}", kind)

    async def retire(self, copy: CardRef, approval: Approval) -> None:
        self._refuse()
        self.retired.append(copy)

    async def say_changes(self, approval: Approval) -> CardRef | None:
        self._refuse()
        self.changes.append(approval)
        if approval.card is None:
            return None
        return CardRef(approval.card.channel, f"1764489800.{len(self.changes):06}", CopyKind.NEWS)

    async def say_unreachable(self, user_id: str, approval: Approval) -> None:
        self._refuse()
        self.warned.append((user_id, approval.unreachable))

    async def say_key_refused(self, user_id: str, connection: Connection) -> None:
        self._refuse()
        self.refused_keys.append((user_id, connection))

    async def say_given_up(self, user_id: str, lost: LostJob) -> None:
        self._refuse()
        self.lost.append((user_id, lost))

    def _refuse(self) -> None:
        if self.refusals:
            raise self.refusals.popleft()
