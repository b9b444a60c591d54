"""/scrm team"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import roles
from scrm_bot.views import team


async def run(call: Invocation, workspace: Workspace) -> Answers:
    role = await roles.role_of(workspace, call.caller.user_id)
    settings = await workspace.settings.load()
    return Reply(team.team(settings, role=role, admin=role is Role.ADMIN), shared=call.line.shared)


command = Command(
    "team",
    "",
    "Who may view, edit, approve and administer",
    run,
    examples=("/scrm team", "/scrm team --share"),
    role=Role.VIEWER,
)
