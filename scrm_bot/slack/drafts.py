"""The draft modal: opening it, reading it, saving what it holds."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from scrm_bot.domain import media as rules
from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import NotConnectedError, ScrmError, UsageError, WhenError
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.posts import Post, PostChanges
from scrm_bot.domain.versions import Versions
from scrm_bot.domain.when import When, read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import attaching, plans, versions
from scrm_bot.slack.attaching import Attached
from scrm_bot.slack.command import Caller, Click, Submission
from scrm_bot.slack.reading import metadata, new_key, several, words
from scrm_bot.slack.reply import (
    Answer,
    Answers,
    OpenModal,
    Reply,
    ShowErrors,
    ShowView,
    Silence,
    SubmissionAck,
    UpdateModal,
)
from scrm_bot.usecases import accounts, drafting, voice, workspaces
from scrm_bot.usecases.media import Uploading
from scrm_bot.views import answers, inputs, insights, modals, networks, posts, problems
from scrm_bot.views.blocks import View
from scrm_bot.views.ids import Action, Callback
from scrm_bot.views.modals import DraftForm
from scrm_bot.views.tones import OWN


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody entered. `text` is None where it was too long for a field."""

    text: str | None
    account_ids: tuple[str, ...]
    when: str
    note: str
    tone: str
    own_tone: str
    then: str

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> "Filled":
        return cls(
            text=str(state[Action.TEXT] or "") if Action.TEXT in state else None,
            account_ids=several(state, Action.ACCOUNTS),
            when=words(state, Action.WHEN),
            note=words(state, Action.NOTE),
            tone=words(state, Action.TONE),
            own_tone=words(state, Action.OWN_TONE),
            then=words(state, Action.THEN) or modals.SAVE,
        )


async def open_new(
    caller: Caller,
    workspace: Workspace,
    form: DraftForm | None = None,
    *,
    files: Sequence[SlackFile] = (),
    push: bool = False,
) -> OpenModal:
    """An empty draft, or `form`; `files` are offered with it, those that a post can take.

    Raises `NotConnectedError` before anything is typed in vain.
    """
    if await workspace.vault.connection() is None:
        raise NotConnectedError
    zone = await workspaces.zone_for(workspace, caller.user_id)
    form = replace(form or DraftForm(), zone=zone, voice=await _voice(workspace))
    usable, wrong = rules.usable(files)
    if wrong:
        form = replace(form, problem=problems.sentence(UsageError(wrong)))
    form = replace(form, also=attaching.options(usable), ticked=tuple(file.id for file in usable))
    offered = await attaching.keep(workspace, usable)
    kept = ""
    if not inputs.fits(form.text):  # the modal shows it without a field, so it does not come back from Slack
        kept = new_key()
        await workspace.memory.keep(_long(kept), {"text": form.text})
    told = _metadata(caller.channel, form, long=kept, files=offered)
    return OpenModal(modals.draft(form, metadata=told), push=push)


async def open_edit(caller: Caller, workspace: Workspace, post: Post, *, push: bool = False) -> OpenModal:
    """A post as it is, with the time and note that were given with it.

    Raises `UsageError` before anything is typed in vain.
    """
    await drafting.check_open(workspace, post.id, known=post)
    plan = await plans.of(workspace, post.id)
    form = DraftForm(
        text=post.body,
        accounts=tuple(networks.named(post.account_ids, await accounts.known_or_none(workspace))),
        when=plan.typed(now=workspace.clock.now()),
        note=plan.note,
        zone=await workspaces.zone_for(workspace, caller.user_id),
        media=len(post.media_ids),
        voice=await _voice(workspace),
        voids=await drafting.would_void(workspace, post.id),
    )
    view = modals.edit(post, form, metadata=_metadata(caller.channel, form, post_id=post.id))
    return OpenModal(view, push=push)


