"""/scrm calendar [today|week]"""

from datetime import datetime, timedelta

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.posts import Post
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import accounts, workspaces
from scrm_bot.views import posts

_SPANS = {"today": (1, "Next 24 hours"), "week": (7, "Next 7 days"), "": (7, "Next 7 days")}


async def run(call: Invocation, workspace: Workspace) -> Answers:
    span = _SPANS.get(call.argument.strip().lower())
    if span is None:
        raise UsageError("The calendar shows `today` or a `week`.", verb="calendar")
    days, title = span
    until = workspace.clock.now() + timedelta(days=days)
    planned = [post async for post in workspace.socialcrm.walk_posts() if _is_planned(post, until)]
    zone = await workspaces.zone_for(workspace, call.caller.user_id)
    known = await accounts.known_or_none(workspace)
    return Reply(posts.calendar(planned, accounts=known, zone=zone, title=title), shared=call.line.shared)


def _is_planned(post: Post, until: datetime) -> bool:
    return post.status.lower() == "scheduled" and post.scheduled_at is not None and post.scheduled_at <= until


command = Command(
    "calendar",
    "[today|week]",
    "What is planned, day by day",
    run,
    examples=("/scrm calendar", "/scrm calendar today"),
    role=Role.VIEWER,
)
