"""What can be done to a post where it is shown, and the lists of posts."""

from contextlib import suppress
from datetime import UTC, datetime

from scrm_bot.domain.errors import ScrmError, WhenError
from scrm_bot.domain.grammar import Line
from scrm_bot.domain.lists import Place
from scrm_bot.domain.team import Role
from scrm_bot.domain.when import read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import asking, drafts, inspiration, listings, measuring, picking, plans, refused, showing
from scrm_bot.slack import assistant as assistants
from scrm_bot.slack.answering import opened, told
from scrm_bot.slack.command import Button, Click, Invocation, Modal, Submission
from scrm_bot.slack.commands import COMMANDS, schedule
from scrm_bot.slack.reading import Subject, words
from scrm_bot.slack.reply import (
    Answers,
    CloseModal,
    OpenModal,
    Reply,
    ShowErrors,
    Silence,
    SubmissionAck,
    closes,
)
from scrm_bot.usecases import editing, roles
from scrm_bot.views import answers, posts
from scrm_bot.views.draft_window import DraftForm
from scrm_bot.views.ids import Action, Callback

_TREND = "trend"


async def show(click: Click, workspace: Workspace) -> Answers:
    post = await workspace.socialcrm.get_post(click.value)
    return told(click, "Post", await showing.card(workspace, post, by=click.caller.user_id))


async def edit(click: Click, workspace: Workspace) -> Answers:
    post = await workspace.socialcrm.get_post(click.value)
    return opened(click, await drafts.open_edit(click.caller, workspace, post))


async def delete(click: Click, workspace: Workspace) -> Answers:
    """Delete it, and hand its text back."""
    text = ""
    with suppress(ScrmError):  # whatever stands in the way, deleting says it better
        text = (await workspace.socialcrm.get_post(click.value)).body
    closed = await editing.delete_post(workspace, click.value, by=click.caller.user_id)
    gone = answers.deleted(click.value, closed=closed is not None, text=text)
    return told(click, "Deleted", gone, replace=True)


async def schedule_post(click: Click, workspace: Workspace) -> Answers:
    """Ask for the time, as the verb does without one."""
    answer = await schedule.run(Invocation(click.caller, Line("schedule", click.value)), workspace)
    return opened(click, answer) if isinstance(answer, OpenModal) else answer


async def menu(click: Click, workspace: Workspace) -> Answers:
    """The assistant's verbs about a post."""
    verb, _, post_id = click.value.partition(":")
    if verb not in posts.ASSISTANT:
        return Silence()
    post = await workspace.socialcrm.get_post(post_id)
    return await assistants.answer(workspace, verb, Subject(post.body, post.id, post.account_ids))


async def ask_approval(click: Click, workspace: Workspace) -> Answers:
    return told(click, "Asked for approval", await plans.ask(workspace, click.value, click.caller))


async def stats(click: Click, workspace: Workspace) -> Answers:
    found = await measuring.post(workspace, click.value, by=click.caller.user_id)
    return told(click, "Post stats", found.message)


async def page(click: Click, workspace: Workspace) -> Answers:
    wanted, _, place = click.value.rpartition(":")
    return await listings.page(click.caller, workspace, wanted, place=Place.read(place), replace=True)


async def draft_this(click: Click, workspace: Workspace) -> Answers:
    """Draft an assistant's answer (its key), an idea (`key:number`), a trend (`trend:topic`).

    Or a line that was refused (`line:key`).
    """
    key, _, rest = click.value.partition(":")
    if key == refused.MARK:
        return await refused.reopened(click, workspace, rest)
    if key == _TREND:
        text: str | None = rest
    elif rest:
        text = await inspiration.kept_idea(workspace, click.value)
    else:
        kept = await assistants.kept(workspace, key)
        text = assistants.text_of(kept, click.state) if kept else None
    if text is None:
        return Reply(answers.expired_text())
    return opened(click, await drafts.open_new(click.caller, workspace, DraftForm(text=text)))


async def scheduled(submission: Submission, workspace: Workspace) -> Answers:
    """The schedule modal: ask for approval of the time in it."""
    about, caller = submission.metadata, submission.caller
    typed = words(submission.state, Action.WHEN)
    when = read_when(typed, now=workspace.clock.now(), zone=str(about["zone"]))
    flags = await picking.kept_flags(workspace, about)
    line = Line("schedule", flags=flags | {"note": words(submission.state, Action.NOTE)})
    call = Invocation(caller, line)
    return await asking.for_approval(call, workspace, str(about["post"]), at=when.at, zone=when.zone)


async def picked(submission: Submission, workspace: Workspace) -> Answers:
    """A post was chosen for a verb that was typed without one."""
    verb = str(submission.metadata["verb"])
    command = next(known for known in COMMANDS if verb in {known.verb, *known.aliases})
    flags = await picking.kept_flags(workspace, submission.metadata)
    line = Line(verb, words(submission.state, Action.POST) or words(submission.state, Action.REQUEST), flags)
    await roles.require(workspace, submission.caller.user_id, command.role or Role.EDITOR)
    return await command.run(Invocation(submission.caller, line), workspace)


def _check_time(submission: Submission) -> SubmissionAck:
    zone = str(submission.metadata.get("zone") or "UTC")
    try:
        read_when(words(submission.state, Action.WHEN), now=datetime.now(UTC), zone=zone)
    except WhenError as error:
        return ShowErrors(((submission.blocks.get(Action.WHEN, Action.WHEN), error.message),))
    return CloseModal()


BUTTONS = (
    Button(Action.SHOW_POST, show, role=Role.VIEWER),
    Button(Action.EDIT_POST, edit, role=Role.EDITOR),
    Button(Action.DELETE_POST, delete, role=Role.EDITOR),
    Button(Action.ASK_APPROVAL, ask_approval, role=Role.EDITOR),
    Button(Action.SCHEDULE_POST, schedule_post, role=Role.EDITOR),
    Button(Action.POST_MENU, menu, role=Role.EDITOR),
    Button(Action.POST_STATS, stats, role=Role.VIEWER),
    Button(Action.NEXT_PAGE, page, role=Role.VIEWER),
    Button(Action.PREVIOUS_PAGE, page, role=Role.VIEWER),
    Button(Action.DRAFT_THIS, draft_this, role=Role.EDITOR),
)
MODALS = (
    Modal(Callback.SCHEDULE, _check_time, scheduled, role=Role.EDITOR),
    Modal(Callback.PICK_POST, closes, picked, role=Role.VIEWER),
)
