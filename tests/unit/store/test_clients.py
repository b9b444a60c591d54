"""What the connections do otherwise than redis-py's."""

import asyncio

import pytest
from redis import exceptions
from redis.asyncio.connection import AbstractConnection

from scrm_bot.store import clients


async def test_a_server_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def send(connection: AbstractConnection, *_: object) -> None:
        assert connection.socket_timeout is None  # redis-py would send in `asyncio.wait_for`
        await asyncio.Event().wait()

    monkeypatch.setattr(AbstractConnection, "send_packed_command", send)
    connection = clients._PlainConnection(socket_timeout=0.01)

    with pytest.raises(exceptions.TimeoutError, match="writing"):
        await connection.send_packed_command([b"PING"])
    assert connection.socket_timeout == 0.01
