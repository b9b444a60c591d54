"""What the connections do otherwise than redis-py's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from anyio.lowlevel import checkpoint
from redis import exceptions
from redis.asyncio.connection import AbstractConnection

from scrm_bot.store import clients
from scrm_bot.store.address import parse
from tests.conftest import RedisServer


async def test_a_server_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def send(connection: AbstractConnection, *_: object) -> None:
        assert connection.socket_timeout is None  # redis-py would send in `asyncio.wait_for`
        await asyncio.Event().wait()

    monkeypatch.setattr(AbstractConnection, "send_packed_command", send)
    connection = clients._PlainConnection(socket_timeout=0.01)

    with pytest.raises(exceptions.TimeoutError, match="writing"):
        await connection.send_packed_command([b"PING"])
    assert connection.socket_timeout == 0.01


@asynccontextmanager
async def served(*conversations: bytes) -> AsyncIterator[tuple[Any, list[bytes]]]:
    """A client of a server that says one of these when it is asked for `mine`, and then ends the connection.

    One that it has nothing to say on stays open and silent. With it comes what is left to say.
    """
    left, over = list(conversations), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while b"mine" not in (asked := await reader.read(9_999)) and asked:
            writer.write(b"-ERR unknown command\r\n" * asked.count(b"*"))  # how a client introduces itself
        if told := left.pop(0) if asked else b"":
            writer.write(told)
        else:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client: Any = clients.clients(parse(f"redis://127.0.0.1:{port}/0"))(blocking=False)
    client.client.connection_pool.connection_kwargs |= {"socket_timeout": 0.1, "protocol": 2}
    try:
        yield client, left
    finally:
        over.set()
        await client.aclose()
        server.close()


async def asked(client: Any, *commands: tuple[str, ...]) -> list[Any]:
    batch = client.pipeline()
    for command in commands:
        batch.execute_command(*command)
    replies: list[Any] = await batch.execute(raise_on_error=False)
    return replies


async def test_commands_share_a_round_trip_and_each_has_its_own_answer(redis_server: RedisServer) -> None:
    client: Any = clients.clients(parse(redis_server.url))(blocking=False)
    try:
        await asked(client, ("DEL", "a", "b"))
        replies = await asked(client, ("SET", "a", "1"), ("LPUSH", "a", "x"), ("GET", "a"), ("HGETALL", "b"))
    finally:
        await client.aclose()

    assert replies[0] is True  # as redis-py understands it
    assert isinstance(replies[1], exceptions.ResponseError)
    assert replies[2:] == [b"1", {}]


async def test_where_a_connection_ends_in_the_middle_everything_is_asked_again() -> None:
    async with served(b"$1\r\n1\r\n", b"$1\r\n1\r\n$1\r\n2\r\n") as (client, _):
        assert await asked(client, ("GET", "mine"), ("GET", "b")) == [b"1", b"2"]


async def test_a_server_that_says_nothing_is_asked_three_times_and_given_up() -> None:
    async with served(b"", b"", b"") as (client, left):
        with pytest.raises(exceptions.TimeoutError, match="reading"):
            await asked(client, ("GET", "mine"))

    assert left == []


async def test_whoever_gives_up_leaves_no_answer_for_the_next() -> None:
    async with served(b"", b"$1\r\n2\r\n") as (client, left):
        gone = asyncio.create_task(asked(client, ("GET", "mine")))
        while len(left) == 2:
            await checkpoint()
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)

        assert gone.cancelled()
        assert await asked(client, ("GET", "mine")) == [b"2"]
