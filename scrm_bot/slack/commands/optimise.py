"""/scrm optimise POST|TEXT"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await assistant.on_subject(call, workspace, "optimise")


command = Command(
    "optimise",
    "POST|TEXT",
    "Optimise a text for reach",
    run,
    aliases=("optimize",),
    examples=("/scrm optimise last", "/scrm optimise We are open on Sunday"),
    role=Role.EDITOR,
    also=("tone",),
)
