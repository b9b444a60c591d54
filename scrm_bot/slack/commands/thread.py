"""/scrm thread POST|TEXT"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await assistant.on_subject(call, workspace, "thread")


command = Command(
    "thread",
    "POST|TEXT",
    "Expand a text into a thread",
    run,
    examples=("/scrm thread last", "/scrm thread Five things we learned this year"),
    role=Role.EDITOR,
    also=("tone",),
)
