"""/scrm approvals [mine|all]"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import waitings
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    everyone = call.argument.strip().lower() == "all"
    return await waitings.page(call.caller, workspace, everyone=everyone, shared=call.line.shared)


command = Command(
    "approvals",
    "[mine|all]",
    "Requests that wait",
    run,
    examples=("/scrm approvals", "/scrm approvals all"),
    role=Role.VIEWER,
)
