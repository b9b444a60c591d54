from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from scrm_bot.domain.errors import (
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
)
from scrm_bot.domain.posts import PostChanges
from scrm_bot.socialcrm.client import SocialCRMClient
from tests.unit.socialcrm.seam import Bench, answer, refused

WHOLE = {"id": "post_1", "status": "scheduled", "body": "b", "account_ids": ["a"]}
EMPTY = httpx.Response(204)

Change = Callable[[SocialCRMClient], Awaitable[object]]
CHANGES: dict[str, Change] = {
    "update": lambda client: client.update_post("post_1", PostChanges(body="b")),
    "schedule": lambda client: client.schedule_post("post_1", at=datetime(2026, 12, 1, tzinfo=UTC)),
    "publish": lambda client: client.publish_post("post_1"),
}


async def test_a_new_draft_is_as_sent_where_the_answer_is_silent() -> None:
    bench = Bench(
        answer({"id": "post_1", "status": "draft", "body": "b"}, 201), answer({"id": "post_2"}, 201)
    )

    first = await bench.client.create_draft("b", account_ids=("a", "c"))
    second = await bench.client.create_draft("b", account_ids=("a",), media_ids=("m",))

    assert (first.status, first.account_ids, first.media_ids) == ("draft", ("a", "c"), ())
    assert (second.status, second.body, second.media_ids) == ("draft", "b", ("m",))
    assert bench.network.sent == [
        {"body": "b", "account_ids": ["a", "c"]},
        {"body": "b", "account_ids": ["a"], "media_ids": ["m"]},
    ]


async def test_only_what_changes_is_sent() -> None:
    bench = Bench(answer(WHOLE))

    await bench.client.update_post("post_1", PostChanges(account_ids=(), media_ids=("m",)))

    assert bench.network.sent == [{"account_ids": [], "media_ids": ["m"]}]


async def test_a_time_is_sent_in_utc() -> None:
    bench = Bench(answer(WHOLE))
    berlin = timezone(timedelta(hours=1))

    await bench.client.schedule_post("post_1", at=datetime(2026, 12, 1, 10, tzinfo=berlin))

    assert bench.network.sent == [{"scheduled_at": "2026-12-01T09:00:00Z"}]


@pytest.mark.parametrize("silent", [EMPTY, answer({}), answer({"data": None}), answer({"id": "post_1"})])
@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_that_is_not_told_is_read_back(change: str, silent: httpx.Response) -> None:
    bench = Bench(silent, answer(WHOLE))

    post = await CHANGES[change](bench.client)

    assert post == await bench.client.get_post("post_1")
    assert [request.method for request in bench.network.requests][1:] == ["GET", "GET"]


@pytest.mark.parametrize(
    "unread",
    [
        httpx.Response(503),
        refused("rate_limited", 429),
        refused("not_found", 404),
        refused("forbidden_scope", 403),
    ],
)
@pytest.mark.parametrize("change", CHANGES)
async def test_a_change_that_cannot_be_read_back_is_not_called_unchanged(
    change: str, unread: httpx.Response
) -> None:
    bench = Bench(EMPTY, unread)

    with pytest.raises(SocialCRMAmbiguousError, match="accepted"):
        await CHANGES[change](bench.client)


@pytest.mark.parametrize(
    "odd", [EMPTY, answer({}), answer([3]), answer("x"), httpx.Response(200, content=b"<p>")]
)
@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.get_post("post_1"),
        lambda client: client.create_draft("b", account_ids=()),
        lambda client: client.optimise("b"),
    ],
)
async def test_an_answer_that_is_not_understood_names_its_endpoint_and_quotes_nothing(
    call: Callable[[SocialCRMClient], Awaitable[object]], odd: httpx.Response
) -> None:
    if odd.content == b'"x"':
        odd = answer({"id": ["x"], "suggestions": "x"})
    bench = Bench(odd)

    with pytest.raises(SocialCRMContractError) as caught:
        await call(bench.client)
    assert caught.value.endpoint.startswith(("GET /posts", "POST /"))
    assert "x" not in caught.value.message.replace("ValidationError", "")
    assert caught.value.__context__ is None


async def test_ai_calls_send_as_little_as_they_can() -> None:
    bench = Bench(answer({"text": "x", "hashtags": ["x"], "posts": ["x"], "ideas": ["x"]}))
    client = bench.client

    await client.rewrite("t", tone="warm")
    await client.compose("p")
    await client.compose("p", tone="warm")
    await client.suggest_hashtags("t")
    await client.expand_into_thread("t")
    await client.generate_ideas()
    await client.generate_ideas("tea", count=2)
    await client.optimise("t")

    assert bench.network.sent == [
        {"text": "t", "tone": "warm"},
        {"prompt": "p"},
        {"prompt": "p", "tone": "warm"},
        {"text": "t"},
        {"text": "t"},
        {"count": 5},
        {"topic": "tea", "count": 2},
        {"text": "t"},
    ]


def page(numbers: range) -> httpx.Response:
    return answer({"data": [{"id": f"post_{number}"} for number in numbers]})


async def test_the_walk_ends_with_a_short_page() -> None:
    bench = Bench(page(range(50)), page(range(50, 100)), page(range(100, 103)))

    walked = [post.id async for post in bench.client.walk_posts()]

    assert len(walked) == 103
    assert [dict(request.url.params) for request in bench.network.requests] == [
        {"limit": "50"},
        {"limit": "50", "offset": "50"},
        {"limit": "50", "offset": "100"},
    ]


async def test_the_walk_ends_with_an_empty_page_too() -> None:
    bench = Bench(page(range(50)), page(range(0)))

    assert len([post async for post in bench.client.walk_posts()]) == 50


async def test_the_walk_tells_a_post_once_when_others_moved_it() -> None:
    bench = Bench(page(range(50)), page(range(48, 70)))

    walked = [post.id async for post in bench.client.walk_posts()]

    assert walked == [f"post_{number}" for number in range(70)]


@pytest.mark.parametrize(("most", "pages"), [(3, 1), (50, 1), (60, 2), (0, 0)])
async def test_the_walk_goes_no_further_than_it_was_asked_to(most: int, pages: int) -> None:
    bench = Bench(page(range(50)), page(range(50, 100)))

    walked = [post async for post in bench.client.walk_posts(most=most)]

    assert (len(walked), len(bench.network.requests)) == (most, pages)


async def test_a_walk_over_a_list_that_never_changes_ends() -> None:
    bench = Bench(page(range(50)))

    walked = [post async for post in bench.client.walk_posts(most=1000)]

    assert len(walked) == 50


async def test_a_read_keeps_the_envelope_and_joins_the_parameters() -> None:
    bench = Bench(answer({"data": [], "next": 5}))

    told = await bench.client.read("/v1/posts?limit=2&offset=4", {"limit": "3"})

    assert told == {"data": [], "next": 5}
    assert dict(bench.network.requests[0].url.params) == {"limit": "3", "offset": "4"}


async def test_every_error_is_one_of_socialcrm_s() -> None:
    bench = Bench(httpx.Response(200, content=b"\xff"))

    with pytest.raises(SocialCRMError, match="not understood"):
        await bench.client.get_persona()
