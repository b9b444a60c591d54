"""Who installed the bot: bot tokens, sealed in Redis."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.store import keys
from scrm_bot.store.connection import Call, Database
from scrm_bot.store.scripts import load
from scrm_bot.store.vault import Ring

BOT_FIELD = "bot_token"
_SET = load("set_value")


@dataclass(frozen=True, slots=True)
class RedisInstallations:
    """Every workspace's. It asks Redis each time: who acknowledges from it remembers what it said."""

    database: Database
    ring: Ring

    async def find(self, team_id: str) -> Installation | None:
        """The installation, or None where the bot is not installed. Raises `VaultError`."""
        body = await self.database.do("GET", keys.installation(team_id))
        return None if body is None else self._opened(team_id, json.loads(body))

    async def save(self, installation: Installation) -> None:
        body = json.dumps(self._sealed(installation))
        # the index first: a workspace in it without a record is harmless, one outside is forgotten
        await self.database.do("SADD", keys.INSTALLATIONS, installation.team_id)
        await self.database.commit(Call(_SET, [keys.installation(installation.team_id)], [body]))

    async def delete(self, team_id: str) -> None:
        """The bot was removed: nothing of its token is left."""
        await self.database.commit(Call(_SET, [keys.installation(team_id)], [""]))
        await self.database.do("SREM", keys.INSTALLATIONS, team_id)

    async def teams(self) -> Sequence[str]:
        """Every workspace that has the bot."""
        return sorted(team.decode() for team in await self.database.do("SMEMBERS", keys.INSTALLATIONS))

    def _sealed(self, installation: Installation) -> Mapping[str, Any]:
        token = installation.bot_token.reveal().encode()
        enterprise = installation.enterprise_id
        sealed = self.ring.seal(token, team=installation.team_id, enterprise=enterprise, field=BOT_FIELD)
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
        where = {"team": team_id, "enterprise": record["enterprise_id"], "field": BOT_FIELD}
        token = Secret(self.ring.open(b64decode(record.pop("sealed")), **where).decode())
        return Installation(**{**record, "bot_token": token, "scopes": tuple(record["scopes"])})
