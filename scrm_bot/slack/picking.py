"""A verb without its post: choose one of the newest."""

from scrm_bot.domain.errors import NotConnectedError
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import OpenModal
from scrm_bot.views import modals


async def ask(verb: str, caller: Caller, workspace: Workspace) -> OpenModal:
    """Open the menu at once; Slack asks for its entries. Raises `NotConnectedError`."""
    if await workspace.vault.connection() is None:
        raise NotConnectedError
    return OpenModal(modals.pick_post(verb, metadata=metadata(verb=verb, channel=caller.channel)))
