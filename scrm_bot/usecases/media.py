"""Media: files from Slack to SocialCRM and onto a post, one after the other, never whole in memory."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from scrm_bot.domain import media
from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    NotConnectedError,
    PaymentRequiredError,
    QuotaExceededError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
    UnauthorizedError,
)
from scrm_bot.domain.media import SlackFile
from scrm_bot.domain.posts import PostChanges
from scrm_bot.ports import Workspace
from scrm_bot.usecases import editing
from scrm_bot.usecases.editing import Edited

T = TypeVar("T")

_UPLOADS = 2  # how often one file is sent, each time to a place of its own
_CONFIRMS = 4
_PAUSE = 0.5
_KEPT = 3_600
_PASSING = (SocialCRMAmbiguousError, SocialCRMUnreachableError)
# What refuses one file refuses them all.
_FOR_ALL = (
    ForbiddenScopeError,
    NotConnectedError,
    PaymentRequiredError,
    QuotaExceededError,
    UnauthorizedError,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """The file that comes next: `number` of `of`."""

    number: int
    of: int
    file: SlackFile


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that is not in SocialCRM, and why."""

    file: SlackFile
    error: ScrmError


class Uploading:
    """Several files for one post. What fails is kept beside what succeeds.

    `key` names the deed: done a second time, it sends no file again that arrived the first time.
    """

    def __init__(self, workspace: Workspace, files: Sequence[SlackFile], *, key: str) -> None:
        self._workspace = workspace
        self._files = media.once(files)
        self._name = f"uploaded:{key}"
        self.media_ids: list[str] = []
        self.arrived: list[SlackFile] = []
        self.failed: list[Failed] = []

    async def turns(self) -> AsyncIterator[Turn]:
        """Upload them all; each is told before it is sent."""
        known = await self._workspace.memory.recall(self._name) or {}
        error: ScrmError | None = None
        for number, file in enumerate(self._files, start=1):
            if file.id not in known:
                if not isinstance(error, _FOR_ALL):
                    yield Turn(number, len(self._files), file)
                    error = await self._try(file, known)
                if error:
                    self.failed.append(Failed(file, error))
                    continue
            self.media_ids.append(str(known[file.id]))
            self.arrived.append(file)

    async def _try(self, file: SlackFile, known: dict[str, Any]) -> ScrmError | None:
        """Upload one and note its media id; or what went wrong."""
        try:
            known[file.id] = await upload(self._workspace, file)
        except ScrmError as error:
            return error
        await self._workspace.memory.keep(self._name, known, seconds=_KEPT)
        return None

    async def attach(self, post_id: str, *, by: str) -> Edited:
        """Put what arrived behind the media that the post has. Raises from `ScrmError`."""
        post = await self._workspace.socialcrm.get_post(post_id)
        fresh = [media_id for media_id in self.media_ids if media_id not in post.media_ids]
        if not fresh:
            return Edited(post)
        changes = PostChanges(media_ids=(*post.media_ids, *fresh))
        return await editing.edit_post(self._workspace, post_id, changes, by=by)


async def upload(workspace: Workspace, file: SlackFile) -> str:
    """One file's media id, once SocialCRM has confirmed it. Raises from `ScrmError`."""
    if not file.told:
        file = await workspace.files.find(file.id)
    media.check([file])
    media_id = await _persistently(workspace, partial(_send, workspace, file), tries=_UPLOADS)
    confirm = partial(workspace.socialcrm.confirm_upload, media_id)  # to say it again changes nothing
    await _persistently(workspace, confirm, tries=_CONFIRMS)
    return media_id


async def _send(workspace: Workspace, file: SlackFile) -> str:
    """The bytes, piece by piece from Slack to where SocialCRM wants them."""
    crm = workspace.socialcrm
    async with workspace.files.open(file) as data:
        place = await crm.request_upload(file.filename, content_type=file.mimetype, size=file.size)
        reading = _Reading(data)
        try:
            await crm.send_bytes(place, reading, size=file.size)
        except ScrmError as error:
            if reading.error:
                raise reading.error from error
            raise
    return place.media_id


async def _persistently(workspace: Workspace, call: Callable[[], Awaitable[T]], *, tries: int) -> T:
    """What the call returns, tried again where SocialCRM was not reached or its answer was lost."""
    attempt = 1
    while True:
        try:
            return await call()
        except _PASSING:
            if attempt == tries:
                raise
        await workspace.clock.sleep(_PAUSE * 2 ** (attempt - 1))
        attempt += 1


class _Reading:
    """A file's bytes; remembers what went wrong in Slack, which the sending side reports as its own."""

    def __init__(self, data: AsyncIterator[bytes]) -> None:
        self._data = data
        self.error: ScrmError | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._data:
                yield part
        except ScrmError as error:
            self.error = error
            raise
