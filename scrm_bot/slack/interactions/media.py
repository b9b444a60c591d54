"""Attaching files to a post that is there."""

from collections.abc import AsyncGenerator

from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack import attaching
from scrm_bot.slack.answering import opened
from scrm_bot.slack.command import Button, Click, Modal, Submission
from scrm_bot.slack.reading import metadata
from scrm_bot.slack.reply import (
    Answer,
    Answers,
    OpenModal,
    Reply,
    ShowView,
    SubmissionAck,
    UpdateModal,
)
from scrm_bot.usecases import accounts, editing, workspaces
from scrm_bot.usecases.media import Uploading
from scrm_bot.views import answers, modals, posts
from scrm_bot.views.blocks import Message
from scrm_bot.views.ids import Action, Callback

_TITLE = "Attach media"


async def open_attach(click: Click, workspace: Workspace) -> Answers:
    post = await workspace.socialcrm.get_post(click.value)
    told = metadata(channel=click.caller.channel, post=post.id)
    return opened(click, OpenModal(modals.attach(post, metadata=told)))


def check(submission: Submission) -> SubmissionAck:
    return attaching.check(submission, needed=True) or ShowView(modals.working(_TITLE, "Attaching…"))


async def attach(submission: Submission, workspace: Workspace) -> Answers:
    """What cannot be changed any more is told before anything is sent."""
    await editing.check_open(workspace, str(submission.metadata["post"]))
    return _carried(submission, workspace)


async def _carried(submission: Submission, workspace: Workspace) -> AsyncGenerator[Answer, None]:
    post = await workspace.socialcrm.get_post(str(submission.metadata["post"]))
    files = await attaching.wanted(workspace, submission.state, submission.metadata)
    uploading = Uploading(workspace, files, key=submission.view_id)
    async for progress in attaching.watched(uploading, submission.view_id, title=_TITLE):
        yield progress
    attached = await attaching.put(uploading, post, by=submission.caller.user_id)
    told = await _told(workspace, attached, by=submission.caller.user_id)
    yield Reply(told)
    yield UpdateModal(modals.notice(_TITLE, told), submission.view_id)


async def _told(workspace: Workspace, attached: attaching.Attached, *, by: str) -> Message:
    known, zone = await accounts.known_or_none(workspace), await workspaces.zone_for(workspace, by)
    words = answers.attached_words(attached.number, voided=attached.voided is not None)
    told = posts.drafted(attached.post, accounts=known, zone=zone, saved=words)
    if not attached.left_out:
        return told
    return answers.without_files(told, attached.post.id, attached.left_out)


BUTTONS = (Button(Action.ATTACH, open_attach, role=Role.EDITOR),)
MODALS = (Modal(Callback.ATTACH, check, attach, role=Role.EDITOR),)
