import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from math import inf

import aiohttp
import httpx
import pytest
from anyio.lowlevel import checkpoint
from prometheus_client import CollectorRegistry, generate_latest

from scrm_bot.domain.errors import (
    BudgetExhaustedError,
    InvalidRequestError,
    NotFoundError,
    QuotaExceededError,
    RateLimitedError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    SocialCRMUnreachableError,
    StoreUnavailableError,
    UnauthorizedError,
)
from scrm_bot.ports import Lane, OnWait, Turn
from scrm_bot.socialcrm.client import SocialCRMClient
from scrm_bot.socialcrm.http import ATTEMPTS
from scrm_bot.socialcrm.metering import CALLS
from scrm_bot.socialcrm.places import Places
from scrm_bot.socialcrm.transport import LEAVING
from scrm_bot.telemetry.counts import Calls
from tests.fakes.budget import FakeBudget
from tests.unit.socialcrm.seam import KEY, Bench, answer, refused

POST = {"id": "post_1", "account_ids": ["a"]}


async def test_the_key_travels_in_the_header_that_was_chosen() -> None:
    bearer, other = Bench(answer([])), Bench(answer([]), key_header="x-api-key")

    await bearer.client.list_posts()
    await other.client.list_posts()

    assert bearer.network.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert other.network.requests[0].headers["x-api-key"] == KEY
    assert "authorization" not in other.network.requests[0].headers
    assert all(KEY not in str(each.url) for each in bearer.network.requests + other.network.requests)


async def test_requests_go_to_the_base_address_whatever_the_id_is() -> None:
    bench = Bench(answer(POST), base="https://api.example.org/v1/")

    await bench.client.get_post("//evil.example/x")

    assert str(bench.network.requests[0].url) == "https://api.example.org/v1/posts/%2F%2Fevil.example%2Fx"


@pytest.mark.parametrize("key", ["", "sk_live_\r\nX-Evil: 1", "sk live", "schlüssel"])
async def test_a_key_that_is_none_is_never_sent(key: str) -> None:
    bench = Bench(answer([]), key=key)

    with pytest.raises(UnauthorizedError):
        await bench.client.list_posts()
    assert bench.network.requests == []


@pytest.mark.parametrize("error", [BudgetExhaustedError(retry_in=30), StoreUnavailableError("gone")])
async def test_without_a_turn_nothing_is_sent(error: Exception) -> None:
    bench = Bench(answer([]))
    bench.budget.raises = error

    with pytest.raises(type(error)):
        await bench.client.list_posts()
    assert bench.network.requests == []


async def test_a_short_refusal_is_waited_out_also_by_a_publish() -> None:
    bench = Bench(refused("rate_limited", 429, **{"retry-after": "2"}), answer(POST))

    post = await bench.client.publish_post("post_1")

    assert post.id == "post_1"
    assert bench.budget.refusals == [("fingerprint", 2.0)]
    assert len(bench.budget.turns) == len(bench.network.requests) == 2
    assert bench.clock.slept == []  # the budget holds everybody back, nobody waits twice


@pytest.mark.parametrize(("lane", "patience"), [(Lane.PEOPLE, 3), (Lane.BACKGROUND, 60)])
async def test_a_refusal_longer_than_the_lane_s_patience_is_told(lane: Lane, patience: int) -> None:
    patient = Bench(refused("rate_limited", 429, **{"retry-after": str(patience)}), answer([]), lane=lane)
    hasty = Bench(refused("rate_limited", 429, **{"retry-after": str(patience + 1)}), answer([]), lane=lane)

    await patient.client.list_posts()

    with pytest.raises(RateLimitedError) as caught:
        await hasty.client.list_posts()
    assert caught.value.retry_in == patience + 1
    assert hasty.budget.refusals == [("fingerprint", patience + 1)]
    assert len(hasty.network.requests) == 1


