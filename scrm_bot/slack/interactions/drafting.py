"""The draft modal and its assistant."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.posts import PostChanges
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant, drafts, inspiration, saving
from scrm_bot.slack.answering import in_modal, told
from scrm_bot.slack.command import Button, Click, Modal, Submission
from scrm_bot.slack.reading import Subject, metadata, new_key, several, words
from scrm_bot.slack.reply import (
    Answers,
    CloseModal,
    OpenModal,
    Reply,
    ShowErrors,
    SubmissionAck,
    UpdateModal,
    closes,
)
from scrm_bot.usecases import editing
from scrm_bot.views import answers, assist, problems, tones
from scrm_bot.views.blocks import View
from scrm_bot.views.ids import Action, Callback

_VERBS = {
    Action.REWRITE: "rewrite",
    Action.OPTIMISE: "optimise",
    Action.HASHTAGS: "hashtags",
    Action.THREAD: "thread",
}


async def ask_assistant(click: Click, workspace: Workspace) -> Answers:
    """Open the answer on top of the draft; what was typed there is kept for when it comes back."""
    verb = _VERBS[Action(click.action_id)]
    text, tone = await drafts.text_in(workspace, click.state, click.metadata), tones.meant(click.state)
    key = new_key()
    form = {"state": dict(click.state), "about": dict(click.metadata), "verb": verb, "text": text}
    await workspace.memory.keep(_form(key), form)
    about = {"form": key, "channel": click.caller.channel, "parent": click.view_id}
    working = assist.working_window(verb, text, metadata=metadata(**about))
    return OpenModal(working, push=True, fill=partial(_window, workspace, form, tone=tone, about=about))


async def try_again(click: Click, workspace: Workspace) -> Answers:
    """In the answer's modal, or under the answer to a command."""
    if not in_modal(click):
        return await _another_answer(click, workspace)
    about = {name: str(click.metadata.get(name, "")) for name in ("form", "channel", "parent")}
    form = await workspace.memory.recall(_form(about["form"]))
    if form is None:
        return told(click, "No longer kept", answers.expired_text())
    working = assist.working_window(form["verb"], form["text"], metadata=metadata(**about))
    tone = tones.meant(click.state)
    return UpdateModal(working, click.view_id, fill=partial(_window, workspace, form, tone=tone, about=about))


async def use_in_modal(submission: Submission, workspace: Workspace) -> Answers:
    """Put the answer into "Text"; what was there before stays within reach."""
    shown = submission.metadata
    form = await workspace.memory.recall(_form(str(shown.get("form", ""))))
    kept = await assistant.kept(workspace, str(shown.get("answer", "")))
    if form is None or kept is None:
        return Reply(answers.expired_text())
    text = assistant.text_of(kept, submission.state)
    view = await drafts.used(workspace, form["state"], form["about"], text)
    return UpdateModal(view, submission.previous_view_id or str(shown["parent"]))


async def use_in_post(click: Click, workspace: Workspace) -> Answers:
    """Put the answer to a command into the post it was about."""
    kept = await assistant.kept(workspace, click.value)
    if kept is None or not kept["post_id"]:
        return Reply(answers.expired_text())
    changes = PostChanges(body=assistant.text_of(kept, click.state))
    edited = await editing.edit_post(workspace, kept["post_id"], changes, by=click.caller.user_id)
    return Reply(answers.saved(edited.post.id, voided=edited.voided is not None), replace=True)


async def keep_mine(click: Click, workspace: Workspace) -> Answers:
    """The answer makes way for the person's own words."""
    kept = await assistant.kept(workspace, click.value)
    if kept is None:
        return Reply(answers.expired_text())
    return Reply(assist.kept_mine(kept["original"], post_id=kept["post_id"]), replace=True)


async def composed(submission: Submission, workspace: Workspace) -> Answers:
    """The compose modal: answered where the command was typed."""
    prompt, tone = words(submission.state, Action.PROMPT), tones.meant(submission.state)
    return await assistant.answer(workspace, "compose", Subject(prompt), tone=tone)


async def _another_answer(click: Click, workspace: Workspace) -> Answers:
    """In the place of the one that was there; a failure leaves that one alone."""
    again = await inspiration.again(workspace, click.value)
    if again:
        return again
    kept = await assistant.kept(workspace, click.value)
    if kept is None:
        return Reply(answers.expired_text())
    about = Subject(kept["original"], kept["post_id"], tuple(kept["account_ids"]))
    return await assistant.answer(workspace, kept["verb"], about, tone=kept["tone"], replace=True)


async def _window(
    workspace: Workspace, form: Mapping[str, Any], *, tone: str, about: Mapping[str, str]
) -> View:
    """The answer, under a key of its own, so that Use takes what is shown; or why there is none."""
    verb, text = str(form["verb"]), str(form["text"])
    try:
        suggestion = await assistant.suggest(workspace, verb, text, tone=tone)
    except ScrmError as error:
        problem = problems.sentence(error, verb=verb)
        return assist.failed_window(verb, text, problem=problem, metadata=metadata(**about), tone=tone)
    key = await assistant.keep(workspace, suggestion)
    beside = await assistant.beside(workspace, account_ids=several(form["state"], Action.ACCOUNTS))
    return assist.answer_window(suggestion, metadata=metadata(**about, answer=key), beside=beside)


def _form(key: str) -> str:
    return f"form:{key}"


def _check_prompt(submission: Submission) -> SubmissionAck:
    if words(submission.state, Action.PROMPT):
        return CloseModal()
    return ShowErrors(((submission.blocks.get(Action.PROMPT, Action.PROMPT), "Say what it is about."),))


BUTTONS = (
    *(Button(action, ask_assistant, role=Role.EDITOR) for action in _VERBS),
    Button(Action.TRY_AGAIN, try_again, role=Role.EDITOR),
    Button(Action.USE, use_in_post, role=Role.EDITOR),
    Button(Action.THEN, drafts.then_changed, role=Role.EDITOR),
    Button(Action.TONE, drafts.tone_changed, role=Role.EDITOR),
    Button(Action.BACK, drafts.back, role=Role.EDITOR),
    Button(Action.VERSIONS, drafts.version_chosen, role=Role.EDITOR),
    Button(Action.KEEP_MINE, keep_mine, role=Role.EDITOR),
)
MODALS = (
    Modal(Callback.DRAFT, saving.check, saving.save, role=Role.EDITOR),
    Modal(Callback.EDIT, saving.check, saving.save, role=Role.EDITOR),
    Modal(Callback.ASSIST, closes, use_in_modal, role=Role.EDITOR),
    Modal(Callback.COMPOSE, _check_prompt, composed, role=Role.EDITOR),
)
