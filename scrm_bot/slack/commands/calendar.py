"""/scrm calendar [today|week]"""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import calendars
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers

_SPANS = {"today": calendars.DAY, "week": calendars.WEEK, "": calendars.WEEK}


async def run(call: Invocation, workspace: Workspace) -> Answers:
    days = _SPANS.get(call.argument.strip().lower())
    if days is None:
        raise UsageError("The calendar shows `today` or a `week`.", verb="calendar")
    return await calendars.begin(call.caller, workspace, days, shared=call.line.shared)


command = Command(
    "calendar",
    "[today|week]",
    "What is planned, day by day",
    run,
    examples=("/scrm calendar", "/scrm calendar today"),
    role=Role.VIEWER,
)
