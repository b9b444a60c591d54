"""/scrm"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import approvals
from scrm_bot.views import help as views


async def run(call: Invocation, workspace: Workspace) -> Answers:
    from scrm_bot.slack.commands import COMMANDS  # noqa: PLC0415  the console is one of them

    connected = await workspace.vault.connection() is not None
    waiting = await approvals.waiting(workspace, by=call.caller.user_id) if connected else ()
    verbs = [known for known in COMMANDS if known.verb]
    return Reply(views.console(waiting=len(waiting), connected=connected, verbs=verbs))


command = Command("", "", "Your console: what you can do next", run, role=Role.VIEWER)
