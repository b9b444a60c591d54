"""/scrm schedule POST WHEN [--note TEXT] [--dry-run]"""

from scrm_bot.domain.when import read_when, split_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import asking, picking
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.usecases import drafting, workspaces
from scrm_bot.views import modals


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by = call.caller.user_id
    word, typed = split_when(call.argument)
    typed = typed or call.line.flags.get("at", "")
    if not word.strip():
        return await picking.ask("schedule", call.caller, workspace)
    zone = await workspaces.zone_for(workspace, by)
    if not typed:
        post = await drafting.find_post(workspace, word, by=by)
        told = metadata(post=post.id, zone=zone, channel=call.caller.channel)
        return OpenModal(modals.schedule(post, zone=zone, metadata=told))
    when = read_when(typed, now=workspace.clock.now(), zone=zone)
    post_id = await drafting.post_id(workspace, word, by=by)
    return await asking.for_approval(call, workspace, post_id, at=when.at, zone=when.zone)


command = Command(
    "schedule",
    "POST WHEN [--note TEXT] [--dry-run]",
    "Ask for approval to schedule a post",
    run,
    examples=("/scrm schedule last tomorrow 09:00", "/scrm schedule 2 2026-12-01 09:00 Europe/Berlin"),
)