async def test_refusal_after_refusal_ends() -> None:
    bench = Bench(refused("rate_limited", 429, **{"retry-after": "1"}))

    with pytest.raises(RateLimitedError):
        await bench.client.publish_post("post_1")
    assert len(bench.network.requests) == len(bench.budget.refusals) == ATTEMPTS


async def test_a_read_survives_two_bad_answers() -> None:
    bench = Bench(httpx.Response(503), httpx.ReadError("lost"), answer([]))

    assert await bench.client.list_posts() == ()
    assert len(bench.clock.slept) == 2


@pytest.mark.parametrize("failure", [httpx.Response(500), httpx.ConnectTimeout("?"), httpx.ConnectError("?")])
async def test_only_the_cause_tells_that_nothing_was_sent(failure: httpx.Response | Exception) -> None:
    bench = Bench(failure)

    with pytest.raises(SocialCRMAmbiguousError) as caught:
        await bench.client.publish_post("post_1")
    assert len(bench.network.requests) == 1
    assert caught.value.endpoint == "POST /posts/{id}/publish"


async def test_a_refusal_by_code_is_final() -> None:
    bench = Bench(refused("not_found", 404))

    with pytest.raises(NotFoundError):
        await bench.client.get_post("post_1")
    assert len(bench.network.requests) == 1


async def test_a_small_answer_may_not_unpack_into_a_huge_one() -> None:
    packed = gzip.compress(bytes(50 * 1024 * 1024))
    bench = Bench(httpx.Response(200, content=b"[]"))
    bench.network.answers = []
    bench.http.transport = httpx.MockTransport(
        lambda _: httpx.Response(200, stream=httpx.ByteStream(packed), headers={"content-encoding": "gzip"})
    )

    with pytest.raises(SocialCRMContractError, match="too large"):
        await bench.client.list_posts()


class Unread(httpx.AsyncByteStream):
    def __aiter__(self) -> AsyncIterator[bytes]:
        raise AssertionError("it was read")


@pytest.mark.parametrize(
    "codings",
    [
        [("content-encoding", "gzip, gzip")],
        [("content-encoding", "gzip"), ("Content-Encoding", "deflate")],
        [("content-encoding", "GZIP , unheard-of")],
    ],
)
async def test_what_was_packed_twice_is_not_unpacked(codings: list[tuple[str, str]]) -> None:
    bench = Bench(answer([]))
    network = httpx.MockTransport(lambda _: httpx.Response(200, headers=codings, stream=Unread()))
    bench.http.transport = network

    with pytest.raises(SocialCRMContractError, match="packed more than once"):
        await bench.client.publish_post("post_1")


@pytest.mark.parametrize("coding", ["gzip", "gzip,", "identity, gzip"])
async def test_what_was_packed_once_is_unpacked(coding: str) -> None:
    bench, packed = Bench(answer([])), gzip.compress(b"[]")
    network = httpx.MockTransport(
        lambda _: httpx.Response(200, headers={"content-encoding": coding}, stream=httpx.ByteStream(packed))
    )
    bench.http.transport = network

    assert await bench.client.list_posts() == ()


@pytest.mark.parametrize("item", ["a" * 70_000, "\U0001f600" * 6000])
async def test_an_id_that_no_address_can_hold_is_nobody_s(item: str) -> None:
    bench = Bench(answer(POST))

    with pytest.raises(NotFoundError):
        await bench.client.get_post(item)
    assert bench.network.requests == []


@pytest.mark.parametrize("params", [{"x": "a" * 70_000}, {"x": "\udcff"}, {"\udcff": "x"}])
async def test_parameters_that_no_address_can_hold_are_refused(params: dict[str, str]) -> None:
    bench = Bench(answer([]))

    with pytest.raises(InvalidRequestError):
        await bench.client.read("/v1/posts", params)
    assert bench.network.requests == []


