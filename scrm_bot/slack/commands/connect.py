"""/scrm connect"""

from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.usecases import brands
from scrm_bot.views import admin


async def run(call: Invocation, workspace: Workspace) -> Answers:
    connection = await workspace.vault.connection()
    known, asked = await brands.known(workspace), plain(call.line.flags.get("brand", ""))
    naming = None
    if connection or known.known or asked:
        naming = admin.Naming(
            asked or known.label(workspace.brand), asks_first=bool(connection) and not known.known
        )
    return OpenModal(admin.connect(connection, naming=naming, metadata=metadata(channel=call.caller.channel)))


command = Command(
    "connect",
    "",
    "Connect SocialCRM with an API key",
    run,
    examples=("/scrm connect", "@scrm-bot connect", "/scrm connect --brand Acme"),
    role=Role.ADMIN,
)
