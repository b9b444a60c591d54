"""Posts for a menu that asks while somebody types: the newest, and an older one whose name was typed."""

import re
from collections.abc import Sequence

from scrm_bot.domain.errors import NotFoundError, UsageError
from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.usecases import finding
from scrm_bot.usecases.choosing import post_word

LOOKED = 50  # one request of the API
_LIKE_AN_ID = re.compile(r"(?=\D*\d)[\w-]{8,128}", re.ASCII)


async def posts(workspace: Workspace, typed: str, *, by: str) -> list[Post]:
    """The post that was named first, then those among the newest that have what was typed in text or id."""
    newest = await workspace.socialcrm.list_posts(limit=LOOKED)
    wanted = typed.strip().casefold()
    hits = [post for post in newest if wanted in f"{post.body} {post.id}".casefold()]
    named = await _named(workspace, typed, newest, by=by, found=bool(hits))
    return [*named, *(post for post in hits if post not in named)]


async def _named(
    workspace: Workspace, typed: str, newest: Sequence[Post], *, by: str, found: bool
) -> list[Post]:
    """The one behind an id, a link, `last` or a number of the person's list, however old it is."""
    word = post_word(typed)
    if not (finding.is_post_word(word) or (_LIKE_AN_ID.fullmatch(word) and not found)):
        return []
    try:
        post_id = await finding.post_id(workspace, word, by=by)
        known = [post for post in newest if post.id == post_id]
        return known or [await workspace.socialcrm.get_post(post_id)]
    except (NotFoundError, UsageError):
        return []
