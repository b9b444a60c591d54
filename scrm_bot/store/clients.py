"""Clients for a real Redis: one server, a sentinel's primary, or a cluster."""

from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis, Sentinel, SSLConnection
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from scrm_bot.store.address import Address, Kind
from scrm_bot.store.connection import LONGEST_WAIT, Client, ClientFactory

_PATIENCE = 2.0  # seconds for one answer; Slack waits three


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
    kind = SSLConnection if address.tls else Connection
    options |= {"host": host, "port": port, "db": address.db, "connection_class": kind}
    return Redis.from_pool(BlockingConnectionPool(max_connections=64, timeout=_PATIENCE, **options))


def _sentinel(address: Address, options: dict[str, Any]) -> Client:
    login = {"username": address.sentinel_username, "password": address.sentinel_password.reveal()}
    tls = {"ssl": True, "ssl_ca_certs": address.ca_certs or None} if address.tls else {}
    own = {"socket_timeout": _PATIENCE, **tls, **{name: value for name, value in login.items() if value}}
    watch: Any = Sentinel  # its constructor has no types
    primary: Redis = watch(address.hosts, sentinel_kwargs=own, db=address.db, **tls, **options).master_for(
        address.service
    )
    return primary


def _cluster(address: Address, options: dict[str, Any]) -> Client:
    nodes = [ClusterNode(host, port) for host, port in address.hosts]
    return RedisCluster(
        startup_nodes=nodes, ssl=address.tls, ssl_ca_certs=address.ca_certs or None, **options
    )
