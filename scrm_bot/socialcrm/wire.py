"""SocialCRM's JSON, and every assumption about what its documentation leaves open.

A reading takes the JSON of an answer and returns domain objects; what fits no variant is a `ValueError`,
as pydantic's `ValidationError` is one. Unknown fields are ignored. A fact learnt later changes a line here.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, TypeVar

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

# Where the documentation is silent on a list's name, these are looked for, first to last.
HASHTAG_LISTS = ("hashtags",)
THREAD_LISTS = ("posts", "thread", "parts")
IDEA_LISTS = ("ideas",)
TREND_LISTS = ("trending", "topics", "trends")
ROW_LISTS = ("accounts", "analytics", "metrics", "rows")
# A level of its own around the numbers, which is not part of their names.
WRAPPERS = frozenset({"metrics", "analytics", "totals", "stats", "values"})
TEXT_NAMES = ("text", "body")
SUGGESTION_NAMES = ("text", "body", "suggestion", "message", "title", "description")
HASHTAG_NAMES = ("hashtag", "tag", "name", "text")
TOPIC_NAMES = ("topic", "title", "name", "hashtag")
VOLUME_NAMES = ("volume", "score", "posts")
REASON_NAMES = ("message", "reason", "detail", "code")
ACCOUNT_ID_NAMES = ("account_id", "accountId", "social_account_id", "socialAccountId")
ACCOUNT_NAMES = ("account", "social_account")
NETWORK_NAMES = ("network", "platform", "provider")
HANDLE_NAMES = ("handle", "username")
UNTOLD_STATUS = traces.UNTOLD  # a post that came without a status: the documentation's own example has such

_T = TypeVar("_T")

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)


class MisfitError(ValueError):
    """JSON that fits no variant of what was asked for."""


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
    return value if isinstance(value, str) else _first_text(value, REASON_NAMES)


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


def text(value: Any) -> str:
    return _text(value, TEXT_NAMES)


def hashtags(value: Any) -> tuple[str, ...]:
    """Each once, in their order, with one `#`."""
    words = value.split() if isinstance(value, str) else _list(value, HASHTAG_LISTS)
    bare = (word.strip().lstrip("#") for word in _each(words, partial(_text, names=HASHTAG_NAMES)))
    return tuple(dict.fromkeys(f"#{word}" for word in bare if word))


def thread(value: Any) -> tuple[str, ...]:
    return _each(_list(value, THREAD_LISTS), partial(_text, names=TEXT_NAMES))


def ideas(value: Any) -> tuple[insights.Idea, ...]:
    return _each(_list(value, IDEA_LISTS), _idea)


def _idea(item: Any) -> insights.Idea:
    if isinstance(item, str):
        return insights.Idea(_text(item, ()))
    told = _first_text(item, ("text", "description"))
    title = _first_text(item, ("title",))
    if not (title or told):
        raise MisfitError("an idea without words")
    return insights.Idea(title, told) if title else insights.Idea(told)


def optimised(value: Any) -> insights.Optimised:
    """The text is what was asked for: suggestions that cannot be read are left out."""
    told = value.get("suggestions") if isinstance(value, dict) else None
    suggestions = told if isinstance(told, list) else [told]
    read = (each if isinstance(each, str) else _first_text(each, SUGGESTION_NAMES) for each in suggestions)
    return insights.Optimised(text(value), tuple(each for each in read if each))


def persona(value: Any) -> insights.Persona:
    """Strings and lists of strings, in the order they came; anything else is not part of a voice."""
    if value == []:
        return insights.Persona()
    if not isinstance(value, dict):
        raise MisfitError("a persona that is no object")
    traits = ((name, _strings(told)) for name, told in value.items() if _counts(name))
    return insights.Persona(tuple((name, told) for name, told in traits if told))


def _strings(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str) and each)


def trends(value: Any) -> tuple[insights.Trend, ...]:
    return _each(_list(value, TREND_LISTS), _trend)


def _trend(item: Any) -> insights.Trend:
    topic = _text(item, TOPIC_NAMES)
    told = item if isinstance(item, dict) else {}
    volumes = (number(told.get(name)) for name in VOLUME_NAMES)
    return insights.Trend(topic, next((volume for volume in volumes if volume is not None), None))


def metrics(value: Any) -> tuple[insights.Metrics, ...]:
    """One row for an object, a row each for a list; a row for each account where they are keyed by it."""
    if isinstance(value, dict):
        value = next((value[name] for name in ROW_LISTS if isinstance(value.get(name), list)), value)
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise MisfitError("numbers that are no object")
    if len(rows) == 1 and _keyed_by_account(rows[0]):
        rows = [{"account_id": name, **row} for name, row in rows[0].items()]
    if rows and all(map(_is_one_number, rows)):
        rows = _pivoted(rows)
    return tuple(_metrics(row, is_alone=len(rows) == 1) for row in rows)


def _keyed_by_account(row: Mapping[str, Any]) -> bool:
    """Whether the names are accounts', not metrics' that come in parts."""
    are_objects = bool(row) and all(isinstance(each, dict) for each in row.values())
    return are_objects and not any(name in WRAPPERS or _is_metric(name) for name in row)


def _is_metric(name: str) -> bool:
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return snake in insights.KNOWN_METRICS or not insights.is_additive(name)


def _is_one_number(row: Mapping[str, Any]) -> bool:
    """Such as `{"metric": "likes", "value": 3}`."""
    return isinstance(row.get("metric"), str) and "value" in row


def _pivoted(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each account, of rows with a number each. The first of a name counts."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        account = _account(row, is_alone=True)
        found.setdefault(account, {"account_id": account}).setdefault(row["metric"], row["value"])
    return list(found.values())


def _metrics(row: Mapping[str, Any], *, is_alone: bool) -> insights.Metrics:
    values = ((name, number(told)) for name, told in _flat(row))
    known = {name: told for name, told in values if told is not None}
    return insights.Metrics(tuple(known.items()), _account(row, is_alone=is_alone))


def _account(row: Mapping[str, Any], *, is_alone: bool) -> str:
    """Whose numbers these are: an id, else network and handle; "" where that is not told.

    A bare `id` may be the row's own or the post's: it only tells several rows apart.
    """
    parts = (row.get(name) for name in ACCOUNT_NAMES)
    nested: Mapping[str, Any] = next((part for part in parts if isinstance(part, dict)), {})
    told = (row.get(name) for name in (*ACCOUNT_ID_NAMES, *ACCOUNT_NAMES))
    ids = (*told, nested.get("id"), None if is_alone else row.get("id"))
    found = next((str(each) for each in ids if _is_id(each)), "")
    return found or _described(row) or _described(nested)


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _described(row: Mapping[str, Any]) -> str:
    """Its network and handle, as people read them, so that it stands for the account by itself."""
    network = _first_text(row, NETWORK_NAMES)
    handle = _first_text(row, HANDLE_NAMES)
    return insights.Account("", network, handle).label if network else ""


def _flat(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values, one level of nesting undone; ids and times are no numbers to show."""
    for name, told in row.items():
        if isinstance(told, dict):
            prefix = "" if name in WRAPPERS else f"{name}_"
            yield from ((prefix + inner, each) for inner, each in told.items() if _counts(inner))
        elif _counts(name):
            yield name, told


