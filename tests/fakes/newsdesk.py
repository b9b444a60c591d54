"""What digests would have said in Slack."""

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import DigestSchedule, Report
from scrm_bot.domain.errors import SlackRefusedError


class FakeNewsdesk:
    """`sent` is every digest that arrived, whether or not Slack said so; `told` whoever heard of an end.

    `in_threads` are the threads they are in, "" for none.
    """

    def __init__(self) -> None:
        self.sent: list[tuple[str, Report, str]] = []
        self.in_threads: list[str] = []
        self.threads: list[tuple[CardRef, Report]] = []
        self.updated: list[tuple[CardRef, Report]] = []
        self.told: list[tuple[str, DigestSchedule]] = []
        self.searches: list[tuple[str, datetime]] = []
        self.may_look = True
        self.refusals: deque[tuple[SlackRefusedError, bool]] = deque()

    def refuse(
        self, code: str, *, retry_in: float | None = None, times: int = 1, arrives: bool = False
    ) -> None:
        """The next calls are refused by Slack; with `arrives` they did it all the same."""
        refusal = SlackRefusedError(code, method="chat.postMessage", retry_in=retry_in)
        self.refusals.extend([(refusal, arrives)] * times)

    async def send(self, channel: str, report: Report, *, run_key: str, thread_ts: str = "") -> str:
        refusal, arrives = self.refusals.popleft() if self.refusals else (None, True)
        if arrives:
            self.sent.append((channel, report, run_key))
            self.in_threads.append(thread_ts)
        if refusal:
            raise refusal
        return f"{len(self.sent)}.0"

    async def find(self, channel: str, *, run_key: str, since: datetime) -> str | None:
        self.searches.append((run_key, since))
        if not self.may_look:
            raise SlackRefusedError("missing_scope", method="conversations.history")
        self._refuse()
        keys = [key for _, _, key in self.sent]
        return f"{keys.index(run_key) + 1}.0" if run_key in keys else None

    async def update(self, at: CardRef, by_now: Callable[[], Awaitable[Report]]) -> None:
        self._refuse()
        self.updated.append((at, await by_now()))

    async def details(self, at: CardRef, report: Report) -> None:
        self._refuse()
        self.threads.append((at, report))

    async def tell(self, user_id: str, schedule: DigestSchedule) -> None:
        self._refuse()
        self.told.append((user_id, schedule))

    def _refuse(self) -> None:
        if self.refusals:
            raise self.refusals.popleft()[0]
