"""/scrm posts [STATUS] [mine] [ACCT]"""

from scrm_bot.ports import Workspace
from scrm_bot.slack import listings
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return await listings.page(call.caller, workspace, call.argument.strip(), shared=call.line.shared)


command = Command(
    "posts",
    "[STATUS] [mine] [ACCT]",
    "List posts, newest first",
    run,
    examples=("/scrm posts", "/scrm posts scheduled mine"),
)
