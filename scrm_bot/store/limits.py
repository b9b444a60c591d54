"""What SocialCRM allows one workspace: its key's turns, and the plan's quota as far as refusals tell."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.limits import Limits
from scrm_bot.ports import BudgetView, KeyVault
from scrm_bot.store import keys
from scrm_bot.store.connection import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RedisLimits:
    """The `LimitsView` port, and where the client notes refusals."""

    database: Database
    budget: BudgetView
    vault: KeyVault
    team_id: str

    async def state(self) -> Limits:
        _, fingerprint = await self.vault.reveal()
        budget = await self.budget.state(fingerprint)
        refused = await self.database.do("HGETALL", keys.quota(self.team_id))
        told = refused.items() if isinstance(refused, dict) else zip(refused[::2], refused[1::2], strict=True)
        return Limits(budget, {bytes(action).decode(): _moment(at) for action, at in told})

    async def quota_refused(self, action: str, *, at: datetime) -> None:
        """The plan's quota does not allow this action any more. Raises nothing."""
        key = keys.quota(self.team_id)
        noted = ("HSET", key, action, int(at.timestamp()))
        try:
            await self.database.do_all([noted, ("EXPIRE", key, keys.QUOTA_LIFE)])
        except StoreUnavailableError:
            log.warning("status will not tell that the quota is used up: it could not be noted")


def _moment(at: bytes) -> datetime:
    return datetime.fromtimestamp(int(at), UTC)
