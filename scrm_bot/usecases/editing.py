"""Changing and deleting posts, and the end of whatever was asked about them as they were."""

from dataclasses import asdict, dataclass, replace

from scrm_bot.domain import traces
from scrm_bot.domain.approvals import OPEN, Approval, State
from scrm_bot.domain.audit import Deed
from scrm_bot.domain.errors import NotFoundError, ScrmError, SocialCRMAmbiguousError, UsageError
from scrm_bot.domain.posts import Post, PostChanges, content_of
from scrm_bot.ports import Workspace
from scrm_bot.usecases import authorship, cards, changing, recording

_CHANGED = "The post was changed in Slack after the request."
_DELETED = "The post was deleted."
_NOT_CHANGED = "A change in Slack ended this request, but SocialCRM did not take it: the post is as it was."
_PERHAPS_CHANGED = "A change in Slack ended this request; whether it reached SocialCRM is not known."
_SETTLED = {
    "scheduled": "is scheduled already, and a change now would go out without approval",
    "publishing": "is being published right now",
    "published": "has been published already",
}


@dataclass(frozen=True, slots=True)
class Edited:
    """A changed post, and the request that the change voided."""

    post: Post
    voided: Approval | None = None


async def edit_post(
    workspace: Workspace, post_id: str, changes: PostChanges, *, by: str, known: Post | None = None
) -> Edited:
    """Change a draft. Whatever was asked or approved about it no longer counts, and that is stored first.

    Where the post is so already, nothing is changed, and nothing ends. `known` is the post as just read.
    Raises `UsageError` where it is on its way out.
    """
    before = await check_open(workspace, post_id, known=known)
    wanted = _with(before, changes)
    if changes.body is not None and not (wanted.body.strip() or wanted.media_ids):
        raise UsageError("A post needs a text or a picture.", field="text")
    if await _is_as_wanted(workspace, before, wanted):
        await workspace.memory.remember_post(by, post_id)
        return Edited(before)
    async with changing.mark(workspace, post_id) as mark:
        voided = await _close(workspace, post_id, _CHANGED, "changed", by=by, found=wanted)
        if wanted.body != before.body:
            await authorship.add_writer(workspace, post_id, by)
        try:
            post = await _changed(workspace, post_id, changes, mark)
        except ScrmError as error:
            await _told_in_vain(workspace, voided, error, by=by)
            raise
    await workspace.memory.remember_post(by, post_id)
    await recording.note_post(workspace, Deed.EDITED, post, by=by, before=before)
    return Edited(post, voided)


async def delete_post(workspace: Workspace, post_id: str, *, by: str) -> Approval | None:
    """Delete a post for good. The request about it, which is returned, is closed first."""
    async with changing.mark(workspace, post_id) as mark:
        closed = await _close(workspace, post_id, f"{_DELETED[:-1]} by <@{by}>.", "deleted", by=by)
        try:
            await _deleted(workspace, post_id, mark)
        except NotFoundError:
            if closed is None:
                raise
        except ScrmError as error:
            await _told_in_vain(workspace, closed, error, by=by)
            raise
    await recording.note(workspace, Deed.DELETED, by=by, post_id=post_id)
    return closed


async def would_void(workspace: Workspace, post_id: str) -> bool:
    """Whether a change of the post, or its end, ends a request about it."""
    approval = await workspace.approvals.latest_for(post_id)
    return approval is not None and _stands(approval)


async def check_open(workspace: Workspace, post_id: str, *, known: Post | None = None) -> Post:
    """The post as it is, where it may still be changed. Raises `UsageError`."""
    await _check_not_in_motion(workspace, post_id, "changed")
    post = known or await workspace.socialcrm.get_post(post_id)
    status = traces.word(post)
    if status in _SETTLED:
        raise UsageError(f"{post_id} {_SETTLED[status]}.", field="post")
    return post


async def _check_not_in_motion(workspace: Workspace, post_id: str, verb: str) -> Approval | None:
    approval = await workspace.approvals.latest_for(post_id)
    if approval:
        _check_stays(approval, verb)
    return approval


def _check_stays(approval: Approval, verb: str) -> None:
    if approval.state in {State.PUBLISHING, State.SCHEDULING, State.UNKNOWN}:
        raise UsageError(f"{approval.post_id} is on its way out and cannot be {verb} now.", field="post")


def _with(post: Post, changes: PostChanges) -> Post:
    told = {name: value for name, value in asdict(changes).items() if value is not None}
    return replace(post, **told, accounts_told=post.accounts_told or changes.account_ids is not None)


async def _is_as_wanted(workspace: Workspace, before: Post, wanted: Post) -> bool:
    """Whether there is nothing to change: not while an earlier change may still arrive."""
    same = content_of(before, at=None) == content_of(wanted, at=None)
    return same and not await changing.is_under_way(workspace, wanted.id)


async def _changed(workspace: Workspace, post_id: str, changes: PostChanges, mark: changing.Mark) -> Post:
    await mark.renew()
    try:
        return await workspace.socialcrm.update_post(post_id, changes)
    except SocialCRMAmbiguousError as first:  # the same change twice is the same post
        mark.lasts = True
        await mark.renew()
        try:
            return await workspace.socialcrm.update_post(post_id, changes)
        except ScrmError as error:  # says nothing of the first, which may have worked
            raise first from error


async def _deleted(workspace: Workspace, post_id: str, mark: changing.Mark) -> None:
    """Deleting what is deleted already is what was wanted."""
    await mark.renew()
    try:
        await workspace.socialcrm.delete_post(post_id)
    except SocialCRMAmbiguousError as first:
        await mark.renew()
        try:
            await workspace.socialcrm.delete_post(post_id)
        except NotFoundError:
            return
        except ScrmError as error:
            raise first from error


async def _close(
    workspace: Workspace, post_id: str, detail: str, verb: str, *, by: str, found: Post | None = None
) -> Approval | None:
    """Void the request about a post, where one still stands. Raises `UsageError` where it is being sent."""
    approval = await _check_not_in_motion(workspace, post_id, verb)
    if approval is None or not _stands(approval):
        return None

    def voided(current: Approval) -> Approval:
        _check_stays(current, verb)
        now = content_of(found, at=current.content.at) if found else None
        return current.voided(detail, found=now) if _stands(current) else current

    closed = await cards.update(workspace, approval.id, voided, by=by)
    return await cards.show_or_queue(workspace, closed)


async def _told_in_vain(workspace: Workspace, closed: Approval | None, error: ScrmError, *, by: str) -> None:
    """The request was voided for a change that did not come: the card says so, and they can ask again."""
    if closed is None or closed.state is not State.VOID:
        return
    detail = _PERHAPS_CHANGED if isinstance(error, changing.MAYBE_SENT) else _NOT_CHANGED

    def corrected(current: Approval) -> Approval:
        return replace(current, detail=detail, changed_body=None, drift=(), found=None)

    told = await cards.update(workspace, closed.id, corrected, by=by)
    await cards.notify(
        workspace, await cards.show_or_queue(workspace, told), {by, told.author, told.requested_by}
    )


def _stands(approval: Approval) -> bool:
    return approval.state in {*OPEN, State.APPROVED, State.SCHEDULED}
