"""/scrm draft [TEXT] [--to ACCT,..] [--at WHEN] [--note TEXT]"""

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.grammar import plain, stray_flag
from scrm_bot.domain.posts import Post
from scrm_bot.domain.team import Role
from scrm_bot.domain.when import read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import attaching, drafts, plans, refused
from scrm_bot.slack.attaching import Attached
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, OpenModal, Reply
from scrm_bot.slack.seen import as_seen
from scrm_bot.usecases import accounts, choosing, drafting, workspaces
from scrm_bot.usecases.media import Uploading
from scrm_bot.views import answers, networks, posts
from scrm_bot.views.draft_window import DraftForm


async def run(call: Invocation, workspace: Workspace) -> Answers:
    text = (await as_seen(call.argument, workspace)).strip()
    if not text:
        return await _open(call, workspace)
    try:
        return await _save(call, workspace, text)
    except ScrmError as error:
        return await refused.handed_back(call, workspace, error)


async def _open(call: Invocation, workspace: Workspace) -> OpenModal:
    """The modal, with what the flags say filled in."""
    flags = call.line.flags
    chosen = networks.named(await _accounts(call, workspace), await accounts.known_or_none(workspace))
    form = DraftForm(
        accounts=tuple(chosen), when=plain(flags.get("at", "")), note=plain(flags.get("note", ""))
    )
    return await drafts.open_new(call.caller, workspace, form, files=call.files)


async def _save(call: Invocation, workspace: Workspace, text: str) -> Reply:
    flags, by = call.line.flags, call.caller.user_id
    zone = await workspaces.zone_for(workspace, by)
    when = read_when(plain(flags["at"]), now=workspace.clock.now(), zone=zone) if flags.get("at") else None
    chosen = await _accounts(call, workspace)
    post = await drafting.create_draft(workspace, text, by=by, account_ids=chosen)
    plan = await plans.keep(workspace, post.id, when, zone=zone, note=plain(flags.get("note", "")))
    known = await accounts.known_or_none(workspace)
    saved = answers.saved_words(plan.told, voided=False)
    attached = await _with_files(call, workspace, post) if call.files else Attached(post)
    told = posts.drafted(attached.post, accounts=known, zone=plan.zone, saved=saved, note=plan.note)
    if attached.left_out:
        told = answers.without_files(told, post.id, attached.left_out)
    stray = stray_flag(call.line.argument)
    return Reply(answers.with_stray_flag(told, *stray) if stray else told, shared=call.line.shared)


async def _with_files(call: Invocation, workspace: Workspace, post: Post) -> Attached:
    """Those of the message; the text is saved whatever becomes of them."""
    uploading = Uploading(workspace, call.files, key=call.caller.message_ts or post.id)
    async for _ in uploading.turns():
        pass
    return await attaching.put(uploading, post, by=call.caller.user_id)


async def _accounts(call: Invocation, workspace: Workspace) -> tuple[str, ...]:
    typed = plain(call.line.flags.get("to", ""))
    return choosing.choose_accounts(typed, await accounts.known(workspace)) if typed else ()


command = Command(
    "draft",
    "[TEXT] [--to ACCT,..] [--at WHEN] [--note TEXT]",
    "Write a post and save it as a draft",
    run,
    examples=("/scrm draft", "/scrm draft Launch day is here. --to instagram --at tomorrow 09:00"),
    role=Role.EDITOR,
)
