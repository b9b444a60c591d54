"""/scrm schedule POST WHEN [--note TEXT] [--dry-run]"""

from scrm_bot.domain.posts import Post
from scrm_bot.domain.team import Role
from scrm_bot.domain.when import read_when, split_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import asking, picking, plans
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.usecases import finding, workspaces
from scrm_bot.views import modals


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by = call.caller.user_id
    word, typed = split_when(call.argument)
    typed = typed or call.line.flags.get("at", "")
    if not word.strip():
        return await picking.ask(call, workspace, flags={"at": typed} if typed else None)
    zone = await workspaces.zone_for(workspace, by)
    if not typed:
        post = await finding.find_post(workspace, word, by=by)
        return await _open(call, workspace, post, zone)
    when = read_when(typed, now=workspace.clock.now(), zone=zone)
    post_id = await finding.post_id(workspace, word, by=by)
    return await asking.for_approval(call, workspace, post_id, at=when.at, zone=when.zone)


async def _open(call: Invocation, workspace: Workspace, post: Post, zone: str) -> OpenModal:
    """Ask for the time, with what is planned filled in; flags that were typed wait for it."""
    plan = await plans.of(workspace, post.id)
    kept = await picking.keep_flags(workspace, call.line.flags)
    told = metadata(post=post.id, zone=zone, channel=call.caller.channel, flags=kept)
    when = plan.typed(now=workspace.clock.now())
    return OpenModal(modals.schedule(post, zone=zone, when=when, metadata=told))


command = Command(
    "schedule",
    "POST WHEN [--note TEXT] [--dry-run]",
    "Ask for approval to schedule a post",
    run,
    examples=("/scrm schedule last tomorrow 09:00", "/scrm schedule 2 fri 09:00 Europe/Berlin"),
    role=Role.EDITOR,
    also=("at",),
)
