"""Decisions by command: the same rules as the card's buttons."""

from collections.abc import Awaitable, Callable

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.grammar import plain
from scrm_bot.ports import Workspace
from scrm_bot.slack import picking
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import approvals, drafting
from scrm_bot.views import answers

Decide = Callable[[Workspace, Approval, str, str], Awaitable[Approval]]


async def run(call: Invocation, workspace: Workspace, decide: Decide) -> Answers:
    """`/scrm VERB POST [REASON]`: decide about the latest request for a post."""
    word, *rest = call.argument.split(maxsplit=1) or [""]
    if not word:
        return await picking.ask(call, workspace)
    by, reason = call.caller.user_id, plain(" ".join(rest)).strip()
    post_id = await drafting.post_id(workspace, word, by=by)
    request = await approvals.request_for(workspace, post_id)
    decided = await decide(workspace, request, by, reason)
    return Reply(answers.decided(decided), shared=call.line.shared)
