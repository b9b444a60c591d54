"""/scrm publish POST [--note TEXT] [--dry-run]"""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.grammar import Line, plain
from scrm_bot.domain.team import Role
from scrm_bot.domain.when import split_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import asking, picking, repeating
from scrm_bot.slack.command import Command, Invocation
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import finding, workspaces
from scrm_bot.views import problems
from scrm_bot.views.blocks import message

_NOW = frozenset({"", "now"})  # what publishing means anyway


async def run(call: Invocation, workspace: Workspace) -> Answers:
    by = call.caller.user_id
    word, rest = split_when(call.argument)
    at = call.line.flags.get("at", "")
    if rest.casefold() not in _NOW and split_when(rest)[0]:
        raise UsageError(
            f"“{plain(rest)}” is not something `publish` takes, so nothing was asked for. "
            "Words for the approvers go behind `--note`.",
            verb="publish",
        )
    if not {rest.casefold(), at.casefold()} <= _NOW:
        return _at_a_time(call, word, rest if at.casefold() in _NOW else at)
    if not word:
        return await picking.ask(call, workspace)
    post_id = await finding.post_id(workspace, word, by=by)
    zone = await workspaces.zone_for(workspace, by)
    return await asking.for_approval(call, workspace, post_id, at=None, zone=zone)


def _at_a_time(call: Invocation, word: str, when: str) -> Reply:
    """The verb that takes a time, one click away."""
    flags = {name: value for name, value in call.line.flags.items() if name != "at"}
    line = Line("schedule", f"{word} {when}".strip(), flags)
    told = (
        "`publish` means as soon as it is approved, so nothing was asked for yet. "
        f"For a time, say `/scrm schedule {plain(line.argument)}`."
    )
    problem = problems.explain(UsageError(told, verb="schedule"))
    return Reply(message(*problem.blocks, *repeating.offer("Run /scrm schedule", line)))


command = Command(
    "publish",
    "POST [--note TEXT] [--dry-run]",
    "Ask for approval to publish a post",
    run,
    examples=("/scrm publish last", "/scrm publish 2 --note please before noon"),
    role=Role.EDITOR,
    also=("at",),
)
