"""/scrm publish POST [--dry-run]"""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import asking, picking
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers
from scrm_bot.usecases import drafting, workspaces


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by = call.caller.user_id
    if call.line.flags.get("at"):
        raise UsageError("To go out at a time, say `/scrm schedule POST WHEN`.", verb="schedule")
    if not call.argument.strip():
        return await picking.ask(call, workspace)
    post_id = await drafting.post_id(workspace, call.argument, by=by)
    zone = await workspaces.zone_for(workspace, by)
    return await asking.for_approval(call, workspace, post_id, at=None, zone=zone)


command = Command(
    "publish",
    "POST [--note TEXT] [--dry-run]",
    "Ask for approval to publish a post",
    run,
    examples=("/scrm publish last", "/scrm publish 2 --note please before noon"),
    role=Role.EDITOR,
)
