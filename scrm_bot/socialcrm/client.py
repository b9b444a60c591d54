"""SocialCRM for one workspace: one method for each documented endpoint, in the documentation's order."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    QuotaExceededError,
    ScrmError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    UnauthorizedError,
)
from scrm_bot.domain.insights import Account, Idea, Media, Metrics, Optimised, Persona, Trend, Upload
from scrm_bot.domain.posts import Post, PostChanges
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Lane, OnWait
from scrm_bot.socialcrm import endpoints, uploads, wire, wire_numbers, wire_words
from scrm_bot.socialcrm.endpoints import Endpoint
from scrm_bot.socialcrm.http import Caller, Http

LARGEST_PAGE = 50

Key = Callable[[], Awaitable[tuple[Secret, str]]]
OnQuota = Callable[[str], Awaitable[None]]
"""Told the method and path template of a call that the plan's quota refused; raises nothing."""
OnKey = Callable[[SocialCRMError, str], Awaitable[None]]
"""Told the refusal of a key, or of what it may do, and the key's fingerprint; raises nothing."""
T = TypeVar("T")


class SocialCRMClient:
    """The `SocialCRM` port over HTTP. The key is asked for at each call and never kept."""

    def __init__(
        self,
        http: Http,
        key: Key,
        lane: Lane,
        *,
        on_wait: OnWait | None = None,
        on_quota: OnQuota | None = None,
        on_key: OnKey | None = None,
    ) -> None:
        self._http = http
        self._key = key
        self._lane = lane
        self._on_wait = on_wait
        self._on_quota = on_quota
        self._on_key = on_key

    async def list_posts(self, *, limit: int = 20, offset: int = 0) -> Sequence[Post]:
        """GET /v1/posts. Needs `posts:read`."""
        return await self._get(endpoints.LIST_POSTS, wire.post_list, params=_page(limit, offset))

    async def create_draft(
        self, body: str, *, account_ids: Sequence[str], media_ids: Sequence[str] = ()
    ) -> Post:
        """POST /v1/posts. Needs `posts:write`. What the answer leaves out is as it was sent."""
        sent: dict[str, Any] = {"body": body, "account_ids": list(account_ids)}
        if media_ids:
            sent["media_ids"] = list(media_ids)
        answer = await self._change(endpoints.CREATE_POST, wire.post, sent=sent)
        told = _whole(endpoints.CREATE_POST, answer)
        status = told.status if told.status != wire.UNTOLD_STATUS else "draft"
        accounts, media = told.account_ids or tuple(account_ids), told.media_ids or tuple(media_ids)
        sent_as = replace(told, status=status, body=told.body or body, account_ids=accounts, media_ids=media)
        return replace(sent_as, accounts_told=True)

    async def get_post(self, post_id: str) -> Post:
        """GET /v1/posts/{id}. Needs `posts:read`."""
        return _whole(endpoints.GET_POST, await self._get(endpoints.GET_POST, wire.post, item=post_id))

    async def update_post(self, post_id: str, changes: PostChanges) -> Post:
        """PATCH /v1/posts/{id}, with only what changes. Needs `posts:write`."""
        sent = {name: value for name, value in asdict(changes).items() if value is not None}
        return await self._changed(endpoints.UPDATE_POST, post_id, sent)

    async def delete_post(self, post_id: str) -> None:
        """DELETE /v1/posts/{id}. Needs `posts:write`."""
        await self._send(endpoints.DELETE_POST, item=post_id)

    async def schedule_post(self, post_id: str, *, at: datetime, deadline: datetime | None = None) -> Post:
        """POST /v1/posts/{id}/schedule. Needs `posts:publish`."""
        sent = {"scheduled_at": at.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        return await self._changed(endpoints.SCHEDULE_POST, post_id, sent, deadline=deadline)

    async def publish_post(self, post_id: str, *, deadline: datetime | None = None) -> Post:
        """POST /v1/posts/{id}/publish. Needs `posts:publish`."""
        return await self._changed(endpoints.PUBLISH_POST, post_id, {}, deadline=deadline)

    async def get_post_analytics(self, post_id: str) -> Sequence[Metrics]:
        """GET /v1/posts/{id}/analytics. Needs `insights:read`."""
        return await self._get(endpoints.GET_POST_ANALYTICS, wire_numbers.metrics, item=post_id)

    async def rewrite(self, text: str, *, tone: str) -> str:
        """POST /v1/ai/rewrite. Needs `ai:generate`."""
        return await self._change(endpoints.REWRITE, wire_words.text, sent={"text": text, "tone": tone})

    async def compose(self, prompt: str, *, tone: str = "") -> str:
        """POST /v1/ai/compose. Needs `ai:generate`."""
        sent = {"prompt": prompt, "tone": tone} if tone else {"prompt": prompt}
        return await self._change(endpoints.COMPOSE, wire_words.text, sent=sent)

    async def suggest_hashtags(self, text: str) -> Sequence[str]:
        """POST /v1/ai/hashtags. Needs `ai:generate`."""
        return await self._change(endpoints.SUGGEST_HASHTAGS, wire_words.hashtags, sent={"text": text})

    async def expand_into_thread(self, text: str) -> Sequence[str]:
        """POST /v1/ai/thread. Needs `ai:generate`."""
        return await self._change(endpoints.EXPAND_INTO_THREAD, wire_words.thread, sent={"text": text})

    async def generate_ideas(self, topic: str = "", *, count: int = 5) -> Sequence[Idea]:
        """POST /v1/ai/ideas. Needs `ai:generate`."""
        sent: dict[str, Any] = {"topic": topic, "count": count} if topic else {"count": count}
        return await self._change(endpoints.GENERATE_IDEAS, wire_words.ideas, sent=sent)

    async def optimise(self, text: str) -> Optimised:
        """POST /v1/ai/optimise. Needs `ai:generate`."""
        return await self._change(endpoints.OPTIMISE, wire_words.optimised, sent={"text": text})

    async def list_accounts(self, *, limit: int = LARGEST_PAGE, offset: int = 0) -> Sequence[Account]:
        """GET /v1/accounts. Needs `insights:read`."""
        return await self._get(endpoints.LIST_ACCOUNTS, wire.account_list, params=_page(limit, offset))

    async def get_account_analytics(self) -> Sequence[Metrics]:
        """GET /v1/accounts/analytics. Needs `insights:read`."""
        return await self._get(endpoints.GET_ACCOUNT_ANALYTICS, wire_numbers.metrics)

    async def get_persona(self) -> Persona:
        """GET /v1/persona. Needs `insights:read`."""
        return await self._get(endpoints.GET_PERSONA, wire_words.persona)

    async def list_trending(self, *, limit: int = 20, offset: int = 0) -> Sequence[Trend]:
        """GET /v1/trending. Needs `insights:read`."""
        return await self._get(endpoints.LIST_TRENDING, wire_words.trends, params=_page(limit, offset))

    async def request_upload(self, filename: str, *, content_type: str, size: int) -> Upload:
        """POST /v1/media/upload-url. Needs `media:write`."""
        sent = {"filename": filename, "content_type": content_type, "size": size}
        return await self._change(endpoints.REQUEST_UPLOAD, wire.upload, sent=sent)

    async def confirm_upload(self, media_id: str) -> Media:
        """POST /v1/media/{id}/confirm. Needs `media:write`."""
        reading = partial(wire.media, media_id=media_id)
        return await self._change(endpoints.CONFIRM_UPLOAD, reading, item=media_id, sent={})

    async def walk_posts(self, *, most: int = 1000) -> AsyncIterator[Post]:
        """Every post once, page by page until a short page, `most` at the most."""
        seen: set[str] = set()
        offset = 0
        while len(seen) < most:
            page = await self.list_posts(limit=LARGEST_PAGE, offset=offset)
            # A post made meanwhile moves the others: what was on the last page comes again on this one.
            fresh = [post for post in page if post.id not in seen]
            for post in fresh[: most - len(seen)]:
                seen.add(post.id)
                yield post
            if len(page) < LARGEST_PAGE or not fresh:
                return
            offset += LARGEST_PAGE

    async def send_bytes(self, upload: Upload, data: AsyncIterable[bytes], *, size: int) -> None:
        """Put a file's bytes where `upload` says, without the API key."""
        await uploads.send(self._http, upload, data, size=size)

    async def read(self, path: str, params: Mapping[str, str]) -> Any:
        """A documented GET as it came: JSON. Raises `UsageError` for any other path."""
        endpoint, item, given = endpoints.documented_get(path)
        body = await self._send(endpoint, item=item, params={**given, **params})
        return _understood(endpoint, body, wire.parsed)

    async def _get(
        self,
        endpoint: Endpoint,
        reading: Callable[[Any], T],
        *,
        item: str = "",
        params: Mapping[str, str] | None = None,
    ) -> T:
        body = await self._send(endpoint, item=item, params=params)
        return _understood(endpoint, body, lambda told: reading(wire.payload(told)))

    async def _change(
        self,
        endpoint: Endpoint,
        reading: Callable[[Any], T],
        *,
        sent: Mapping[str, Any],
        item: str = "",
        deadline: datetime | None = None,
    ) -> T:
        body = await self._send(endpoint, item=item, payload=sent, deadline=deadline)
        return _understood(endpoint, body, lambda told: reading(wire.payload(told)))

    async def _send(
        self,
        endpoint: Endpoint,
        *,
        item: str = "",
        params: Mapping[str, str] | None = None,
        payload: Mapping[str, Any] | None = None,
        deadline: datetime | None = None,
    ) -> bytes:
        key, fingerprint = await self._key()
        caller = Caller(key, fingerprint, self._lane, self._on_wait)
        try:
            return await self._http.call(
                endpoint, caller, item=item, params=params, payload=payload, deadline=deadline
            )
        except QuotaExceededError:
            if self._on_quota:
                await self._on_quota(endpoint.name)
            raise
        except (UnauthorizedError, ForbiddenScopeError) as error:
            if self._on_key:
                await self._on_key(error, fingerprint)
            raise

    async def _changed(
        self, endpoint: Endpoint, post_id: str, sent: Mapping[str, Any], *, deadline: datetime | None = None
    ) -> Post:
        """The post after a change; read where the answer is empty or tells it only in part."""
        told = await self._change(endpoint, wire.post, item=post_id, sent=sent, deadline=deadline)
        if told is not None and told.is_whole:
            return told.to_domain()
        try:
            return await self.get_post(post_id)
        except ScrmError as error:
            # Whatever stands in the way of reading, the change itself was accepted.
            raise SocialCRMAmbiguousError("accepted, but not read back", endpoint=endpoint.name) from error


def _whole(endpoint: Endpoint, told: wire.Post | None) -> Post:
    if told is None:
        raise SocialCRMContractError("the answer is empty", endpoint=endpoint.name)
    return told.to_domain()


def _understood(endpoint: Endpoint, body: bytes, reading: Callable[[bytes], T]) -> T:
    try:
        return reading(body)
    except ValueError as error:
        odd = type(error).__name__  # its text may quote the answer
    raise SocialCRMContractError(f"the answer was not understood ({odd})", endpoint=endpoint.name)


def _page(limit: int, offset: int) -> dict[str, str]:
    return {"limit": str(limit), "offset": str(offset)} if offset else {"limit": str(limit)}
