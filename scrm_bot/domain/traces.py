"""What a post, as read, says about a call that was meant for it: told from how it looked before the call."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from scrm_bot.domain.posts import Post

UNTOLD = "unknown"  # the status of a post that came without one
KNOWN = frozenset({"draft", "scheduled", "publishing", "published", "failed"})


class Seen(Enum):
    """`UNCLEAR` is neither done nor not done: a word nobody knows, or one that its times contradict."""

    DONE = auto()
    RUNNING = auto()
    BROKEN = auto()
    NOT_DONE = auto()
    UNCLEAR = auto()


@dataclass(frozen=True, slots=True)
class Trace:
    """How a post looked right before a call: what is still so afterwards says nothing about the call."""

    status: str
    updated_at: datetime | None = None
    scheduled_at: datetime | None = None
    published_at: datetime | None = None
    error: str = ""


def trace_of(post: Post) -> Trace:
    return Trace(word(post), post.updated_at, post.scheduled_at, post.published_at, post.error)


def word(post: Post) -> str:
    """SocialCRM's word for the post, in lower case; where it came without one, what its times tell."""
    told = post.status.lower()
    if told != UNTOLD:
        return told
    if post.published_at:
        return "published"
    return "scheduled" if post.scheduled_at else UNTOLD


def out_at(post: Post, *, now: datetime | None = None) -> datetime | None:
    """When it went out: its status tells whether it did, and its plan when, where nothing else does.

    Of a word that the bot does not know, the time is believed. With `now`, a plan that is still ahead tells
    nothing of when.
    """
    told = word(post)
    if told == "published":
        is_ahead = now is not None and post.scheduled_at is not None and post.scheduled_at > now
        return post.published_at or (None if is_ahead else post.scheduled_at)
    return None if told in KNOWN else post.published_at


def is_known(status: str) -> bool:
    """Whether this is one of the words whose meaning the bot knows, or none at all."""
    return status.lower() in KNOWN | {UNTOLD}


def seen(post: Post, *, to_schedule: bool, before: Trace | None = None) -> Seen:
    """`before` is how the post looked before the call, None where that is not known."""
    match word(post):
        case "published":
            return Seen.DONE
        case "scheduled" if to_schedule:
            return Seen.DONE
        case "scheduled" | "publishing":
            return Seen.RUNNING
        case "failed":  # it may have failed long ago
            return Seen.NOT_DONE if trace_of(post) == before else Seen.BROKEN
        case told:
            is_as_before = before is not None and told == before.status and told != UNTOLD
            is_untouched = told == "draft" or is_as_before
            has_a_time = _has_new_time(post, before, to_schedule=to_schedule)
            return Seen.NOT_DONE if is_untouched and not has_a_time else Seen.UNCLEAR


def with_answer(read: Post, answer: Post | None) -> Post:
    """The post as read; where it came without a status, with what the call itself was answered."""
    if answer is None or word(read) != UNTOLD:
        return read
    return replace(
        read,
        status=answer.status,
        scheduled_at=answer.scheduled_at,
        published_at=answer.published_at,
        error=read.error or answer.error,
    )


def _has_new_time(post: Post, before: Trace | None, *, to_schedule: bool) -> bool:
    """Whether it has a time of publication, or one it is scheduled for, that it had not before."""
    was = before or Trace("")
    is_out = post.published_at is not None and post.published_at != was.published_at
    is_planned = post.scheduled_at is not None and post.scheduled_at != was.scheduled_at
    return is_out or (to_schedule and is_planned)
