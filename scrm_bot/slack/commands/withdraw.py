"""/scrm withdraw POST [REASON]"""

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import deciding
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers
from scrm_bot.usecases import approvals


async def _decide(workspace: Workspace, request: Approval, by: str, reason: str) -> Approval:
    return await approvals.withdraw(workspace, request.id, by=by, reason=reason)


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await deciding.run(call, workspace, _decide)


command = Command(
    "withdraw",
    "POST [REASON]",
    "Take a request back",
    run,
    examples=("/scrm withdraw last", "/scrm withdraw 2 not needed any more"),
    role=Role.NOBODY,
    also=("note",),
)
