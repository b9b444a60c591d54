"""Giving roles."""

from scrm_bot.domain.team import Holders, Role, Team
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Button, Click, Modal, Submission, Values
from scrm_bot.slack.reading import metadata, several, words
from scrm_bot.slack.reply import Answers, OpenModal, Reply, ShowView, UpdateModal
from scrm_bot.slack.seen import group_names
from scrm_bot.usecases import workspaces
from scrm_bot.views import modals, team
from scrm_bot.views.ids import Action, Callback


async def open_change(click: Click, workspace: Workspace) -> Answers:
    current = (await workspace.settings.load()).team
    names = await group_names(workspace, current.groups)
    return OpenModal(team.change(current, group_names=names, metadata=metadata(channel=click.caller.channel)))


async def save(submission: Submission, workspace: Workspace) -> Answers:
    given = _given(submission.state)
    saved = await workspaces.save_team(workspace, given, by=submission.caller.user_id)
    told = team.team(saved, role=Role.ADMIN, admin=False, saved=True)
    return [UpdateModal(modals.notice("Roles", told), submission.view_id), Reply(told)]


def _given(state: Values) -> Team:
    everyone = words(state, Action.EVERYONE)
    return Team(
        Holders(several(state, Action.ADMINS), several(state, Action.ADMIN_GROUPS)),
        Holders(several(state, Action.EDITORS), several(state, Action.EDITOR_GROUPS)),
        Holders(several(state, Action.VIEWERS), several(state, Action.VIEWER_GROUPS)),
        Role(everyone) if everyone in set(Role) else Role.EDITOR,
    )


def _saving(_: Submission) -> ShowView:
    return ShowView(modals.working("Roles", "Saving…"))


BUTTONS = (Button(Action.CHANGE_TEAM, open_change, role=Role.ADMIN),)
MODALS = (Modal(Callback.TEAM, _saving, save, role=Role.ADMIN),)
