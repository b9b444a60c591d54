"""What a post may get in the way of: another one of the same account, or the same words once more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scrm_bot.domain.posts import Content, Post
from scrm_bot.domain.traces import out_at, word

NEAR = timedelta(hours=1)
RECENT = timedelta(days=7)
MOST = 3


class ClashKind(StrEnum):
    """Values are stored in Redis: they never change."""

    SAME_HOUR = "same_hour"  # the same account has a post planned within the hour
    SAME_TEXT = "same_text"  # the same words are planned, or went out a short while ago


@dataclass(frozen=True, slots=True)
class Clash:
    """Another post, and when it goes out or went out. `accounts` are those both would use.

    `asked`: it is asked for, or approved and not handed over yet; without a time it goes out at once then.
    """

    kind: ClashKind
    post_id: str
    at: datetime | None = None
    accounts: tuple[str, ...] = ()
    published: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request that has not been acted on would send out."""

    post_id: str
    content: Content


def clashes(
    content: Content,
    others: Iterable[Post],
    *,
    post_id: str,
    now: datetime,
    asked: Iterable[Asked] = (),
) -> tuple[Clash, ...]:
    """What stands against `content` going out at its time, the nearest first, a few at the most.

    A post that SocialCRM has a time for is told by that, whatever has been asked about it.
    """
    at = content.at or now
    found = {other.id: clash for other in others if (clash := _clash(content, other, at=at, now=now))}
    for other in asked:
        clash = _asked_clash(content, other, at=at, now=now)
        if clash:
            found.setdefault(other.post_id, clash)
    found.pop(post_id, None)
    near = sorted(found.values(), key=lambda clash: abs((clash.at or at) - at))
    return tuple(near[:MOST])


def _asked_clash(content: Content, other: Asked, *, at: datetime, now: datetime) -> Clash | None:
    """A request without a time goes out whenever it is approved, so it counts as of now."""
    theirs = other.content
    shared = tuple(sorted({*content.account_ids} & {*theirs.account_ids}))
    if _words(content.body) and _words(content.body) == _words(theirs.body):
        return Clash(ClashKind.SAME_TEXT, other.post_id, theirs.at, shared, asked=True)
    if shared and abs((theirs.at or now) - at) <= NEAR:
        return Clash(ClashKind.SAME_HOUR, other.post_id, theirs.at, shared, asked=True)
    return None


def _clash(content: Content, other: Post, *, at: datetime, now: datetime) -> Clash | None:
    status = word(other)
    moment = out_at(other, now=now) if status == "published" else other.scheduled_at
    shared = tuple(sorted({*content.account_ids} & {*other.account_ids}))
    planned = status == "scheduled"
    recent = status == "published" and moment is not None and now - moment <= RECENT
    if (planned or recent) and _words(content.body) and _words(content.body) == _words(other.body):
        return Clash(ClashKind.SAME_TEXT, other.id, moment, shared, published=recent)
    if planned and shared and moment is not None and abs(moment - at) <= NEAR:
        return Clash(ClashKind.SAME_HOUR, other.id, moment, shared)
    return None


def _words(body: str) -> list[str]:
    """The same words are the same text, however they are spaced."""
    return body.casefold().split()
