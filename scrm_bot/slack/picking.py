"""A verb without its post: choose one of the newest."""

from collections.abc import Mapping
from typing import Any

from scrm_bot.domain.errors import NotConnectedError
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.reading import metadata, new_key
from scrm_bot.slack.reply import OpenModal
from scrm_bot.views import modals


async def ask(
    call: Invocation,
    workspace: Workspace,
    *,
    requested: bool = False,
    flags: Mapping[str, str] | None = None,
) -> OpenModal:
    """Open the menu at once; Slack asks for its entries. What else was typed waits for the choice.

    `requested`: its entries are the posts whose request is open.
    Raises `NotConnectedError`.
    """
    if await workspace.vault.connection() is None:
        raise NotConnectedError
    kept = await keep_flags(workspace, {**call.line.flags, **(flags or {})})
    verb = call.line.verb
    told = metadata(verb=verb, channel=call.caller.channel, flags=kept)
    return OpenModal(modals.pick_post(verb, requested=requested, metadata=told))


async def keep_flags(workspace: Workspace, flags: Mapping[str, str]) -> str:
    """Where they are kept while a modal asks for the rest, "" where there are none."""
    if not flags:
        return ""
    key = new_key()
    await workspace.memory.keep(_flags(key), dict(flags))
    return key


async def kept_flags(workspace: Workspace, about: Mapping[str, Any]) -> dict[str, str]:
    kept = await workspace.memory.recall(_flags(str(about.get("flags", "")))) or {}
    return {name: str(value) for name, value in kept.items()}


def _flags(key: str) -> str:
    return f"flags:{key}"
