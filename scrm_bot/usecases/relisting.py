"""Digests follow the requests they list: a decision shows in each of them, as it does on the card."""

import asyncio
from dataclasses import replace

from scrm_bot.domain.approvals import Approval, CardRef
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import ApprovalNotFoundError, SlackRefusedError
from scrm_bot.ports import Workspace


async def refresh(workspace: Workspace, approval: Approval) -> None:
    """Bring every digest of some days that lists this request up to date.

    One that cannot be reached keeps no other waiting. Raises `SlackRefusedError` when some should be tried
    again.
    """
    refused = None
    for at, report in await workspace.schedules.posted_with(approval.id):
        try:
            await _redraw(workspace, at, report)
        except SlackRefusedError as refusal:
            refused = refusal
    if refused:
        raise refused


def face(approval: Approval) -> Approval:
    """What people see of a request."""
    return replace(approval, version=0, card=None, copies=(), remarks=0, posting=None, unreachable="")


async def by_now(workspace: Workspace, report: Report) -> Report:
    """The report with the requests that it lists as they are stored."""
    waiting = await asyncio.gather(*(_newest(workspace, each) for each in report.waiting))
    return replace(report, waiting=tuple(waiting))


async def _redraw(workspace: Workspace, at: CardRef, drawn: Report) -> None:
    shown = drawn

    async def draw() -> Report:
        nonlocal shown
        shown = await by_now(workspace, drawn)
        return shown

    if not _differs(await draw(), drawn):
        return
    await workspace.newsdesk.update(at, draw)
    await workspace.schedules.keep_posted(at, shown)


def _differs(one: Report, other: Report) -> bool:
    return [*map(face, one.waiting)] != [*map(face, other.waiting)]


async def _newest(workspace: Workspace, approval: Approval) -> Approval:
    try:
        return await workspace.approvals.get(approval.id)
    except ApprovalNotFoundError:
        return approval
