"""A look around before a post is asked about: what is planned near it, and what says the same."""

import asyncio

from scrm_bot.domain.clashes import Clash, clashes
from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.posts import Content
from scrm_bot.ports import Workspace

_PAGE = 50
LONGEST = 5.0  # seconds: somebody waits for the request


async def look(
    workspace: Workspace, post_id: str, content: Content, *, within: float = LONGEST
) -> tuple[Clash, ...]:
    """The clashes among the newest posts. A look that fails finds none: it is advice, no condition."""
    try:
        async with asyncio.timeout(within):
            posts = await workspace.socialcrm.list_posts(limit=_PAGE)
    except (ScrmError, TimeoutError):
        return ()
    return clashes(content, posts, post_id=post_id, now=workspace.clock.now())
