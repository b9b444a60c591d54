"""What people do outside the API: keys, edits, and the sandbox's own pages."""

import re

import httpx
import pytest

from scrm_bot.demo.socialcrm.sandbox import Sandbox
from scrm_bot.demo.socialcrm.server import RunningSandbox
from tests.unit.demo.socialcrm.answers import message, refusal
from tests.unit.demo.socialcrm.conftest import Started

INVALID = (400, "invalid_request")


async def test_a_key_is_created_shown_once_and_revoked(
    start: Started, running: RunningSandbox, stranger: httpx.AsyncClient
) -> None:
    created = await stranger.post("/settings/api-keys", json={"name": "Slack"})
    made = created.json()
    caller = await start.client(running, made["key"])
    before = (await caller.get("/v1/posts")).status_code
    listed = await stranger.get("/settings/api-keys")
    revoked = await stranger.delete(f"/settings/api-keys/{made['id']}")

    assert (created.status_code, before, revoked.status_code) == (201, 200, 204)
    assert made["key"].endswith(made["last4"])
    assert made["key"] not in listed.text
    assert listed.json()["data"][0]["name"] == "Slack"
    assert refusal(await caller.get("/v1/posts")) == (401, "unauthorized")
    assert refusal(await stranger.delete(f"/settings/api-keys/{made['id']}")) == (404, "not_found")


async def test_a_key_is_created_with_the_plan_and_scopes_that_were_chosen(
    stranger: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    asked = {"name": "Reader", "plan": "free", "scopes": ["posts:read"]}

    made = (await stranger.post("/settings/api-keys", json=asked)).json()
    key = sandbox.key(made["key"])
    assert key is not None
    assert key.plan == "free"
    assert set(key.scopes) == {"posts:read"}


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({}, "name"),
        ({"name": "x", "plan": "gold"}, "plan"),
        ({"name": "x", "scopes": ["posts:eat"]}, "scopes"),
        ({"name": "x", "scopes": "posts:read"}, "scopes"),
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(
    stranger: httpx.AsyncClient, asked: dict[str, object], named: str
) -> None:
    answer = await stranger.post("/settings/api-keys", json=asked)

    assert refusal(answer) == INVALID
    assert named in message(answer)


def test_unknown_scopes_are_refused_in_python_too(sandbox_free: Sandbox) -> None:
    with pytest.raises(ValueError, match="posts:eat"):
        sandbox_free.create_key(scopes=["posts:eat"])


async def test_a_post_edited_elsewhere_is_changed_in_the_api(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    edit = {"body": "Edited by a colleague", "scheduled_at": "2026-03-05T09:00:00Z"}

    answer = await stranger.patch("/settings/posts/post_110", json=edit)
    post = (await api.get("/v1/posts/post_110")).json()
    assert answer.status_code == 200
    assert (post["body"], post["scheduled_at"]) == (edit["body"], edit["scheduled_at"])


async def test_a_post_deleted_elsewhere_is_gone_from_the_api(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    deleted = await stranger.delete("/settings/posts/post_110")

    assert deleted.status_code == 204
    assert refusal(await api.get("/v1/posts/post_110")) == (404, "not_found")
    assert refusal(await stranger.delete("/settings/posts/post_110")) == (404, "not_found")


@pytest.mark.parametrize(
    ("post_id", "moment"), [("post_110", "2026-03-01T09:00:00Z"), ("post_114", "2026-03-05T09:00:00Z")]
)
async def test_a_time_is_edited_only_on_what_is_scheduled_and_only_ahead(
    stranger: httpx.AsyncClient, post_id: str, moment: str
) -> None:
    answer = await stranger.patch(f"/settings/posts/{post_id}", json={"scheduled_at": moment})

    assert refusal(answer) == INVALID
    assert "scheduled_at" in message(answer)


@pytest.mark.parametrize("path", ["/settings/api-keys", "/settings/faults"])
async def test_a_form_of_another_site_changes_nothing(stranger: httpx.AsyncClient, path: str) -> None:
    answer = await stranger.post(
        path, content=b'{"name":"x","kind":"500"}', headers={"Content-Type": "text/plain"}
    )

    assert refusal(answer) == INVALID


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("localhost:1", True),
        ("sandbox:8390", True),
        ("[::1]:1", True),
        ("demo.localhost", True),
        ("rebound.example", False),
    ],
)
async def test_pages_are_served_only_under_local_names(
    stranger: httpx.AsyncClient, host: str, *, served: bool
) -> None:
    answer = await stranger.get("/settings/api-keys", headers={"Host": host})

    assert (answer.status_code == 200) is served


@pytest.mark.parametrize("path", ["/", "/posts"])
async def test_a_page_is_self_contained_and_runs_only_its_own_script(
    stranger: httpx.AsyncClient, path: str
) -> None:
    answer = await stranger.get(path)
    policy = answer.headers["Content-Security-Policy"]
    nonces = set(re.findall(r'nonce="([^"]+)"', answer.text))

    assert answer.status_code == 200
    assert "{{" not in answer.text
    assert len(nonces) == 1
    assert f"script-src 'nonce-{nonces.pop()}'" in policy
    assert "default-src 'none'" in policy
    assert not re.findall(r"https?://", answer.text)


async def test_the_page_keeps_the_key_to_itself(stranger: httpx.AsyncClient) -> None:
    text = (await stranger.get("/")).text

    assert not [place for place in ("localStorage", "sessionStorage", "document.cookie") if place in text]
    assert 'credentials: "omit"' in text
    assert "stays in this page" in text


@pytest.mark.parametrize("path", ["/", "/posts"])
async def test_each_page_is_rendered_with_a_nonce_of_its_own(stranger: httpx.AsyncClient, path: str) -> None:
    policies = {(await stranger.get(path)).headers["Content-Security-Policy"] for _ in range(2)}

    assert len(policies) == 2
