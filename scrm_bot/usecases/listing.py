"""Lists of posts that stay usable however many there are: one bounded look, then page by page from memory."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrm_bot.domain import traces
from scrm_bot.domain.errors import NotFoundError
from scrm_bot.domain.insights import Account
from scrm_bot.domain.lists import PAGE, WINDOW, Listed, Place
from scrm_bot.domain.posts import Post, newest
from scrm_bot.ports import Workspace
from scrm_bot.usecases.authorship import author_of
from scrm_bot.usecases.choosing import choose_accounts, is_account_word

_CALL = 50  # as many as SocialCRM gives at once
_OLDEST = datetime.min.replace(tzinfo=UTC)
_STATUSES = frozenset({"draft", "scheduled", "publishing", "published", "failed"})


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts to list. Empty fields do not filter; `account_ids` means any of them."""

    status: str = ""
    mine: bool = False
    account_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """The ids of what fits, newest first, and the posts themselves of the first page."""

    ids: tuple[str, ...]
    looked: int
    is_all: bool
    first: tuple[Post, ...] = ()


def read_filter(typed: str, accounts: Sequence[Account]) -> PostFilter:
    """`[STATUS] [mine] [ACCT]` in any order. Raises `UsageError`."""
    wanted = PostFilter()
    for word in typed.replace(",", " ").split():
        lower = word.casefold()
        if lower == "mine":
            wanted = replace(wanted, mine=True)
        elif lower.removesuffix("s") in _STATUSES and not is_account_word(word, accounts):
            wanted = replace(wanted, status=lower.removesuffix("s"))
        elif lower != "all":
            chosen = choose_accounts(word, accounts)
            wanted = replace(wanted, account_ids=(*wanted.account_ids, *chosen))
    return wanted


async def page(
    workspace: Workspace, wanted: PostFilter, place: Place | None = None, *, by: str, name: str = ""
) -> Listed:
    """A page of what fits, newest first. `name` is what the person typed to filter.

    Without a `place`, as when the list is asked for, the posts are read anew, at most `WINDOW`; every page is
    of those that this found, so that numbers keep their meaning while posts come and go.
    """
    asked, place = place is None, place or Place()
    kept = None if asked else await _kept(workspace, by, name, place.offset)
    look = kept or await _look(workspace, wanted, by, place.offset)
    if kept is None:
        await _keep(workspace, look, by, name, place.offset)
    await workspace.memory.remember_list(by, look.ids)
    shown = look.ids[place.start - 1 : place.start - 1 + PAGE]
    posts = await _posts(workspace, shown, look.first)
    numbered = tuple((number, post) for number, post in enumerate(posts, place.start) if post)
    return Listed(numbered, place, len(look.ids), look.looked, look.is_all, len(shown) - len(numbered))


async def _look(workspace: Workspace, wanted: PostFilter, by: str, offset: int) -> _Look:
    """One pass over a window of all posts. Of what fits only the ids stay, and the first page's posts."""
    found: dict[str, datetime] = {}
    first: list[Post] = []
    looked, is_all = 0, False
    while looked < WINDOW and not is_all:
        told = await workspace.socialcrm.list_posts(limit=_CALL, offset=offset + looked)
        fresh = [post for post in told if post.id not in found]  # one made meanwhile moves the others
        fitting = await _fitting(workspace, fresh, wanted, by)
        found.update((post.id, post.created_at or _OLDEST) for post in fitting)
        first = newest([*first, *fitting])[:PAGE]
        looked, is_all = looked + len(told), len(told) < _CALL
    ids = sorted(found, key=lambda each: found[each], reverse=True)
    return _Look(tuple(ids), looked, is_all, tuple(first))


async def _fitting(workspace: Workspace, posts: Sequence[Post], wanted: PostFilter, by: str) -> list[Post]:
    fitting = [post for post in posts if _fits(post, wanted)]
    if not wanted.mine:
        return fitting
    authors = await asyncio.gather(*(author_of(workspace, post.id) for post in fitting))  # one round trip
    return [post for post, author in zip(fitting, authors, strict=True) if author == by]


def _fits(post: Post, wanted: PostFilter) -> bool:
    has_status = not wanted.status or traces.word(post) == wanted.status
    has_account = not wanted.account_ids or not set(wanted.account_ids).isdisjoint(post.account_ids)
    return has_status and has_account


async def _posts(workspace: Workspace, ids: Sequence[str], known: Sequence[Post]) -> list[Post | None]:
    """As they are now, None for those that are gone."""
    read = {post.id: post for post in known}
    return await asyncio.gather(*(_post(workspace, each, read) for each in ids))


async def _post(workspace: Workspace, post_id: str, known: dict[str, Post]) -> Post | None:
    if post_id in known:
        return known[post_id]
    try:
        return await workspace.socialcrm.get_post(post_id)
    except NotFoundError:
        return None


async def _keep(workspace: Workspace, look: _Look, by: str, name: str, offset: int) -> None:
    kept = {"ids": look.ids, "looked": look.looked, "is_all": look.is_all}
    await workspace.memory.keep(_name(by, name, offset), kept)


async def _kept(workspace: Workspace, by: str, name: str, offset: int) -> _Look | None:
    kept = await workspace.memory.recall(_name(by, name, offset))
    return _Look(tuple(kept["ids"]), int(kept["looked"]), bool(kept["is_all"])) if kept else None


def _name(by: str, name: str, offset: int) -> str:
    """What was typed may be long and hold anything; a name for Redis should not."""
    return f"look:{by}:{offset}:{hashlib.sha256(name.encode()).hexdigest()[:16]}"
