"""/scrm ideas [TOPIC]"""

from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import inspiration
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await inspiration.ideas(workspace, plain(call.argument).strip(), shared=call.line.shared)


command = Command(
    "ideas",
    "[TOPIC]",
    "Ideas for posts, each ready to draft",
    run,
    examples=("/scrm ideas", "/scrm ideas spring sale"),
    role=Role.EDITOR,
)
