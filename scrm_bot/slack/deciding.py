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


async def run(call: Invocation, workspace: Workspace, verb: str, decide: Decide) -> Answers:
    """`/scrm VERB POST [REASON]`: decide about the latest request for a post."""
    word, _, reason = call.argument.strip().partition(" ")
    if not word:
        return await picking.ask(verb, call.caller, workspace)
    by = call.caller.user_id
    post_id = await drafting.post_id(workspace, word, by=by)
    request = await approvals.request_for(workspace, post_id)
    return Reply(answers.decided(await decide(workspace, request, by, plain(reason).strip())))
