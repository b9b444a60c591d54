"""Menus that ask for their entries while somebody types."""

from collections.abc import Awaitable, Callable, Sequence

from scrm_bot.domain.errors import ScrmError
from scrm_bot.ports import Workspace, Workspaces
from scrm_bot.slack.command import Suggestion
from scrm_bot.usecases import accounts, choosing
from scrm_bot.views import modals, networks
from scrm_bot.views.blocks import Block, Option, option
from scrm_bot.views.ids import Action

_MOST = 100
_MOST_POSTS = 50


def suggester(workspaces: Workspaces) -> Callable[[Suggestion], Awaitable[Sequence[Block]]]:
    """What answers Slack's question for options. An unanswerable one has none."""

    async def suggest(asked: Suggestion) -> Sequence[Block]:
        workspace = workspaces.open(asked.caller.team_id, brand=asked.caller.brand)
        try:
            return [option(entry) for entry in await _entries(asked, workspace)]
        except ScrmError:
            return []

    return suggest


async def _entries(asked: Suggestion, workspace: Workspace) -> list[Option]:
    match asked.action_id:
        case Action.ACCOUNTS:
            found = choosing.matching(await accounts.known(workspace), asked.typed, most=_MOST)
            return [networks.choice(account) for account in found]
        case Action.POST:
            posts = await workspace.socialcrm.list_posts(limit=_MOST_POSTS)
            typed = asked.typed.casefold()
            return [
                modals.post_option(post) for post in posts if typed in f"{post.body} {post.id}".casefold()
            ]
        case Action.APPROVER_GROUPS | Action.ADMIN_GROUPS | Action.EDITOR_GROUPS | Action.VIEWER_GROUPS:
            groups = await workspace.people.groups()
            typed = asked.typed.casefold()
            return [Option(name, key) for key, name in groups.items() if typed in name.casefold()][:_MOST]
        case _:
            return []
