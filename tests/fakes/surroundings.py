"""Workflows that wait, and people who look at App Home, in memory."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.steps import Outputs


class FakeSteps:
    """`ended` is what each step was told, outputs or a sentence."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, Outputs | str]] = []
        self.refusals: deque[SlackRefusedError] = deque()

    def refuse(self, code: str) -> None:
        self.refusals.append(SlackRefusedError(code, method="functions.completeSuccess"))

    async def succeed(self, execution_id: str, outputs: Outputs) -> None:
        self._end(execution_id, outputs)

    async def fail(self, execution_id: str, sentence: str) -> None:
        self._end(execution_id, sentence)

    def _end(self, execution_id: str, told: Outputs | str) -> None:
        if self.refusals:
            raise self.refusals.popleft()
        self.ended.append((execution_id, told))


class FakeViewers:
    """Everybody who looked, with when they last did."""

    def __init__(self) -> None:
        self.seen: dict[str, datetime] = {}

    async def note(self, user_id: str, *, at: datetime) -> None:
        self.seen[user_id] = at

    async def since(self, at: datetime) -> Sequence[str]:
        found = [(seen, user) for user, seen in self.seen.items() if seen >= at]
        return [user for _, user in sorted(found, reverse=True)]
