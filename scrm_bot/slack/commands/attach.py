"""/scrm attach POST"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import picking
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.usecases import finding
from scrm_bot.views import modals


async def run(call: Invocation, workspace: Workspace) -> Answers:
    if not call.argument.strip():
        return await picking.ask(call, workspace)
    post = await finding.find_post(workspace, call.argument, by=call.caller.user_id)
    return OpenModal(modals.attach(post, metadata=metadata(channel=call.caller.channel, post=post.id)))


command = Command(
    "attach",
    "POST",
    "Add pictures and videos to a post",
    run,
    examples=("/scrm attach last", "/scrm attach 1"),
    role=Role.EDITOR,
)
