"""SocialCRM in memory: posts with state, and a script of what goes wrong with the next calls."""

import itertools
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from scrm_bot.domain.errors import (
    InvalidRequestError,
    NotFoundError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMUnreachableError,
)
from scrm_bot.domain.insights import Account, Idea, Media, Metrics, Optimised, Persona, Trend, Upload
from scrm_bot.domain.posts import Post, PostChanges, newest
from tests.fakes.clock import FixedClock

Change = Callable[[], Post]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one call: `error` is raised; the call is applied at once, never, or late."""

    error: ScrmError | BaseException
    applied: bool = False
    late: timedelta | None = None


class FakeSocialCRM:
    """`calls` is every call by name and post; `sent` every publish and schedule that took effect."""

    def __init__(self, *posts: Post, clock: FixedClock | None = None) -> None:
        self.clock = clock or FixedClock()
        self.posts = {post.id: post for post in posts}
        self.accounts: list[Account] = [Account("acct_1", "instagram", "acme", "Acme", "active")]
        self.numbers: list[Metrics] = []
        self.post_numbers: dict[str, list[Metrics]] = {}
        self.trends: list[Trend] = []
        self.answer = "A better text."
        self.tags = ["#launch", "#acme"]
        self.reads: list[tuple[str, dict[str, str]]] = []
        self.uploads: dict[str, bytes] = {}
        self.calls: list[tuple[str, str]] = []
        self.sent: list[tuple[str, str]] = []
        self.strict = True  # a second publish is refused; without, it goes out a second time
        self.publishing_reads = 0  # how many reads say "publishing" before "published"
        self._faults: dict[str, deque[Fault | None]] = {}
        self._late: list[tuple[datetime, Change]] = []
        self._ids = itertools.count(1)

    # what goes wrong: each call takes the next entry of its method's script

    def refuse(self, method: str, error: ScrmError | BaseException, *, times: int = 1) -> None:
        """The call does nothing and raises."""
        self._script(method).extend([Fault(error)] * times)

    def lose_answer(self, method: str, *, applied: bool = True, late: timedelta | None = None) -> None:
        """The call's answer is lost: it is applied at once, not at all, or `late`."""
        lost = SocialCRMAmbiguousError("read timeout", endpoint=method)
        self._script(method).append(Fault(lost, applied and late is None, late))

    def let_pass(self, method: str) -> None:
        self._script(method).append(None)

    def count(self, method: str) -> int:
        return sum(name == method for name, _ in self.calls)

    def change(self, post_id: str, **changes: Any) -> Post:
        """Somebody edits the post in SocialCRM's own page."""
        self.posts[post_id] = replace(self.posts[post_id], **changes)
        return self.posts[post_id]

    # the 20 endpoints

    async def list_posts(self, *, limit: int = 20, offset: int = 0) -> Sequence[Post]:
        self._enter("list_posts")
        return newest(self.posts.values())[offset : offset + limit]

    async def create_draft(
        self, body: str, *, account_ids: Sequence[str], media_ids: Sequence[str] = ()
    ) -> Post:
        def create() -> Post:
            post_id = f"post_{next(self._ids)}"
            made_at = self.clock.now()
            return Post(post_id, "draft", body, tuple(account_ids), tuple(media_ids), created_at=made_at)

        return self._write("create_draft", "", create)

    async def get_post(self, post_id: str) -> Post:
        self._enter("get_post", post_id)
        post = self._existing(post_id)
        if post.status == "publishing":
            if not self.publishing_reads:
                post = self.change(post_id, status="published", published_at=self.clock.now())
            self.publishing_reads = max(0, self.publishing_reads - 1)
        return post

    async def update_post(self, post_id: str, changes: PostChanges) -> Post:
        def update() -> Post:
            post = self._existing(post_id)
            return replace(
                post,
                body=post.body if changes.body is None else changes.body,
                account_ids=post.account_ids if changes.account_ids is None else changes.account_ids,
                media_ids=post.media_ids if changes.media_ids is None else changes.media_ids,
            )

        return self._write("update_post", post_id, update)

    async def delete_post(self, post_id: str) -> None:
        fault = self._enter("delete_post", post_id, raises=False)
        if fault is None or fault.applied:
            self._existing(post_id)
            del self.posts[post_id]
        if fault:
            raise fault.error

    def _check_time(self, deadline: datetime | None) -> None:
        if deadline and self.clock.now() > deadline:
            raise SocialCRMUnreachableError("too late to be sent")

    async def schedule_post(self, post_id: str, *, at: datetime, deadline: datetime | None = None) -> Post:
        self._check_time(deadline)

        def schedule() -> Post:
            post = self._existing(post_id)
            self.sent.append(("schedule", post_id))
            return replace(post, status="scheduled", scheduled_at=at)

        return self._write("schedule_post", post_id, schedule)

    async def publish_post(self, post_id: str, *, deadline: datetime | None = None) -> Post:
        self._check_time(deadline)

        def publish() -> Post:
            post = self._existing(post_id)
            if self.strict and post.status in {"publishing", "published"}:
                raise InvalidRequestError("This post is published already.")
            self.sent.append(("publish", post_id))
            if self.publishing_reads:
                return replace(post, status="publishing")
            return replace(post, status="published", published_at=self.clock.now())

        return self._write("publish_post", post_id, publish)

    async def get_post_analytics(self, post_id: str) -> Sequence[Metrics]:
        self._enter("get_post_analytics", post_id)
        return self.post_numbers.get(post_id, [])

    async def rewrite(self, text: str, *, tone: str) -> str:
        self._enter("rewrite")
        return self.answer

    async def compose(self, prompt: str, *, tone: str = "") -> str:
        self._enter("compose")
        return self.answer

    async def suggest_hashtags(self, text: str) -> Sequence[str]:
        self._enter("suggest_hashtags")
        return self.tags

    async def expand_into_thread(self, text: str) -> Sequence[str]:
        self._enter("expand_into_thread")
        return [text, self.answer]

    async def generate_ideas(self, topic: str = "", *, count: int = 5) -> Sequence[Idea]:
        self._enter("generate_ideas")
        return [Idea(f"Idea {number}", topic) for number in range(1, count + 1)]

    async def optimise(self, text: str) -> Optimised:
        self._enter("optimise")
        return Optimised(self.answer, ("Ask a question.",))

    async def list_accounts(self, *, limit: int = 50, offset: int = 0) -> Sequence[Account]:
        self._enter("list_accounts")
        return self.accounts[offset : offset + limit]

    async def get_account_analytics(self) -> Sequence[Metrics]:
        self._enter("get_account_analytics")
        return self.numbers

    async def get_persona(self) -> Persona:
        self._enter("get_persona")
        return Persona((("voice", ("Warm", "Plain")),))

    async def list_trending(self, *, limit: int = 20, offset: int = 0) -> Sequence[Trend]:
        self._enter("list_trending")
        return self.trends[offset : offset + limit]

    async def request_upload(self, filename: str, *, content_type: str, size: int) -> Upload:
        self._enter("request_upload")
        return Upload(f"media_{next(self._ids)}", f"https://upload.example/{filename}")

    async def confirm_upload(self, media_id: str) -> Media:
        self._enter("confirm_upload")
        return Media(media_id, status="ready")

    async def walk_posts(self, *, most: int = 1000) -> AsyncIterator[Post]:
        for offset in range(0, most, 50):
            page = await self.list_posts(limit=min(50, most - offset), offset=offset)
            for post in page:
                yield post
            if len(page) < 50:
                return

    async def send_bytes(self, upload: Upload, data: AsyncIterable[bytes], *, size: int) -> None:
        self._enter("send_bytes")
        self.uploads[upload.media_id] = b"".join([chunk async for chunk in data])

    async def read(self, path: str, params: Mapping[str, str]) -> Any:
        self._enter("read")
        self.reads.append((path, dict(params)))
        return {"data": [{"id": post_id} for post_id in self.posts]}

    # how a call goes

    def _script(self, method: str) -> deque[Fault | None]:
        return self._faults.setdefault(method, deque())

    def _enter(self, method: str, post_id: str = "", *, raises: bool = True) -> Fault | None:
        self.calls.append((method, post_id))
        self.catch_up()
        script = self._script(method)
        fault = script.popleft() if script else None
        if fault and raises:
            raise fault.error
        return fault

    def _write(self, method: str, post_id: str, change: Change) -> Post:
        fault = self._enter(method, post_id, raises=False)
        if fault and fault.late is not None:
            self._late.append((self.clock.now() + fault.late, change))
        if fault is None or fault.applied:
            post = change()
            self.posts[post.id] = post
        if fault:
            raise fault.error
        return post

    def catch_up(self) -> None:
        """What has become due: late changes are applied, scheduled posts are published."""
        now = self.clock.now()
        due = [change for at, change in self._late if at <= now]
        self._late = [(at, change) for at, change in self._late if at > now]
        for change in due:
            try:
                post = change()
            except (InvalidRequestError, NotFoundError):
                continue
            self.posts[post.id] = post
        for post in list(self.posts.values()):
            if post.status == "scheduled" and post.scheduled_at and post.scheduled_at <= now:
                self.change(post.id, status="published", published_at=post.scheduled_at)

    def _existing(self, post_id: str) -> Post:
        if post_id not in self.posts:
            raise NotFoundError("no such post", endpoint="/posts/{id}")
        return self.posts[post_id]
