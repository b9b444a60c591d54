"""/scrm approvals [mine|all]"""

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import accounts, bulk
from scrm_bot.usecases import approvals as requests
from scrm_bot.views import approvals


async def run(call: Invocation, workspace: Workspace) -> Answers:
    everyone = call.argument.strip().lower() == "all"
    waiting = await requests.waiting(workspace, by="" if everyone else call.caller.user_id)
    known = await accounts.known_or_none(workspace)
    pause = (await workspace.settings.load()).pause
    several = len(await bulk.decidable(workspace, waiting, by=call.caller.user_id)) > 1
    listing = approvals.listing(waiting, accounts=known, paused=pause, several=several)
    return Reply(listing, shared=call.line.shared)


command = Command(
    "approvals",
    "[mine|all]",
    "Requests that wait",
    run,
    examples=("/scrm approvals", "/scrm approvals all"),
    role=Role.VIEWER,
)
