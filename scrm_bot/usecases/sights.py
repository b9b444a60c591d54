"""Which requests somebody was shown in full, by the bot and for themselves, as they were then."""

from collections.abc import Iterable

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.bulk import sight
from scrm_bot.ports import Workspace

_MOST = 40


async def note(workspace: Workspace, shown: Iterable[Approval], *, by: str) -> None:
    """They see these now. What they saw before stays, the latest of it, for a day."""
    fresh = {approval.id: sight(approval) for approval in shown}
    if fresh:
        before = await workspace.memory.recall(_name(by)) or {}
        kept = {**{name: seen for name, seen in before.items() if name not in fresh}, **fresh}
        await workspace.memory.keep(_name(by), dict([*kept.items()][-_MOST:]))


async def has_seen(workspace: Workspace, approval: Approval, *, by: str) -> bool:
    """Whether they were shown exactly this."""
    seen = await workspace.memory.recall(_name(by)) or {}
    return seen.get(approval.id) == sight(approval)


def _name(by: str) -> str:
    return f"sights:{by}"
