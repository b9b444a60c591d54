"""A look around before a post is asked about: what is planned near it, and what says the same."""

import asyncio
from collections.abc import Sequence

from scrm_bot.domain.clashes import Asked, Clash, clashes
from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.posts import Content, Post
from scrm_bot.ports import Workspace

_PAGE = 50
LONGEST = 5.0  # seconds: somebody waits for the request


async def look(
    workspace: Workspace, post_id: str, content: Content, *, within: float = LONGEST
) -> tuple[Clash, ...]:
    """The clashes among the newest posts, and with what others have asked for and is not out yet.

    A look that fails finds nothing there: it is advice, no condition.
    """
    posts, asked = await asyncio.gather(_posts(workspace, within), _asked(workspace, within))
    return clashes(content, posts, post_id=post_id, now=workspace.clock.now(), asked=asked)


async def _posts(workspace: Workspace, within: float) -> Sequence[Post]:
    try:
        async with asyncio.timeout(within):
            return await workspace.socialcrm.list_posts(limit=_PAGE)
    except (ScrmError, TimeoutError):
        return ()


async def _asked(workspace: Workspace, within: float) -> Sequence[Asked]:
    try:
        async with asyncio.timeout(within):
            requests = await workspace.approvals.open()
    except (ScrmError, TimeoutError):
        return ()
    return [Asked(request.post_id, request.content) for request in requests]
