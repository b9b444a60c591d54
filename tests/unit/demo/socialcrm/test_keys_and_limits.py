"""Who may call, how often, and for what plan."""

import httpx
import pytest

from scrm_bot.demo.socialcrm.clock import ManualClock
from scrm_bot.demo.socialcrm.config import SandboxConfig, Variants, WindowKind
from scrm_bot.demo.socialcrm.endpoints import ENDPOINTS, Endpoint
from scrm_bot.demo.socialcrm.keys import SCOPES
from scrm_bot.demo.socialcrm.sandbox import Sandbox
from scrm_bot.demo.socialcrm.server import RunningSandbox
from scrm_bot.demo.socialcrm.window import open_window
from tests.unit.demo.socialcrm.answers import message, refusal
from tests.unit.demo.socialcrm.conftest import Started

WINDOWS: tuple[WindowKind, ...] = ("fixed", "sliding", "bucket")
every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)


def path_of(endpoint: Endpoint) -> str:
    return endpoint.path.replace("{id}", "post_114")


def test_there_are_twenty_endpoints_over_six_scopes() -> None:
    assert len(ENDPOINTS) == 20
    assert {endpoint.scope for endpoint in ENDPOINTS} == set(SCOPES)


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
async def test_a_key_is_taken_from_either_header(
    stranger: httpx.AsyncClient, sandbox: Sandbox, header: str
) -> None:
    key = sandbox.create_key()
    value = f"Bearer {key}" if header == "Authorization" else key

    answer = await stranger.get("/v1/posts", headers={header: value})
    assert answer.status_code == 200


async def test_a_key_looks_as_documented(sandbox: Sandbox) -> None:
    key = sandbox.create_key()

    assert key.startswith("sk_live_")
    assert len(key) == len("sk_live_") + 32


@every_endpoint
async def test_no_endpoint_answers_without_a_key(stranger: httpx.AsyncClient, endpoint: Endpoint) -> None:
    answer = await stranger.request(endpoint.method, path_of(endpoint), json={})

    assert refusal(answer) == (401, "unauthorized")


@pytest.mark.parametrize("value", ["Bearer sk_live_" + "x" * 32, "Bearer", "Basic abc", "sk_live_"])
async def test_a_key_that_is_not_known_is_refused(stranger: httpx.AsyncClient, value: str) -> None:
    answer = await stranger.get("/v1/posts", headers={"Authorization": value})

    assert refusal(answer) == (401, "unauthorized")


async def test_a_revoked_key_is_refused(start: Started, running: RunningSandbox, sandbox: Sandbox) -> None:
    key = sandbox.create_key()
    client = await start.client(running, key)
    sandbox.revoke_key(key)

    assert refusal(await client.get("/v1/posts")) == (401, "unauthorized")
    assert sandbox.key(key) is None


@every_endpoint
async def test_a_key_without_the_scope_is_told_which_one(
    start: Started, running: RunningSandbox, endpoint: Endpoint
) -> None:
    others = [scope for scope in SCOPES if scope != endpoint.scope]
    client = await start.client(running, running.sandbox.create_key(scopes=others))

    answer = await client.request(endpoint.method, path_of(endpoint), json={})
    assert refusal(answer) == (403, "forbidden_scope")
    assert endpoint.scope in message(answer)


@every_endpoint
async def test_the_free_plan_reads_and_drafts_but_pays_for_the_rest(
    start: Started, running: RunningSandbox, endpoint: Endpoint
) -> None:
    client = await start.client(running, running.sandbox.create_key(plan="free"))

    answer = await client.request(endpoint.method, path_of(endpoint), json={})
    if endpoint.paid:
        assert refusal(answer) == (402, "payment_required")
    else:
        assert answer.status_code in {200, 204, 400}


async def test_the_ai_quota_is_used_up_and_comes_back_next_month(start: Started, clock: ManualClock) -> None:
    running = await start.sandbox(SandboxConfig(ai_calls_per_month=2))
    client = await start.client(running, running.sandbox.create_key())

    statuses = [(await client.post("/v1/ai/ideas", json={})).status_code for _ in range(3)]
    assert statuses == [200, 200, 402]
    assert refusal(await client.post("/v1/ai/hashtags", json={"text": "x"})) == (402, "quota_exceeded")
    assert (await client.get("/v1/posts")).status_code == 200

    clock.advance(days=31)
    assert (await client.post("/v1/ai/ideas", json={})).status_code == 200


async def test_a_refused_ai_call_costs_nothing(start: Started) -> None:
    running = await start.sandbox(SandboxConfig(ai_calls_per_month=1))
    client = await start.client(running, running.sandbox.create_key())

    await client.post("/v1/ai/rewrite", json={"text": ""})
    assert (await client.post("/v1/ai/rewrite", json={"text": "buy now"})).status_code == 200


@pytest.mark.parametrize("window", WINDOWS)
async def test_past_the_limit_a_key_waits_as_long_as_it_is_told(
    start: Started, clock: ManualClock, window: WindowKind
) -> None:
    running = await start.sandbox(SandboxConfig(requests_per_minute=3, window=window))
    client = await start.client(running, running.sandbox.create_key())

    answers = [await client.get("/v1/persona") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert refusal(answers[3]) == (429, "rate_limited")
    assert message(answers[3]) == "Too many requests. Slow down and retry."

    clock.advance(seconds=int(answers[3].headers["Retry-After"]))
    assert (await client.get("/v1/persona")).status_code == 200


async def test_each_key_has_a_limit_of_its_own(start: Started) -> None:
    running = await start.sandbox(SandboxConfig(requests_per_minute=1))
    one = await start.client(running, running.sandbox.create_key())
    other = await start.client(running, running.sandbox.create_key())

    assert [(await one.get("/v1/persona")).status_code for _ in range(2)] == [200, 429]
    assert (await other.get("/v1/persona")).status_code == 200


async def test_a_429_may_come_without_retry_after(start: Started) -> None:
    config = SandboxConfig(requests_per_minute=0, variants=Variants(retry_after="absent"))
    running = await start.sandbox(config)
    client = await start.client(running, running.sandbox.create_key())

    answer = await client.get("/v1/persona")
    assert refusal(answer) == (429, "rate_limited")
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(
    ("window", "passed"),
    [("fixed", [600, 600]), ("sliding", [600, 0]), ("bucket", [600, 10])],
)
def test_the_windows_differ_where_a_minute_turns(window: WindowKind, passed: list[int]) -> None:
    limit = open_window(window, 600)
    a_second_before_the_minute, at_the_minute = 119.0, 120.0

    counted = [
        sum(limit.take(now) == 0 for _ in range(700)) for now in (a_second_before_the_minute, at_the_minute)
    ]
    assert counted == passed


@pytest.mark.parametrize("window", WINDOWS)
def test_a_limit_of_nothing_lets_nothing_pass(window: WindowKind) -> None:
    assert open_window(window, 0).take(0.0) > 0


async def test_no_page_of_another_site_may_read_the_answers(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/posts", headers={"Origin": "https://elsewhere.example"})

    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
