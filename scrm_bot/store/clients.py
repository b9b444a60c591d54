"""Clients for a real Redis: one server, a sentinel's primary, or a cluster."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from typing import Any

from hiredis import pack_command
from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis, Sentinel, SSLConnection
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import AbstractConnection, Connection
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection
from redis.backoff import ExponentialWithJitterBackoff

from scrm_bot.store.address import Address, Kind
from scrm_bot.store.cluster import Nodes
from scrm_bot.store.connection import LONGEST_WAIT, Client, ClientFactory

Words = tuple[Any, ...]

_PATIENCE = 1.2  # seconds for one answer: a connection that died unseen leaves time for a second try


class _Connection(AbstractConnection):
    """Packs commands in C, where redis-py's asyncio connections read with hiredis but write in Python.

    And hears every cancelling: `asyncio.wait_for`, in which redis-py sends, keeps one to itself before Python
    3.12 where it comes as the sending ends, and starts a task for each command.
    """

    def pack_commands(self, commands: Iterable[Iterable[Any]]) -> list[bytes]:
        pack: Callable[[Any], bytes] = pack_command
        return [b"".join(map(pack, commands))]

    async def send_packed_command(
        self,
        command: bytes | str | Iterable[bytes],
        check_health: bool = True,  # noqa: FBT001, FBT002 - as in redis-py
    ) -> None:
        patience, self.socket_timeout = self.socket_timeout, None
        try:
            async with asyncio.timeout(patience):
                await super().send_packed_command(command, check_health)
        except TimeoutError:
            raise exceptions.TimeoutError("Timeout writing to socket") from None
        finally:
            self.socket_timeout = patience

    async def exchange(self, commands: Sequence[Words]) -> list[Any]:
        """The replies to all of them, errors of Redis' own in their places.

        With one time-out for all, where redis-py's pipeline sets a timer for each reply.
        """
        await self.connect()  # type: ignore[no-untyped-call]
        patience, self.socket_timeout = self.socket_timeout, None
        try:
            async with asyncio.timeout(patience):
                await super().send_packed_command(self.pack_commands(commands))
                return [await self._reply() for _ in commands]
        except TimeoutError:
            await self.disconnect(nowait=True)
            raise exceptions.TimeoutError("Timeout reading from socket") from None
        finally:
            self.socket_timeout = patience

    async def _reply(self) -> Any:
        try:
            return await self.read_response()
        except exceptions.ResponseError as error:
            return error


class _PlainConnection(_Connection, Connection):
    pass


class _TlsConnection(_Connection, SSLConnection):
    pass


class _ManagedConnection(_Connection, SentinelManagedConnection):
    pass


class _ManagedTlsConnection(_Connection, SentinelManagedSSLConnection):
    pass


class Batch:
    """Commands that share a round trip, on one connection of the client's pool."""

    def __init__(self, client: Any) -> None:
        self._pool = client.connection_pool
        self._understood = client.response_callbacks
        self._commands: list[Words] = []

    def execute_command(self, *args: Any) -> None:
        self._commands.append(args)

    async def execute(self, *, raise_on_error: bool) -> list[Any]:
        assert not raise_on_error  # noqa: S101  who asks looks at each answer
        connection = await self._pool.get_connection()
        try:
            replies = await connection.retry.call_with_retry(
                partial(connection.exchange, self._commands), lambda _: connection.disconnect()
            )
        finally:
            await asyncio.shield(self._pool.release(connection))
        return [self._read(command[0], reply) for command, reply in zip(self._commands, replies, strict=True)]

    def _read(self, name: str, reply: Any) -> Any:
        """As redis-py's own client gives it."""
        understood = self._understood.get(name)
        return understood(reply) if understood and not isinstance(reply, Exception) else reply


class Single:
    """One server, or the primary that sentinels name, closed together with the connections to those."""

    def __init__(self, client: Any, sentinels: Sequence[Any] = ()) -> None:
        self.client = client
        self._sentinels = sentinels

    async def execute_command(self, *args: Any) -> Any:
        return await self.client.execute_command(*args)

    def pipeline(self, transaction: Any = None) -> Batch:
        assert not transaction  # noqa: S101  scripts are what is atomic here
        return Batch(self.client)

    def scan_iter(self, match: Any = None, count: Any = None) -> AsyncIterator[Any]:
        found: AsyncIterator[Any] = self.client.scan_iter(match=match, count=count)
        return found

    async def aclose(self) -> None:
        for each in (self.client, *self._sentinels):
            await each.aclose()


def clients(address: Address) -> ClientFactory:
    """The factory for a real Redis. No connection is made before the first command."""
    kinds = {Kind.SERVER: _server, Kind.SENTINEL: _sentinel, Kind.CLUSTER: _cluster}

    def make(*, blocking: bool) -> Client:
        # redis-py's own defaults differ between its constructors, and repeat a write ten times
        retry = Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.2), retries=2)
        patience = _PATIENCE + (LONGEST_WAIT if blocking else 0.0)
        options = {"retry": retry, "socket_timeout": patience, "socket_connect_timeout": _PATIENCE}
        return kinds[address.kind](address, {**options, **_login(address)})

    return make


def _login(address: Address) -> dict[str, Any]:
    login = {"username": address.username or None, "password": address.password.reveal() or None}
    return {name: value for name, value in login.items() if value}


def _server(address: Address, options: Any) -> Client:
    host, port = address.hosts[0]
    if address.tls:
        options["ssl_ca_certs"] = address.ca_certs or None
    kind = _TlsConnection if address.tls else _PlainConnection
    options |= {"host": host, "port": port, "db": address.db, "connection_class": kind}
    return Single(Redis.from_pool(BlockingConnectionPool(max_connections=64, timeout=_PATIENCE, **options)))


def _sentinel(address: Address, options: dict[str, Any]) -> Client:
    login = {"username": address.sentinel_username, "password": address.sentinel_password.reveal()}
    tls = {"ssl": True, "ssl_ca_certs": address.ca_certs or None} if address.tls else {}
    own = {"socket_timeout": _PATIENCE, **tls, **{name: value for name, value in login.items() if value}}
    kind = _ManagedTlsConnection if address.tls else _ManagedConnection
    watch: Any = Sentinel  # its constructor has no types
    sentinel = watch(
        address.hosts, sentinel_kwargs=own, db=address.db, connection_class=kind, **tls, **options
    )
    return Single(sentinel.master_for(address.service), sentinel.sentinels)


def _cluster(address: Address, options: dict[str, Any]) -> Client:
    nodes = [ClusterNode(host, port) for host, port in address.hosts]
    options |= {"ssl": address.tls, "ssl_ca_certs": address.ca_certs or None}
    return Nodes(RedisCluster(startup_nodes=nodes, **options))
