"""What follows a digest that is in Slack: its thread, its chart, and what becomes of its requests."""

import asyncio
import secrets
from contextlib import suppress
from datetime import datetime

from scrm_bot.domain.approvals import CardRef
from scrm_bot.domain.digests import Report
from scrm_bot.domain.errors import ScrmError
from scrm_bot.ports import Workspace
from scrm_bot.usecases import cards, charting


async def post_now(workspace: Workspace, channel: str, report: Report, *, thread_ts: str = "") -> None:
    """One that somebody asked for, besides those that are planned. Raises `SlackRefusedError`."""
    key = f"digest:{channel}:now:{secrets.token_hex(8)}"
    ts = await workspace.newsdesk.send(channel, report, run_key=key, thread_ts=thread_ts)
    await follow_up(workspace, report, CardRef(channel, ts), thread_ts=thread_ts)


async def follow_up(
    workspace: Workspace,
    report: Report,
    at: CardRef,
    *,
    thread_ts: str = "",
    chart_due: datetime | None = None,
) -> None:
    """All accounts, all posts and the chart go into its thread, or into the one that it is in itself.

    The chart is drawn here, or by a job that is due then.
    """
    await _follow(workspace, report, at)
    thread = CardRef(at.channel, thread_ts or at.ts)
    charted = (
        charting.show_later(workspace, report, thread, due=chart_due)
        if chart_due
        else charting.show(workspace, report, thread)
    )
    await asyncio.gather(_told(workspace, report, thread), charted)


async def _follow(workspace: Workspace, report: Report, at: CardRef) -> None:
    """From here on the digest shows what becomes of the requests that it lists."""
    if not report.waiting:
        return
    with suppress(ScrmError):  # the digest stands, and its buttons look for themselves
        kept = report.kept
        await workspace.schedules.keep_posted(at, kept)
        for drawn in kept.waiting:  # one that was decided while it was posted
            await cards.catch_up(workspace, drawn)


async def _told(workspace: Workspace, report: Report, thread: CardRef) -> None:
    with suppress(ScrmError):  # the digest stands without them
        await workspace.newsdesk.details(thread, report)
