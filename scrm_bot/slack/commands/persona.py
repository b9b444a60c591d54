"""/scrm persona"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import insights


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return Reply(insights.persona(await workspace.socialcrm.get_persona()), shared=call.line.shared)


command = Command(
    "persona",
    "",
    "Your brand's voice",
    run,
    examples=("/scrm persona", "/scrm persona --share"),
    role=Role.VIEWER,
)
