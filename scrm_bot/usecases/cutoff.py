"""What a deed had meant or done when its process died, for when it is done again from its record."""

from collections.abc import Mapping
from typing import Any

from scrm_bot.ports import Workspace

_LIFE = 3_600  # seconds within which a killed process' work is done again


async def recall(workspace: Workspace, name: str) -> Mapping[str, Any] | None:
    """What this very deed kept under the name; None where it is done for the first time."""
    return await workspace.memory.recall(_key(workspace, name)) if workspace.deed else None


async def keep(workspace: Workspace, name: str, value: Mapping[str, Any]) -> None:
    if workspace.deed:
        await workspace.memory.keep(_key(workspace, name), value, seconds=_LIFE)


def _key(workspace: Workspace, name: str) -> str:
    return f"{name}:{workspace.deed}"
