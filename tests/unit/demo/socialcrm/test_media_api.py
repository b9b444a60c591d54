"""Media: asking for a place, putting the bytes there, confirming."""

from typing import Any

import httpx
import pytest

from scrm_bot.demo.socialcrm.clock import ManualClock
from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.sandbox import Sandbox
from tests.unit.demo.socialcrm.answers import message, refusal
from tests.unit.demo.socialcrm.conftest import Started

PICTURE = b"\x89PNG" + b"p" * 96
ASKED = {"filename": "cup.png", "content_type": "image/png", "size": len(PICTURE)}
INVALID = (400, "invalid_request")


async def reserved(api: httpx.AsyncClient, **changed: object) -> Any:
    answer = await api.post("/v1/media/upload-url", json={**ASKED, **changed})
    assert answer.status_code == 200
    return answer.json()


async def put(stranger: httpx.AsyncClient, place: Any, content: bytes = PICTURE) -> httpx.Response:
    return await stranger.request(
        place["method"], place["upload_url"], content=content, headers=place["headers"]
    )


async def test_uploaded_and_confirmed_bytes_are_served_and_can_be_attached(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    place = await reserved(api)
    uploaded = await put(stranger, place)
    confirmed = await api.post(f"/v1/media/{place['id']}/confirm", json={})
    post = await api.post("/v1/posts", json={"body": "With a picture", "media_ids": [place["id"]]})

    assert uploaded.status_code == 200
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "ready")
    served = await stranger.get(confirmed.json()["url"])
    assert (served.content, served.headers["Content-Type"]) == (PICTURE, "image/png")
    assert (await api.get(f"/v1/posts/{post.json()['id']}")).json()["media_ids"] == [place["id"]]


async def test_what_was_not_uploaded_cannot_be_confirmed_served_or_attached(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    place = await reserved(api)

    assert refusal(await api.post(f"/v1/media/{place['id']}/confirm", json={})) == INVALID
    assert refusal(await stranger.get(f"/uploads/{place['id']}")) == (404, "not_found")
    assert refusal(await api.post("/v1/posts", json={"body": "x", "media_ids": [place["id"]]})) == INVALID


@pytest.mark.parametrize("content", [b"", PICTURE[:-1], PICTURE + b"p"])
async def test_the_bytes_must_be_as_many_as_announced(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient, content: bytes
) -> None:
    place = await reserved(api)

    assert refusal(await put(stranger, place, content)) == INVALID
    assert refusal(await api.post(f"/v1/media/{place['id']}/confirm", json={})) == INVALID


async def test_an_upload_far_larger_than_announced_is_not_taken_in(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient, sandbox: Sandbox
) -> None:
    place = await reserved(api)

    try:
        assert refusal(await put(stranger, place, b"p" * 5_000_000)) == INVALID
    except httpx.TransportError:  # the refusal may overtake the bytes
        assert sandbox.calls[-1].applied is False
    assert sandbox.media.by_id[place["id"]].content is None


@pytest.mark.parametrize(
    ("found", "changed"), [("signature=", "signature=0"), ("expires=", "expires=9"), ("media_1", "media_2")]
)
async def test_an_address_that_was_tampered_with_takes_nothing(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient, found: str, changed: str
) -> None:
    place = await reserved(api)
    await reserved(api)
    place["upload_url"] = place["upload_url"].replace(found, changed, 1)

    assert refusal(await put(stranger, place)) == (403, "invalid_request")


async def test_an_address_expires(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient, clock: ManualClock
) -> None:
    place = await reserved(api)
    clock.advance(minutes=16)

    answer = await put(stranger, place)
    assert refusal(answer) == (403, "invalid_request")
    assert "expired" in message(answer)


async def test_the_headers_of_the_answer_must_be_sent(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    place = await reserved(api)

    answer = await stranger.put(place["upload_url"], content=PICTURE)
    assert refusal(answer) == (403, "invalid_request")


async def test_a_presigned_address_wants_no_key(api: httpx.AsyncClient) -> None:
    place = await reserved(api)

    assert refusal(await put(api, place)) == INVALID


async def test_confirmed_media_cannot_be_replaced(
    api: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    place = await reserved(api)
    await put(stranger, place)
    await api.post(f"/v1/media/{place['id']}/confirm")

    assert refusal(await put(stranger, place, b"q" * len(PICTURE))) == INVALID


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filename", ""),
        ("filename", "x" * 256),
        ("content_type", "text/html"),
        ("content_type", "image/svg+xml"),
        ("size", 0),
        ("size", "100"),
        ("size", True),
        ("size", 10 * 1024 * 1024 + 1),
        ("size", None),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_name(
    api: httpx.AsyncClient, name: str, value: object
) -> None:
    answer = await api.post("/v1/media/upload-url", json={**ASKED, name: value})

    assert refusal(answer) == INVALID
    assert name in message(answer)


async def test_a_full_shelf_says_so(start: Started) -> None:
    running = await start.sandbox(SandboxConfig(largest_shelf=150))
    api = await start.client(running, running.sandbox.create_key())
    stranger = await start.client(running, None)

    answers = [await put(stranger, await reserved(api)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 400]
