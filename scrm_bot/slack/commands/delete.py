"""/scrm delete POST"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import picking
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import editing, finding, workspaces
from scrm_bot.views import posts


async def run(call: Invocation, workspace: Workspace) -> Answers:
    if not call.argument.strip():
        return await picking.ask(call, workspace)
    by = call.caller.user_id
    post = await finding.find_post(workspace, call.argument, by=by)
    closes = await editing.would_void(workspace, post.id)
    zone = await workspaces.zone_for(workspace, by)
    return Reply(posts.delete_question(post, zone=zone, closes=closes))


command = Command(
    "delete",
    "POST",
    "Delete a post, after a question",
    run,
    examples=("/scrm delete last", "/scrm delete 3"),
    role=Role.EDITOR,
)
