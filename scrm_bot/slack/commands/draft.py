"""/scrm draft [TEXT] [--to ACCT,..] [--at WHEN] [--note TEXT]"""

from scrm_bot.domain.grammar import plain
from scrm_bot.domain.when import read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import accounts, choosing, drafting, workspaces
from scrm_bot.views import posts


async def run(call: Invocation, workspace: Workspace) -> Answers:
    text, flags, by = plain(call.argument).strip(), call.line.flags, call.caller.user_id
    note = plain(flags.get("note", ""))
    if not text:
        return await drafts.open_new(call.caller, workspace, note=note)
    zone = await workspaces.zone_for(workspace, by)
    at = read_when(flags["at"], now=workspace.clock.now(), zone=zone) if flags.get("at") else None
    chosen: tuple[str, ...] = ()
    if flags.get("to"):
        chosen = choosing.choose_accounts(flags["to"], await accounts.known(workspace))
    post = await drafting.create_draft(workspace, text, by=by, account_ids=chosen)
    zone = at.zone if at else zone
    await drafts.plan(workspace, post.id, at, zone=zone, note=note)
    known = await accounts.known_or_none(workspace)
    return Reply(posts.drafted(post, accounts=known, zone=zone), shared=call.line.shared)


command = Command(
    "draft",
    "[TEXT] [--to ACCT,..] [--at WHEN] [--note TEXT]",
    "Write a post and save it as a draft",
    run,
    examples=("/scrm draft", "/scrm draft Launch day is here. --to instagram --at tomorrow 09:00"),
)
