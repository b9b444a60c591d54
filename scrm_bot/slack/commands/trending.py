"""/scrm trending"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.views import insights

COUNT = 10


async def run(call: Invocation, workspace: Workspace) -> Answers:
    return Reply(
        insights.trending(await workspace.socialcrm.list_trending(limit=COUNT)), shared=call.line.shared
    )


command = Command(
    "trending",
    "",
    "Topics of the day, each ready to draft",
    run,
    examples=("/scrm trending", "/scrm trending --share"),
    role=Role.VIEWER,
)
