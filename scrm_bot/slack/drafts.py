"""The draft modal: opening it, reading it, saving what it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import NotConnectedError, ScrmError, WhenError
from scrm_bot.domain.posts import Post, PostChanges
from scrm_bot.domain.when import When, read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import Caller, Click, Submission
from scrm_bot.slack.reading import metadata, several, words
from scrm_bot.slack.reply import Answers, OpenModal, Reply, ShowErrors, ShowView, SubmissionAck, UpdateModal
from scrm_bot.usecases import accounts, approvals, drafting, workspaces
from scrm_bot.views import answers, modals, posts, problems
from scrm_bot.views.blocks import View
from scrm_bot.views.ids import Action
from scrm_bot.views.modals import DraftForm

PLAN_SECONDS = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody entered. `text` is None where the modal had no field for it."""

    text: str | None
    account_ids: tuple[str, ...]
    when: str
    note: str
    tone: str
    then: str

    @classmethod
    def read(cls, state: Mapping[str, Any]) -> "Filled":
        return cls(
            text=str(state[Action.TEXT] or "") if Action.TEXT in state else None,
            account_ids=several(state, Action.ACCOUNTS),
            when=words(state, Action.WHEN),
            note=words(state, Action.NOTE),
            tone=words(state, Action.TONE),
            then=words(state, Action.THEN) or modals.SAVE,
        )


async def open_new(
    caller: Caller, workspace: Workspace, *, text: str = "", note: str = "", push: bool = False
) -> OpenModal:
    """An empty draft, or one with a text. Raises `NotConnectedError` before anything is typed in vain."""
    if await workspace.vault.connection() is None:
        raise NotConnectedError
    zone = await workspaces.zone_for(workspace, caller.user_id)
    form = DraftForm(text=text, note=note, zone=zone)
    return OpenModal(modals.draft(form, metadata=_metadata(caller.channel, form)), push=push)


async def open_edit(caller: Caller, workspace: Workspace, post: Post) -> OpenModal:
    zone = await workspaces.zone_for(workspace, caller.user_id)
    known = await accounts.known_or_none(workspace)
    chosen = tuple(account for account in known if account.id in post.account_ids)
    form = DraftForm(text=post.body, accounts=chosen, zone=zone, media=len(post.media_ids))
    return OpenModal(modals.edit(post, form, metadata=_metadata(caller.channel, form, post_id=post.id)))


async def rebuilt(
    workspace: Workspace, state: Mapping[str, Any], about: Mapping[str, Any], **changes: Any
) -> View:
    """The modal as it was filled in, with what changes."""
    filled = Filled.read(state)
    known = await accounts.known_or_none(workspace)
    form = DraftForm(
        text=filled.text or "",
        revision=int(about.get("rev", 0)),
        accounts=tuple(account for account in known if account.id in filled.account_ids),
        when=filled.when,
        note=filled.note,
        tone=filled.tone,
        then=filled.then,
        zone=str(about.get("zone", "")),
    )
    form = replace(form, **changes)
    post_id = str(about.get("post", ""))
    told = _metadata(str(about.get("channel", "")), form, post_id=post_id)
    if not post_id:
        return modals.draft(form, metadata=told)
    return modals.edit(Post(post_id, body=form.text), form, metadata=told)


async def then_changed(click: Click, workspace: Workspace) -> Answers:
    """What follows names the submit button."""
    return UpdateModal(await rebuilt(workspace, click.state, click.metadata), click.view_id)


def check(submission: Submission) -> SubmissionAck:
    """Refuse what cannot be saved beside its field; else show that it is being saved."""
    filled = Filled.read(submission.state)
    if filled.text is not None and not filled.text.strip():
        return ShowErrors(((submission.blocks.get(Action.TEXT, Action.TEXT), "Write something first."),))
    try:
        _when(filled, submission.metadata, now=datetime.now(UTC))  # no port may be waited for here
    except WhenError as error:
        return ShowErrors(((submission.blocks.get(Action.WHEN, Action.WHEN), error.message),))
    return ShowView(modals.working("Saving", "Saving…"))


async def save(submission: Submission, workspace: Workspace) -> Answers:
    """Save as a draft, and ask for approval where that was chosen. A refusal brings the form back."""
    caller, about = submission.caller, submission.metadata
    filled = Filled.read(submission.state)
    post_id = str(about.get("post", ""))
    try:
        post, voided = await _stored(workspace, filled, caller.user_id, post_id)
    except ScrmError as error:
        told = problems.sentence(error)
        view = await rebuilt(workspace, submission.state, about, problem=told)
        return UpdateModal(view, submission.view_id)
    return await _saved(workspace, submission, filled, post, voided=voided)


async def _stored(
    workspace: Workspace, filled: Filled, by: str, post_id: str
) -> tuple[Post, Approval | None]:
    if not post_id:
        post = await drafting.create_draft(
            workspace, filled.text or "", by=by, account_ids=filled.account_ids
        )
        return post, None
    changes = PostChanges(body=filled.text, account_ids=filled.account_ids)
    edited = await drafting.edit_post(workspace, post_id, changes, by=by)
    return edited.post, edited.voided


async def _saved(
    workspace: Workspace, submission: Submission, filled: Filled, post: Post, *, voided: Approval | None
) -> Answers:
    caller = submission.caller
    at = _when(filled, submission.metadata, now=workspace.clock.now())
    zone = at.zone if at else str(submission.metadata.get("zone", ""))
    await plan(workspace, post.id, at, zone=zone, note=filled.note)
    if filled.then == modals.ASK:
        told = await ask_as_planned(workspace, post.id, caller)
        return [UpdateModal(modals.notice("Asked for approval", told), submission.view_id), Reply(told)]
    known = await accounts.known_or_none(workspace)
    saved = "Saved. Its request for approval is void now: ask again" if voided else "Draft saved"
    told = posts.drafted(post, accounts=known, zone=zone or "UTC", saved=saved)
    return [UpdateModal(modals.notice("Draft saved", told), submission.view_id), Reply(told)]


async def plan(workspace: Workspace, post_id: str, at: When | None, *, zone: str, note: str) -> None:
    """Remember what somebody wants for a draft, for the day they ask for approval."""
    moment = at.at.isoformat() if at and at.at else ""
    await workspace.memory.keep(
        f"plan:{post_id}", {"at": moment, "zone": zone, "note": note}, seconds=PLAN_SECONDS
    )


async def ask_as_planned(workspace: Workspace, post_id: str, caller: Caller) -> Any:
    """Ask for approval with the time and note that were given with the draft; without a time, to publish."""
    planned = await workspace.memory.recall(f"plan:{post_id}") or {}
    at = datetime.fromisoformat(planned["at"]) if planned.get("at") else None
    zone = planned.get("zone") or await workspaces.zone_for(workspace, caller.user_id)
    asked = await approvals.ask(
        workspace,
        post_id,
        at=at,
        by=caller.user_id,
        key=caller.trigger_id or caller.message_ts or post_id,
        zone=zone,
        note=planned.get("note", ""),
    )
    settings = await workspace.settings.load()
    return answers.asked(asked, approvals_channel=settings.approvals_channel)


def _when(filled: Filled, about: Mapping[str, Any], *, now: datetime) -> When | None:
    """The time in the field, read in the zone the modal was opened in. Raises `WhenError`."""
    return read_when(filled.when, now=now, zone=str(about.get("zone") or "UTC")) if filled.when else None


def _metadata(channel: str, form: DraftForm, *, post_id: str = "") -> str:
    return metadata(channel=channel, rev=form.revision, zone=form.zone, post=post_id)
