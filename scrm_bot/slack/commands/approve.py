"""/scrm approve POST [REASON]"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import deciding
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await deciding.approve(call, workspace)


command = Command(
    "approve",
    "POST [REASON]",
    "Approve a request",
    run,
    examples=("/scrm approve 2", "/scrm approve post_123 well said"),
    role=Role.NOBODY,
    also=("note",),
)
