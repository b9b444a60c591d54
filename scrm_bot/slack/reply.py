"""What a handler answers with. Handlers return these; the surface sends them."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from scrm_bot.views.blocks import Block, Message, View


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the person who asked, privately; in the channel with `shared`."""

    message: Message
    shared: bool = False
    replace: bool = False  # put it in the place of the message the click came from


@dataclass(frozen=True, slots=True)
class OpenModal:
    """Open a modal, on top of one that is open (`push`) or on its own.

    `fill` is for what takes longer than a trigger_id lives: `view` is opened at once, and what `fill`
    returns takes its place.
    """

    view: View
    push: bool = False
    fill: Callable[[], Awaitable[View]] | None = None


@dataclass(frozen=True, slots=True)
class UpdateModal:
    """Show another view in place of the one with `view_id`; `fill` as in `OpenModal`."""

    view: View
    view_id: str
    fill: Callable[[], Awaitable[View]] | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is, in the modal that waits for it. It goes on where nobody looks any more."""

    view: View
    view_id: str


@dataclass(frozen=True, slots=True)
class Post:
    """A message into a channel or, with a person's id, a direct message."""

    channel: str
    message: Message
    thread_ts: str = ""


@dataclass(frozen=True, slots=True)
class PublishHome:
    user_id: str
    view: View


@dataclass(frozen=True, slots=True)
class Unfurl:
    """Show previews below a message with links: blocks by address, exactly as it was written."""

    previews: Mapping[str, Sequence[Block]]


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing to say: what changed shows elsewhere."""


Answer = Reply | OpenModal | UpdateModal | Progress | Post | PublishHome | Unfurl | Silence
# Several are sent in order; those of a generator as they come, while it works.
Answers = Answer | Sequence[Answer] | AsyncGenerator[Answer, None]


@dataclass(frozen=True, slots=True)
class CloseModal:
    """Acknowledge a submission by closing: the top view, or with `all` the whole stack."""

    all: bool = False


@dataclass(frozen=True, slots=True)
class ShowErrors:
    """Acknowledge a submission by keeping the modal open with a sentence at each block_id."""

    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShowView:
    """Acknowledge a submission by showing another view in its place, such as "Saving…"."""

    view: View


SubmissionAck = CloseModal | ShowErrors | ShowView


def closes(_: object) -> CloseModal:
    """The check of a modal in which nothing can be filled in wrongly."""
    return CloseModal()
