import re
from pathlib import Path

import pytest

from scrm_bot.domain.errors import NotFoundError, UsageError
from scrm_bot.ports import SocialCRM
from scrm_bot.socialcrm.client import SocialCRMClient
from scrm_bot.socialcrm.endpoints import ENDPOINTS, GET_POST, LIST_POSTS, PUBLISH_POST, documented_get

SOURCE = Path(__file__).parents[3] / "scrm_bot" / "socialcrm" / "client.py"


def test_there_are_twenty_endpoints_and_none_is_listed_twice() -> None:
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS) == 20


def test_each_method_of_the_client_names_its_route_and_scope_in_the_documented_order() -> None:
    told = re.findall(r'"""([A-Z]+) /v1(/\S*?)[,.]? .*?Needs `([a-z:]+)`', SOURCE.read_text())

    assert told == [(each.method, each.path, each.scope) for each in ENDPOINTS]


def test_the_client_has_every_method_of_the_port() -> None:
    port = {name for name in vars(SocialCRM) if not name.startswith("_")}

    assert port <= set(vars(SocialCRMClient))


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ("post_1", "/posts/post_1"),
        ("a/../b", "/posts/a%2F..%2Fb"),
        ("a b?c#d", "/posts/a%20b%3Fc%23d"),
        ("%2e%2e", "/posts/%252e%252e"),
        ("...", "/posts/..."),
        ("ä\0", "/posts/%C3%A4%00"),
    ],
)
def test_an_id_is_one_piece_of_the_path_whatever_is_in_it(item: str, path: str) -> None:
    assert GET_POST.path_of(item) == path


@pytest.mark.parametrize("item", ["", ".", "..", "\ud800"])
def test_what_cannot_be_an_id_is_not_found(item: str) -> None:
    with pytest.raises(NotFoundError):
        GET_POST.path_of(item)


def test_an_endpoint_without_an_id_has_its_own_path() -> None:
    assert LIST_POSTS.path_of("ignored") == "/posts"


def test_only_a_get_changes_nothing() -> None:
    assert (GET_POST.changes, PUBLISH_POST.changes) == (False, True)


@pytest.mark.parametrize(
    ("path", "endpoint", "item", "params"),
    [
        ("/v1/posts", "GET /posts", "", {}),
        ("posts", "GET /posts", "", {}),
        (" /posts/ ", "GET /posts", "", {}),
        ("v1/posts/post_1", "GET /posts/{id}", "post_1", {}),
        ("/v1/posts/a%2Fb?x=1", "GET /posts/{id}", "a/b", {"x": "1"}),
        ("/v1/posts/post_1/analytics", "GET /posts/{id}/analytics", "post_1", {}),
        ("/v1/accounts?limit=5&offset=10", "GET /accounts", "", {"limit": "5", "offset": "10"}),
        ("/v1/accounts/analytics", "GET /accounts/analytics", "", {}),
        ("/v1/persona", "GET /persona", "", {}),
        ("/v1/trending", "GET /trending", "", {}),
    ],
)
def test_a_typed_path_finds_its_endpoint(path: str, endpoint: str, item: str, params: dict[str, str]) -> None:
    found, found_item, found_params = documented_get(path)

    assert (found.name, found_item, found_params) == (endpoint, item, params)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1",
        "/v2/posts",
        "/v1/posts/a/b",
        "/v1/posts/post_1/publish",
        "/v1/ai/rewrite",
        "/v1/media/m/confirm",
        "https://evil.example/v1/posts",
        "//evil.example/v1/posts",
        "//[/v1/posts",
        "/v1/../settings/api-keys",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="documented GET"):
        documented_get(path)
