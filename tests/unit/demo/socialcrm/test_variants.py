"""Each way the API may answer differs from the default just where its name says."""

from typing import Any

import httpx
import pytest

from scrm_bot.demo.socialcrm.config import Variants, every_variant
from tests.unit.demo.socialcrm.conftest import Started

TEXT = {"text": "Cold brew is on tap. Bring a jar."}
NAMED = dict(every_variant())


async def read(start: Started, name: str, path: str, **query: object) -> Any:
    api = await start.variant(NAMED[name])
    answer = await api.get(path, params={key: str(value) for key, value in query.items()})
    return answer.json()


async def told(start: Started, name: str, path: str, sent: object) -> Any:
    api = await start.variant(NAMED[name])
    return (await api.post(path, json=sent)).json()


def test_every_choice_but_the_first_is_a_variant_of_its_own() -> None:
    assert len(NAMED) == 46
    assert len(set(NAMED.values())) == 46
    assert NAMED["default"] == Variants()


async def test_single_objects_are_bare_or_under_data(start: Started) -> None:
    bare = await told(start, "envelope=bare", "/v1/ai/rewrite", {"text": "buy now"})
    wrapped = await told(start, "envelope=data", "/v1/posts", {"body": "New"})

    assert bare == {"text": "Grab yours today, we would love to have you."}
    assert wrapped == {"data": {"id": "post_115", "status": "draft", "body": "New"}}


async def test_a_created_post_may_be_told_in_full(start: Started) -> None:
    full = await told(start, "created=full", "/v1/posts", {"body": "New", "account_ids": ["acct_1"]})

    assert full["account_ids"] == ["acct_1"]


async def test_what_is_not_set_may_be_left_out(start: Started) -> None:
    post = await read(start, "nulls=absent", "/v1/posts/post_114")

    assert not {"scheduled_at", "published_at", "error"} & set(post)


@pytest.mark.parametrize(("name", "status"), [("patch=empty", 200), ("patch=204", 204)])
async def test_an_update_may_answer_nothing(start: Started, name: str, status: int) -> None:
    api = await start.variant(NAMED[name])

    answer = await api.patch("/v1/posts/post_114", json={"body": "Changed"})
    assert (answer.status_code, answer.content) == (status, b"")
    assert (await api.get("/v1/posts/post_114")).json()["body"] == "Changed"


async def test_a_deletion_may_answer_200(start: Started) -> None:
    api = await start.variant(NAMED["delete=200"])

    assert (await api.delete("/v1/posts/post_114")).status_code == 200


async def test_analytics_are_an_object_or_a_list_of_rows(start: Started) -> None:
    rows = await read(start, "post_analytics=list", "/v1/posts/post_101/analytics")
    total = await read(start, "default", "/v1/posts/post_101/analytics")
    accounts = await read(start, "account_analytics=object", "/v1/accounts/analytics")

    assert [row["account_id"] for row in rows["data"]] == ["acct_1", "acct_2", "acct_4"]
    assert sum(row["likes"] for row in rows["data"]) == total["likes"]
    assert accounts["followers"] > 0


@pytest.mark.parametrize("name", ["network=platform", "network=provider", "handle=username"])
async def test_an_account_names_its_fields_otherwise(start: Started, name: str) -> None:
    account = (await read(start, name, "/v1/accounts", limit=1))["data"][0]

    usual, other = name.split("=")
    assert other in account
    assert usual not in account


@pytest.mark.parametrize("key", ["topic", "title", "name", "hashtag"])
async def test_a_trend_is_an_object(start: Started, key: str) -> None:
    trends = (await read(start, f"trending={key}", "/v1/trending", limit=2))["data"]

    assert all(set(trend) == {key, "volume"} for trend in trends)
    assert trends[0]["volume"] >= trends[1]["volume"]


@pytest.mark.parametrize("weight", ["volume", "score", "posts", "none"])
async def test_a_trend_weighs_otherwise(start: Started, weight: Any) -> None:
    api = await start.variant(Variants(trending="topic", trending_weight=weight))

    trend = (await api.get("/v1/trending")).json()["data"][0]
    assert set(trend) == {"topic", weight} - {"none"}


