"""Drafts: finding, making, changing, deleting and listing them."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from scrm_bot.domain import traces
from scrm_bot.domain.approvals import OPEN, Approval, State
from scrm_bot.domain.audit import Deed
from scrm_bot.domain.errors import (
    NotFoundError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMError,
    UsageError,
)
from scrm_bot.domain.insights import Account
from scrm_bot.domain.posts import Post, PostChanges, content_of, newest
from scrm_bot.ports import Workspace
from scrm_bot.usecases import authorship, cards, changing, recording
from scrm_bot.usecases.choosing import choose_accounts, is_account_word, post_word

_NUMBER = re.compile(r"#?(\d{1,3})")
_ID = re.compile(r"[A-Za-z0-9][\w-]{0,127}", re.ASCII)
_CLOCKS_DIFFER = timedelta(seconds=5)
_CHANGED = "The post was changed in Slack after the request."
_DELETED = "The post was deleted."
_NOT_CHANGED = "A change in Slack ended this request, but SocialCRM did not take it: the post is as it was."
_PERHAPS_CHANGED = "A change in Slack ended this request; whether it reached SocialCRM is not known."
_STATUSES = frozenset({"draft", "scheduled", "publishing", "published", "failed"})
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


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts to list. Empty fields do not filter; `account_ids` means any of them."""

    status: str = ""
    mine: bool = False
    account_ids: tuple[str, ...] = ()


def is_post_word(word: str) -> bool:
    """Whether `POST|TEXT` means a post: `post_…`, a link to one, `last`, or a number."""
    word = post_word(word)
    return word.casefold() == "last" or bool(_NUMBER.fullmatch(word) or re.fullmatch(r"post_[\w-]+", word))


def split_post(typed: str) -> tuple[str, str]:
    """The word that names a post, and the text behind it; all of it as one word where none is named."""
    first, *rest = typed.split(maxsplit=1) or [""]
    return (first, rest[0]) if rest and is_post_word(first) else (typed.strip(), "")


async def post_id(workspace: Workspace, word: str, *, by: str) -> str:
    """The id behind `post_123`, a link to it, `last`, or a number of the person's latest list."""
    typed, word = word.split(), post_word(word)
    number = _NUMBER.fullmatch(word)
    if word.casefold() == "last":
        found = await workspace.memory.last_post(by)
        missing = "You have not worked on a post yet: `/scrm posts` lists what is there."
    elif number:
        found = await workspace.memory.listed_post(by, int(number[1]))
        missing = f"Your latest list has no number {int(number[1])}: `/scrm posts` shows it again."
    else:
        found = word if _ID.fullmatch(word) else None
        missing = "Which post? Name its id such as `post_123`, `last`, or a number of your latest list."
    if len(typed) > 1 and is_post_word(typed[0]):
        missing = f"Just `{post_word(typed[0])}`? The words behind it mean nothing here, so nothing was done."
    if not found:
        raise UsageError(missing, field="post")
    return found


async def find_post(workspace: Workspace, word: str, *, by: str) -> Post:
    """The post itself, as SocialCRM has it now."""
    return await workspace.socialcrm.get_post(await post_id(workspace, word, by=by))


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
    except SocialCRMAmbiguousError:
        post = await _create(workspace, wanted)  # at worst a spare draft
    await workspace.memory.remember_post(by, post.id)
    await authorship.add_writer(workspace, post.id, by)
    await recording.note_post(workspace, Deed.DRAFTED, post, by=by)
    return post


async def edit_post(workspace: Workspace, post_id: str, changes: PostChanges, *, by: str) -> Edited:
    """Change a draft. Whatever was asked or approved about it no longer counts, and that is stored first.

    Raises `UsageError` where it is on its way out.
    """
    before = await check_open(workspace, post_id)
    wanted = _with(before, changes)
    if changes.body is not None and not (wanted.body.strip() or wanted.media_ids):
        raise UsageError("A post needs a text or a picture.", field="text")
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
    async with changing.mark(workspace, post_id):
        closed = await _close(workspace, post_id, f"{_DELETED[:-1]} by <@{by}>.", "deleted", by=by)
        try:
            await _deleted(workspace, post_id)
        except NotFoundError:
            if closed is None:
                raise
        except ScrmError as error:
            await _told_in_vain(workspace, closed, error, by=by)
            raise
    await recording.note(workspace, Deed.DELETED, by=by, post_id=post_id)
    return closed


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


async def _changed(workspace: Workspace, post_id: str, changes: PostChanges, mark: changing.Mark) -> Post:
    try:
        return await workspace.socialcrm.update_post(post_id, changes)
    except SocialCRMAmbiguousError:  # the same change twice is the same post
        mark.lasts = True
        return await workspace.socialcrm.update_post(post_id, changes)


async def _deleted(workspace: Workspace, post_id: str) -> None:
    """Deleting what is deleted already is what was wanted."""
    try:
        await workspace.socialcrm.delete_post(post_id)
    except SocialCRMAmbiguousError:
        with suppress(NotFoundError):
            await workspace.socialcrm.delete_post(post_id)


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
    is_lost = isinstance(error, SocialCRMAmbiguousError)
    detail = _PERHAPS_CHANGED if is_lost else _NOT_CHANGED

    def corrected(current: Approval) -> Approval:
        return replace(current, detail=detail, changed_body=None, drift=(), found=None)

    told = await cards.update(workspace, closed.id, corrected, by=by)
    await cards.notify(
        workspace, await cards.show_or_queue(workspace, told), {by, told.author, told.requested_by}
    )


def _stands(approval: Approval) -> bool:
    return approval.state in {*OPEN, State.APPROVED, State.SCHEDULED}
