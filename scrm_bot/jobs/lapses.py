"""After Redis may have forgotten what it had confirmed, no card goes on showing it."""

import asyncio
import logging

from scrm_bot.domain.brands import parts
from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.log import new_request_id
from scrm_bot.ports import Lane, Lapses, Workspaces
from scrm_bot.usecases import refreshing

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two looks


class Recollection:
    """Runs until it is cancelled. Nothing that Redis does ends it."""

    def __init__(self, lapses: Lapses, workspaces: Workspaces) -> None:
        self._lapses = lapses
        self._workspaces = workspaces

    async def run(self) -> None:
        while True:
            new_request_id()
            try:
                await self.turn()
            except StoreUnavailableError:
                log.debug("not seen whether Redis has forgotten anything: it is still away")
            except Exception:  # a lost look is no reason to lose the next
                log.warning("cards could not be drawn as they are stored", exc_info=True)
            await asyncio.sleep(EVERY)

    async def turn(self) -> int:
        """Have all cards drawn as they are stored where that may be less than they show; how many."""
        memory = await self._lapses.unseen()
        if not memory:
            return 0
        drawn = 0
        for name in await self._lapses.scopes():
            team_id, brand = parts(name)
            workspace = self._workspaces.open(team_id, brand=brand, lane=Lane.BACKGROUND)
            drawn += await refreshing.draw_all(workspace, after=drawn)
        await self._lapses.seen(memory)  # not before: whoever is killed on the way has not done it
        if drawn:
            log.warning("Redis was restarted or replaced: %d cards are drawn as they are stored", drawn)
        return drawn
