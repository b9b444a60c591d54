"""What can be chosen about a sandbox, and the answers that the documentation leaves open."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Final, Literal, get_args, get_type_hints

from scrm_bot.demo.socialcrm.clock import Clock, utc_now

WindowKind = Literal["fixed", "sliding", "bucket"]
MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """How the API may answer where its documentation is silent. The first choice of each is the default."""

    envelope: Literal["documented", "bare", "data"] = "documented"  # documented: AI under data, the rest bare
    created: Literal["documented", "full"] = "documented"  # documented: id, status and body alone
    nulls: Literal["null", "absent"] = "null"
    patch: Literal["post", "empty", "204"] = "post"
    delete: Literal["204", "200"] = "204"
    publish: Literal["published", "publishing"] = "published"
    post_analytics: Literal["object", "list"] = "object"
    account_analytics: Literal["list", "object"] = "list"
    network: Literal["network", "platform", "provider"] = "network"
    handle: Literal["handle", "username"] = "handle"
    trending: Literal["strings", "topic", "title", "name", "hashtag"] = "strings"
    trending_weight: Literal["volume", "score", "posts", "none"] = "volume"
    compose: Literal["text", "body"] = "text"
    hashtags: Literal["hashtags", "list"] = "hashtags"
    hash_sign: Literal["with", "without"] = "with"
    thread: Literal["posts", "thread", "parts", "list"] = "posts"
    thread_part: Literal["string", "text", "body"] = "string"
    ideas: Literal["ideas", "list"] = "ideas"
    idea: Literal["string", "title", "text", "description", "title_text", "title_description"] = "string"
    optimise: Literal["text", "body"] = "text"
    suggestions: Literal["given", "absent"] = "given"
    media_id: Literal["id", "media_id"] = "id"
    upload_url: Literal["upload_url", "url"] = "upload_url"
    upload_method: Literal["PUT", "POST", "absent"] = "PUT"
    upload_headers: Literal["given", "absent"] = "given"
    confirm: Literal["both", "url", "status", "neither"] = "both"
    retry_after: Literal["seconds", "absent"] = "seconds"


def every_variant() -> Iterator[tuple[str, Variants]]:
    """The default answers, then each departure from them, one at a time, named `field=value`."""
    default = Variants()
    hints = get_type_hints(Variants)
    yield "default", default
    for each in fields(Variants):
        for value in get_args(hints[each.name])[1:]:
            yield f"{each.name}={value}", replace(default, **{each.name: value})


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    now: Clock = utc_now
    seed: int = 7
    variants: Variants = field(default_factory=Variants)
    requests_per_minute: int = 600
    window: WindowKind = "fixed"
    ai_calls_per_month: int = 200
    publishing_takes: timedelta = timedelta(seconds=2)
    settle_every: timedelta = timedelta(seconds=1)
    upload_lives: timedelta = timedelta(minutes=15)
    largest_body: int = MEGABYTE // 4
    largest_upload: int = 10 * MEGABYTE
    largest_shelf: int = 200 * MEGABYTE
    calls_remembered: int = 10_000
