"""Menus that ask for their entries while somebody types."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace, Workspaces
from scrm_bot.slack.command import Suggestion
from scrm_bot.usecases import accounts, choosing, roles, suggesting
from scrm_bot.views import modals, networks
from scrm_bot.views.blocks import Block, Option, option
from scrm_bot.views.ids import Action

_MOST = 100
ROLES: Mapping[str, Role] = {  # the least that somebody needs to be offered anything
    Action.ACCOUNTS: Role.VIEWER,
    Action.POST: Role.VIEWER,
    Action.REQUEST: Role.VIEWER,
    Action.APPROVER_GROUPS: Role.ADMIN,
    Action.ADMIN_GROUPS: Role.ADMIN,
    Action.EDITOR_GROUPS: Role.ADMIN,
    Action.VIEWER_GROUPS: Role.ADMIN,
}


def suggester(workspaces: Workspaces) -> Callable[[Suggestion], Awaitable[Sequence[Block]]]:
    """What answers Slack's question for options. An unanswerable one has none."""

    async def suggest(asked: Suggestion) -> Sequence[Block]:
        workspace = workspaces.open(asked.caller.team_id, brand=asked.caller.brand)
        try:
            await _check(asked, workspace)
            return [option(entry) for entry in await _entries(asked, workspace)]
        except ScrmError:
            return []

    return suggest


async def _check(asked: Suggestion, workspace: Workspace) -> None:
    """Raises `NotPermittedError`, or `UsageError` for a brand that is gone."""
    await roles.require(workspace, asked.caller.user_id, ROLES.get(asked.action_id, Role.ADMIN))
    (await workspace.settings.load()).brands.still(asked.caller.brand)


async def _entries(asked: Suggestion, workspace: Workspace) -> list[Option]:
    match asked.action_id:
        case Action.ACCOUNTS:
            found = choosing.matching(await accounts.known(workspace), asked.typed, most=_MOST)
            return [networks.choice(account) for account in found]
        case Action.POST:
            posts = await suggesting.posts(workspace, asked.typed, by=asked.caller.user_id)
            return [modals.post_option(post) for post in posts]
        case Action.REQUEST:
            typed, requests = asked.typed.casefold(), await workspace.approvals.open()
            return [
                modals.request_option(request)
                for request in requests
                if typed in f"{request.content.body} {request.post_id}".casefold()
            ][:_MOST]
        case Action.APPROVER_GROUPS | Action.ADMIN_GROUPS | Action.EDITOR_GROUPS | Action.VIEWER_GROUPS:
            groups = await workspace.people.groups()
            typed = asked.typed.casefold()
            return [Option(name, key) for key, name in groups.items() if typed in name.casefold()][:_MOST]
        case _:
            return []
