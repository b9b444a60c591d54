"""Posts over HTTP: what is documented, and what is refused."""

import httpx
import pytest

from scrm_bot.demo.socialcrm.clock import ManualClock
from scrm_bot.demo.socialcrm.sandbox import Sandbox
from tests.unit.demo.socialcrm.answers import data, message, refusal

INVALID = (400, "invalid_request")
NOT_FOUND = (404, "not_found")
LATER = {"scheduled_at": "2026-03-02T11:30:00Z"}


async def test_a_created_post_answers_exactly_as_documented(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/posts", json={"body": "Launch day is here.", "account_ids": ["acct_1"]})

    assert answer.status_code == 201
    assert answer.json() == {"id": "post_115", "status": "draft", "body": "Launch day is here."}


async def test_a_created_post_is_the_first_of_the_list(api: httpx.AsyncClient) -> None:
    await api.post("/v1/posts", json={"body": "One"})
    await api.post("/v1/posts", json={"body": "Two"})

    listed = data(await api.get("/v1/posts"))
    assert [post["body"] for post in listed[:2]] == ["Two", "One"]


async def test_the_seeded_posts_are_in_every_usual_status(api: httpx.AsyncClient) -> None:
    listed = data(await api.get("/v1/posts"))

    assert {post["status"] for post in listed} == {"draft", "scheduled", "published"}
    assert [post["id"] for post in listed] == [f"post_{number}" for number in range(114, 100, -1)]


async def test_limit_and_offset_walk_the_list_without_gap_or_repeat(api: httpx.AsyncClient) -> None:
    everything = data(await api.get("/v1/posts", params={"limit": 50}))

    walked = []
    for offset in range(0, 20, 5):
        walked += data(await api.get("/v1/posts", params={"limit": 5, "offset": offset}))
    assert walked == everything


async def test_a_list_holds_twenty_unless_asked(api: httpx.AsyncClient) -> None:
    for number in range(10):
        await api.post("/v1/posts", json={"body": f"Post {number}"})

    assert len(data(await api.get("/v1/posts"))) == 20


@pytest.mark.parametrize("path", ["/v1/posts", "/v1/accounts", "/v1/trending"])
@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=51", "limit=ten", "limit=", "limit=1.5", "limit=%C2%B2", "offset=-1", "offset=x"],
)
async def test_a_page_that_does_not_exist_is_refused(api: httpx.AsyncClient, path: str, query: str) -> None:
    answer = await api.get(f"{path}?{query}")

    assert refusal(answer) == INVALID
    assert query.split("=", maxsplit=1)[0] in message(answer)


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({}, "body"),
        ({"body": ""}, "body"),
        ({"body": " \n"}, "body"),
        ({"body": 7}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"body": "x", "account_ids": "acct_1"}, "account_ids"),
        ({"body": "x", "account_ids": [1]}, "account_ids"),
        ({"body": "x", "account_ids": ["acct_9"]}, "account_ids"),
        ({"body": "x", "account_ids": ["acct_1"] * 101}, "account_ids"),
        ({"body": "x", "media_ids": ["media_9"]}, "media_ids"),
    ],
)
async def test_a_field_that_does_not_fit_is_refused_by_name(
    api: httpx.AsyncClient, sent: dict[str, object], named: str
) -> None:
    answer = await api.post("/v1/posts", json=sent)

    assert refusal(answer) == INVALID
    assert named in message(answer)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"body": NaN}',
        b'{"body":"\\ud800"}',
        b"[" * 50_000,
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(api: httpx.AsyncClient, raw: bytes) -> None:
    assert refusal(await api.post("/v1/posts", content=raw)) == INVALID


async def test_a_body_too_large_is_refused_in_the_envelope(api: httpx.AsyncClient) -> None:
    answer = await api.post("/v1/posts", content=b'{"body":"' + b"x" * 300_000 + b'"}')

    assert refusal(answer) == (413, "invalid_request")


