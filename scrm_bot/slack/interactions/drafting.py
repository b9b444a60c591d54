"""The draft modal and its assistant."""

from dataclasses import asdict

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.posts import PostChanges
from scrm_bot.ports import Workspace
from scrm_bot.slack import assistant, drafts
from scrm_bot.slack.command import Button, Click, Modal, Submission
from scrm_bot.slack.reading import Subject, metadata, new_key, words
from scrm_bot.slack.reply import Answers, CloseModal, OpenModal, Reply, ShowErrors, SubmissionAck, UpdateModal
from scrm_bot.usecases import drafting
from scrm_bot.views import answers, assist, problems
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
    text, tone = words(click.state, Action.TEXT), words(click.state, Action.TONE)
    key = new_key()
    about = metadata(key=key, channel=click.caller.channel, parent=click.view_id)
    await workspace.memory.keep(
        f"form:{key}", {"state": dict(click.state), "about": dict(click.metadata), "verb": verb, "text": text}
    )

    async def fill() -> View:
        return await _window(workspace, verb, text, tone=tone, about=about, key=key)

    return OpenModal(assist.working_window(verb, text, metadata=about), push=True, fill=fill)


async def try_again(click: Click, workspace: Workspace) -> Answers:
    """In the answer's modal, or under the answer to a command."""
    if not click.view_id:
        return await _another_answer(click, workspace)
    key = str(click.metadata["key"])
    form = await workspace.memory.recall(f"form:{key}")
    if form is None:
        return Reply(answers.expired_text())
    tone = words(click.state, Action.TONE)
    about = metadata(**{name: str(value) for name, value in click.metadata.items()})
    view = await _window(workspace, form["verb"], form["text"], tone=tone, about=about, key=key)
    return UpdateModal(view, click.view_id)


async def use_in_modal(submission: Submission, workspace: Workspace) -> Answers:
    """Put the answer into "Text". Another block_id each time, else Slack keeps what was typed."""
    key = str(submission.metadata["key"])
    form, kept = await workspace.memory.recall(f"form:{key}"), await assistant.kept(workspace, key)
    if form is None or kept is None:
        return Reply(answers.expired_text())
    about = form["about"]
    revision = int(about.get("rev", 0)) + 1
    view = await drafts.rebuilt(workspace, form["state"], about, text=kept["text"], revision=revision)
    return UpdateModal(view, submission.previous_view_id or str(submission.metadata["parent"]))


async def use_in_post(click: Click, workspace: Workspace) -> Answers:
    """Put the answer to a command into the post it was about."""
    kept = await assistant.kept(workspace, click.value)
    if kept is None or not kept["post_id"]:
        return Reply(answers.expired_text())
    changes = PostChanges(body=kept["text"])
    edited = await drafting.edit_post(workspace, kept["post_id"], changes, by=click.caller.user_id)
    return Reply(answers.saved(edited.post.id, voided=edited.voided is not None), replace=True)


async def composed(submission: Submission, workspace: Workspace) -> Answers:
    """The compose modal: answered where the command was typed."""
    prompt, tone = words(submission.state, Action.PROMPT), words(submission.state, Action.TONE)
    return await assistant.answer(workspace, "compose", Subject(prompt), tone=tone)


async def _another_answer(click: Click, workspace: Workspace) -> Answers:
    kept = await assistant.kept(workspace, click.value)
    if kept is None:
        return Reply(answers.expired_text())
    about = Subject(kept["original"], kept["post_id"])
    told = await assistant.answer(workspace, kept["verb"], about, tone=kept["tone"])
    return Reply(told.message, replace=True)


async def _window(workspace: Workspace, verb: str, text: str, *, tone: str, about: str, key: str) -> View:
    try:
        suggestion = await assistant.suggest(workspace, verb, text, tone=tone)
    except ScrmError as error:
        told = problems.sentence(error, verb=verb)
        return assist.failed_window(verb, text, problem=told, metadata=about, tone=tone)
    await workspace.memory.keep(f"answer:{key}", {**asdict(suggestion), "post_id": ""})
    return assist.answer_window(suggestion, metadata=about)


def _check_prompt(submission: Submission) -> SubmissionAck:
    if words(submission.state, Action.PROMPT):
        return CloseModal()
    return ShowErrors(((submission.blocks.get(Action.PROMPT, Action.PROMPT), "Say what it is about."),))


def _close(_: Submission) -> CloseModal:
    return CloseModal()


BUTTONS = (
    *(Button(action, ask_assistant) for action in _VERBS),
    Button(Action.TRY_AGAIN, try_again),
    Button(Action.USE, use_in_post),
    Button(Action.THEN, drafts.then_changed),
)
MODALS = (
    Modal(Callback.DRAFT, drafts.check, drafts.save),
    Modal(Callback.EDIT, drafts.check, drafts.save),
    Modal(Callback.ASSIST, _close, use_in_modal),
    Modal(Callback.COMPOSE, _check_prompt, composed),
)