def _counts(name: str) -> bool:
    return name not in {"id", *ACCOUNT_NAMES} and not name.endswith(("_id", "Id", "_at", "At"))


def number(value: Any) -> float | None:
    """A finite number, also one written as a plain string; None for everything else, `true` included."""
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        told = float(value)
    except OverflowError:
        return None
    return told if math.isfinite(told) else None


def _each(items: Sequence[Any], read: Callable[[Any], _T]) -> tuple[_T, ...]:
    """What can be read of a list: one odd entry is no reason to refuse the others. It is, where it is all."""
    found = []
    for item in items:
        with suppress(MisfitError):
            found.append(read(item))
    if items and not found:
        raise MisfitError("no entry that could be read")
    return tuple(found)


def _list(value: Any, names: Sequence[str]) -> list[Any]:
    """A bare list, or the first of these names that holds one."""
    if isinstance(value, dict):
        value = next((value[name] for name in names if isinstance(value.get(name), list)), None)
    if not isinstance(value, list):
        raise MisfitError("no list where one was expected")
    return value


def _text(value: Any, names: Sequence[str]) -> str:
    """A bare string, or the first of these names that holds one; never an empty one."""
    found = value if isinstance(value, str) else _first_text(value, names)
    if not found:
        raise MisfitError("no text where one was expected")
    return found


def _first_text(value: Any, names: Sequence[str]) -> str:
    told = value if isinstance(value, dict) else {}
    return next((told[name] for name in names if isinstance(told.get(name), str) and told[name]), "")
