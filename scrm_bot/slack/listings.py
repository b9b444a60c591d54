"""Lists of posts, a page at a time."""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.insights import Account
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller
from scrm_bot.slack.reply import Reply
from scrm_bot.usecases import accounts, drafting, workspaces
from scrm_bot.views import posts

_MOST_SHOWN = 1000
_WORDS = "A status is `draft`, `scheduled`, `publishing`, `published` or `failed`; `mine` means your own."


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
    known = await accounts.known_or_none(workspace)
    chosen = await _filter(workspace, wanted, known)
    most = min(start + posts.PAGE, _MOST_SHOWN)  # one more than shown tells whether there is a next page
    found = await drafting.list_posts(workspace, chosen, by=caller.user_id, most=most)
    zone = await workspaces.zone_for(workspace, caller.user_id)
    shown = found[start - 1 : start - 1 + posts.PAGE]
    title = f"Posts: {wanted}" if wanted else "Posts"
    more = len(found) >= start + posts.PAGE
    listing = posts.listing(shown, accounts=known, zone=zone, title=title, start=start, key=wanted, more=more)
    return Reply(listing, shared=shared, replace=replace)


async def _filter(workspace: Workspace, wanted: str, known: tuple[Account, ...]) -> drafting.PostFilter:
    """Only a word that is no status needs the accounts: without them, why they are missing is the answer."""
    try:
        return drafting.read_filter(wanted, known)
    except UsageError as error:
        await accounts.known(workspace)
        raise UsageError(f"{error.message} {_WORDS}", field=error.field, verb="posts") from error
