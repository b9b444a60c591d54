"""New drafts; one whose answer was lost is looked for before it is made again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from scrm_bot.domain import traces
from scrm_bot.domain.audit import Deed
from scrm_bot.domain.errors import ScrmError, SocialCRMAmbiguousError, SocialCRMError, UsageError
from scrm_bot.domain.posts import Post, newest
from scrm_bot.ports import Workspace
from scrm_bot.usecases import authorship, recording

_CLOCKS_DIFFER = timedelta(seconds=5)


async def create_draft(
    workspace: Workspace,
    body: str,
    *,
    by: str,
    account_ids: Sequence[str] = (),
    media_ids: Sequence[str] = (),
    since: datetime | None = None,
) -> Post:
    """A new draft, which becomes the person's `last`. A lost answer is looked up, then tried once more.

    `since` is when it was first tried, where an earlier try may have made it.
    """
    if not (body.strip() or media_ids):
        raise UsageError("A post needs a text or a picture.", field="text")
    wanted = Post("", "draft", body, tuple(account_ids), tuple(media_ids))
    post = await _made_since(workspace, wanted, since) if since else None
    try:
        post = post or await _create(workspace, wanted)
    except SocialCRMAmbiguousError as first:
        post = await _create_again(workspace, wanted, first)
    await workspace.memory.remember_post(by, post.id)
    await authorship.add_writer(workspace, post.id, by)
    await recording.note_post(workspace, Deed.DRAFTED, post, by=by)
    return post


async def _create(workspace: Workspace, wanted: Post) -> Post:
    sent_at = workspace.clock.now()
    try:
        return await workspace.socialcrm.create_draft(
            wanted.body, account_ids=wanted.account_ids, media_ids=wanted.media_ids
        )
    except SocialCRMAmbiguousError as lost:
        made = await _find_made(workspace, wanted, sent_at, lost)
        if made is None:
            raise
        return made


async def _create_again(workspace: Workspace, wanted: Post, first: SocialCRMAmbiguousError) -> Post:
    """At worst a spare draft. A no to it says nothing of the first, which may have worked."""
    try:
        return await _create(workspace, wanted)
    except ScrmError as error:
        raise first from error


async def _made_since(workspace: Workspace, wanted: Post, since: datetime) -> Post | None:
    unknown = SocialCRMAmbiguousError("whether it was made is not known", endpoint="POST /posts")
    return await _find_made(workspace, wanted, since, unknown)


async def _find_made(
    workspace: Workspace, wanted: Post, sent_at: datetime, lost: SocialCRMAmbiguousError
) -> Post | None:
    """The draft that a call without an answer made after all."""
    try:
        posts = await workspace.socialcrm.list_posts(limit=50)
    except SocialCRMError as error:
        raise lost from error
    earliest = sent_at - _CLOCKS_DIFFER
    for post in newest(posts):
        is_new = post.created_at is not None and post.created_at >= earliest
        if is_new and post.body == wanted.body and _may_be(post, wanted):
            return post
    return None


def _may_be(post: Post, wanted: Post) -> bool:
    """Whether nothing that is told of the post is other than what was wanted."""
    has_accounts = sorted(post.account_ids) == sorted(wanted.account_ids)
    return traces.word(post) in {"draft", traces.UNTOLD} and (has_accounts or not post.accounts_told)
