"""Buttons that stand for a verb: on the console, on Home, in the digest."""

from datetime import timedelta

from scrm_bot.domain.grammar import Line
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant, notices
from scrm_bot.slack.command import Button, Click, Command, Invocation
from scrm_bot.slack.commands import COMMANDS, approvals, draft, help, posts, stats  # noqa: A004  the verb's own name
from scrm_bot.slack.reading import Subject
from scrm_bot.slack.reply import Answers, Reply
from scrm_bot.usecases import planning, roles
from scrm_bot.views import digest_schedules
from scrm_bot.views import help as help_views
from scrm_bot.views.ids import Action

MUTE = timedelta(days=3)
_ASKED_BACK = frozenset({"pause"})  # without a modal of its own that asks


def _stands_for(action: Action, command: Command, argument: str = "") -> Button:
    """A button that runs a verb, for whoever may type it."""

    async def run(click: Click, workspace: Workspace) -> Answers:
        return await command.run(Invocation(click.caller, Line(command.verb, argument)), workspace)

    return Button(action, run, role=command.role)


async def do_verb(click: Click, workspace: Workspace) -> Answers:
    """A verb from the menu of them all, as if it was typed without more."""
    command = next((known for known in COMMANDS if known.verb and known.verb == click.value), None)
    if command is None:
        return Reply(notices.told(notices.NOTHING_HERE))
    await roles.require(workspace, click.caller.user_id, command.role or Role.EDITOR)
    if command.verb in _ASKED_BACK and click.action_id == Action.DO_VERB:
        return Reply(help_views.sure(command))
    return await command.run(Invocation(click.caller, Line(command.verb)), workspace)


async def compose_this(click: Click, workspace: Workspace) -> Answers:
    """Free text goes to the assistant only after this click."""
    return await assistant.answer(workspace, "compose", Subject(click.value))


async def mute_digest(click: Click, workspace: Workspace) -> Answers:
    """The digest's own button: quiet for some days, as it says."""
    channel = click.value or click.caller.channel
    until = workspace.clock.now() + MUTE
    muted = await planning.mute(workspace, channel, until=until, by=click.caller.user_id)
    return Reply(digest_schedules.muted(muted))


BUTTONS = (
    Button(Action.DO_VERB, do_verb, role=Role.VIEWER),
    Button(Action.COMPOSE_THIS, compose_this, role=Role.EDITOR),
    _stands_for(Action.NEW_POST, draft.command),
    _stands_for(Action.SHOW_APPROVALS, approvals.command),
    _stands_for(Action.SHOW_POSTS, posts.command),
    _stands_for(Action.SHOW_SCHEDULED, posts.command, "scheduled"),
    _stands_for(Action.SHOW_STATS, stats.command),
    _stands_for(Action.SHOW_HELP, help.command),
    Button(Action.MUTE_DIGEST, mute_digest, role=Role.EDITOR),
)
