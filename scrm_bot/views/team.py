"""Who has which role: the list, and the modal that changes it."""

from collections.abc import Mapping, Sequence

from scrm_bot.domain.team import Holders, Role, Team
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.views import ids, inputs
from scrm_bot.views.blocks import Block, Message, Option, View, actions, button, context, message, section
from scrm_bot.views.inputs import field
from scrm_bot.views.windows import window
from scrm_bot.views.words import group, listed, mention

_MOST = 40
_EVERYONE = {
    Role.EDITOR: "They draft and ask for approval",
    Role.VIEWER: "They look at posts and numbers",
    Role.NOBODY: "Nothing",
}


def team(settings: WorkspaceSettings, *, role: Role, admin: bool, saved: bool = False) -> Message:
    """Everyone who was given a role. `role` is the reader's own."""
    lists = settings.team
    rows = [
        f"*Admins*  {_named(lists.admins, 'the installer')}",
        f"*Approvers*  {_named(Holders(settings.approvers, settings.approver_groups), 'nobody yet')}",
        f"*Editors*  {_named(lists.editors, 'nobody by name')}",
        f"*Viewers*  {_named(lists.viewers, 'nobody by name')}",
        f"*All other members*  {_EVERYONE.get(lists.everyone, lists.everyone)}",
    ]
    change = [actions(button("Change roles", ids.Action.CHANGE_TEAM))] if admin else []
    told = "✅ *Roles saved*" if saved else "*Who may do what*"
    return message(section(told), section("\n".join(rows)), context(_rules(role)), *change)


def change(
    current: Team, *, group_names: Mapping[str, str] | None = None, problem: str = "", metadata: str = ""
) -> View:
    """The modal in which an admin gives roles."""
    names = group_names or {}
    admins = ("Admins", "They connect the key and set the rules.")
    editors = ("Editors", "They draft, edit and ask for approval. Name guests here, if they should.")
    viewers = ("Viewers", "They only look.")
    everyone = [Option(told, role) for role, told in _EVERYONE.items()]
    blocks = [
        *([section(f"⚠️ {problem}")] if problem else []),
        *_lists(admins, ids.Action.ADMINS, ids.Action.ADMIN_GROUPS, current.admins, names),
        *_lists(editors, ids.Action.EDITORS, ids.Action.EDITOR_GROUPS, current.editors, names),
        *_lists(viewers, ids.Action.VIEWERS, ids.Action.VIEWER_GROUPS, current.viewers, names),
        field("All other members", inputs.radio(ids.Action.EVERYONE, everyone, initial=current.everyone)),
        context("Approvers are named in `/scrm settings`. Guests have only what they are given here."),
    ]
    return window(ids.Callback.TEAM, "Roles", blocks, submit="Save", close="Cancel", metadata=metadata)


def _lists(
    said: tuple[str, str], people: str, groups: str, holders: Holders, names: Mapping[str, str]
) -> list[Block]:
    label, hint = said
    chosen = [Option(names.get(each, each), each) for each in holders.groups]
    menu = inputs.suggested(groups, initial=chosen, placeholder="Choose user groups")
    named = inputs.people(people, initial=holders.people, placeholder="Choose people")
    return [
        field(label, named, optional=True, hint=hint),
        field(f"{label.removesuffix('s')} groups", menu, optional=True),
    ]


def _named(holders: Holders, none: str) -> str:
    told: Sequence[str] = [*map(mention, holders.people), *map(group, holders.groups)]
    left = len(told) - _MOST
    return listed([*told[:_MOST], f"{left} more"] if left > 0 else told) or none


def _rules(role: Role) -> str:
    own = {Role.NOBODY: "You have none of these."}.get(role, f"Your role is {role}.")
    return (
        f"{own} Whoever installed the bot is an admin. Admins approve only where they are approvers, too. "
        "Guests and people from outside have only what they are given, and never approve."
    )
