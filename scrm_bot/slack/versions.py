"""The former texts of a draft, kept as long as its modal may be open."""

from collections.abc import Mapping
from typing import Any

from scrm_bot.domain.versions import Versions
from scrm_bot.ports import Workspace


async def of(workspace: Workspace, about: Mapping[str, Any]) -> Versions:
    """Those of the modal with this metadata."""
    kept = await workspace.memory.recall(_name(about))
    return Versions(tuple(kept["texts"]), int(kept["at"])) if kept else Versions()


async def keep(workspace: Workspace, about: Mapping[str, Any], versions: Versions) -> None:
    await workspace.memory.keep(_name(about), {"texts": list(versions.texts), "at": versions.at})


def _name(about: Mapping[str, Any]) -> str:
    return f"versions:{about.get('versions', '')}"
