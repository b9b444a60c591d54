"""/scrm rewrite [POST|TEXT] [--tone T]"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await assistant.on_subject(call, workspace, "rewrite")


command = Command(
    "rewrite",
    "[POST|TEXT] [--tone T]",
    "Rewrite a text in your brand's voice",
    run,
    examples=("/scrm rewrite last --tone playful", "/scrm rewrite buy now --tone friendly"),
    role=Role.EDITOR,
)
