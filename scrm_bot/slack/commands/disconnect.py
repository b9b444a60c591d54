"""/scrm disconnect"""

from scrm_bot.domain.errors import NotConnectedError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.views import admin


async def run(call: Invocation, workspace: Workspace) -> Answers:
    connection = await workspace.vault.connection()
    if connection is None:
        raise NotConnectedError
    return OpenModal(admin.disconnect(connection, metadata=metadata(channel=call.caller.channel)))


command = Command(
    "disconnect",
    "",
    "Erase the stored API key",
    run,
    examples=("/scrm disconnect", "@scrm-bot disconnect", "/scrm disconnect --brand Acme"),
    role=Role.ADMIN,
)
