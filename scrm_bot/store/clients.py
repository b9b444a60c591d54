"""Clients for a real Redis: one server, a sentinel's primary, or a cluster."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
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


class _PlainConnection(_Connection, Connection):
    pass


class _TlsConnection(_Connection, SSLConnection):
    pass


class _ManagedConnection(_Connection, SentinelManagedConnection):
    pass


class _ManagedTlsConnection(_Connection, SentinelManagedSSLConnection):
    pass


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
    return Redis.from_pool(BlockingConnectionPool(max_connections=64, timeout=_PATIENCE, **options))


def _sentinel(address: Address, options: dict[str, Any]) -> Client:
    login = {"username": address.sentinel_username, "password": address.sentinel_password.reveal()}
    tls = {"ssl": True, "ssl_ca_certs": address.ca_certs or None} if address.tls else {}
    own = {"socket_timeout": _PATIENCE, **tls, **{name: value for name, value in login.items() if value}}
    kind = _ManagedTlsConnection if address.tls else _ManagedConnection
    watch: Any = Sentinel  # its constructor has no types
    sentinel = watch(
        address.hosts, sentinel_kwargs=own, db=address.db, connection_class=kind, **tls, **options
    )
    return _Primary(sentinel, address.service)


class _Primary:
    """The primary that sentinels name, closed together with the connections to the sentinels."""

    def __init__(self, sentinel: Sentinel, service: str) -> None:
        self._sentinel = sentinel
        self.primary: Any = sentinel.master_for(service)

    async def execute_command(self, *args: Any) -> Any:
        return await self.primary.execute_command(*args)

    def pipeline(self, transaction: Any = None) -> Any:
        return self.primary.pipeline(transaction=bool(transaction))

    def scan_iter(self, match: Any = None, count: Any = None) -> AsyncIterator[Any]:
        found: AsyncIterator[Any] = self.primary.scan_iter(match=match, count=count)
        return found

    async def aclose(self) -> None:
        await self.primary.aclose()
        for each in self._sentinel.sentinels:
            await each.aclose()


def _cluster(address: Address, options: dict[str, Any]) -> Client:
    nodes = [ClusterNode(host, port) for host, port in address.hosts]
    options |= {"ssl": address.tls, "ssl_ca_certs": address.ca_certs or None}
    return Nodes(RedisCluster(startup_nodes=nodes, **options))
