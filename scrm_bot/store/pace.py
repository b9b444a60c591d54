"""How often something is said in one place of Slack, over all processes."""

import math
from dataclasses import dataclass

from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.scripts import load

MICRO = 1_000_000
FOREVER = 86_400.0  # seconds


@dataclass(frozen=True, slots=True)
class RedisPace:
    """Turns that are taken ahead of their time: whoever takes one sleeps until then."""

    database: Database

    async def turn(
        self, team_id: str, place: str, *, every: float, burst: int, within: float = math.inf
    ) -> float:
        """Seconds until the place's next turn, taken if at most `within`. Raises `StoreUnavailableError`."""
        most = _micro(min(within, FOREVER))
        return await self._run(team_id, place, _micro(every), burst, "turn", most)

    async def hold(self, team_id: str, place: str, *, every: float, burst: int, seconds: float) -> None:
        """Slack said when the next one may come. Raises `StoreUnavailableError`."""
        await self._run(team_id, place, _micro(every), burst, "hold", _micro(seconds))

    async def _run(self, team_id: str, place: str, *args: str | int) -> float:
        wait = await self.database.run(load("pace"), [keys.pace(team_id, place)], *args)
        return int(wait) / MICRO


def _micro(seconds: float) -> int:
    return math.ceil(seconds * MICRO)
