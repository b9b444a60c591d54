"""/scrm resume POST [REASON]"""

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import deciding
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers
from scrm_bot.usecases import approvals


async def _decide(workspace: Workspace, request: Approval, by: str, reason: str) -> Approval:
    return await approvals.resume(workspace, request.id, by=by, reason=reason)


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await deciding.run(call, workspace, _decide)


command = Command(
    "resume",
    "POST [REASON]",
    "Take a request off hold",
    run,
    examples=("/scrm resume 2", "/scrm resume last the date is fixed"),
    role=Role.NOBODY,
    also=("note",),
)
