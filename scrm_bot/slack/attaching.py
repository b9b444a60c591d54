"""Files for a post: offered in a modal, checked beside their field, carried over while somebody watches."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scrm_bot.domain import media as rules
from scrm_bot.domain.approvals import Approval
from scrm_bot.domain.errors import ScrmError, UsageError
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.posts import Post
from scrm_bot.ports import Workspace
from scrm_bot.slack import fileobjects
from scrm_bot.slack.command import Submission
from scrm_bot.slack.reading import new_key, several
from scrm_bot.slack.reply import Progress, ShowErrors
from scrm_bot.usecases.media import Failed, Uploading
from scrm_bot.views import modals, problems
from scrm_bot.views.blocks import Option
from scrm_bot.views.ids import Action

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attached:
    """A post with what arrived: `number` of files, and of the others names with sentences that say why."""

    post: Post
    number: int = 0
    voided: Approval | None = None
    left_out: tuple[tuple[str, str], ...] = ()


def chosen(state: Values) -> tuple[SlackFile, ...]:
    """The files in "Media"."""
    return fileobjects.kept(state.get(Action.MEDIA) or ())


def check(submission: Submission, *, needed: bool = False) -> ShowErrors | None:
    """What speaks against these files, beside the field; from memory alone."""
    also = [SlackFile(file_id) for file_id in several(submission.state, Action.ALSO)]
    files = rules.once([*chosen(submission.state), *also])
    try:
        rules.check(files, needed=needed)
    except UsageError as error:
        block_id = submission.blocks.get(Action.MEDIA, Action.MEDIA)
        return ShowErrors(tuple((block_id, told) for _, told in problems.field_errors(error)))
    return None


async def keep(workspace: Workspace, files: Sequence[SlackFile]) -> str:
    """Where files are kept that a modal offers, "" where there are none."""
    if not files:
        return ""
    key = new_key()
    await workspace.memory.keep(_name(key), {"files": [fileobjects.plain(file) for file in files]})
    return key


async def kept(workspace: Workspace, about: Values) -> tuple[SlackFile, ...]:
    """The files that the modal with this metadata offers."""
    key = str(about.get("files", ""))
    found = await workspace.memory.recall(_name(key)) if key else None
    return fileobjects.kept(found["files"]) if found else ()


def options(files: Sequence[SlackFile]) -> tuple[Option, ...]:
    return tuple(Option(file.label, file.id) for file in files)


async def wanted(workspace: Workspace, state: Values, about: Values) -> tuple[SlackFile, ...]:
    """Everything to attach: what is ticked of what was offered, then what is in "Media"."""
    offered = {file.id: file for file in await kept(workspace, about)}
    ticked = [offered.get(file_id, SlackFile(file_id)) for file_id in several(state, Action.ALSO)]
    return rules.once([*ticked, *chosen(state)])


async def watched(uploading: Uploading, view_id: str, *, title: str) -> AsyncGenerator[Progress, None]:
    """Upload, and tell in the open modal which file it is at."""
    async for turn in uploading.turns():
        view = modals.uploading(title, turn.file.label, number=turn.number, of=turn.of)
        yield Progress(view, view_id)


async def put(uploading: Uploading, post: Post, *, by: str) -> Attached:
    """Attach what arrived. The post stays as it was where that is refused."""
    failed, number = list(uploading.failed), len(uploading.media_ids)
    try:
        edited = await uploading.attach(post.id, by=by)
    except ScrmError as error:
        failed += [Failed(file, error) for file in uploading.arrived]
        return Attached(post, left_out=told(failed))
    return Attached(edited.post, number, edited.voided, told(failed))


def told(failed: Sequence[Failed]) -> tuple[tuple[str, str], ...]:
    """The name of each file that failed, and a sentence that says why."""
    return tuple((each.file.label, problems.sentence(each.error)) for each in failed)


def _name(key: str) -> str:
    return f"files:{key}"
