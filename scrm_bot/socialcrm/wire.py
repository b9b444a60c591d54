"""SocialCRM's JSON: its envelope, posts, accounts and files.

A reading takes the JSON of an answer and returns domain objects; what fits no variant is a `ValueError`,
as pydantic's `ValidationError` is one. Unknown fields are ignored. Here and in the files `wire_*.py` is every
assumption about what the documentation leaves open: a fact learnt later changes a line.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import pydantic_core
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from scrm_bot.domain import insights, posts, traces
from scrm_bot.socialcrm.wire_parts import MisfitError, first_text

REASON_NAMES = ("message", "reason", "detail", "code")
UNTOLD_STATUS = traces.UNTOLD  # a post that came without a status: the documentation's own example has such


def parsed(body: bytes) -> Any:
    """The JSON of an answer as it came; None for an empty body."""
    return pydantic_core.from_json(body, allow_inf_nan=False) if body.strip() else None


def payload(body: bytes) -> Any:
    """The JSON of an answer, out of its `data` envelope where there is one; `null` in it is an empty list."""
    value = parsed(body)
    if isinstance(value, dict) and "data" in value and "id" not in value:
        return [] if value["data"] is None else value["data"]
    return value


def _utc(value: datetime) -> datetime:
    """Aware, in UTC; a time without a zone is taken for UTC."""
    try:
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        raise MisfitError("a time outside the calendar") from None


def _or_nothing(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValueError:
        return None


def _reason(value: Any) -> str:
    """Why a post failed, for people: a text, or an object with one; anything else tells nothing."""
    return value if isinstance(value, str) else first_text(value, REASON_NAMES)


Id = Annotated[str, Field(min_length=1)]
Moment = Annotated[datetime, AfterValidator(_utc)] | None
# Nothing is decided by it, so that one which cannot be read costs nothing else.
MinorMoment = Annotated[Moment, WrapValidator(_or_nothing)]


class _Object(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, value: Any) -> Any:
        """What is there but empty is not told: another name of the same may tell it."""
        return {k: v for k, v in value.items() if v not in (None, "")} if isinstance(value, dict) else value


class Post(_Object):
    id: Id
    status: str | None = None
    body: str | None = None
    account_ids: tuple[Id, ...] | None = None
    media_ids: tuple[Id, ...] | None = None
    scheduled_at: Moment = None
    published_at: Moment = None
    created_at: MinorMoment = None
    updated_at: MinorMoment = None
    error: Annotated[str, BeforeValidator(_reason)] = ""

    @property
    def is_whole(self) -> bool:
        """Whether it tells where the post goes: the documentation's own example of a new post does not."""
        return self.account_ids is not None

    def to_domain(self) -> posts.Post:
        return posts.Post(
            id=self.id,
            status=self.status or UNTOLD_STATUS,
            body=self.body or "",
            account_ids=self.account_ids or (),
            media_ids=self.media_ids or (),
            scheduled_at=self.scheduled_at,
            published_at=self.published_at,
            created_at=self.created_at,
            updated_at=self.updated_at,
            error=self.error,
            accounts_told=self.is_whole,
        )


class Account(_Object):
    id: Id
    network: str | None = Field(None, validation_alias=AliasChoices("network", "platform", "provider"))
    handle: str | None = Field(None, validation_alias=AliasChoices("handle", "username"))
    name: str | None = None
    status: str | None = None

    def to_domain(self) -> insights.Account:
        return insights.Account(
            id=self.id,
            network=self.network or "",
            handle=self.handle or "",
            name=self.name or "",
            status=self.status or "",
        )


class Upload(_Object):
    id: Id = Field(validation_alias=AliasChoices("id", "media_id"))
    url: Id = Field(validation_alias=AliasChoices("upload_url", "url"))
    method: str | None = None
    headers: dict[str, str] | None = None

    def to_domain(self) -> insights.Upload:
        headers = tuple((self.headers or {}).items())
        return insights.Upload(self.id, self.url, self.method or "PUT", headers)


class Media(_Object):
    id: Id | None = Field(None, validation_alias=AliasChoices("id", "media_id"))
    url: str | None = None
    status: str | None = None

    def to_domain(self, media_id: str) -> insights.Media:
        return insights.Media(self.id or media_id, self.url or "", self.status or "")


_POSTS = TypeAdapter(list[Post])
_ACCOUNTS = TypeAdapter(list[Account])


def post(value: Any) -> Post | None:
    """The post, or None where the answer was empty: then it is to be read."""
    return Post.model_validate(value) if value else None


def post_list(value: Any) -> tuple[posts.Post, ...]:
    return tuple(each.to_domain() for each in _POSTS.validate_python(value))


def account_list(value: Any) -> tuple[insights.Account, ...]:
    return tuple(each.to_domain() for each in _ACCOUNTS.validate_python(value))


def upload(value: Any) -> insights.Upload:
    return Upload.model_validate(value).to_domain()


def media(value: Any, *, media_id: str) -> insights.Media:
    """An empty answer confirms too."""
    return Media.model_validate(value or {}).to_domain(media_id)