async def test_one_post_is_read_by_its_id(api: httpx.AsyncClient) -> None:
    answer = await api.get("/v1/posts/post_110")

    assert answer.json()["status"] == "scheduled"
    assert answer.json()["scheduled_at"] == "2026-03-02T13:00:00Z"
    assert answer.json()["published_at"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/posts/post_999"),
        ("PATCH", "/v1/posts/post_999"),
        ("DELETE", "/v1/posts/post_999"),
        ("POST", "/v1/posts/post_999/schedule"),
        ("POST", "/v1/posts/post_999/publish"),
        ("GET", "/v1/posts/post_999/analytics"),
        ("POST", "/v1/media/media_999/confirm"),
        ("GET", "/v1/nothing/here"),
    ],
)
async def test_what_does_not_exist_is_not_found(api: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await api.request(method, path, json={"body": "x", **LATER})

    assert refusal(answer) == NOT_FOUND


async def test_an_update_changes_only_what_was_sent(api: httpx.AsyncClient) -> None:
    before = (await api.get("/v1/posts/post_114")).json()

    answer = await api.patch("/v1/posts/post_114", json={"body": "Winter blend is here."})
    changed = {name for name, value in answer.json().items() if value != before[name]}
    assert changed == {"body", "updated_at"}


async def test_a_scheduled_post_can_be_edited_and_goes_out_as_edited(
    api: httpx.AsyncClient, clock: ManualClock
) -> None:
    await api.patch("/v1/posts/post_110", json={"body": "Changed", "account_ids": ["acct_2"]})
    clock.advance(hours=4)

    post = (await api.get("/v1/posts/post_110")).json()
    assert (post["status"], post["body"], post["account_ids"]) == ("published", "Changed", ["acct_2"])


async def test_an_update_without_a_change_is_refused(api: httpx.AsyncClient) -> None:
    assert refusal(await api.patch("/v1/posts/post_114", json={"status": "published"})) == INVALID


async def test_a_published_post_can_be_neither_edited_scheduled_nor_published_again(
    api: httpx.AsyncClient,
) -> None:
    answers = [
        await api.patch("/v1/posts/post_101", json={"body": "Changed"}),
        await api.post("/v1/posts/post_101/schedule", json=LATER),
        await api.post("/v1/posts/post_101/publish", json={}),
    ]

    assert [refusal(answer) for answer in answers] == [INVALID] * 3
    assert all("status" in message(answer) for answer in answers)


async def test_a_deleted_post_is_gone(api: httpx.AsyncClient) -> None:
    answer = await api.delete("/v1/posts/post_114")

    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(await api.get("/v1/posts/post_114")) == NOT_FOUND


async def test_the_id_of_a_deleted_post_is_not_given_again(api: httpx.AsyncClient) -> None:
    first = (await api.post("/v1/posts", json={"body": "One"})).json()["id"]
    await api.delete(f"/v1/posts/{first}")

    second = (await api.post("/v1/posts", json={"body": "Two"})).json()["id"]
    assert second != first


async def test_scheduling_keeps_the_moment_in_utc(api: httpx.AsyncClient) -> None:
    answer = await api.post(
        "/v1/posts/post_114/schedule", json={"scheduled_at": "2026-03-03T09:15:00.500+02:00"}
    )

    assert (answer.status_code, answer.json()["status"]) == (200, "scheduled")
    assert answer.json()["scheduled_at"] == "2026-03-03T07:15:00Z"


@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-02T09:59:59Z",
        "2026-03-02T10:00:00Z",
        "2026-03-03T09:00:00",
        "tomorrow",
        "2026-02-30T09:00:00Z",
        "20260303T0900Z",
        "9999-12-31T23:59:59-23:59",
        1_772_500_000,
        None,
    ],
)
async def test_a_moment_that_is_past_or_unclear_is_refused(api: httpx.AsyncClient, moment: object) -> None:
    answer = await api.post("/v1/posts/post_114/schedule", json={"scheduled_at": moment})

    assert refusal(answer) == INVALID
    assert "scheduled_at" in message(answer)


async def test_publishing_answers_published_and_goes_out_once(
    api: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    first = await api.post("/v1/posts/post_114/publish", json={})
    second = await api.post("/v1/posts/post_114/publish", json={})

    assert (first.json()["status"], first.json()["published_at"]) == ("published", "2026-03-02T10:00:00Z")
    assert refusal(second) == INVALID
    assert sandbox.went_out["post_114"] == 1
    assert sandbox.publish_calls("post_114") == 2
    assert sandbox.publish_calls("post_114", applied=True) == 1


async def test_a_post_without_accounts_cannot_go_out(api: httpx.AsyncClient) -> None:
    post = (await api.post("/v1/posts", json={"body": "Nowhere to go"})).json()["id"]

    answers = [
        await api.post(f"/v1/posts/{post}/publish"),
        await api.post(f"/v1/posts/{post}/schedule", json=LATER),
    ]
    assert [refusal(answer) for answer in answers] == [INVALID, INVALID]
    assert all("account_ids" in message(answer) for answer in answers)


async def test_a_method_that_is_not_offered_is_refused_in_the_envelope(api: httpx.AsyncClient) -> None:
    answer = await api.put("/v1/posts", json={})

    assert refusal(answer) == (405, "invalid_request")
    assert answer.headers["Allow"] == "GET,POST"


@pytest.mark.parametrize("text", ["<!channel> & <@U1>", "שלום 🌍", "a\u0000b", "line\nline", "x" * 10_000])
async def test_any_text_comes_back_as_it_was_sent(api: httpx.AsyncClient, text: str) -> None:
    created = (await api.post("/v1/posts", json={"body": text})).json()

    assert (await api.get(f"/v1/posts/{created['id']}")).json()["body"] == text
