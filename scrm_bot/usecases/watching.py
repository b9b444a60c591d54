"""Scheduled posts until their time: whether SocialCRM still holds what was approved, seen within a minute."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import (
    ApprovalConflictError,
    InvalidRequestError,
    NotFoundError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
)
from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.usecases import following, outcomes
from scrm_bot.usecases.outcomes import DONE, Again, Timing

_PAGE = 50
# what may be about one post, or one page, alone: it keeps nobody from the others
_ODD = (SocialCRMContractError, SocialCRMAmbiguousError, InvalidRequestError, NotFoundError)


async def watch(workspace: Workspace, *, timing: Timing) -> Again:
    """The job of a team, as long as it has posts whose time is to come."""
    now = workspace.clock.now()
    coming = [request for request in await workspace.approvals.scheduled() if outcomes.due(request) > now]
    if not coming:
        return DONE  # from its time on, each is followed by a job of its own
    with suppress(*outcomes.READING):  # about the key or the server: the next round reads them
        listed = await _listed(workspace, {request.post_id for request in coming})
        for request in coming:
            await _look(workspace, request, listed, timing)
    return workspace.clock.now() + timing.watch


async def _look(workspace: Workspace, request: Approval, listed: Mapping[str, Post], timing: Timing) -> None:
    """What the lists say is enough while all is well; before anybody is told, the post itself is read."""
    post = listed.get(request.post_id)
    if post and following.is_as_known(request, post):
        return
    with suppress(ApprovalConflictError, *_ODD):  # moved meanwhile, or unread: the next round looks again
        try:
            post = await workspace.socialcrm.get_post(request.post_id)
        except NotFoundError:
            if not await outcomes.has_other_key(workspace, request):
                await outcomes.void(workspace, request, outcomes.GONE)
        else:
            await following.look(workspace, request, post, timing)


async def _listed(workspace: Workspace, wanted: Iterable[str]) -> Mapping[str, Post]:
    """The posts as lists of them tell, as long as a list finds more than single reads would."""
    missing, found = set(wanted), dict[str, Post]()
    offset = 0
    while len(missing) > 1:
        try:
            page = await workspace.socialcrm.list_posts(limit=_PAGE, offset=offset)
        except _ODD:
            break
        here = {post.id: post for post in page if post.id in missing}
        found |= here
        missing -= here.keys()
        if not here or len(page) < _PAGE:
            break
        offset += _PAGE
    return found
