"""Global and message shortcuts."""

from scrm_bot.domain.grammar import Line
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import drafts
from scrm_bot.slack.command import Invocation, Shortcut, ShortcutHandler
from scrm_bot.slack.commands import approvals
from scrm_bot.slack.reply import Answers
from scrm_bot.slack.seen import as_seen
from scrm_bot.views.draft_window import DraftForm
from scrm_bot.views.ids import Callback


async def new_post(shortcut: Shortcut, workspace: Workspace) -> Answers:
    return await drafts.open_new(shortcut.caller, workspace)


async def my_approvals(shortcut: Shortcut, workspace: Workspace) -> Answers:
    return await approvals.run(Invocation(shortcut.caller, Line("approvals")), workspace)


async def draft_from_message(shortcut: Shortcut, workspace: Workspace) -> Answers:
    """The message's own words; where they come from is noted for whoever reviews them."""
    note = f"Based on {shortcut.link}" if shortcut.link else ""
    form = DraftForm(text=await as_seen(shortcut.text, workspace), note=note)
    return await drafts.open_new(shortcut.caller, workspace, form, files=shortcut.files)


SHORTCUTS = (
    ShortcutHandler(Callback.NEW_POST, new_post, role=Role.EDITOR),
    ShortcutHandler(Callback.MY_APPROVALS, my_approvals, role=Role.VIEWER),
    ShortcutHandler(Callback.DRAFT_FROM_MESSAGE, draft_from_message, role=Role.EDITOR),
)
