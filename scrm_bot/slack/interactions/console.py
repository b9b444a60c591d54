"""Buttons that stand for a verb: on the console, on Home, in the digest."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from scrm_bot.domain.grammar import Line
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Button, Click, Command, Invocation
from scrm_bot.slack.commands import approvals, draft, help, posts, stats  # noqa: A004  the verb's own name
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import digests
from scrm_bot.views import digests as views
from scrm_bot.views.ids import Action

MUTE = timedelta(days=3)


def _stands_for(command: Command, argument: str = "") -> Callable[[Click, Workspace], Awaitable[Answers]]:
    async def run(click: Click, workspace: Workspace) -> Answers:
        return await command.run(Invocation(click.caller, Line(command.verb, argument)), workspace)

    return run


async def mute_digest(click: Click, workspace: Workspace) -> Answers:
    """The digest's own button: quiet for some days, as it says."""
    channel = click.value or click.caller.channel
    until = workspace.clock.now() + MUTE
    muted = await digests.mute(workspace, channel, until=until, by=click.caller.user_id)
    return Reply(views.muted(muted))


BUTTONS = (
    Button(Action.NEW_POST, _stands_for(draft.command)),
    Button(Action.SHOW_APPROVALS, _stands_for(approvals.command)),
    Button(Action.SHOW_POSTS, _stands_for(posts.command)),
    Button(Action.SHOW_SCHEDULED, _stands_for(posts.command, "scheduled")),
    Button(Action.SHOW_STATS, _stands_for(stats.command)),
    Button(Action.SHOW_HELP, _stands_for(help.command)),
    Button(Action.MUTE_DIGEST, mute_digest),
)
