"""The slow audit: once an hour, and when a worker starts, what digests have lost is put back."""

import asyncio
import logging

from scrm_bot.domain.brands import parts
from scrm_bot.log import new_request_id
from scrm_bot.ports import Lane, Rounds, Workspaces
from scrm_bot.usecases import planning

log = logging.getLogger(__name__)

EVERY = 3600  # seconds between two looks at the same digests
_LOOK = 300.0  # seconds between two looks whether any are to be looked at


class Audit:
    """Runs until it is cancelled. Nothing that Redis does ends it."""

    def __init__(self, rounds: Rounds, workspaces: Workspaces) -> None:
        self._rounds = rounds
        self._workspaces = workspaces

    async def run(self) -> None:
        while True:
            new_request_id()
            try:
                await self.turn()
            except Exception:  # a lost hour is no reason to lose the next
                log.warning("digests could not be looked after", exc_info=True)
            await asyncio.sleep(_LOOK)

    async def turn(self) -> int:
        """Look after those whose hour it is; how many jobs were missing."""
        missing = 0
        for name in await self._rounds.take(seconds=EVERY):
            team_id, brand = parts(name)
            workspace = self._workspaces.open(team_id, brand=brand, lane=Lane.BACKGROUND)
            missing += await planning.mend(workspace)
        if missing:
            log.warning("%d jobs of digests were missing and are back", missing)
        return missing
