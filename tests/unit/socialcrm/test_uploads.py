from collections.abc import AsyncIterator

import httpx
import pytest

from scrm_bot.domain.errors import (
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    UsageError,
)
from scrm_bot.domain.insights import Upload
from tests.unit.socialcrm.seam import KEY, Bench

STORAGE = "https://storage.example/up?signature=s"


async def four(parts: int = 1) -> AsyncIterator[bytes]:
    for _ in range(parts):
        yield b"four"


async def test_bytes_go_with_the_headers_that_were_asked_for_and_without_the_key() -> None:
    bench = Bench(httpx.Response(201))
    headers = (
        ("Content-Type", "image/png"),
        ("X-Amz-Acl", "private"),
        ("Host", "x"),
        ("Content-Length", "9"),
    )

    await bench.client.send_bytes(Upload("m", STORAGE, "post", headers), four(2), size=8)

    (request,) = bench.network.requests
    assert (request.method, str(request.url), request.content) == ("POST", STORAGE, b"fourfour")
    assert request.headers["content-type"] == "image/png"
    assert request.headers["x-amz-acl"] == "private"
    assert (request.headers["host"], request.headers["content-length"]) == ("storage.example", "8")
    assert KEY not in str(request.headers.raw)
    assert bench.budget.turns == []  # it is no call to the API


@pytest.mark.parametrize(
    "url",
    [
        "http://storage.example/up",
        "ftp://storage.example/up",
        "file:///etc/passwd",
        "//storage.example/up",
        "/up",
        "https:///up",
        "https://user:password@storage.example/up",
        "https://storage.example:nope/",
        "",
    ],
)
async def test_a_file_goes_only_to_an_encrypted_address(url: str) -> None:
    bench = Bench(httpx.Response(200))

    with pytest.raises(SocialCRMContractError, match="address"):
        await bench.client.send_bytes(Upload("m", url), four(), size=4)
    assert bench.network.requests == []


async def test_beside_an_unencrypted_api_the_address_may_be_unencrypted_too() -> None:
    bench = Bench(httpx.Response(200), base="http://127.0.0.1:8390/v1")

    await bench.client.send_bytes(Upload("m", "http://127.0.0.1:8390/uploads/m"), four(), size=4)

    assert len(bench.network.requests) == 1


@pytest.mark.parametrize(
    "header",
    [
        ("Authorization", "Bearer x"),
        ("X-API-Key", "x"),
        ("cookie", "x"),
        ("Transfer-Encoding", "chunked"),
        ("a b", "x"),
        ("", "x"),
        ("x-ok", "line\r\nx-evil: 1"),
        ("x-ok", "ü"),
    ],
)
async def test_headers_cannot_smuggle_anything(header: tuple[str, str]) -> None:
    bench = Bench(httpx.Response(200))

    with pytest.raises(SocialCRMContractError, match="header"):
        await bench.client.send_bytes(Upload("m", STORAGE, "PUT", (header,)), four(), size=4)
    assert bench.network.requests == []


async def test_any_other_method_is_refused() -> None:
    with pytest.raises(SocialCRMContractError, match="method"):
        await Bench(httpx.Response(200)).client.send_bytes(Upload("m", STORAGE, "DELETE"), four(), size=4)


@pytest.mark.parametrize("size", [3, 5, 0])
async def test_a_file_of_another_length_is_not_sent_on(size: int) -> None:
    with pytest.raises(UsageError):
        await Bench(httpx.Response(200)).client.send_bytes(Upload("m", STORAGE), four(), size=size)


@pytest.mark.parametrize(("status", "kind"), [(403, SocialCRMContractError), (500, SocialCRMAmbiguousError)])
async def test_a_storage_s_refusal_is_told(status: int, kind: type[Exception]) -> None:
    bench = Bench(httpx.Response(status, content=b"<Error><Code>AccessDenied</Code></Error>"))

    with pytest.raises(kind, match=str(status)):
        await bench.client.send_bytes(Upload("m", STORAGE), four(), size=4)
    assert len(bench.network.requests) == 1
