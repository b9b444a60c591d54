"""/scrm audit [POST|@user|7d] [--csv]"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import auditing, workspaces
from scrm_bot.views import audit


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by = call.caller.user_id
    wanted = await auditing.read_filter(workspace, call.argument, by=by)
    found = await auditing.read(workspace, wanted, by=by)
    if "csv" in call.line.flags:
        return Reply(audit.as_csv(found.entries, more=found.more), shared=call.line.shared)
    zone = await workspaces.zone_for(workspace, by)
    listed = audit.listing(found.entries, wanted=wanted, zone=zone, more=found.more)
    return Reply(listed, shared=call.line.shared)


command = Command(
    "audit",
    "[POST|@user|7d] [--csv]",
    "Who did what, for admins and approvers",
    run,
    examples=("/scrm audit", "/scrm audit last", "/scrm audit @ben 7d --csv"),
    role=Role.VIEWER,
)
