"""/scrm edit POST [TEXT]"""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts, picking
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.slack.seen import as_seen
from scrm_bot.usecases import finding
from scrm_bot.views import answers, inputs, problems

_TOO_LONG = "A text of more than 3,000 characters does not fit the window, so the post is as it was."


async def run(call: Invocation, workspace: Workspace) -> Answers:
    word, text = finding.split_post(call.argument)
    if not word:
        return await picking.ask(call, workspace)
    text = await as_seen(text, workspace)
    if not inputs.fits(text):
        return Reply(answers.given_back(problems.explain(UsageError(_TOO_LONG), verb="edit"), text))
    post = await finding.find_post(workspace, word, by=call.caller.user_id)
    return await drafts.open_edit(call.caller, workspace, post, text=text)


command = Command(
    "edit",
    "POST [TEXT]",
    "Change a post's text and accounts",
    run,
    examples=("/scrm edit last", "/scrm edit 1 A better text"),
    role=Role.EDITOR,
)
