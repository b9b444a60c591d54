"""Decisions by command: the same rules as the card's buttons."""

from collections.abc import Awaitable, Callable

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.bulk import sight
from scrm_bot.domain.grammar import plain
from scrm_bot.ports import Workspace
from scrm_bot.slack import picking
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.reading import new_key
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import accounts, approvals, queueing, sights
from scrm_bot.views import answers
from scrm_bot.views import approvals as views
from scrm_bot.views.contents import is_whole

Decide = Callable[[Workspace, Approval, str, str], Awaitable[Approval]]


async def run(call: Invocation, workspace: Workspace, decide: Decide) -> Answers:
    """`/scrm VERB POST [REASON]`: decide about the latest request for a post."""
    word, *rest = call.argument.split(maxsplit=1) or [""]
    if not word:
        return await picking.ask(call, workspace, requested=True)
    by, reason = call.caller.user_id, _reason(call, " ".join(rest))
    request = await queueing.meant(workspace, word, by=by)
    decided = await decide(workspace, request, by, reason)
    return Reply(answers.decided(decided), shared=call.line.shared)


async def approve(call: Invocation, workspace: Workspace) -> Answers:
    """As `run`, but what may be other than the person has seen is shown first, with one button to confirm."""
    word, *rest = call.argument.split(maxsplit=1) or [""]
    if not word:
        return await picking.ask(call, workspace, requested=True)
    by, reason = call.caller.user_id, _reason(call, " ".join(rest))
    request = await queueing.meant(workspace, word, by=by)
    await approvals.check_approvable(workspace, request, by=by)
    known = await accounts.known_or_none(workspace)
    is_plain = not request.is_revised and is_whole(request, accounts=known)
    if not (is_plain or await sights.has_seen(workspace, request, by=by)):
        return Reply(
            views.confirmation(request, accounts=known, value=await carry(workspace, request, reason))
        )
    approved = await approvals.approve(
        workspace, request.id, by=by, undo=workspace.undo, reason=reason, seen=sight(request)
    )
    return Reply(answers.decided(approved), shared=call.line.shared)


async def carry(workspace: Workspace, request: Approval, reason: str) -> str:
    """What a button carries that approves a request as it was shown; a remark waits in memory meanwhile."""
    key = new_key() if reason else ""
    if key:
        await workspace.memory.keep(f"remark:{key}", {"text": reason})
    return f"{request.id}:{sight(request)}:{key}"


async def carried(workspace: Workspace, value: str) -> tuple[str, str, str]:
    """The request's id, how it was seen, and the remark."""
    approval_id, _, rest = value.partition(":")
    seen, _, key = rest.partition(":")
    kept = (await workspace.memory.recall(f"remark:{key}") if key else None) or {}
    return approval_id, seen, str(kept.get("text", ""))


def _reason(call: Invocation, words: str) -> str:
    """What was said after the post, and in the flag that is for words like that."""
    note = call.line.flags.get("note", "")
    return plain(f"{words} {note}").strip()
