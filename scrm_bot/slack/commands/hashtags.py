"""/scrm hashtags POST|TEXT"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await assistant.on_subject(call, workspace, "hashtags")


command = Command(
    "hashtags",
    "POST|TEXT",
    "Suggest hashtags for a text",
    run,
    examples=("/scrm hashtags last", "/scrm hashtags Our new espresso blend is here"),
    role=Role.EDITOR,
    also=("tone",),
)
