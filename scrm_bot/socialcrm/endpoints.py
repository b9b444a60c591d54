"""The 20 documented endpoints, in the documentation's order, each with the scope it needs."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from scrm_bot.domain.errors import NotFoundError, UsageError


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and a path template below the base address, as the documentation lists them."""

    method: str
    path: str
    scope: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def changes(self) -> bool:
        """Whether sending it twice may do something twice."""
        return self.method != "GET"

    def path_of(self, item: str) -> str:
        """The path with `item` in place of `{id}`. Raises `NotFoundError` for what cannot be an id.

        An empty id, `.` and `..` would silently turn one endpoint into another, percent-encoded or not.
        """
        if "{id}" not in self.path:
            return self.path
        if item in {"", ".", ".."} or any("\ud800" <= char <= "\udfff" for char in item):
            raise NotFoundError("There is nothing with this id.", endpoint=self.name)
        return self.path.replace("{id}", quote(item, safe=""))

    def item_in(self, path: str) -> str | None:
        """The id that `path` has where this template has `{id}`; None when the path is another one's."""
        pattern = re.escape(self.path).replace(r"\{id\}", "(?P<id>[^/]+)")
        found = re.fullmatch(pattern, path)
        return (found.groupdict().get("id") or "") if found else None


LIST_POSTS = Endpoint("GET", "/posts", "posts:read")
CREATE_POST = Endpoint("POST", "/posts", "posts:write")
GET_POST = Endpoint("GET", "/posts/{id}", "posts:read")
UPDATE_POST = Endpoint("PATCH", "/posts/{id}", "posts:write")
DELETE_POST = Endpoint("DELETE", "/posts/{id}", "posts:write")
SCHEDULE_POST = Endpoint("POST", "/posts/{id}/schedule", "posts:publish")
PUBLISH_POST = Endpoint("POST", "/posts/{id}/publish", "posts:publish")
GET_POST_ANALYTICS = Endpoint("GET", "/posts/{id}/analytics", "insights:read")
REWRITE = Endpoint("POST", "/ai/rewrite", "ai:generate")
COMPOSE = Endpoint("POST", "/ai/compose", "ai:generate")
SUGGEST_HASHTAGS = Endpoint("POST", "/ai/hashtags", "ai:generate")
EXPAND_INTO_THREAD = Endpoint("POST", "/ai/thread", "ai:generate")
GENERATE_IDEAS = Endpoint("POST", "/ai/ideas", "ai:generate")
OPTIMISE = Endpoint("POST", "/ai/optimise", "ai:generate")
LIST_ACCOUNTS = Endpoint("GET", "/accounts", "insights:read")
GET_ACCOUNT_ANALYTICS = Endpoint("GET", "/accounts/analytics", "insights:read")
GET_PERSONA = Endpoint("GET", "/persona", "insights:read")
LIST_TRENDING = Endpoint("GET", "/trending", "insights:read")
REQUEST_UPLOAD = Endpoint("POST", "/media/upload-url", "media:write")
CONFIRM_UPLOAD = Endpoint("POST", "/media/{id}/confirm", "media:write")

ENDPOINTS = (
    LIST_POSTS,
    CREATE_POST,
    GET_POST,
    UPDATE_POST,
    DELETE_POST,
    SCHEDULE_POST,
    PUBLISH_POST,
    GET_POST_ANALYTICS,
    REWRITE,
    COMPOSE,
    SUGGEST_HASHTAGS,
    EXPAND_INTO_THREAD,
    GENERATE_IDEAS,
    OPTIMISE,
    LIST_ACCOUNTS,
    GET_ACCOUNT_ANALYTICS,
    GET_PERSONA,
    LIST_TRENDING,
    REQUEST_UPLOAD,
    CONFIRM_UPLOAD,
)

# Not an endpoint of the API: the presigned address that `REQUEST_UPLOAD` answers with.
UPLOAD = Endpoint("PUT", "(upload address)", "")


def documented_get(path: str) -> tuple[Endpoint, str, dict[str, str]]:
    """The endpoint, the id and the parameters of a typed path such as `/v1/posts/post_1?limit=5`.

    Raises `UsageError` for everything that is not a documented GET.
    """
    try:
        typed = urlsplit(path.strip())
    except ValueError:
        typed = urlsplit("")
    bare = "/" + typed.path.removeprefix("/").removeprefix("v1/").rstrip("/")
    for endpoint in ENDPOINTS:
        item = endpoint.item_in(bare)
        if not endpoint.changes and item is not None and not typed.netloc:
            return endpoint, unquote(item), dict(parse_qsl(typed.query))
    raise UsageError("Only the documented GET paths can be read, such as `/v1/posts`.")
