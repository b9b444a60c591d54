"""/scrm settings"""

from scrm_bot.domain.rules import prints
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.slack.seen import group_names
from scrm_bot.views import settings


async def run(call: Invocation, workspace: Workspace) -> Answers:
    current = await workspace.settings.load()
    names = await group_names(workspace, current.approver_groups)
    told = metadata(channel=call.caller.channel, shown=prints(current))
    return OpenModal(settings.settings(current, group_names=names, metadata=told))


command = Command(
    "settings",
    "",
    "Who approves, where, and how many",
    run,
    examples=("/scrm settings", "@scrm-bot settings"),
    role=Role.ADMIN,
)
