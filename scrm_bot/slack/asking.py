"""schedule and publish: asking for approval, never calling the API."""

from datetime import datetime

from scrm_bot.domain.grammar import plain
from scrm_bot.ports import Workspace
from scrm_bot.slack import plans
from scrm_bot.slack.command import Invocation
from scrm_bot.slack.reply import Reply
from scrm_bot.usecases import approvals
from scrm_bot.views import answers


async def for_approval(
    call: Invocation, workspace: Workspace, post_id: str, *, at: datetime | None, zone: str
) -> Reply:
    """Put the card up; with `--dry-run` only say what it would ask, of a post that is there."""
    settings = await workspace.settings.load()
    if "dry-run" in call.line.flags:
        await workspace.socialcrm.get_post(post_id)
        told = answers.dry_run(post_id, at=at, zone=zone, approvals_channel=settings.approvals_channel)
        return Reply(told, shared=call.line.shared)
    note = await _note(call, workspace, post_id)
    caller = call.caller
    asked = await approvals.ask(
        workspace,
        post_id,
        at=at,
        by=caller.user_id,
        key=caller.trigger_id or caller.message_ts,
        zone=zone,
        note=note,
    )
    told = answers.asked(asked, approvals_channel=settings.approvals_channel)
    return Reply(told, shared=call.line.shared)


async def _note(call: Invocation, workspace: Workspace, post_id: str) -> str:
    """The one of the line, else the one that was given with the draft. An empty one was taken out."""
    if "note" in call.line.flags:
        return plain(call.line.flags["note"])
    return (await plans.of(workspace, post_id)).note