@pytest.mark.parametrize(
    ("name", "path", "sent", "expected"),
    [
        ("compose=body", "compose", {"prompt": "oat milk"}, "body"),
        ("optimise=body", "optimise", TEXT, "body"),
        ("thread=thread", "thread", TEXT, "thread"),
        ("thread=parts", "thread", TEXT, "parts"),
    ],
)
async def test_an_ai_answer_names_its_field_otherwise(
    start: Started, name: str, path: str, sent: dict[str, str], expected: str
) -> None:
    answer = await told(start, name, f"/v1/ai/{path}", sent)

    assert expected in answer["data"]


@pytest.mark.parametrize(
    ("name", "path"), [("hashtags=list", "hashtags"), ("thread=list", "thread"), ("ideas=list", "ideas")]
)
async def test_an_ai_list_may_be_bare(start: Started, name: str, path: str) -> None:
    answer = await told(start, name, f"/v1/ai/{path}", TEXT)

    assert isinstance(answer["data"], list)


async def test_hashtags_may_come_without_their_sign(start: Started) -> None:
    answer = await told(start, "hash_sign=without", "/v1/ai/hashtags", TEXT)

    assert not [tag for tag in answer["data"]["hashtags"] if tag.startswith("#")]


@pytest.mark.parametrize("key", ["text", "body"])
async def test_parts_of_a_thread_may_be_objects(start: Started, key: str) -> None:
    answer = await told(start, f"thread_part={key}", "/v1/ai/thread", TEXT)

    assert all(set(part) == {key} for part in answer["data"]["posts"])


@pytest.mark.parametrize("keys", ["title", "text", "description", "title_text", "title_description"])
async def test_ideas_may_be_objects(start: Started, keys: str) -> None:
    answer = await told(start, f"idea={keys}", "/v1/ai/ideas", {})

    assert all(set(idea) == set(keys.split("_")) for idea in answer["data"]["ideas"])


async def test_suggestions_may_be_absent(start: Started) -> None:
    answer = await told(start, "suggestions=absent", "/v1/ai/optimise", TEXT)

    assert set(answer["data"]) == {"text"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("media_id=media_id", {"media_id", "upload_url", "method", "headers"}),
        ("upload_url=url", {"id", "url", "method", "headers"}),
        ("upload_method=POST", {"id", "upload_url", "method", "headers"}),
        ("upload_method=absent", {"id", "upload_url", "headers"}),
        ("upload_headers=absent", {"id", "upload_url", "method"}),
    ],
)
async def test_an_upload_is_told_otherwise_and_still_works(
    start: Started, name: str, expected: set[str]
) -> None:
    running = await start.sandbox(start.config(NAMED[name]))
    api = await start.client(running, running.sandbox.create_key())
    stranger = await start.client(running, None)

    asked = {"filename": "cup.png", "content_type": "image/png", "size": 4}
    place = (await api.post("/v1/media/upload-url", json=asked)).json()
    uploaded = await stranger.request(
        place.get("method", "PUT"),
        place.get("upload_url") or place["url"],
        content=b"cup!",
        headers=place.get("headers", {}),
    )
    assert set(place) == expected
    assert uploaded.status_code == 200


async def test_an_upload_signed_for_one_method_takes_no_other(start: Started) -> None:
    api = await start.variant(NAMED["upload_method=POST"])
    asked = {"filename": "cup.png", "content_type": "image/png", "size": 4}
    place = (await api.post("/v1/media/upload-url", json=asked)).json()

    async with httpx.AsyncClient() as stranger:
        answer = await stranger.put(place["upload_url"], content=b"cup!", headers=place["headers"])
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("name", "expected"),
    [("confirm=url", {"id", "url"}), ("confirm=status", {"id", "status"}), ("confirm=neither", {"id"})],
)
async def test_a_confirmation_tells_less(start: Started, name: str, expected: set[str]) -> None:
    running = await start.sandbox(start.config(NAMED[name]))
    api = await start.client(running, running.sandbox.create_key())
    stranger = await start.client(running, None)

    asked = {"filename": "cup.png", "content_type": "image/png", "size": 4}
    place = (await api.post("/v1/media/upload-url", json=asked)).json()
    await stranger.put(place["upload_url"], content=b"cup!", headers=place["headers"])
    confirmed = await api.post(f"/v1/media/{place['id']}/confirm", json={})
    assert set(confirmed.json()) == expected
