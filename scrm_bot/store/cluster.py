"""A cluster, seen as one Redis: where each command goes, and what is done when slots move meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from redis import exceptions
from redis.asyncio.cluster import ClusterNode, RedisCluster

_TRIES = 3
_PAUSE = 0.1  # seconds; longer the second time
_LOST = (exceptions.ConnectionError, exceptions.TimeoutError)
_REDIRECTED = (exceptions.MovedError, exceptions.AskError, exceptions.TryAgainError)
_ANYWHERE = frozenset({"PING", "TIME"})  # each node's answer is as good
_EVERYWHERE = frozenset({"INFO", "CONFIG GET"})  # no node speaks for the others
_SCRIPTS = frozenset({"EVAL", "EVALSHA"})  # their keys come after the script and how many there are
AT_ONCE = 64  # pipelines: a node's pool has 100 connections, and raises when they are in use

Words = tuple[Any, ...]


class Nodes:
    """A cluster's client. redis-py's own knows neither of the two things that are wanted here.

    It sends WAIT to whichever node, which then confirms nothing, and PING in a pipeline to all, which it
    refuses. It is closed and opened anew when the nodes are not what they were.
    """

    def __init__(self, cluster: RedisCluster) -> None:
        self.cluster: Any = cluster  # its signatures want types that it does not need
        self._room = asyncio.Semaphore(AT_ONCE)

    async def execute_command(self, *args: Any) -> Any:
        with _down():
            if args[0] in _EVERYWHERE:
                return await self.cluster.execute_command(*args, target_nodes=RedisCluster.PRIMARIES)
            if args[0] in {*_ANYWHERE, "WAIT"}:
                return await self.cluster.execute_command(*args, target_nodes=await self._any())
            return await self.cluster.execute_command(*args)

    def pipeline(self, transaction: Any = None) -> "Batch":
        assert not transaction  # noqa: S101  scripts are what is atomic here
        return Batch(self)

    async def scan_iter(self, match: Any = None, count: Any = None) -> AsyncIterator[Any]:
        with _down():
            await self.cluster.initialize()
            async for key in self.cluster.scan_iter(match=match, count=count):
                yield key

    async def aclose(self) -> None:
        await self.cluster.aclose()

    async def send(self, commands: Sequence[Words]) -> list[Any]:
        """All of them, those of a node on one connection; errors in the place of answers."""
        async with self._room:
            for tried in range(1, _TRIES + 1):
                try:
                    with _down():
                        return await self._send(commands)
                except (*_LOST, exceptions.ClusterDownError):
                    await self.cluster.aclose()  # the next command learns who has which slots
                    if tried == _TRIES:
                        raise
                    await asyncio.sleep(_PAUSE * tried)
        raise AssertionError  # pragma: no cover  the loop returns or raises

    async def _send(self, commands: Sequence[Words]) -> list[Any]:
        await self.cluster.initialize()
        pipeline = self.cluster.pipeline()
        before: ClusterNode | None = None
        for command in commands:
            before = await self._place(command, before)
            pipeline.execute_command(*command, target_nodes=before)
        replies: list[Any] = await pipeline.execute(raise_on_error=False, allow_redirections=False)
        lost = next((reply for reply in replies if isinstance(reply, _LOST)), None)
        if lost:
            raise lost  # all of it again: what arrived is answered as the first time
        await self._follow(commands, replies)
        return replies

    async def _follow(self, commands: Sequence[Words], replies: list[Any]) -> None:
        """Ask again, one after the other, for what has moved. What followed a move is not confirmed."""
        moved = False
        for at, command in enumerate(commands):
            if command[0] == "WAIT":
                replies[at] = 0 if moved else replies[at]
            moved = isinstance(replies[at], _REDIRECTED)
            if moved:
                replies[at] = await self._again(command)

    async def _again(self, command: Words) -> Any:
        try:
            return await self.cluster.execute_command(*command)
        except exceptions.RedisError as error:
            return error

    async def _place(self, command: Words, before: ClusterNode | None) -> ClusterNode:
        """The node that has the command's key. WAIT goes where the write before it went."""
        if command[0] == "WAIT" and before:
            return before
        if command[0] in _ANYWHERE:
            return await self._any()
        key = command[3] if command[0] in _SCRIPTS else command[1]
        node: ClusterNode = self.cluster.get_node_from_key(key)
        return node

    async def _any(self) -> ClusterNode:
        await self.cluster.initialize()
        node: ClusterNode = self.cluster.get_default_node()
        return node


@contextmanager
def _down() -> Iterator[None]:
    """redis-py's word for a cluster that cannot be used is no RedisError."""
    try:
        yield
    except exceptions.RedisClusterException as error:
        raise exceptions.ClusterDownError(str(error)) from error


class Batch:
    """A pipeline over the nodes."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._commands: list[Words] = []

    def execute_command(self, *args: Any) -> None:
        self._commands.append(args)

    async def execute(self, *, raise_on_error: bool) -> list[Any]:
        assert not raise_on_error  # noqa: S101  who asks looks at each answer
        return await self._nodes.send(self._commands)
