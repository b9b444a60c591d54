"""The window of the workspace's rules."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from scrm_bot.domain.errors import NotPermittedError, ScrmError, SlackRefusedError
from scrm_bot.domain.grammar import Line
from scrm_bot.domain.hours import read_hours
from scrm_bot.domain.rules import OvertakenError, prints
from scrm_bot.domain.shortages import Shortage
from scrm_bot.domain.team import Role
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Button, Click, Invocation, Modal, Submission
from scrm_bot.slack.commands import settings as command
from scrm_bot.slack.reading import metadata, several, words
from scrm_bot.slack.reply import Answers, Reply, ShowView, UpdateModal
from scrm_bot.slack.seen import group_names
from scrm_bot.usecases import approvals, approvers, workspaces
from scrm_bot.views import modals, problems, settings, status
from scrm_bot.views.ids import Action, Callback
from scrm_bot.views.settings import Overtaken


async def show(click: Click, workspace: Workspace) -> Answers:
    return await command.run(Invocation(click.caller, Line("settings")), workspace)


async def save(submission: Submission, workspace: Workspace) -> Answers:
    """Keep what was chosen other than it was shown; a refusal brings the form back as it was filled in."""
    by, shown = submission.caller.user_id, dict(submission.metadata.get("shown") or {})
    typed = _typed(submission.state, await workspace.settings.load())
    try:
        saved = await workspaces.save_settings(workspace, typed, by=by, shown=shown)
    except NotPermittedError:
        raise
    except OvertakenError as error:
        overtaken = Overtaken(error.names, await workspaces.who_changed(workspace, error.names))
        return await _brought_back(
            workspace, submission, error.rules, shown=prints(error.stored), overtaken=overtaken
        )
    except ScrmError as error:
        problem = problems.sentence(error)
        return await _brought_back(workspace, submission, typed, shown=shown, problem=problem)
    told = status.saved(saved, short=await _shortage(workspace, saved))
    return [UpdateModal(modals.notice("Settings", told), submission.view_id), Reply(told)]


def _typed(state: Mapping[str, Any], current: WorkspaceSettings) -> WorkspaceSettings:
    needed = words(state, Action.NEEDED)
    return replace(
        current,
        approvals_channel=words(state, Action.CHANNEL),
        approvers=several(state, Action.APPROVERS),
        approver_groups=several(state, Action.APPROVER_GROUPS),
        needed=int(needed) if needed.isdecimal() else 1,
        self_approval=words(state, Action.SELF_APPROVAL) == "yes",
        timezone=words(state, Action.TIMEZONE) or current.timezone,
        due_hours=_hours(state, Action.DUE, current.due_hours),
        remind_hours=_hours(state, Action.REMIND, current.remind_hours),
        expire_hours=_hours(state, Action.EXPIRE, current.expire_hours),
        working_hours=read_hours(words(state, Action.WORKING_HOURS)) or current.working_hours,
        escalate_to=several(state, Action.ESCALATE),
    )


async def _brought_back(
    workspace: Workspace,
    submission: Submission,
    rules: WorkspaceSettings,
    *,
    shown: Mapping[str, str],
    problem: str = "",
    overtaken: Overtaken | None = None,
) -> UpdateModal:
    names = await group_names(workspace, rules.approver_groups)
    about = metadata(channel=submission.caller.channel, shown=shown)
    view = settings.settings(rules, group_names=names, problem=problem, overtaken=overtaken, metadata=about)
    return UpdateModal(view, submission.view_id)


async def _shortage(workspace: Workspace, saved: WorkspaceSettings) -> Shortage | None:
    """What the rules leave without an end; they are saved, also where Slack does not say who people are."""
    with suppress(SlackRefusedError):
        return await approvers.shortage(workspace, approvals.rules_of(saved))
    return None


def _hours(state: Mapping[str, Any], name: str, otherwise: int) -> int:
    chosen = words(state, name)
    return int(chosen) if chosen.isdecimal() else otherwise


def _saving(_: Submission) -> ShowView:
    return ShowView(modals.working("Settings", "Saving…"))


BUTTONS = (Button(Action.SHOW_SETTINGS, show, role=Role.ADMIN),)
MODALS = (Modal(Callback.SETTINGS, _saving, save, role=Role.ADMIN),)
