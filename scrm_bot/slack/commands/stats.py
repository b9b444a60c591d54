"""/scrm stats [POST|ACCT]"""

from scrm_bot.domain.grammar import plain
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import measuring
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers
from scrm_bot.usecases import finding


async def run(call: Invocation, workspace: Workspace) -> Answers:
    word, by, shared = plain(call.argument).strip(), call.caller.user_id, call.line.shared
    if finding.is_post_word(word):
        post_id = await finding.post_id(workspace, word, by=by)
        return await measuring.post(workspace, post_id, by=by, shared=shared)
    return await measuring.accounts(workspace, word, shared=shared)


command = Command(
    "stats",
    "[POST|ACCT]",
    "How accounts or a post do",
    run,
    examples=("/scrm stats", "/scrm stats last"),
    role=Role.VIEWER,
)
