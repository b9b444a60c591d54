"""The way to Redis: clients, pipelines, scripts, and one word for everything that can go wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

from redis import exceptions

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.store.capabilities import Capabilities, probe
from scrm_bot.store.deadlines import Deadlines
from scrm_bot.store.scripts import Script
from scrm_bot.store.trips import Trips
from scrm_bot.telemetry.counts import OK

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
_UNWRITABLE = (TypeError, ValueError)  # an argument that is no word, or half a surrogate pair
_FLIGHTS = 2  # pipelines on their way at once
_STAGGER = 0.005  # seconds until a second one leaves beside a slow first: larger loads cost less
_CONFIRM: Command = ("WAIT", 1, 50)  # one replica, 50 ms
_BELIEVED = 60.0  # seconds
LONGEST_WAIT = 2.0  # seconds a blocking read may take
DEADLINE = 2.5  # seconds for an answer, however often it was asked for on the way: Slack waits three


class Client(Protocol):
    """What is used of redis-py's clients, so that one server, a cluster and fakeredis are all welcome."""

    def execute_command(self, *args: Any) -> Awaitable[Any]: ...
    def pipeline(self, transaction: Any = ...) -> Any: ...
    def scan_iter(self, match: Any = ..., count: Any = ...) -> AsyncIterator[Any]: ...
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


Step = Call | Command


