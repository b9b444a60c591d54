"""Lists of posts, a page at a time."""

from scrm_bot.domain.errors import UsageError
from scrm_bot.domain.insights import Account
from scrm_bot.domain.lists import Place
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller
from scrm_bot.slack.reply import Reply
from scrm_bot.usecases import accounts, listing, workspaces
from scrm_bot.views import posts

_WORDS = "A status is `draft`, `scheduled`, `publishing`, `published` or `failed`; `mine` means your own."


async def page(
    caller: Caller,
    workspace: Workspace,
    wanted: str,
    *,
    place: Place | None = None,
    shared: bool = False,
    replace: bool = False,
) -> Reply:
    """A page of the posts that `wanted` (STATUS, mine, ACCT) names."""
    known = await accounts.known_or_none(workspace)
    chosen = await _filter(workspace, wanted, known)
    found = await listing.page(workspace, chosen, place, by=caller.user_id, name=wanted)
    zone = await workspaces.zone_for(workspace, caller.user_id)
    title = f"Posts: {wanted}" if wanted else "Posts"
    shown = posts.listing(found, accounts=known, zone=zone, title=title, key=wanted)
    return Reply(shown, shared=shared, replace=replace)


async def _filter(workspace: Workspace, wanted: str, known: tuple[Account, ...]) -> listing.PostFilter:
    """Only a word that is no status needs the accounts: without them, why they are missing is the answer."""
    try:
        return listing.read_filter(wanted, known)
    except UsageError as error:
        await accounts.known(workspace)
        raise UsageError(f"{error.message} {_WORDS}", field=error.field, verb="posts") from error
