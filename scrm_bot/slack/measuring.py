"""Numbers of posts and accounts."""

from scrm_bot.domain.insights import summed
from scrm_bot.ports import Workspace
from scrm_bot.slack.reply import Reply
from scrm_bot.usecases import accounts as known_accounts
from scrm_bot.usecases import choosing, workspaces
from scrm_bot.views import insights


async def post(workspace: Workspace, post_id: str, *, by: str, shared: bool = False) -> Reply:
    measured = await workspace.socialcrm.get_post(post_id)
    numbers = await workspace.socialcrm.get_post_analytics(post_id)
    known = await known_accounts.known_or_none(workspace)
    zone = await workspaces.zone_for(workspace, by)
    return Reply(insights.post_stats(measured, numbers, accounts=known, zone=zone), shared=shared)


async def accounts(workspace: Workspace, typed: str, *, shared: bool = False) -> Reply:
    """The numbers of all accounts, or of those that were typed."""
    chosen = choosing.choose_accounts(typed, await known_accounts.known(workspace)) if typed else ()
    numbers = await workspace.socialcrm.get_account_analytics()
    apart = not chosen or any(row.account_id for row in numbers)
    if not apart:  # one object for all of them: better the whole than nothing
        total = summed(numbers)
        numbers = [total] if total else []
    elif chosen:
        numbers = [row for row in numbers if row.account_id in chosen]
    known = await known_accounts.known_or_none(workspace)
    return Reply(insights.account_stats(numbers, accounts=known, apart=apart), shared=shared)
