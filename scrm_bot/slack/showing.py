"""A post's card for one person."""

from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.usecases import accounts, workspaces
from scrm_bot.views import posts
from scrm_bot.views.blocks import Message


async def card(workspace: Workspace, post: Post, *, by: str) -> Message:
    """With everything that can be done to the post and to its latest request, as both are now."""
    return posts.card(
        post,
        accounts=await accounts.known_or_none(workspace),
        zone=await workspaces.zone_for(workspace, by),
        request=await workspace.approvals.latest_for(post.id),
        now=workspace.clock.now(),
    )
