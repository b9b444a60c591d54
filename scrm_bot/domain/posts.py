"""Posts, and what exactly of a post an approval is about."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Post:
    """A post as SocialCRM last told it.

    `status` is SocialCRM's own word (draft, scheduled, publishing, published, failed); an unknown one is
    kept and shown as it is. Times are aware and in UTC, None where the answer had none. Without
    `accounts_told` the answer did not say where it goes, and `account_ids` is empty for that reason alone.
    """

    id: str
    status: str = "draft"
    body: str = ""
    account_ids: tuple[str, ...] = ()
    media_ids: tuple[str, ...] = ()
    scheduled_at: datetime | None = None
    published_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    error: str = ""
    accounts_told: bool = True


@dataclass(frozen=True, slots=True)
class PostChanges:
    """What a PATCH sends: only what is not None."""

    body: str | None = None
    account_ids: tuple[str, ...] | None = None
    media_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What people approve: the words, where they go, what is attached, and when.

    `at` is None for "publish now". Two contents are equal when they would look the same to readers:
    the order of accounts does not matter, the order of media does. `accounts_told` as in `Post`.
    """

    body: str
    account_ids: tuple[str, ...] = ()
    media_ids: tuple[str, ...] = ()
    at: datetime | None = None
    accounts_told: bool = True

    @property
    def hash(self) -> str:
        """SHA-256 over body, sorted accounts, media and time, in hexadecimal."""
        at = self.at.astimezone(UTC).isoformat() if self.at else ""
        parts = [self.body, sorted(self.account_ids), list(self.media_ids), at]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def content_of(post: Post, *, at: datetime | None) -> Content:
    """What would go out if `post` were published at `at` (None: now) as it stands."""
    return Content(post.body, tuple(sorted(post.account_ids)), post.media_ids, at, post.accounts_told)


class Drift(StrEnum):
    """A part in which a post is not what was approved. Values are stored in Redis: they never change."""

    TEXT = "text"
    ACCOUNTS = "accounts"
    MEDIA = "media"
    TIME = "time"


def drift(post: Post, content: Content) -> tuple[Drift, ...]:
    """In what the post as it is differs from the content, but for its time."""
    return differences(content_of(post, at=content.at), content)


def differences(found: Content, content: Content) -> tuple[Drift, ...]:
    """The same for what was found, but for its time."""
    differs = {
        Drift.TEXT: found.body != content.body,
        Drift.ACCOUNTS: sorted(found.account_ids) != sorted(content.account_ids),
        Drift.MEDIA: found.media_ids != content.media_ids,
    }
    return tuple(part for part, is_different in differs.items() if is_different)


def newest(posts: Iterable[Post]) -> list[Post]:
    """Newest first by creation; posts without a time last, in their own order."""
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(posts, key=lambda post: post.created_at or oldest, reverse=True)
