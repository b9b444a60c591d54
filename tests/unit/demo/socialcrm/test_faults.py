"""Trouble on request."""

import asyncio

import httpx
import pytest

from scrm_bot.demo.socialcrm.errors import STATUS
from scrm_bot.demo.socialcrm.faults import KINDS
from scrm_bot.demo.socialcrm.sandbox import Sandbox
from tests.unit.demo.socialcrm.answers import refusal

NEW = {"body": "New"}


async def test_a_dropped_request_was_not_done(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add("drop", method="POST", path="/v1/posts")

    with pytest.raises(httpx.RemoteProtocolError):
        await api.post("/v1/posts", json=NEW)
    assert len(sandbox.posts.by_id) == 14
    assert sandbox.count("POST", "/v1/posts", applied=False) == 1
    assert sandbox.calls[-1].status is None


async def test_a_request_dropped_after_its_work_was_done(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add("drop_after", method="POST", path="/v1/posts/*/publish")

    with pytest.raises(httpx.RemoteProtocolError):
        await api.post("/v1/posts/post_114/publish", json={})
    assert sandbox.went_out["post_114"] == 1
    assert sandbox.publish_calls("post_114", applied=True) == 1
    assert sandbox.calls[-1].status is None


async def test_a_lost_answer_may_leave_its_post_out_of_reach_for_a_while(
    api: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    sandbox.faults.add("drop_after", method="POST", path="/v1/posts/*/publish", seconds=0.05)
    with pytest.raises(httpx.RemoteProtocolError):
        await api.post("/v1/posts/post_114/publish", json={})

    with pytest.raises(httpx.RemoteProtocolError):
        await api.get("/v1/posts/post_114")
    others = await api.get("/v1/posts/post_113")
    async with asyncio.timeout(10):
        while list(sandbox.faults):
            await api.get("/v1/persona")

    assert others.status_code == 200
    assert (await api.get("/v1/posts/post_114")).json()["status"] == "published"


def test_one_fault_is_ended_without_the_others(sandbox_free: Sandbox) -> None:
    one, other = sandbox_free.faults.add("500"), sandbox_free.faults.add("503", times=None)

    sandbox_free.faults.remove(one)
    sandbox_free.faults.remove(one)

    assert list(sandbox_free.faults) == [other]


async def test_a_delayed_request_is_done_late(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add("delay", seconds=0.05)
    loop = asyncio.get_running_loop()

    started = loop.time()
    answer = await api.get("/v1/persona")
    assert answer.status_code == 200
    assert loop.time() - started >= 0.05


async def test_a_caller_that_gives_up_on_a_delay_does_not_undo_the_work(
    api: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    sandbox.faults.add("delay", seconds=0.1, method="POST")

    with pytest.raises(httpx.ReadTimeout):
        await api.post("/v1/posts", json=NEW, timeout=0.02)
    async with asyncio.timeout(10):
        while len(sandbox.posts.by_id) == 14:
            await api.get("/v1/persona")
    assert sandbox.count("POST", "/v1/posts", applied=True) == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("429", (429, "rate_limited")), ("500", (500, "internal_error")), ("503", (503, "unavailable"))],
)
async def test_a_refusal_is_answered_in_the_envelope(
    api: httpx.AsyncClient, sandbox: Sandbox, kind: str, expected: tuple[int, str]
) -> None:
    sandbox.faults.add(kind)

    assert refusal(await api.get("/v1/posts")) == expected
    assert (await api.get("/v1/posts")).status_code == 200


async def test_a_429_tells_how_long(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add("429", seconds=7)

    assert (await api.get("/v1/posts")).headers["Retry-After"] == "7"


@pytest.mark.parametrize(("code", "status"), STATUS.items())
async def test_every_documented_code_can_be_asked_for(
    api: httpx.AsyncClient, sandbox: Sandbox, code: str, status: int
) -> None:
    sandbox.faults.add("error", code=code, message="On request.")

    answer = await api.get("/v1/posts")
    assert refusal(answer) == (status, code)
    assert answer.json()["error"]["message"] == "On request."


async def test_garbage_is_html_where_json_belongs(api: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add("garbage")

    answer = await api.get("/v1/posts")
    assert (answer.status_code, answer.headers["Content-Type"][:9]) == (200, "text/html")
    assert sandbox.calls[-1].applied is False


async def test_a_fault_hits_only_its_method_and_path_and_only_so_often(
    api: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    sandbox.faults.add("500", method="get", path="/v1/posts/*", times=2)

    statuses = [
        (await api.get(path)).status_code
        for path in ("/v1/posts", "/v1/posts/post_101", "/v1/posts/post_102", "/v1/posts/post_103")
    ]
    assert statuses == [200, 500, 500, 200]


async def test_a_standing_fault_ends_when_it_is_cleared(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    asked = await stranger.post("/settings/faults", json={"kind": "500", "times": 0})
    broken = [(await api.get("/v1/posts")).status_code for _ in range(3)]
    listed = (await stranger.get("/settings/faults")).json()["data"]
    cleared = await stranger.delete("/settings/faults")

    assert asked.status_code == 201
    assert broken == [500, 500, 500]
    assert [fault["kind"] for fault in listed] == ["500"]
    assert cleared.status_code == 204
    assert (await api.get("/v1/posts")).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_can_be_asked_for_over_http(stranger: httpx.AsyncClient, kind: str) -> None:
    asked = {"kind": kind, "code": "not_found", "method": "GET", "path": "/v1/*", "times": 3, "seconds": 1.5}

    answer = await stranger.post("/settings/faults", json=asked)
    assert answer.status_code == 201
    assert answer.json()["times_left"] == 3


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "fire"},
        {"kind": "error", "code": "teapot"},
        {"kind": "drop", "times": -1},
        {"kind": "delay", "seconds": 1e9},
        {"kind": "delay", "seconds": "1"},
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(
    stranger: httpx.AsyncClient, asked: dict[str, object]
) -> None:
    assert refusal(await stranger.post("/settings/faults", json=asked)) == (400, "invalid_request")


async def test_settings_are_spared(stranger: httpx.AsyncClient, sandbox: Sandbox) -> None:
    sandbox.faults.add("500", times=None)

    assert (await stranger.get("/settings/posts")).status_code == 200


async def test_a_handler_that_breaks_answers_in_the_envelope(
    api: httpx.AsyncClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.insights = None  # type: ignore[assignment]  # nothing less breaks a handler

    assert refusal(await api.get("/v1/trending")) == (500, "internal_error")
    assert "GET /v1/trending broke" in caplog.text
    assert "sk_live_" not in caplog.text