async def test_an_unreachable_api_is_told_with_its_endpoint() -> None:
    bench = Bench(httpx.ReadTimeout("slow"))

    with pytest.raises(SocialCRMUnreachableError) as caught:
        await bench.client.get_persona()
    assert (caught.value.endpoint, caught.value.message) == ("GET /persona", "ReadTimeout")


async def test_addresses_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench = Bench(answer({"id": "post_1", "content": "x"}))

    await bench.client.get_post("post_1")

    assert caplog.messages == ["calling GET /posts/{id}"]


async def test_the_connections_are_closed_with_the_client() -> None:
    class Closing(httpx.MockTransport):
        is_closed = False

        async def aclose(self) -> None:
            self.is_closed = True

    bench = Bench(answer([]))
    bench.http.transport = network = Closing(bench.network)

    await bench.http.close()

    assert network.is_closed


async def test_who_waits_for_a_turn_is_told_by_the_budget() -> None:
    bench, waits = Bench(answer([])), list[float]()
    bench.budget.waits = 7.0
    client = SocialCRMClient(bench.http, bench.client._key, Lane.PEOPLE, on_wait=waits.append)

    await client.list_posts()

    assert waits == [7.0]


async def test_a_quota_that_refused_is_noted_with_what_was_asked() -> None:
    bench, noted = Bench(refused("quota_exceeded", 402)), list[str]()

    async def note(action: str) -> None:
        noted.append(action)

    client = SocialCRMClient(bench.http, bench.client._key, Lane.PEOPLE, on_quota=note)

    with pytest.raises(QuotaExceededError):
        await client.rewrite("text", tone="plain")
    with pytest.raises(QuotaExceededError):
        await bench.client.rewrite("text", tone="plain")
    assert noted == ["POST /ai/rewrite"]


@pytest.mark.parametrize(("code", "status"), [("unauthorized", 401), ("forbidden_scope", 403)])
async def test_a_key_that_was_refused_is_noted_with_its_fingerprint(code: str, status: int) -> None:
    bench, noted = Bench(refused(code, status)), list[tuple[str, str]]()

    async def note(error: SocialCRMError, fingerprint: str) -> None:
        noted.append((error.code, fingerprint))

    client = SocialCRMClient(bench.http, bench.client._key, Lane.PEOPLE, on_key=note)

    with pytest.raises(SocialCRMError):
        await client.list_posts()
    with pytest.raises(SocialCRMError):
        await bench.client.list_posts()
    assert noted == [(code, (await bench.client._key())[1])]


async def test_nothing_is_sent_after_its_deadline() -> None:
    bench = Bench(answer(POST))
    deadline = bench.clock.now() - timedelta(seconds=1)

    with pytest.raises(SocialCRMUnreachableError, match="too late"):
        await bench.client.publish_post("post_1", deadline=deadline)

    assert bench.network.requests == []


async def test_every_attempt_is_counted_by_its_endpoint_and_the_documented_code() -> None:
    registry = CollectorRegistry()
    bench = Bench(refused("quota_exceeded", 402), answer(POST), calls=Calls(CALLS, registry))

    with pytest.raises(QuotaExceededError):
        await bench.client.rewrite("text", tone="warm")
    await bench.client.get_post("post_1")

    lines = generate_latest(registry).decode()
    assert 'scrm_socialcrm_calls_total{endpoint="POST /ai/rewrite",outcome="quota_exceeded"} 1.0' in lines
    assert 'scrm_socialcrm_calls_total{endpoint="GET /posts/{id}",outcome="ok"} 1.0' in lines
    assert 'scrm_socialcrm_call_seconds_count{endpoint="GET /posts/{id}"} 1.0' in lines


class Held(FakeBudget):
    """Gives turns when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.go = asyncio.Event()

    async def take(self, fingerprint: str, lane: Lane, *, on_wait: OnWait | None = None) -> Turn:
        self.asked += 1
        await self.go.wait()
        return await super().take(fingerprint, lane, on_wait=on_wait)


class Slow(httpx.MockTransport):
    """Answers when it is told to."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.network)
        self.under_way = 0
        self.go = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.under_way += 1
        await self.go.wait()
        return await super().handle_async_request(request)


