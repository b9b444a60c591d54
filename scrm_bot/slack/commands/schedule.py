"""/scrm schedule POST WHEN [--note TEXT] [--dry-run]"""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import plain
from scrm_bot.domain.posts import Post
from scrm_bot.domain.team import Role
from scrm_bot.domain.when import read_when, split_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import asking, picking, plans
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import Answers, OpenModal
from scrm_bot.slack.seen import as_seen
from scrm_bot.usecases import finding, workspaces
from scrm_bot.views import modals


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by, flag = call.caller.user_id, call.line.flags.get("at", "")
    word, typed = split_when(call.argument)
    if typed and flag:
        await _check_same(workspace, plain(typed), plain(flag), by=by)
    typed = typed or flag
    if not word.strip():
        return await picking.ask(call, workspace, flags={"at": typed} if typed else None)
    zone = await workspaces.zone_for(workspace, by)
    if not typed:
        post = await finding.find_post(workspace, word, by=by)
        return await _open(call, workspace, post, zone)
    when = read_when(await as_seen(typed, workspace), now=workspace.clock.now(), zone=zone)
    post_id = await finding.post_id(workspace, word, by=by)
    return await asking.for_approval(call, workspace, post_id, at=when.at, zone=when.zone)


async def _check_same(workspace: Workspace, typed: str, flag: str, *, by: str) -> None:
    """Of two times nobody can tell which one was meant. Raises `UsageError`."""
    now, zone = workspace.clock.now(), await workspaces.zone_for(workspace, by)
    if read_when(typed, now=now, zone=zone).at != read_when(flag, now=now, zone=zone).at:
        raise UsageError(
            f"“{typed}” and “{flag}” behind `--at` are two times, so nothing was asked for. "
            "Send it again with one of them.",
            verb="schedule",
        )


async def _open(call: Invocation, workspace: Workspace, post: Post, zone: str) -> OpenModal:
    """Ask for the time, with what is planned filled in; other flags that were typed wait for it."""
    plan = await plans.of(workspace, post.id)
    kept = await picking.keep_flags(workspace, call.line.flags)
    told = metadata(post=post.id, zone=zone, channel=call.caller.channel, flags=kept)
    when = plan.typed(now=workspace.clock.now())
    note = plain(call.line.flags["note"]) if "note" in call.line.flags else plan.note
    return OpenModal(modals.schedule(post, zone=zone, when=when, note=note, metadata=told))


command = Command(
    "schedule",
    "POST WHEN [--note TEXT] [--dry-run]",
    "Ask for approval to schedule a post",
    run,
    examples=("/scrm schedule last tomorrow 09:00", "/scrm schedule 2 fri 09:00 Europe/Berlin"),
    role=Role.EDITOR,
    also=("at",),
)
