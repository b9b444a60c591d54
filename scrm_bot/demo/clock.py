"""The demo's time: the system's, ahead by as much as somebody moved it, for everybody on it at once."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import fakeredis
from fakeredis.aioredis import FakeAsyncRedisConnection


class MovableClock:
    """Goes on at normal speed after each move, and never back. It is the bot's port `Clock`, too."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def seconds(self) -> float:
        """As `time.time` tells it."""
        return self.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def move(self, by: timedelta) -> None:
        if by < timedelta():
            raise ValueError("time goes one way")
        self.ahead += by

    def move_to(self, moment: datetime) -> None:
        """Until it is this late; nothing when it is already."""
        self.move(max(moment - self.now(), timedelta()))


def embedded_redis(clock: MovableClock) -> Callable[..., fakeredis.FakeAsyncRedis]:
    """Clients of one Redis inside this process, whose TIME is the clock's, as scripts see it, too."""
    server = fakeredis.FakeServer(version=(7, 4))

    class Connection(FakeAsyncRedisConnection):
        async def _connect(self) -> None:
            await super()._connect()
            socket: Any = self._sock  # a socket finds its commands among its own attributes
            socket.time = partial(_time, clock)

    def make(*, blocking: bool) -> fakeredis.FakeAsyncRedis:  # noqa: ARG001  each call is a client of its own
        return fakeredis.FakeAsyncRedis(server=server, connection_class=Connection)

    return make


def _time(clock: MovableClock) -> list[bytes]:
    """What the command TIME answers: seconds, and microseconds of the current one."""
    seconds, micros = divmod(round(clock.seconds() * 1_000_000), 1_000_000)
    return [b"%d" % seconds, b"%d" % micros]
