"""The number of the records' layout in Redis, and what brings older ones up to it while the bot runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.store import keys
from scrm_bot.store.capabilities import concerns
from scrm_bot.store.connection import Database
from scrm_bot.store.locks import RedisLocks
from scrm_bot.store.scripts import load

log = logging.getLogger(__name__)

FIRST = 1  # what a Redis without a number has
LOCK = "schema"
_REPLACE, _SET_FIRST = load("replace"), load("set_first")
_EACH = 200  # keys after which the lock is held anew
_FIRST_LOOK = 2.0  # seconds; a start does not wait longer for a Redis that hangs
_PAUSE = 5.0  # seconds until a process looks whether the one that migrates is done


@dataclass(frozen=True, slots=True)
class Migration:
    """From the number before to `number`: `change` is called with every key that looks like `pattern`.

    It may be called with a key twice, again from the beginning after a crash, and while older processes
    read and write: it compares and sets, passes over what is done, and removes nothing they need.
    """

    number: int
    what: str
    pattern: str
    change: Callable[[Database, str], Awaitable[None]]


MIGRATIONS: Sequence[Migration] = ()


class Sleeper(Protocol):
    async def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Schema:
    """One Redis' number, and the numbers that this process knows."""

    database: Database
    migrations: Sequence[Migration] = MIGRATIONS

    @property
    def known(self) -> int:
        return max((each.number for each in self.migrations), default=FIRST)

    async def stored(self) -> int:
        """Raises `StoreUnavailableError`."""
        found = await self.database.do("GET", keys.SCHEMA)
        return int(found) if found else FIRST

    async def noted(self) -> int:
        """The same, and written down where there was none. Raises `StoreUnavailableError`."""
        return int(await self.database.run(_SET_FIRST, [keys.SCHEMA], FIRST))

    async def migrate(self) -> bool:
        """Run what is missing, in order. False when another process does, or has begun to.

        Raises `StoreUnavailableError`; what was changed stays so, and the next run passes over it.
        """
        async with RedisLocks(self.database).hold(LOCK) as mine:
            if not mine:
                return False
            now = await self.noted()
            for migration in self.migrations:
                if migration.number > now:
                    await self._run(migration)
            return True

    async def _run(self, migration: Migration) -> None:
        log.info("migrating Redis to schema %d: %s", migration.number, migration.what)
        count = 0
        async for key in self.database.scan(migration.pattern):
            await migration.change(self.database, key)
            count += 1
            if count % _EACH == 0:
                await self.database.do("EXPIRE", keys.lock(LOCK), RedisLocks(self.database).seconds)
        await self.database.run(_REPLACE, [keys.SCHEMA], migration.number - 1, migration.number)
        log.info("Redis has schema %d now: %d keys were looked at", migration.number, count)


class SchemaGuard:
    """Keeps a process from working on a Redis that is newer than it, and makes an older one as new."""

    def __init__(self, schema: Schema, clock: Sleeper) -> None:
        self._schema = schema
        self._clock = clock
        self._watching: asyncio.Task[None] | None = None

    async def begin(self, *, stop: Callable[[], None]) -> str:
        """Why this process must not run, or nothing. `stop` is called where that is only known later."""
        stored = None
        with suppress(StoreUnavailableError, TimeoutError):
            async with asyncio.timeout(_FIRST_LOOK):
                stored = await self._schema.noted()
        if stored is not None and stored > self._schema.known:
            return newer(stored, self._schema.known)

        def refuse(told: str) -> None:
            log.critical("%s", told)
            stop()

        watching = watch(self._schema, self._clock, refuse=refuse)
        self._watching = asyncio.get_running_loop().create_task(watching)
        return ""

    async def close(self) -> None:
        """A migration that is under way is broken off: the next process goes on with it."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)


async def watch(schema: Schema, clock: Sleeper, *, refuse: Callable[[str], None]) -> None:
    """Until this Redis is as new as the process: migrate, or let another. `refuse` is told if it is newer."""
    while True:
        try:
            stored = await schema.noted()
            if stored > schema.known:
                refuse(newer(stored, schema.known))
                return
            if stored == schema.known or await schema.migrate():
                await examine(schema.database)
                return
        except StoreUnavailableError:
            log.warning("Redis does not answer: its schema is not known yet")
        except Exception:
            log.exception("a migration failed; it is tried again, and nothing is lost meanwhile")
        await clock.sleep(_PAUSE)


async def examine(database: Database) -> None:
    """Say loudly in the log what `scrm-bot check` refuses. Raises `StoreUnavailableError`."""
    for concern in concerns(await database.capabilities()):
        log.error("this Redis is not fit to keep approvals: %s", concern)


def newer(stored: int, known: int) -> str:
    """Why a process must not run on this Redis."""
    return (
        f"Redis has schema {stored}, and this version knows {known} at the most: a newer scrm-bot has "
        "used it. Run that version or a newer one"
    )
