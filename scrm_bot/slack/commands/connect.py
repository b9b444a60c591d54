"""/scrm connect"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.views import admin


async def run(call: Invocation, workspace: Workspace) -> Answers:
    connection = await workspace.vault.connection()
    return OpenModal(admin.connect(connection, metadata=metadata(channel=call.caller.channel)))


command = Command(
    "connect",
    "",
    "Connect SocialCRM with an API key",
    run,
    examples=("/scrm connect", "@scrm connect"),
    role=Role.ADMIN,
)
