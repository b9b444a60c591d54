"""The brand's voice, known for an hour: it stands beside whatever the assistant writes."""

from collections.abc import Mapping
from typing import Any

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.insights import Persona
from scrm_bot.ports import Workspace

KEPT_SECONDS = 3_600
REFUSED_SECONDS = 600
NAME = "voice"
NONE = Persona()


async def heard(workspace: Workspace) -> Persona:
    """The persona where it was asked for within the hour; SocialCRM is not asked."""
    try:
        kept = await workspace.memory.recall(NAME)
    except ScrmError:
        return NONE
    return _persona(kept) if kept else NONE


async def of(workspace: Workspace) -> Persona:
    """The persona, an empty one where it cannot be had: nothing fails for the want of it."""
    try:
        return _persona(await workspace.memory.recall(NAME) or await _asked(workspace))
    except ScrmError:
        return NONE


async def _asked(workspace: Workspace) -> Mapping[str, Any]:
    """What is kept from now on; a refusal too, for a while."""
    try:
        found, seconds = await workspace.socialcrm.get_persona(), KEPT_SECONDS
    except ScrmError:
        found, seconds = NONE, REFUSED_SECONDS
    kept = {"traits": [[name, list(values)] for name, values in found.traits]}
    await workspace.memory.keep(NAME, kept, seconds=seconds)
    return kept


def _persona(kept: Mapping[str, Any]) -> Persona:
    return Persona(tuple((str(name), tuple(values)) for name, values in kept["traits"]))
