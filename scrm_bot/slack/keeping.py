"""Renewed tokens on their way into the store: what it cannot take yet is held here, used, and tried again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scrm_bot.domain.errors import ScrmError, StoreUnavailableError
from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Clock

log = logging.getLogger(__name__)

Load = Callable[[str], Awaitable[Installation | None]]
Save = Callable[[Installation], Awaitable[None]]
_PATIENCE = (0.2, 1.0, 5.0)  # seconds between the tries while somebody waits for the token
_FIRST, _LONGEST = 5.0, 60.0  # and between those behind it
_LAST_TRY = 5.0  # seconds for which the end of the process may wait for the store


@dataclass(frozen=True, slots=True)
class _Held:
    """What is to be stored in place of the installation with the token `spent`, and of no other."""

    fresh: Installation
    spent: Secret | None


class Keeper:
    """The refresh token that is stored has been used up by then, so a new one must not be lost.

    One for a process. What it holds is gone only with the process, whose end waits for one more try.
    """

    def __init__(self, load: Load, save: Save, clock: Clock) -> None:
        self._load = load
        self._save = save
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._trying: dict[str, asyncio.Task[None]] = {}

    def held(self, team_id: str) -> Installation | None:
        """The newest installation, where the store has an older one."""
        found = self._held.get(team_id)
        return found.fresh if found else None

    async def keep(self, fresh: Installation, *, instead_of: Installation) -> None:
        """Store it. Returns also where it cannot be stored yet: it is `held` then, and tried again."""
        team_id = fresh.team_id
        earlier = self._held.get(team_id)
        self._held[team_id] = _Held(fresh, earlier.spent if earlier else instead_of.refresh_token)
        if team_id in self._trying:
            return  # that goes on with the newest
        try:
            for wait in (*_PATIENCE, None):
                if await self._is_saved(fresh):
                    del self._held[team_id]
                    return
                if wait is not None:
                    await self._clock.sleep(wait)
        finally:  # also where whoever waited for it has given up
            if team_id in self._held:
                self._go_on(team_id)

    async def close(self) -> None:
        """Try once more with each that is still held."""
        tasks = [*self._trying.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        held = [*self._held]
        try:
            async with asyncio.timeout(_LAST_TRY):
                await asyncio.gather(*map(self._store, held), return_exceptions=True)
        except TimeoutError:
            log.warning("the store does not answer")
        for team_id in self._held:
            log.error("the new token of %s is not kept: install the bot again", team_id)

    async def _is_saved(self, fresh: Installation) -> bool:
        try:
            await self._save(fresh)
        except StoreUnavailableError:
            return False
        return True

    def _go_on(self, team_id: str) -> None:
        log.error("the new token of %s is not stored yet: it is held here and tried again", team_id)
        task = self._trying[team_id] = asyncio.create_task(self._until_stored(team_id))
        task.add_done_callback(lambda _: self._trying.pop(team_id, None))

    async def _until_stored(self, team_id: str) -> None:
        wait = _FIRST
        while team_id in self._held:
            await self._clock.sleep(wait)
            wait = min(2 * wait, _LONGEST)
            try:
                await self._store(team_id)
            except ScrmError as error:
                log.warning("the new token of %s is still not stored: %s", team_id, error)

    async def _store(self, team_id: str) -> None:
        """In place of the one it was got with: a newer installation stays, and what was removed is gone."""
        held = self._held[team_id]
        stored = await self._load(team_id)
        if stored and stored.team_id == team_id and stored.refresh_token == held.spent:
            await self._save(held.fresh)
            log.info("the new token of %s is stored after all", team_id)
        if self._held.get(team_id) == held:  # else it was renewed once more meanwhile
            del self._held[team_id]
