"""Who may do what: the one place that asks."""

from collections.abc import Iterable

from scrm_bot.domain.errors import NotPermittedError
from scrm_bot.domain.team import Role
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.ports import Workspace

_NEEDS = {
    Role.ADMIN: "an admin of this workspace (the installer, and whom `/scrm team` lists)",
    Role.APPROVER: "an approver (an admin names them with `/scrm settings`)",
    Role.EDITOR: "an editor (an admin gives roles with `/scrm team`)",
    Role.VIEWER: "a member of this workspace with a role (an admin gives roles with `/scrm team`)",
}


async def role_of(workspace: Workspace, user_id: str) -> Role:
    """What this person may do. Raises `SlackRefusedError` when Slack does not say who they are.

    Guests and people from outside have only what the team's lists give them, and never more than an
    editor's: being named as an approver, which they cannot be, gives them nothing.
    """
    if await workspace.people.is_admin(user_id):
        return Role.ADMIN
    settings = await workspace.settings.load()
    person = await workspace.people.get(user_id)
    if person.is_gone or person.is_bot:
        return Role.NOBODY
    if person.is_member(workspace.team_id):
        return await _of_member(workspace, settings, user_id) or settings.team.everyone
    given = settings.team.named(user_id, await _groups_of(workspace, settings.team.groups, user_id))
    return Role.EDITOR if given and given.includes(Role.EDITOR) else given or Role.NOBODY


async def is_admin(workspace: Workspace, user_id: str) -> bool:
    return await role_of(workspace, user_id) is Role.ADMIN


async def require(workspace: Workspace, user_id: str, role: Role) -> None:
    """Raises `NotPermittedError` for whoever has less."""
    if role is not Role.NOBODY and not (await role_of(workspace, user_id)).includes(role):
        raise NotPermittedError(_NEEDS[role])


async def require_admin(workspace: Workspace, user_id: str) -> None:
    await require(workspace, user_id, Role.ADMIN)


async def _of_member(workspace: Workspace, settings: WorkspaceSettings, user_id: str) -> Role | None:
    """By the team's lists, and as one of the approvers in the rules."""
    team = settings.team
    asked = dict.fromkeys((*team.groups, *settings.approver_groups))
    groups = await _groups_of(workspace, asked, user_id)
    named = team.named(user_id, groups)
    approves = user_id in settings.approvers or any(group in groups for group in settings.approver_groups)
    if approves and named is not Role.ADMIN:
        return Role.APPROVER
    return named


async def _groups_of(workspace: Workspace, groups: Iterable[str], user_id: str) -> frozenset[str]:
    """Whoever is in a group that cannot be read has nothing by it."""
    members = {group: await workspace.people.group_members(group) for group in groups}
    return frozenset(group for group, people in members.items() if people and user_id in people)
