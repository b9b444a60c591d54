"""/scrm unpause"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import workspaces
from scrm_bot.views import status


async def run(call: Invocation, workspace: Workspace) -> Answers:
    going = await workspaces.unpause(workspace, by=call.caller.user_id)
    return Reply(status.paused(going), shared=call.line.shared)


command = Command(
    "unpause",
    "",
    "Let approved posts go out again",
    run,
    examples=("/scrm unpause", "@scrm-bot unpause"),
    role=Role.ADMIN,
)
