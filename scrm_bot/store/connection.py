"""The way to Redis: clients, pipelines, scripts, and one word for everything that can go wrong."""

import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis, Sentinel, SSLConnection
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import Connection
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.store.address import Address, Kind
from scrm_bot.store.capabilities import Capabilities, probe
from scrm_bot.store.scripts import Script

log = logging.getLogger(__name__)

Word = str | bytes | int | float
Command = tuple[Word, ...]

_PASSING = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.ClusterDownError,
    exceptions.MasterDownError,
    exceptions.TryAgainError,
    OSError,
)
_PATIENCE = 2.0  # seconds for one answer; Slack waits three
_CONFIRM: Command = ("WAIT", 1, 50)  # one replica, 50 ms
LONGEST_WAIT = 2.0  # seconds a blocking read may take


class Client(Protocol):
    """What is used of redis-py's clients, so that one server, a cluster and fakeredis are all welcome."""

    def execute_command(self, *args: Any) -> Awaitable[Any]: ...
    def pipeline(self, transaction: Any = ...) -> Any: ...
    def aclose(self) -> Awaitable[None]: ...


class ClientFactory(Protocol):
    """Makes clients of one Redis. Blocking reads have a client of their own."""

    def __call__(self, *, blocking: bool) -> Client: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One run of a script."""

    script: Script
    keys: Sequence[str]
    args: Sequence[Word] = ()

    @property
    def by_sha(self) -> Command:
        return ("EVALSHA", self.script.sha, len(self.keys), *self.keys, *self.args)

    @property
    def by_source(self) -> Command:
        return ("EVAL", self.script.source, len(self.keys), *self.keys, *self.args)


class Translated:
    """Turns whatever Redis and the way to it raise into `StoreUnavailableError`."""

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, exceptions.RedisError | OSError):
            raise unavailable(error) from error


def unavailable(error: Exception) -> StoreUnavailableError:
    """The error for callers. What will not pass by itself is logged here, since nobody expects it."""
    name = type(error).__name__
    if not isinstance(error, _PASSING):
        log.error("Redis refused a command: %s: %s", name, error)
    return StoreUnavailableError(name)


class Database:
    """One Redis, seen as commands and scripts. Every method raises `StoreUnavailableError`."""

    def __init__(self, factory: ClientFactory) -> None:
        self._commands = factory(blocking=False)
        self._waiting = factory(blocking=True)
        self._capabilities: Capabilities | None = None

    async def do(self, *command: Word) -> Any:
        with Translated():
            return await self._commands.execute_command(*command)

    async def ask(self, *command: Word) -> Any:
        """The answer, or None where this Redis does not know or does not allow the command."""
        with Translated():
            try:
                return await self._commands.execute_command(*command)
            except exceptions.ReadOnlyError:
                raise
            except exceptions.ResponseError:
                return None

    async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
        call = Call(script, keys, args)
        with Translated():
            try:
                return await self._commands.execute_command(*call.by_sha)
            except exceptions.NoScriptError:
                return await self._commands.execute_command(*call.by_source)

    async def commit(self, call: Call, *after: Command) -> Any:
        """Run a script whose write must survive a failover: wait until a replica has it, if there is one.

        `after` goes along, and what becomes of it does not matter.
        """
        confirm = [_CONFIRM] if (await self.capabilities()).replicas else []
        with Translated():
            replies = await self._pipeline([call.by_sha, *confirm, *after])
            if isinstance(replies[0], exceptions.NoScriptError):
                replies = await self._pipeline([call.by_source, *confirm, *after])
            if isinstance(replies[0], Exception):
                raise replies[0]
        if confirm and not (isinstance(replies[1], int) and replies[1]):
            log.warning("No replica confirmed a write in time: a failover now could lose it")
        return replies[0]

    async def capabilities(self) -> Capabilities:
        """What this Redis can do, asked once."""
        if self._capabilities is None:
            self._capabilities = await probe(self)
        return self._capabilities

    async def do_all(self, steps: Sequence[Call | Command]) -> list[Any]:
        """All of them in one round trip, in order but not as one: a script is what is atomic."""
        with Translated():
            replies = await self._pipeline([s.by_sha if isinstance(s, Call) else s for s in steps])
            await self._teach(steps, replies)
            for reply in replies:
                if isinstance(reply, Exception):
                    raise reply
        return replies

    async def pop(self, key: str, *, seconds: float) -> bool:
        """Wait for an element of a list, `seconds` at the most. True when there was one."""
        patience = max(0.001, min(seconds, LONGEST_WAIT))
        with Translated():
            return await self._waiting.execute_command("BLPOP", key, patience) is not None

    async def close(self) -> None:
        await self._commands.aclose()
        await self._waiting.aclose()

    async def _pipeline(self, commands: Sequence[Command]) -> list[Any]:
        pipeline = self._commands.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        replies: list[Any] = await pipeline.execute(raise_on_error=False)
        return replies

    async def _teach(self, steps: Sequence[Call | Command], replies: list[Any]) -> None:
        """Repeat with their source the scripts that Redis did not know: those have done nothing yet."""
        unknown = [at for at, reply in enumerate(replies) if isinstance(reply, exceptions.NoScriptError)]
        if not unknown:
            return
        calls = [step for at in unknown if isinstance(step := steps[at], Call)]
        for at, reply in zip(unknown, await self._pipeline([c.by_source for c in calls]), strict=True):
            replies[at] = reply


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
