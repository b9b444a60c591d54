"""/scrm edit POST"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts, picking
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers
from scrm_bot.usecases import drafting


async def run(call: Invocation, workspace: Workspace) -> Answers:
    if not call.argument.strip():
        return await picking.ask(call, workspace)
    post = await drafting.find_post(workspace, call.argument, by=call.caller.user_id)
    return await drafts.open_edit(call.caller, workspace, post)


command = Command(
    "edit",
    "POST",
    "Change a post's text and accounts",
    run,
    examples=("/scrm edit last", "/scrm edit 1"),
    role=Role.EDITOR,
)
