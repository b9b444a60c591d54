"""/scrm pause [REASON]"""

from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import workspaces
from scrm_bot.views import status


async def run(call: Invocation, workspace: Workspace) -> Answers:
    paused = await workspaces.pause(workspace, by=call.caller.user_id, reason=plain(call.argument).strip())
    return Reply(status.paused(paused), shared=call.line.shared)


command = Command(
    "pause",
    "[REASON]",
    "Stop all publishing and scheduling through the bot",
    run,
    examples=("/scrm pause", "/scrm pause waiting for the press office"),
    role=Role.ADMIN,
)
