"""What the draft modal holds, saved: with its files, and with a request for approval where one is wanted."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import ScrmError, WhenError
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.posts import Post, PostChanges
from scrm_bot.domain.when import When, read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import attaching, plans, shown
from scrm_bot.slack.attaching import Attached
from scrm_bot.slack.command import Submission
from scrm_bot.slack.drafts import Filled, rebuilt, text_in
from scrm_bot.slack.reading import several
from scrm_bot.slack.reply import Answer, Answers, Reply, ShowErrors, ShowView, SubmissionAck, UpdateModal
from scrm_bot.usecases import accounts, drafting, editing
from scrm_bot.usecases.media import Uploading
from scrm_bot.views import answers, draft_window, modals, posts, problems
from scrm_bot.views.ids import Action

_NOTHING = "Write something first, or add a picture."


def check(submission: Submission) -> SubmissionAck:
    """Refuse what cannot be saved beside its field; else show that it is being saved."""
    filled = Filled.read(submission.state)
    if filled.text is not None and not filled.text.strip() and not _has_media(submission):
        return ShowErrors(((submission.blocks.get(Action.TEXT, Action.TEXT), _NOTHING),))
    refused = attaching.check(submission)
    if refused:
        return refused
    try:
        _when(filled, submission.metadata, now=datetime.now(UTC))  # no port may be waited for here
    except WhenError as error:
        return ShowErrors(((submission.blocks.get(Action.WHEN, Action.WHEN), error.message),))
    return ShowView(modals.working("Saving", "Saving…"))


async def save(submission: Submission, workspace: Workspace) -> Answers:
    """Save as a draft, and ask for approval where that was chosen. A refusal brings the form back.

    The text is saved before its files are sent: whatever becomes of them, it is there. Without a text there
    is nothing to save before the files.
    """
    about, filled = submission.metadata, Filled.read(submission.state)
    files = await attaching.wanted(workspace, submission.state, about)
    try:
        when = _when(filled, about, now=workspace.clock.now())
        if files and await _is_empty(workspace, submission):
            return _saved_from_files(workspace, submission, when, files)
        post, voided = await _stored(workspace, submission, filled)
    except shown.OvertakenPostError as error:
        seen = replace(submission, metadata={**about, "shown": error.seen})
        return await _brought_back(workspace, seen, files, error=error)
    except ScrmError as error:
        return await _brought_back(workspace, submission, files, error=error)
    plan = await plans.keep(workspace, post.id, when, zone=str(about.get("zone", "")), note=filled.note)
    saved = Attached(post, voided=voided)
    if files:
        return _saved_with_files(workspace, submission, saved, plan, files)
    return await _saved(workspace, submission, saved, plan)


async def _brought_back(
    workspace: Workspace,
    submission: Submission,
    files: Sequence[SlackFile],
    *,
    problem: str = "",
    error: ScrmError | None = None,
) -> UpdateModal:
    """The form as it was, with what is wrong beside its field.

    Slack cannot show files in their field again, so they are offered beside it.
    """
    at = problems.field_of(error) if error else ""
    problem = problems.sentence(error) if error else problem
    ticked = [file.id for file in files]
    state = {**submission.state, Action.MEDIA: [], Action.ALSO: ticked}
    about = {**submission.metadata, "files": await attaching.keep(workspace, files)}
    return UpdateModal(
        await rebuilt(workspace, state, about, problem=problem, problem_at=at), submission.view_id
    )


async def _stored(
    workspace: Workspace, submission: Submission, filled: Filled, media_ids: Sequence[str] = ()
) -> tuple[Post, Approval | None]:
    """The post as saved, and the request that this voided. Work done twice makes one draft.

    `media_ids` come along in the same call, for a post that is nothing without them.
    """
    by, post_id = submission.caller.user_id, str(submission.metadata.get("post", ""))
    made = await workspace.memory.recall(_made(submission)) if not post_id else None
    known_id = post_id or str(made["post"] if made else "")
    if known_id:
        with_media = await _behind(workspace, known_id, media_ids) if media_ids else None
        account_ids = filled.account_ids or await _no_accounts(workspace, known_id)
        wanted = PostChanges(body=filled.text, account_ids=account_ids, media_ids=with_media)
        changes, known = await shown.changed(workspace, submission.metadata, wanted)
        edited = await editing.edit_post(workspace, known_id, changes, by=by, known=known)
        return edited.post, edited.voided
    text = await text_in(workspace, submission.state, submission.metadata)
    post = await drafting.create_draft(
        workspace, text, by=by, account_ids=filled.account_ids, media_ids=media_ids
    )
    await workspace.memory.keep(_made(submission), {"post": post.id})
    return post, None


async def _no_accounts(workspace: Workspace, post_id: str) -> tuple[str, ...] | None:
    """None chosen: but where it was not told which the post has, none were taken out either."""
    return () if (await workspace.socialcrm.get_post(post_id)).accounts_told else None


async def _behind(workspace: Workspace, post_id: str, media_ids: Sequence[str]) -> tuple[str, ...]:
    """What the post has by now, and behind it what is new."""
    known = (await workspace.socialcrm.get_post(post_id)).media_ids
    return (*known, *(media_id for media_id in media_ids if media_id not in known))


async def _saved_from_files(
    workspace: Workspace, submission: Submission, when: When | None, files: Sequence[SlackFile]
) -> AsyncGenerator[Answer, None]:
    """A post of pictures alone: they are sent first, and the post is made with them in one call."""
    uploading = Uploading(workspace, files, key=submission.view_id)
    async for progress in attaching.watched(uploading, submission.view_id, title="Saving"):
        yield progress
    left_out = attaching.told(uploading.failed)
    if not uploading.media_ids:
        problem = f"{left_out[0][1]} Without a text and without files there is nothing to save yet."
        yield await _brought_back(workspace, submission, files, problem=problem)
        return
    filled, about = Filled.read(submission.state), submission.metadata
    try:
        post, voided = await _stored(workspace, submission, filled, uploading.media_ids)
    except ScrmError as error:
        yield await _brought_back(workspace, submission, files, error=error)
        return
    plan = await plans.keep(workspace, post.id, when, zone=str(about.get("zone", "")), note=filled.note)
    saved = Attached(post, len(uploading.media_ids), voided, left_out)
    for answer in await _saved(workspace, submission, saved, plan):
        yield answer


async def _saved_with_files(
    workspace: Workspace,
    submission: Submission,
    saved: Attached,
    plan: plans.Plan,
    files: Sequence[SlackFile],
) -> AsyncGenerator[Answer, None]:
    uploading = Uploading(workspace, files, key=submission.view_id)
    async for progress in attaching.watched(uploading, submission.view_id, title="Saving"):
        yield progress
    attached = await attaching.put(uploading, saved.post, by=submission.caller.user_id)
    whole = replace(attached, voided=attached.voided or saved.voided)
    for answer in await _saved(workspace, submission, whole, plan):
        yield answer


async def _saved(
    workspace: Workspace, submission: Submission, saved: Attached, plan: plans.Plan
) -> list[Answer]:
    post, title = saved.post, "Draft saved"
    known = await accounts.known_or_none(workspace)
    words = answers.saved_words(plan.told, voided=bool(saved.voided))
    told = posts.drafted(post, accounts=known, zone=plan.zone or "UTC", saved=words, note=plan.note)
    brief = answers.in_brief(told)
    asking = Filled.read(submission.state).then == draft_window.ASK
    if saved.left_out:  # approvers are not asked about a post without its pictures
        told = brief = answers.without_files(told, post.id, saved.left_out, asking=asking)
    elif asking:
        try:
            asked = await plans.ask(workspace, post.id, submission.caller)
        except ScrmError as error:  # what is saved stays saved, and is told
            told = brief = answers.not_asked(problems.explain(error), told)
        else:
            title, told, brief = "Asked for approval", asked, asked
    return [Reply(told), UpdateModal(modals.notice(title, brief), submission.view_id)]


async def _is_empty(workspace: Workspace, submission: Submission) -> bool:
    """Whether there is a post only once its files are there."""
    text = await text_in(workspace, submission.state, submission.metadata)
    return not (text.strip() or submission.metadata.get("media"))


def _has_media(submission: Submission) -> bool:
    """Whether there are files to make a post of: chosen here, offered and ticked, or in the post already."""
    fresh = attaching.chosen(submission.state) or several(submission.state, Action.ALSO)
    return bool(fresh or submission.metadata.get("media"))


def _when(filled: Filled, about: Mapping[str, Any], *, now: datetime) -> When | None:
    """The time in the field, read in the zone the modal was opened in. Raises `WhenError`."""
    return read_when(filled.when, now=now, zone=str(about.get("zone") or "UTC")) if filled.when else None


def _made(submission: Submission) -> str:
    return f"made:{submission.view_id}"
