"""/scrm show POST"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import picking, showing
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import finding


async def run(call: Invocation, workspace: Workspace) -> Answers:
    if not call.argument.strip():
        return await picking.ask(call, workspace)
    by = call.caller.user_id
    post = await finding.find_post(workspace, call.argument, by=by)
    return Reply(await showing.card(workspace, post, by=by), shared=call.line.shared)


command = Command(
    "show",
    "POST",
    "Show a post with everything that can be done to it",
    run,
    examples=("/scrm show last", "/scrm show 2"),
    role=Role.VIEWER,
)
