"""/scrm audit [POST|@user|7d] [--csv]"""

from scrm_bot.domain.audit import Filter
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import auditing, workspaces
from scrm_bot.views import audit


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by = call.caller.user_id
    wanted = await auditing.read_filter(workspace, call.argument, by=by)
    if "csv" in call.line.flags:
        return await _exported(call, workspace, wanted)
    found = await auditing.read(workspace, wanted, by=by)
    zone = await workspaces.zone_for(workspace, by)
    listed = audit.listing(found.entries, wanted=wanted, zone=zone, more=found.more)
    return Reply(listed, shared=call.line.shared)


async def _exported(call: Invocation, workspace: Workspace, wanted: Filter) -> Reply:
    """A file for whoever asks alone; with `--share`, in the channel. As text where Slack takes none."""
    caller = call.caller
    shared = call.line.shared and bool(caller.channel)
    place = {"to": caller.channel, "thread_ts": caller.thread_ts} if shared else {}
    found, refusal = await auditing.export(workspace, wanted, by=caller.user_id, **place)
    if refusal is None:
        return Reply(audit.handed_over(found.entries, shared=shared))
    lacks_right = refusal.code == "missing_scope"
    return Reply(audit.as_csv(found.entries, more=found.more, lacks_right=lacks_right), shared=shared)


command = Command(
    "audit",
    "[POST|@user|7d] [--csv]",
    "Who did what, for admins and approvers",
    run,
    examples=("/scrm audit", "/scrm audit last", "/scrm audit @ben 7d --csv"),
    role=Role.VIEWER,
)
