"""What can be done to a post where it is shown, and the lists of posts."""

from datetime import UTC, datetime

from scrm_bot.domain.errors import WhenError
from scrm_bot.domain.grammar import Line
from scrm_bot.domain.when import read_when
from scrm_bot.ports import Workspace
from scrm_bot.slack import asking, drafts, inspiration, listings, measuring
from scrm_bot.slack import assistant as assistants
from scrm_bot.slack.command import Button, Click, Invocation, Modal, Submission
from scrm_bot.slack.commands import COMMANDS
from scrm_bot.slack.reading import is_key, words
from scrm_bot.slack.reply import Answers, CloseModal, Reply, ShowErrors, SubmissionAck
from scrm_bot.usecases import accounts, drafting, workspaces
from scrm_bot.views import answers, posts
from scrm_bot.views.ids import Action, Callback


async def show(click: Click, workspace: Workspace) -> Answers:
    by = click.caller.user_id
    post = await workspace.socialcrm.get_post(click.value)
    known = await accounts.known_or_none(workspace)
    return Reply(posts.card(post, accounts=known, zone=await workspaces.zone_for(workspace, by)))


async def edit(click: Click, workspace: Workspace) -> Answers:
    return await drafts.open_edit(click.caller, workspace, await workspace.socialcrm.get_post(click.value))


async def delete(click: Click, workspace: Workspace) -> Answers:
    await drafting.delete_post(workspace, click.value, by=click.caller.user_id)
    return Reply(posts.deleted(click.value), replace=not click.view_id)


async def ask_approval(click: Click, workspace: Workspace) -> Answers:
    return Reply(await drafts.ask_as_planned(workspace, click.value, click.caller))


async def stats(click: Click, workspace: Workspace) -> Answers:
    return await measuring.post(workspace, click.value, by=click.caller.user_id)


async def page(click: Click, workspace: Workspace) -> Answers:
    wanted, _, start = click.value.rpartition(":")
    number = int(start) if start.isdecimal() else 1
    return await listings.page(click.caller, workspace, wanted, start=max(1, number), replace=True)


async def draft_this(click: Click, workspace: Workspace) -> Answers:
    """Draft an assistant's answer, an idea (`key:number`), or a trend (the words themselves)."""
    key = click.value.partition(":")[0]
    text: str | None = click.value
    if is_key(key):
        kept = await assistants.kept(workspace, key) if key == click.value else None
        text = str(kept["text"]) if kept else await inspiration.kept_idea(workspace, click.value)
    if text is None:
        return Reply(answers.expired_text())
    return await drafts.open_new(click.caller, workspace, text=text, push=bool(click.view_id))


async def scheduled(submission: Submission, workspace: Workspace) -> Answers:
    """The schedule modal: ask for approval of the time in it."""
    about, caller = submission.metadata, submission.caller
    typed = words(submission.state, Action.WHEN)
    when = read_when(typed, now=workspace.clock.now(), zone=str(about["zone"]))
    line = Line("schedule", flags={"note": words(submission.state, Action.NOTE)})
    call = Invocation(caller, line)
    return await asking.for_approval(call, workspace, str(about["post"]), at=when.at, zone=when.zone)


async def picked(submission: Submission, workspace: Workspace) -> Answers:
    """A post was chosen for a verb that was typed without one."""
    verb, chosen = str(submission.metadata["verb"]), words(submission.state, Action.POST)
    command = next(known for known in COMMANDS if known.verb == verb)
    return await command.run(Invocation(submission.caller, Line(verb, chosen)), workspace)


def _check_time(submission: Submission) -> SubmissionAck:
    zone = str(submission.metadata.get("zone") or "UTC")
    try:
        read_when(words(submission.state, Action.WHEN), now=datetime.now(UTC), zone=zone)
    except WhenError as error:
        return ShowErrors(((submission.blocks.get(Action.WHEN, Action.WHEN), error.message),))
    return CloseModal()


def _close(_: Submission) -> CloseModal:
    return CloseModal()


BUTTONS = (
    Button(Action.SHOW_POST, show),
    Button(Action.EDIT_POST, edit),
    Button(Action.DELETE_POST, delete),
    Button(Action.ASK_APPROVAL, ask_approval),
    Button(Action.POST_STATS, stats),
    Button(Action.NEXT_PAGE, page),
    Button(Action.PREVIOUS_PAGE, page),
    Button(Action.DRAFT_THIS, draft_this),
)
MODALS = (Modal(Callback.SCHEDULE, _check_time, scheduled), Modal(Callback.PICK_POST, _close, picked))
