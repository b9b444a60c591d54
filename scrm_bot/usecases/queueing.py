"""The requests that wait, as a numbered list that keeps its numbers while somebody turns its pages."""

import asyncio

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import ApprovalNotFoundError, UsageError
from scrm_bot.ports import Workspace
from scrm_bot.usecases import approvals, bulk, cutoff, finding

_MEANT = "meant:request"


async def listed(workspace: Workspace, *, by: str, everyone: bool) -> tuple[Approval, ...]:
    """All of them, newest first. From here on a number of the person's latest list means one of these."""
    waiting = await approvals.waiting(workspace, by="" if everyone else by)
    await workspace.memory.keep(_name(by, everyone=everyone), {"ids": [each.id for each in waiting]})
    await workspace.memory.remember_list(by, [each.post_id for each in waiting])
    return waiting


async def listed_before(workspace: Workspace, *, by: str, everyone: bool) -> tuple[Approval, ...] | None:
    """The same list as it was numbered, each request as it is now; None where it is no longer kept.

    What is gone meanwhile leaves its number to nobody, so a list with a gap is read anew.
    """
    kept = await workspace.memory.recall(_name(by, everyone=everyone))
    if kept is None:
        return None
    found = await asyncio.gather(*(_request(workspace, str(each)) for each in kept["ids"]))
    there = tuple(each for each in found if each)
    if len(there) < len(found):
        return None
    await workspace.memory.remember_list(by, [each.post_id for each in there])
    return there


async def meant(workspace: Workspace, word: str, *, by: str) -> Approval:
    """The latest request about the post that `word` names: `post_123`, `last`, or a number.

    `last` of somebody who has worked on no post is the one request that waits for their word.
    """
    before = await cutoff.recall(workspace, _MEANT)
    if before:
        return await workspace.approvals.get(str(before["id"]))
    if word.casefold() == "last" and await workspace.memory.last_post(by) is None:
        request = await _only_one(workspace, by)
    else:
        request = await approvals.request_for(workspace, await finding.post_id(workspace, word, by=by))
    await cutoff.keep(workspace, _MEANT, {"id": request.id})
    return request


async def _only_one(workspace: Workspace, by: str) -> Approval:
    waiting = await bulk.waiting(workspace, by=by)
    if len(waiting) == 1:
        return waiting[0]
    how_many = f"{len(waiting)} requests wait" if waiting else "no request waits"
    raise UsageError(
        f"`last` is the post you worked on last, and there is none; {how_many} for your word. "
        "`/scrm approvals` numbers them: name the number.",
        field="post",
    )


async def _request(workspace: Workspace, approval_id: str) -> Approval | None:
    try:
        return await workspace.approvals.get(approval_id)
    except ApprovalNotFoundError:
        return None


def _name(by: str, *, everyone: bool) -> str:
    return f"waiting:{by}:{'all' if everyone else 'mine'}"
