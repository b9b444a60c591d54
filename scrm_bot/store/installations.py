"""Who installed the bot: bot tokens sealed in Redis, and remembered in memory for a minute."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.ports import Clock
from scrm_bot.store import keys
from scrm_bot.store.connection import Call, Database
from scrm_bot.store.scripts import load
from scrm_bot.store.vault import Ring

_FIELD = "bot_token"
_LIFE = timedelta(seconds=60)
_MOST = 10_000
_SET = load("set_value")


@dataclass(frozen=True, slots=True)
class RedisInstallations:
    """One for a process. What another process changed is known here a minute later at the latest."""

    database: Database
    ring: Ring
    clock: Clock
    _known: dict[str, tuple[datetime, Installation]] = field(default_factory=dict, repr=False)

    async def find(self, team_id: str) -> Installation | None:
        """The installation, or None where the bot is not installed. Raises `VaultError`."""
        known = self._known.get(team_id)
        if known and known[0] > self.clock.now():
            return known[1]
        body = await self.database.do("GET", keys.installation(team_id))
        if body is None:
            self._known.pop(team_id, None)
            return None
        return self._remember(self._opened(team_id, json.loads(body)))

    async def save(self, installation: Installation) -> None:
        self._known.pop(installation.team_id, None)
        body = json.dumps(self._sealed(installation))
        # the index first: a workspace in it without a record is harmless, one outside is forgotten
        await self.database.do("SADD", keys.INSTALLATIONS, installation.team_id)
        await self.database.commit(Call(_SET, [keys.installation(installation.team_id)], [body]))
        self._remember(installation)

    async def delete(self, team_id: str) -> None:
        """The bot was removed: nothing of its token is left, here or in Redis."""
        await self.database.commit(Call(_SET, [keys.installation(team_id)], [""]))
        self._known.pop(team_id, None)
        await self.database.do("SREM", keys.INSTALLATIONS, team_id)

    async def teams(self) -> Sequence[str]:
        """Every workspace that has the bot."""
        return sorted(team.decode() for team in await self.database.do("SMEMBERS", keys.INSTALLATIONS))

    def _remember(self, installation: Installation) -> Installation:
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[installation.team_id] = (self.clock.now() + _LIFE, installation)
        return installation

    def _sealed(self, installation: Installation) -> Mapping[str, Any]:
        token = installation.bot_token.reveal().encode()
        enterprise = installation.enterprise_id
        sealed = self.ring.seal(token, team=installation.team_id, enterprise=enterprise, field=_FIELD)
        return {
            "team_id": installation.team_id,
            "sealed": b64encode(sealed).decode(),
            "bot_user_id": installation.bot_user_id,
            "bot_id": installation.bot_id,
            "installer": installation.installer,
            "enterprise_id": enterprise,
            "team_name": installation.team_name,
            "scopes": [*installation.scopes],
        }

    def _opened(self, team_id: str, record: dict[str, Any]) -> Installation:
        where = {"team": team_id, "enterprise": record["enterprise_id"], "field": _FIELD}
        token = Secret(self.ring.open(b64decode(record.pop("sealed")), **where).decode())
        return Installation(**{**record, "bot_token": token, "scopes": tuple(record["scopes"])})
