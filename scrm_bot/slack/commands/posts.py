"""/scrm posts [STATUS] [mine] [ACCT]"""

from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import listings
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    wanted = plain(call.argument).strip()
    return await listings.page(call.caller, workspace, wanted, shared=call.line.shared)


command = Command(
    "posts",
    "[STATUS] [mine] [ACCT]",
    "List posts, newest first",
    run,
    examples=("/scrm posts", "/scrm posts scheduled mine"),
    role=Role.VIEWER,
)