def with_one_place(budget: FakeBudget) -> tuple[Bench, Slow]:
    bench = Bench(answer([]))
    bench.http.transport = slow = Slow(bench)
    bench.http._budget, bench.http._places = budget, Places({Lane.PEOPLE: 1})
    return bench, slow


async def settled() -> None:
    for _ in range(9):
        await checkpoint()


async def test_whoever_waits_for_a_turn_stands_in_the_line_and_holds_no_place() -> None:
    bench, slow = with_one_place(budget := Held())
    calls = [asyncio.create_task(bench.client.list_posts()) for _ in range(3)]
    await settled()

    assert (budget.asked, bench.http._places.is_full("fingerprint", Lane.PEOPLE)) == (3, False)
    budget.go.set()
    slow.go.set()
    await asyncio.gather(*calls)


async def test_a_turn_for_which_there_is_no_place_any_more_is_given_back() -> None:
    bench, slow = with_one_place(budget := Held())
    calls = [asyncio.create_task(bench.client.list_posts()) for _ in range(2)]
    await settled()

    budget.go.set()
    await settled()
    under_way, back = slow.under_way, len(budget.given_back)
    slow.go.set()
    await asyncio.gather(*calls)

    assert (under_way, back) == (1, 1)
    assert len(budget.turns) == 3


async def test_where_all_places_are_taken_no_turn_is_wasted_on_waiting_for_one() -> None:
    bench, slow = with_one_place(budget := FakeBudget())
    first = asyncio.create_task(bench.client.list_posts())
    await settled()

    second = asyncio.create_task(bench.client.list_posts())
    await settled()
    taken = len(budget.turns)
    slow.go.set()
    await asyncio.gather(first, second)

    assert (taken, len(budget.turns), budget.given_back) == (1, 2, [])


async def test_what_never_had_a_connection_was_not_sent_whatever_the_error_says() -> None:
    class Unconnected(httpx.MockTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            leaving = LEAVING.get()
            assert leaving
            leaving.left = False
            raise httpx.ConnectTimeout("slow") from aiohttp.ConnectionTimeoutError()

    bench = Bench(answer(POST))
    bench.http.transport = Unconnected(bench.network)

    with pytest.raises(SocialCRMUnreachableError):
        await bench.client.publish_post("post_1")

    assert len(bench.budget.turns) == ATTEMPTS


async def test_what_finds_its_connection_after_its_deadline_does_not_leave() -> None:
    seen: list[float] = []

    class Watching(httpx.MockTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            leaving = LEAVING.get()
            assert leaving
            seen.append(leaving.until - asyncio.get_running_loop().time())
            return await super().handle_async_request(request)

    bench = Bench(answer(POST))
    bench.http.transport = Watching(bench.network)

    await bench.client.publish_post("post_1", deadline=bench.clock.now() + timedelta(seconds=5))
    await bench.client.publish_post("post_1")

    assert 0 < seen[0] <= 5
    assert seen[1] == inf


async def test_the_pause_that_is_told_is_the_one_that_the_budget_keeps() -> None:
    bench = Bench(refused("rate_limited", 429, **{"retry-after": "1"}))
    bench.budget.pause = 16.0

    with pytest.raises(RateLimitedError) as caught:
        await bench.client.list_posts()

    assert (caught.value.retry_in, len(bench.network.requests)) == (16.0, 1)


async def test_a_refusal_that_redis_cannot_be_told_of_is_told_as_what_it_is() -> None:
    bench = Bench(refused("rate_limited", 429, **{"retry-after": "1"}))
    bench.budget.forgets = True

    with pytest.raises(RateLimitedError):
        await bench.client.publish_post("post_1")

    assert len(bench.network.requests) == 1
