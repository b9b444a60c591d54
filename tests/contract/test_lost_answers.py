"""A server that reads the request, applies it, and never answers properly: nothing is ever sent twice."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from anyio.lowlevel import checkpoint

from scrm_bot.domain.errors import (
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    SocialCRMUnreachableError,
    UsageError,
)
from scrm_bot.domain.insights import Upload
from scrm_bot.domain.posts import PostChanges
from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Lane
from scrm_bot.socialcrm.client import SocialCRMClient
from scrm_bot.socialcrm.http import ATTEMPTS, Http, Timeouts
from scrm_bot.socialcrm.transport import LEAVING
from tests.conftest import free_port
from tests.fakes.budget import FakeBudget
from tests.fakes.clock import FixedClock

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n" + b'{"data":[]}'


class RawServer:
    """Answers the first `good` requests of each connection, then does `then` with the next one.

    `requests` are the request lines in the order they came, on whatever connection; `heads` are all lines.
    """

    def __init__(self, then: bytes | None, *, good: int) -> None:
        self.then = then
        self.good = good
        self.requests: list[str] = []
        self.heads: list[list[str]] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.url = ""
        self.hold = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            with suppress(asyncio.IncompleteReadError):  # the client closed a connection it had kept
                for _ in range(self.good):
                    await self.read(reader)
                    writer.write(OK)
                    await writer.drain()
                await self.read(reader)
                if self.then is None:
                    await self.hold.wait()
                writer.write(self.then or b"")
                await writer.drain()
        finally:
            writer.close()

    async def read(self, reader: asyncio.StreamReader) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.lower().split("\r\n")
        length = next((line.split(":")[1] for line in lines if line.startswith("content-length:")), "0")
        self.bodies.append(await reader.readexactly(int(length)))
        self.heads.append(lines)
        self.requests.append(head.split("\r\n")[0].removesuffix(" HTTP/1.1"))


@asynccontextmanager
async def raw_server(then: bytes | None, *, good: int = 0) -> AsyncIterator[RawServer]:
    raw = RawServer(then, good=good)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield raw
    finally:
        raw.hold.set()
        server.close()
        await server.wait_closed()


async def reveal() -> tuple[Secret, str]:
    return Secret("sk_live_" + "a" * 32), "fingerprint"


@asynccontextmanager
async def client_of(url: str, timeouts: Timeouts | None = None) -> AsyncIterator[SocialCRMClient]:
    http = Http(f"{url}/v1", budget=FakeBudget(), clock=FixedClock(), timeouts=timeouts)
    try:
        yield SocialCRMClient(http, reveal, Lane.PEOPLE)
    finally:
        await http.close()


async def image() -> AsyncIterator[bytes]:
    yield b"four"


Call = Callable[[SocialCRMClient, str], Awaitable[object]]
CHANGES: dict[str, Call] = {
    "POST /v1/posts": lambda c, _: c.create_draft("b", account_ids=["a"]),
    "PATCH /v1/posts/p": lambda c, _: c.update_post("p", PostChanges(body="b")),
    "DELETE /v1/posts/p": lambda c, _: c.delete_post("p"),
    "POST /v1/posts/p/schedule": lambda c, _: c.schedule_post("p", at=AT),
    "POST /v1/posts/p/publish": lambda c, _: c.publish_post("p"),
    "POST /v1/ai/rewrite": lambda c, _: c.rewrite("t", tone="x"),
    "POST /v1/ai/compose": lambda c, _: c.compose("t"),
    "POST /v1/ai/hashtags": lambda c, _: c.suggest_hashtags("t"),
    "POST /v1/ai/thread": lambda c, _: c.expand_into_thread("t"),
    "POST /v1/ai/ideas": lambda c, _: c.generate_ideas(),
    "POST /v1/ai/optimise": lambda c, _: c.optimise("t"),
    "POST /v1/media/upload-url": lambda c, _: c.request_upload("f", content_type="image/png", size=4),
    "POST /v1/media/m/confirm": lambda c, _: c.confirm_upload("m"),
    "PUT /up": lambda c, url: c.send_bytes(Upload("m", f"{url}/up"), image(), size=4),
}
READS: dict[str, Call] = {
    "GET /v1/posts?limit=20": lambda c, _: c.list_posts(),
    "GET /v1/posts/p": lambda c, _: c.get_post("p"),
    "GET /v1/posts/p/analytics": lambda c, _: c.get_post_analytics("p"),
    "GET /v1/accounts?limit=50": lambda c, _: c.list_accounts(),
    "GET /v1/accounts/analytics": lambda c, _: c.get_account_analytics(),
    "GET /v1/persona": lambda c, _: c.get_persona(),
    "GET /v1/trending?limit=20": lambda c, _: c.list_trending(),
}
ENDINGS: dict[str, bytes] = {
    "closed without an answer": b"",
    "cut in the head": b"HTTP/1.1 200 OK\r\nContent-Le",
    "cut in the body": b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id":"po',
    "cut in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "an impossible head": b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    "a broken gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    "a gateway's 502": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>",
    "an empty 500": b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
    "a 500 with a code of its own": b"HTTP/1.1 500 Oh\r\nContent-Length: 39\r\n\r\n"
    b'{"error":{"code":"oops","message":"x"}}',
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kept_alive", [False, True], ids=["fresh", "kept-alive"])
@pytest.mark.parametrize("line", CHANGES)
async def test_a_change_whose_answer_was_lost_arrives_once_and_is_ambiguous(
    line: str, ending: str, *, kept_alive: bool
) -> None:
    async with raw_server(ENDINGS[ending], good=int(kept_alive)) as raw, client_of(raw.url) as client:
        if kept_alive:
            await client.list_posts()

        with pytest.raises(SocialCRMAmbiguousError) as caught:
            await CHANGES[line](client, raw.url)

    assert [each for each in raw.requests if not each.startswith("GET ")] == [line]
    assert raw.connections == 1
    assert "sk_live_" not in repr(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("line", CHANGES)
async def test_a_change_that_is_not_answered_in_time_arrives_once_and_is_ambiguous(line: str) -> None:
    for quick in (Timeouts(read=0.2), Timeouts(total=0.2, upload=0.2)):
        async with raw_server(None) as raw, client_of(raw.url, quick) as client:
            with pytest.raises(SocialCRMAmbiguousError):
                await CHANGES[line](client, raw.url)

        assert raw.requests == [line]


@pytest.mark.parametrize("kept_alive", [False, True], ids=["fresh", "kept-alive"])
@pytest.mark.parametrize("line", READS)
async def test_a_read_is_tried_again_a_few_times_and_changes_nothing(line: str, *, kept_alive: bool) -> None:
    async with raw_server(b"", good=int(kept_alive)) as raw, client_of(raw.url) as client:
        if kept_alive:
            await client.list_posts()
            raw.good = 0

        with pytest.raises(SocialCRMUnreachableError):
            await READS[line](client, raw.url)

    assert raw.requests[int(kept_alive) :] == [line] * ATTEMPTS


@pytest.mark.parametrize("line", [*CHANGES, *READS])
async def test_where_no_connection_is_made_nothing_was_sent(line: str) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    async with client_of(url) as client:
        with pytest.raises(SocialCRMUnreachableError):
            await (CHANGES | READS)[line](client, url)


@pytest.mark.parametrize("line", CHANGES)
async def test_a_redirect_is_not_followed(line: str) -> None:
    async with raw_server(b"") as other:
        away = f"HTTP/1.1 307 Away\r\nLocation: {other.url}/steal\r\nContent-Length: 0\r\n\r\n".encode()
        async with raw_server(away) as raw, client_of(raw.url) as client:
            with pytest.raises(SocialCRMContractError):
                await CHANGES[line](client, raw.url)

    assert (raw.requests, other.requests) == ([line], [])


async def test_every_attempt_takes_a_turn_of_its_own() -> None:
    budget, clock = FakeBudget(), FixedClock()
    async with raw_server(b"") as raw:
        http = Http(f"{raw.url}/v1", budget=budget, clock=clock)
        with pytest.raises(SocialCRMUnreachableError):
            await SocialCRMClient(http, reveal, Lane.BACKGROUND).get_persona()
        await http.close()

    assert budget.turns == [("fingerprint", Lane.BACKGROUND)] * len(raw.requests)
    assert len(clock.slept) == ATTEMPTS - 1
    assert 0 < clock.slept[0] < clock.slept[1] < 1


async def test_an_answer_without_end_is_cut_off() -> None:
    endless = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"[" * (6 * 1024 * 1024)
    async with raw_server(endless) as raw, client_of(raw.url) as client:
        with pytest.raises(SocialCRMContractError, match="too large"):
            await client.publish_post("p")

    assert len(raw.requests) == 1


async def test_the_bytes_of_a_file_arrive_whole_and_without_the_key() -> None:
    created = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(created) as raw, client_of(raw.url) as client:
        await client.send_bytes(Upload("m", f"{raw.url}/up?signature=s"), image(), size=4)

    assert (raw.requests, raw.bodies) == (["PUT /up?signature=s"], [b"four"])
    assert not any(line.startswith("content-type") for line in raw.heads[0])  # nobody asked for one


@pytest.mark.parametrize(
    "target",
    [
        "/a%2Fb%3Ac%21%20d%2B.png",
        "/%7Euser/%2e%2e/x//c/./d/../e",
        "/b?X-Amz-Credential=AK%2F2026%2Fus&sig=a%2Bb%2Fc%3D%3D&d=attachment%3B%20filename%3D%22x%22",
        "/b?sig=a+b/c==&x=%c3%a9&y=%C3%A9&p=%2A%21%27%28%29*!'()",
        "/b?a;b&c=%26%3D%3B&empty=&k=%7B%7D%5B%5D|^`{}[]?",
        "/b?",
    ],
)
async def test_an_upload_s_address_is_asked_for_letter_by_letter(target: str) -> None:
    created = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(created) as raw, client_of(raw.url) as client:
        await client.send_bytes(Upload("m", f"{raw.url}{target}#here"), image(), size=4)

    assert raw.requests == [f"PUT {target}"]


@pytest.mark.parametrize(
    ("told", "asked"), [("", "/"), ("?x=1", "/?x=1"), ("/é d?é HTTP/1.1", "/%C3%A9%20d?%C3%A9%20HTTP/1.1")]
)
async def test_what_no_request_line_can_hold_is_written_so_that_it_can(told: str, asked: str) -> None:
    created = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(created) as raw, client_of(raw.url) as client:
        await client.send_bytes(Upload("m", f"{raw.url}{told}"), image(), size=4)

    assert raw.requests == [f"PUT {asked}"]


async def test_calls_after_an_upload_have_their_own_address_and_type() -> None:
    async with raw_server(OK, good=9) as raw, client_of(raw.url) as client:
        await client.send_bytes(Upload("m", f"{raw.url}/a%21"), image(), size=4)
        with pytest.raises(SocialCRMContractError):
            await client.get_post("a/b c!?")
        with pytest.raises(SocialCRMContractError):
            await client.create_draft("b", account_ids=["a"])

    assert raw.requests == ["PUT /a%21", "GET /v1/posts/a%2Fb%20c!%3F", "POST /v1/posts"]
    assert "content-type: application/json" in raw.heads[2]


@pytest.mark.parametrize("size", [3, 5])
async def test_a_file_that_changed_meanwhile_is_not_taken_for_sent(size: int) -> None:
    async with raw_server(b"") as raw, client_of(raw.url) as client:
        with pytest.raises(UsageError, match="changed"):
            await client.send_bytes(Upload("m", f"{raw.url}/up"), image(), size=size)

    assert raw.requests == []


@dataclass(frozen=True, slots=True)
class Calling:
    """A call that is cancelled, and the budget it took its turn from."""

    call: asyncio.Task[object]
    budget: FakeBudget

    async def cancel(self) -> None:
        self.call.cancel()
        with suppress(asyncio.CancelledError):
            await self.call


@asynccontextmanager
async def calling(url: str, budget: FakeBudget) -> AsyncIterator[Calling]:
    http = Http(f"{url}/v1", budget=budget, clock=FixedClock())
    client = SocialCRMClient(http, reveal, Lane.PEOPLE)
    yield Calling(asyncio.create_task(client.publish_post("p")), budget)
    await http.close()


async def test_a_call_that_is_cancelled_before_it_found_a_connection_gives_its_turn_back() -> None:
    """The listener takes one connection and nobody accepts it: the next hangs while it connects."""
    with socket.socket() as deaf, socket.socket() as first:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        first.connect(deaf.getsockname())
        budget = FakeBudget()
        async with calling(f"http://127.0.0.1:{deaf.getsockname()[1]}", budget) as hanging:
            while not budget.turns:
                await checkpoint()
            await checkpoint()
            await hanging.cancel()

    assert budget.given_back == [("fingerprint", 1)]


async def test_a_call_that_is_cancelled_when_it_may_have_arrived_keeps_its_turn() -> None:
    budget = FakeBudget()
    async with raw_server(None) as raw, calling(raw.url, budget) as sent:
        while not raw.requests:
            await checkpoint()
        await sent.cancel()

    assert len(budget.turns) == 1
    assert budget.given_back == []


async def test_a_call_whose_turn_came_too_late_gives_it_back(free_tcp_port: int) -> None:
    budget, clock = FakeBudget(), FixedClock()
    http = Http(f"http://127.0.0.1:{free_tcp_port}/v1", budget=budget, clock=clock)

    with pytest.raises(SocialCRMUnreachableError, match="too late"):
        await SocialCRMClient(http, reveal, Lane.PEOPLE).publish_post(
            "p", deadline=clock.now() - timedelta(seconds=1)
        )
    await http.close()

    assert budget.given_back == [("fingerprint", 1)]


@pytest.mark.parametrize("kept_alive", [False, True], ids=["fresh", "kept-alive"])
async def test_a_connection_that_comes_when_the_turn_is_over_carries_the_request_on_the_next(
    *, kept_alive: bool
) -> None:
    budget, over = FakeBudget(), 1 + kept_alive
    async with raw_server(b"", good=2) as raw:
        http = Http(f"{raw.url}/v1", budget=budget, clock=FixedClock())
        client = SocialCRMClient(http, reveal, Lane.BACKGROUND)
        if kept_alive:
            await client.list_posts()
        budget.until[over] = asyncio.get_running_loop().time() - 1
        await client.list_accounts()
        await http.close()

    assert (len(budget.turns), budget.given_back) == (over + 1, [("fingerprint", over)])
    assert (len(raw.requests), raw.connections) == (over, 1)


async def test_where_every_connection_comes_too_late_nothing_is_sent_and_it_is_told() -> None:
    budget = FakeBudget()
    budget.until = dict.fromkeys(range(1, ATTEMPTS + 1), 0.0)
    async with raw_server(b"") as raw, calling(raw.url, budget) as late:
        with pytest.raises(SocialCRMUnreachableError):
            await late.call

    assert (len(budget.turns), raw.requests) == (ATTEMPTS, [])


async def test_a_file_is_sent_without_a_turn_whatever_became_of_the_last_one() -> None:
    budget = FakeBudget()
    budget.until[1] = asyncio.get_running_loop().time() + 60
    created = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
    async with raw_server(created, good=1) as raw:
        http = Http(f"{raw.url}/v1", budget=budget, clock=FixedClock())
        client = SocialCRMClient(http, reveal, Lane.PEOPLE)
        await client.list_posts()
        assert LEAVING.get() is None
        await client.send_bytes(Upload("m", f"{raw.url}/up"), image(), size=4)
        await http.close()

    assert (len(budget.turns), len(raw.requests)) == (1, 2)


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found"])
async def test_an_answer_leads_nowhere_else_and_leaves_no_cookie(status: bytes) -> None:
    head = b"HTTP/1.1 %s\r\nSet-Cookie: session=1; Path=/\r\nLocation: /v1/posts/q\r\n" % status
    answered = head + b'Content-Length: 20\r\n\r\n{"id":"p","text":""}'
    async with raw_server(answered) as raw, client_of(raw.url) as client:
        for _ in range(2):
            with suppress(SocialCRMError):
                await client.get_post("p")

    assert raw.requests == ["GET /v1/posts/p"] * 2
    assert not [line for head in raw.heads for line in head if line.startswith("cookie")]
