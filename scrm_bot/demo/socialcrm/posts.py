"""The posts of the workspace, and what time does to them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from scrm_bot.demo.socialcrm.clock import Clock
from scrm_bot.demo.socialcrm.errors import invalid, missing


class Status(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    id: str
    body: str
    account_ids: tuple[str, ...]
    media_ids: tuple[str, ...] = ()
    status: Status = Status.DRAFT
    created_at: datetime
    updated_at: datetime
    scheduled_at: datetime | None = None
    publishing_since: datetime | None = None
    published_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What changes of a post; None leaves a part as it is."""

    body: str | None = None
    account_ids: tuple[str, ...] | None = None
    media_ids: tuple[str, ...] | None = None
    scheduled_at: datetime | None = None


class PostBook:
    """Every post by id. Reading settles first, so no one sees a status that time has passed."""

    def __init__(
        self, *, now: Clock, takes: timedelta, failure: Callable[[Post], str | None], posts: Iterable[Post]
    ) -> None:
        self._now = now
        self._takes = takes
        self._failure = failure
        self.by_id = {post.id: post for post in posts}
        self.went_out: Counter[str] = Counter()  # how often each post really reached its networks
        self._last_number = max((int(post_id.removeprefix("post_")) for post_id in self.by_id), default=100)

    def settle(self) -> None:
        """Do what is due: scheduled posts start, started posts end."""
        now = self._now()
        for post in list(self.by_id.values()):
            self.by_id[post.id] = self._settled(post, now)

    def newest_first(self) -> Sequence[Post]:
        self.settle()
        return sorted(self.by_id.values(), key=lambda post: (post.created_at, _number(post)), reverse=True)

    def get(self, post_id: str) -> Post:
        self.settle()
        if post_id not in self.by_id:
            raise missing("This post")
        return self.by_id[post_id]

    def create(self, *, body: str, account_ids: tuple[str, ...], media_ids: tuple[str, ...]) -> Post:
        self._last_number += 1
        now = self._now()
        return self._keep(
            Post(
                id=f"post_{self._last_number}",
                body=body,
                account_ids=account_ids,
                media_ids=media_ids,
                created_at=now,
                updated_at=now,
            )
        )

    def edit(self, post_id: str, edit: Edit) -> Post:
        post = self._still_open(post_id)
        if edit.scheduled_at is not None and post.status is not Status.SCHEDULED:
            raise invalid("scheduled_at can only be changed on a scheduled post.")
        if edit.scheduled_at is not None:
            self._refuse_past(edit.scheduled_at)
        return self._keep(
            replace(
                post,
                body=post.body if edit.body is None else edit.body,
                account_ids=post.account_ids if edit.account_ids is None else edit.account_ids,
                media_ids=post.media_ids if edit.media_ids is None else edit.media_ids,
                scheduled_at=edit.scheduled_at or post.scheduled_at,
                updated_at=self._now(),
            )
        )

    def remove(self, post_id: str) -> None:
        if self.get(post_id).status is Status.PUBLISHING:
            raise invalid(f"status: {post_id} is being published.")
        del self.by_id[post_id]

    def schedule(self, post_id: str, at: datetime) -> Post:
        post = self._ready(post_id)
        self._refuse_past(at)
        return self._keep(
            replace(post, status=Status.SCHEDULED, scheduled_at=at, error=None, updated_at=self._now())
        )

    def publish(self, post_id: str, *, at_once: bool) -> Post:
        post = self._ready(post_id)
        now = self._now()
        since = now - self._takes if at_once else now
        self._keep(
            replace(
                post,
                status=Status.PUBLISHING,
                publishing_since=since,
                scheduled_at=None,
                error=None,
                updated_at=now,
            )
        )
        return self.get(post_id)

    def _settled(self, post: Post, now: datetime) -> Post:
        if post.status is Status.SCHEDULED and post.scheduled_at is not None and post.scheduled_at <= now:
            post = replace(
                post,
                status=Status.PUBLISHING,
                publishing_since=post.scheduled_at,
                updated_at=post.scheduled_at,
            )
        if post.status is not Status.PUBLISHING or post.publishing_since is None:
            return post
        ended = post.publishing_since + self._takes
        return self._ended(post, ended) if ended <= now else post

    def _ended(self, post: Post, at: datetime) -> Post:
        if reason := self._failure(post):
            return replace(post, status=Status.FAILED, error=reason, publishing_since=None, updated_at=at)
        self.went_out[post.id] += 1
        return replace(
            post, status=Status.PUBLISHED, published_at=at, publishing_since=None, error=None, updated_at=at
        )

    def _ready(self, post_id: str) -> Post:
        post = self._still_open(post_id)
        if not post.account_ids:
            raise invalid(f"account_ids: {post_id} has no account to go out on.")
        return post

    def _still_open(self, post_id: str) -> Post:
        post = self.get(post_id)
        if post.status in {Status.PUBLISHED, Status.PUBLISHING}:
            raise invalid(f"status: {post_id} is already {post.status}.")
        return post

    def _refuse_past(self, at: datetime) -> None:
        if at <= self._now():
            raise invalid("scheduled_at must be in the future.")

    def _keep(self, post: Post) -> Post:
        self.by_id[post.id] = post
        return post


def _number(post: Post) -> int:
    return int(post.id.removeprefix("post_"))
