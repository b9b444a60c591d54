"""/scrm calendar [today|week]"""

from datetime import timedelta

from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import accounts, drafting, workspaces
from scrm_bot.views import posts

_SPANS = {"today": (1, "Next 24 hours"), "week": (7, "Next 7 days"), "": (7, "Next 7 days")}


async def run(call: Invocation, workspace: Workspace) -> Answers:
    days, title = _SPANS.get(call.argument.strip().lower(), _SPANS[""])
    by = call.caller.user_id
    until = workspace.clock.now() + timedelta(days=days)
    found = await drafting.list_posts(workspace, drafting.PostFilter(status="scheduled"), by=by)
    planned = [post for post in found if post.scheduled_at and post.scheduled_at <= until]
    zone = await workspaces.zone_for(workspace, by)
    known = await accounts.known_or_none(workspace)
    return Reply(posts.calendar(planned, accounts=known, zone=zone, title=title), shared=call.line.shared)


command = Command(
    "calendar",
    "[today|week]",
    "What is planned, day by day",
    run,
    examples=("/scrm calendar", "/scrm calendar today"),
)
