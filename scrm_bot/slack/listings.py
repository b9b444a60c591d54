"""Lists of posts, a page at a time."""

from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller
from scrm_bot.slack.reply import Reply
from scrm_bot.usecases import accounts, drafting, workspaces
from scrm_bot.views import posts

_MOST_SHOWN = 1000


async def page(
    caller: Caller,
    workspace: Workspace,
    wanted: str,
    *,
    start: int = 1,
    shared: bool = False,
    replace: bool = False,
) -> Reply:
    """The posts that `wanted` (STATUS, mine, ACCT) names, from number `start` on."""
    known = await accounts.known(workspace) if wanted else await accounts.known_or_none(workspace)
    chosen = drafting.read_filter(wanted, known)
    most = min(start + posts.PAGE, _MOST_SHOWN)  # one more than shown tells whether there is a next page
    found = await drafting.list_posts(workspace, chosen, by=caller.user_id, most=most)
    zone = await workspaces.zone_for(workspace, caller.user_id)
    shown = found[start - 1 : start - 1 + posts.PAGE]
    title = f"Posts: {wanted}" if wanted else "Posts"
    more = len(found) >= start + posts.PAGE
    listing = posts.listing(shown, accounts=known, zone=zone, title=title, start=start, key=wanted, more=more)
    return Reply(listing, shared=shared, replace=replace)
