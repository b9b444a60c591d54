"""/scrm accounts"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import choosing
from scrm_bot.views import insights


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return Reply(insights.accounts(await choosing.read_accounts(workspace)), shared=call.line.shared)


command = Command(
    "accounts",
    "",
    "The connected accounts",
    run,
    examples=("/scrm accounts", "/scrm accounts --share"),
    role=Role.VIEWER,
)