async def text_in(workspace: Workspace, state: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """The draft's text: typed, or what was too long for a field and stayed with the bot or in the post."""
    typed = Filled.read(state).text
    if typed is not None:
        return typed
    if about.get("post"):
        return (await workspace.socialcrm.get_post(str(about["post"]))).body
    kept = await workspace.memory.recall(_long(str(about.get("long", ""))))
    return str(kept["text"]) if kept else ""


async def rebuilt(
    workspace: Workspace, state: Mapping[str, Any], about: Mapping[str, Any], **changes: Any
) -> View:
    """The modal as it was filled in, with what changes."""
    filled = Filled.read(state)
    known = await accounts.known_or_none(workspace)
    form = DraftForm(
        text=changes["text"] if "text" in changes else await text_in(workspace, state, about),
        revision=int(about.get("rev", 0)),
        accounts=tuple(networks.named(filled.account_ids, known)),
        when=filled.when,
        note=filled.note,
        tone=filled.tone,
        own_tone=filled.own_tone,
        then=filled.then,
        zone=str(about.get("zone", "")),
        media=int(about.get("media", 0)),
        also=attaching.options(await attaching.kept(workspace, about)),
        ticked=several(state, Action.ALSO),
        versions=await versions.of(workspace, about),
        voice=await _voice(workspace),
        voids=bool(about.get("voids")),
    )
    form = replace(form, **changes)
    post_id = str(about.get("post", ""))
    kept = {name: str(about.get(name, "")) for name in ("long", "files", "versions")}
    told = _metadata(str(about.get("channel", "")), form, post_id=post_id, **kept)
    if not post_id:
        return modals.draft(form, metadata=told)
    return modals.edit(Post(post_id, body=form.text), form, metadata=told)


async def then_changed(click: Click, workspace: Workspace) -> Answers:
    """What follows names the submit button."""
    return UpdateModal(await rebuilt(workspace, click.state, click.metadata), click.view_id)


async def tone_changed(click: Click, workspace: Workspace) -> Answers:
    """In the draft modal, "In your own words" opens a field for them, and any other tone closes it."""
    own = click.value == OWN
    if click.view_callback not in {Callback.DRAFT, Callback.EDIT} or own == (Action.OWN_TONE in click.state):
        return Silence()
    return UpdateModal(await rebuilt(workspace, click.state, click.metadata), click.view_id)


async def used(workspace: Workspace, state: Mapping[str, Any], about: Mapping[str, Any], text: str) -> View:
    """The modal with another text in it; the one that was there is kept among its versions."""
    typed = await text_in(workspace, state, about)
    kept = (await versions.of(workspace, about)).showing(typed).showing(text)
    return await _at_version(workspace, state, about, kept)


async def back(click: Click, workspace: Workspace) -> Answers:
    """The text before this one."""
    typed = await text_in(workspace, click.state, click.metadata)
    kept = (await versions.of(workspace, click.metadata)).before(typed=typed)
    return UpdateModal(await _at_version(workspace, click.state, click.metadata, kept), click.view_id)


async def version_chosen(click: Click, workspace: Workspace) -> Answers:
    """The text with this number."""
    typed = await text_in(workspace, click.state, click.metadata)
    number = int(click.value) if click.value.isdecimal() else 0
    kept = (await versions.of(workspace, click.metadata)).chosen(number, typed=typed)
    return UpdateModal(await _at_version(workspace, click.state, click.metadata, kept), click.view_id)


async def _at_version(
    workspace: Workspace, state: Mapping[str, Any], about: Mapping[str, Any], kept: Versions
) -> View:
    """Another block_id for each text, else Slack keeps what was typed."""
    await versions.keep(workspace, about, kept)
    revision = int(about.get("rev", 0)) + 1
    return await rebuilt(workspace, state, about, text=kept.text, revision=revision, versions=kept)


async def _voice(workspace: Workspace) -> str:
    return insights.voice(await voice.heard(workspace))


def check(submission: Submission) -> SubmissionAck:
    """Refuse what cannot be saved beside its field; else show that it is being saved."""
    filled = Filled.read(submission.state)
    if filled.text is not None and not filled.text.strip():
        return ShowErrors(((submission.blocks.get(Action.TEXT, Action.TEXT), "Write something first."),))
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

    The text is saved before its files are sent: whatever becomes of them, it is there.
    """
    about, filled = submission.metadata, Filled.read(submission.state)
    files = await attaching.wanted(workspace, submission.state, about)
    try:
        when = _when(filled, about, now=workspace.clock.now())
        post, voided = await _stored(workspace, submission, filled)
    except ScrmError as error:
        view = await _brought_back(workspace, submission, files, problem=problems.sentence(error))
        return UpdateModal(view, submission.view_id)
    plan = await plans.keep(workspace, post.id, when, zone=str(about.get("zone", "")), note=filled.note)
    saved = Attached(post, voided=voided)
    if files:
        return _saved_with_files(workspace, submission, saved, plan, files)
    return await _saved(workspace, submission, saved, plan)


async def _brought_back(
    workspace: Workspace, submission: Submission, files: Sequence[SlackFile], *, problem: str
) -> View:
    """The form as it was. Slack cannot show files in their field again, so they are offered beside it."""
    ticked = [file.id for file in files]
    state = {**submission.state, Action.MEDIA: [], Action.ALSO: ticked}
    about = {**submission.metadata, "files": await attaching.keep(workspace, files)}
    return await rebuilt(workspace, state, about, problem=problem)


async def _stored(
    workspace: Workspace, submission: Submission, filled: Filled
) -> tuple[Post, Approval | None]:
    """The post as saved, and the request that this voided. Work done twice makes one draft."""
    by, post_id = submission.caller.user_id, str(submission.metadata.get("post", ""))
    made = await workspace.memory.recall(_made(submission)) if not post_id else None
    if post_id or made:
        changes = PostChanges(body=filled.text, account_ids=filled.account_ids)
        edited = await drafting.edit_post(workspace, post_id or str(made and made["post"]), changes, by=by)
        return edited.post, edited.voided
    text = await text_in(workspace, submission.state, submission.metadata)
    post = await drafting.create_draft(workspace, text, by=by, account_ids=filled.account_ids)
    await workspace.memory.keep(_made(submission), {"post": post.id})
    return post, None


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
    told = posts.drafted(post, accounts=known, zone=plan.zone or "UTC", saved=words)
    brief = answers.in_brief(told)
    asking = Filled.read(submission.state).then == modals.ASK
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


def _when(filled: Filled, about: Mapping[str, Any], *, now: datetime) -> When | None:
    """The time in the field, read in the zone the modal was opened in. Raises `WhenError`."""
    return read_when(filled.when, now=now, zone=str(about.get("zone") or "UTC")) if filled.when else None


def _metadata(
    channel: str, form: DraftForm, *, post_id: str = "", long: str = "", files: str = "", versions: str = ""
) -> str:
    return metadata(
        channel=channel,
        rev=form.revision,
        zone=form.zone,
        post=post_id,
        long=long,
        media=form.media,
        files=files,
        versions=versions or new_key(),
        voids=int(form.voids),
    )


def _long(key: str) -> str:
    return f"long:{key}"


def _made(submission: Submission) -> str:
    return f"made:{submission.view_id}"
