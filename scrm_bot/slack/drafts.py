"""The draft modal: opening it, reading it, showing it again with what changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scrm_bot.domain import media as rules
from scrm_bot.domain.errors import NotConnectedError, UsageError
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.posts import Post
from scrm_bot.domain.versions import Versions
from scrm_bot.ports import Workspace
from scrm_bot.slack import attaching, plans, versions
from scrm_bot.slack.command import Caller, Click
from scrm_bot.slack.reading import metadata, new_key, several, words
from scrm_bot.slack.reply import (
    Answers,
    OpenModal,
    Silence,
    UpdateModal,
)
from scrm_bot.slack.shown import prints
from scrm_bot.usecases import accounts, editing, voice, workspaces
from scrm_bot.views import draft_window, inputs, insights, networks, problems
from scrm_bot.views.blocks import View
from scrm_bot.views.draft_window import DraftForm
from scrm_bot.views.ids import Action, Callback
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
            then=words(state, Action.THEN) or draft_window.SAVE,
        )


async def open_new(
    caller: Caller,
    workspace: Workspace,
    form: DraftForm | None = None,
    *,
    files: Sequence[SlackFile] = (),
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
    return OpenModal(draft_window.draft(form, metadata=told))


async def open_edit(caller: Caller, workspace: Workspace, post: Post, *, text: str = "") -> OpenModal:
    """A post as it is, with the time and note that were given with it; `text` in the place of its own.

    Raises `UsageError` before anything is typed in vain.
    """
    await editing.check_open(workspace, post.id, known=post)
    plan = await plans.of(workspace, post.id)
    key, former = new_key(), Versions()
    if text:
        former = former.showing(post.body).showing(text)
        await versions.keep(workspace, {"versions": key}, former)
    form = DraftForm(
        text=text or post.body,
        accounts=tuple(networks.named(post.account_ids, await accounts.known_or_none(workspace))),
        when=plan.typed(now=workspace.clock.now()),
        note=plan.note,
        zone=await workspaces.zone_for(workspace, caller.user_id),
        media=len(post.media_ids),
        voice=await _voice(workspace),
        versions=former,
        voids=await editing.would_void(workspace, post.id),
    )
    told = _metadata(caller.channel, form, post_id=post.id, versions=key, shown=prints(post))
    return OpenModal(draft_window.edit(post, form, metadata=told))


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
    kept = {name: str(about.get(name, "")) for name in ("long", "files", "versions", "shown")}
    told = _metadata(str(about.get("channel", "")), form, post_id=post_id, **kept)
    if not post_id:
        return draft_window.draft(form, metadata=told)
    return draft_window.edit(Post(post_id, body=form.text), form, metadata=told)


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


def _metadata(
    channel: str,
    form: DraftForm,
    *,
    post_id: str = "",
    long: str = "",
    files: str = "",
    versions: str = "",
    shown: str = "",
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
        shown=shown,
    )


def _long(key: str) -> str:
    return f"long:{key}"