@dataclass(frozen=True, slots=True)
class Parcel:
    """Steps that were asked for together, and where their replies go."""

    steps: Sequence[Step]
    replies: asyncio.Future[list[Any]]


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
    """One Redis, seen as commands and scripts. Every method raises `StoreUnavailableError`.

    What is asked for in one turn of the event loop shares one round trip, and while one is on its way the
    rest gathers: that is what makes a write per click cheap. A slow one holds up nobody for long.
    """

    def __init__(
        self,
        factory: ClientFactory,
        *,
        stagger: float = _STAGGER,
        trips: Trips | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._trips = trips or Trips()
        self._commands = factory(blocking=False)
        self._waiting = factory(blocking=True)
        self._capabilities: Capabilities | None = None
        self._probed = 0.0
        self._gathered: list[Parcel] = []
        self._flights: set[asyncio.Task[None]] = set()
        self._stagger = stagger
        self._deadline = deadline
        self._deadlines = Deadlines(deadline)
        self._second: asyncio.TimerHandle | None = None

    async def do(self, *command: Word) -> Any:
        return (await self.do_all([command]))[0]

    async def run(self, script: Script, keys: Sequence[str], *args: Word) -> Any:
        return (await self.do_all([Call(script, keys, args)]))[0]

    async def do_all(self, steps: Sequence[Step]) -> list[Any]:
        """All of them in one round trip, in order but not as one: a script is what is atomic."""
        if self._trips.spans is None:
            return await self._asked(steps)
        first = steps[0].script.name if isinstance(steps[0], Call) else str(steps[0][0])
        span, outcome = self._trips.spans.begin(f"redis {first}", {"scrm.steps": str(len(steps))}), "failed"
        try:
            replies = await self._asked(steps)
            outcome = OK
        finally:
            span.end(outcome)
        return replies

    async def _asked(self, steps: Sequence[Step]) -> list[Any]:
        loop = asyncio.get_running_loop()
        parcel = Parcel(steps, loop.create_future())
        self._gathered.append(parcel)
        if len(self._gathered) == 1:  # a turn later: what tasks ask that were only just made goes along
            loop.call_soon(loop.call_soon, self._depart)
        self._deadlines.begin(parcel.replies)  # also for what could not leave yet
        try:
            with Translated():
                replies = await parcel.replies
        finally:
            self._deadlines.end(parcel.replies)
        for reply in replies:
            if isinstance(reply, _UNWRITABLE):
                raise reply
            if isinstance(reply, Exception):
                raise unavailable(reply) from reply
        return replies

    async def commit(self, call: Call, *after: Command) -> Any:
        """Run a script whose write must survive a failover: wait until a replica has it, if there is one.

        `after` goes along in the same round trip.
        """
        with Translated():
            async with asyncio.timeout(self._deadline):
                return await self._committed(call, after)

    async def _committed(self, call: Call, after: Sequence[Command]) -> Any:
        if not (await self.capabilities()).replicas:
            return (await self.do_all([call, *after]))[0]
        replies = await self._pipeline([call.by_sha, _CONFIRM, *after])
        if isinstance(replies[0], exceptions.NoScriptError):
            replies = await self._pipeline([call.by_source, _CONFIRM, *after])
        if isinstance(replies[0], Exception):
            raise replies[0]
        if not (isinstance(replies[1], int) and replies[1]):
            log.warning("No replica confirmed a write in time: a failover now could lose it")
            self._capabilities = None  # there may be none any more, after a failover say
        return replies[0]

    async def ask(self, *command: Word) -> Any:
        """The answer, or None where this Redis does not know or does not allow the command."""
        with Translated():
            try:
                return await self._commands.execute_command(*command)
            except _PASSING:
                raise
            except exceptions.ResponseError:
                return None

    async def capabilities(self) -> Capabilities:
        """What this Redis can do, asked once a minute: a replica may come, or become the primary."""
        now = asyncio.get_running_loop().time()
        if self._capabilities is None or now - self._probed > _BELIEVED:
            self._capabilities = await probe(self)
            self._probed = now
        return self._capabilities

    async def pop(self, key: str, *, seconds: float) -> bytes | None:
        """Wait for an element of a list, `seconds` at the most."""
        patience = max(0.001, min(seconds, LONGEST_WAIT))
        with Translated():
            found = await self._waiting.execute_command("BLPOP", key, patience)
        return bytes(found[1]) if found else None

    async def scan(self, pattern: str) -> AsyncIterator[str]:
        """Every key that looks like this, on all servers; some twice. Never where somebody waits."""
        with Translated():
            async for key in self._commands.scan_iter(match=pattern, count=500):
                yield key.decode()

    async def close(self) -> None:
        await asyncio.gather(*self._flights)
        self._deadlines.close()
        if self._second:
            self._second.cancel()
        await self._commands.aclose()
        await self._waiting.aclose()

    def _depart(self) -> None:
        if not self._gathered or len(self._flights) >= _FLIGHTS:
            return
        if self._flights and self._second is None:
            self._second = asyncio.get_running_loop().call_later(self._stagger, self._depart_beside)
        if not self._flights:
            self._leave()

    def _depart_beside(self) -> None:
        """The one under way takes long: another may leave beside it."""
        self._second = None
        if self._gathered and len(self._flights) < _FLIGHTS:
            self._leave()

    def _leave(self) -> None:
        # whoever gave up before this was sent is told that it was not done, so it must not be done later
        parcels, self._gathered = [each for each in self._gathered if not each.replies.done()], []
        if not parcels:
            return
        flight = asyncio.get_running_loop().create_task(self._fly(parcels))
        self._flights.add(flight)
        flight.add_done_callback(self._landed)

    def _landed(self, flight: asyncio.Task[None]) -> None:
        self._flights.discard(flight)
        self._depart()

    async def _fly(self, parcels: Sequence[Parcel]) -> None:
        steps = [step for parcel in parcels for step in parcel.steps]
        try:
            commands = [step.by_sha if isinstance(step, Call) else step for step in steps]
            async with asyncio.timeout(self._deadline):
                replies = await self._pipeline(commands)
                await self._teach(steps, replies)
        except (exceptions.RedisError, OSError) as error:
            replies = [error] * len(steps)
        except _UNWRITABLE as error:  # before anything was sent
            if len(parcels) > 1:  # only whoever asked for that shall hear of it
                await asyncio.gather(*(self._fly([parcel]) for parcel in parcels))
                return
            replies = [error] * len(steps)
        at = 0
        for parcel in parcels:
            if not parcel.replies.done():  # whoever asked may have gone
                parcel.replies.set_result(replies[at : at + len(parcel.steps)])
            at += len(parcel.steps)

    async def _pipeline(self, commands: Sequence[Command]) -> list[Any]:
        pipeline = self._commands.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        self._trips.sent(len(commands))
        with self._trips.calls.one("commands"):
            replies: list[Any] = await pipeline.execute(raise_on_error=False)
        self._trips.answered(replies)
        return replies

    async def _teach(self, steps: Sequence[Step], replies: list[Any]) -> None:
        """Repeat with their source the scripts that Redis did not know: those have done nothing yet."""
        unknown = [at for at, reply in enumerate(replies) if isinstance(reply, exceptions.NoScriptError)]
        if not unknown:
            return
        calls = [step for at in unknown if isinstance(step := steps[at], Call)]
        for at, reply in zip(unknown, await self._pipeline([c.by_source for c in calls]), strict=True):
            replies[at] = reply
