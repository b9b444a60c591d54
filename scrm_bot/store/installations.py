"""Who installed the bot: bot tokens, sealed in Redis."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrm_bot.domain.workspaces import Installation, Secret
from scrm_bot.store import keys
from scrm_bot.store.connection import Call, Database
from scrm_bot.store.scripts import load
from scrm_bot.store.vault import Ring

BOT_FIELD = "bot_token"
REFRESH_FIELD = "refresh_token"
_SET = load("set_value")


@dataclass(frozen=True, slots=True)
class RedisInstallations:
    """Every workspace's. It asks Redis each time: who acknowledges from it remembers what it said."""

    database: Database
    ring: Ring

    async def find(self, team_id: str) -> Installation | None:
        """The workspace's installation, else that of its organisation, or None. Raises `VaultError`."""
        found = await self._record(team_id)
        return self._opened(*found) if found else None

    async def installed_at(self, team_id: str) -> datetime | None:
        """When the one that `find` finds was made. Opens no token, so it works also where no key fits."""
        found = await self._record(team_id)
        return _moment(found[1].get("installed_at")) if found else None

    async def save(self, installation: Installation) -> None:
        body = json.dumps(self._sealed(installation))
        # the index first: a workspace in it without a record is harmless, one outside is forgotten
        await self.database.do("SADD", keys.INSTALLATIONS, installation.team_id)
        await self.database.commit(Call(_SET, [keys.installation(installation.team_id)], [body]))
        # its organisation's no longer: that name would stay here after the organisation has gone
        await self.database.do("HDEL", keys.ORGANISATIONS, installation.team_id)

    async def delete(self, team_id: str) -> None:
        """The bot was removed: nothing of its token is left."""
        await self.database.commit(Call(_SET, [keys.installation(team_id)], [""]))
        await self.database.do_all(
            [("SREM", keys.INSTALLATIONS, team_id), ("HDEL", keys.ORGANISATIONS, team_id)]
        )

    async def belongs(self, team_id: str, enterprise_id: str) -> None:
        """A delivery said so. It counts where the organisation, and not the workspace, installed the bot."""
        if not await self.has_own(team_id) and await self.has_own(enterprise_id):
            await self.database.do("HSET", keys.ORGANISATIONS, team_id, enterprise_id)

    async def has_own(self, team_id: str) -> bool:
        """Whether the bot was installed in it, and not in its organisation alone."""
        return bool(await self.database.do("EXISTS", keys.installation(team_id)))

    async def members(self, enterprise_id: str) -> Sequence[str]:
        """The workspaces that are known to use their organisation's installation."""
        known = await self.database.do("HGETALL", keys.ORGANISATIONS)
        pairs = known.items() if isinstance(known, dict) else zip(known[::2], known[1::2], strict=True)
        return sorted(team.decode() for team, organisation in pairs if organisation.decode() == enterprise_id)

    async def teams(self) -> Sequence[str]:
        """Every workspace and organisation that has the bot."""
        return sorted(team.decode() for team in await self.database.do("SMEMBERS", keys.INSTALLATIONS))

    async def _record(self, team_id: str) -> tuple[str, Mapping[str, Any]] | None:
        """With whose it is: the workspace's own, else its organisation's."""
        own = await self.database.do("GET", keys.installation(team_id))
        if own is not None:
            return team_id, json.loads(own)
        organisation = await self.database.do("HGET", keys.ORGANISATIONS, team_id)
        if organisation is None:
            return None
        owner = organisation.decode()
        shared = await self.database.do("GET", keys.installation(owner))
        return None if shared is None else (owner, json.loads(shared))

    def _sealed(self, installation: Installation) -> Mapping[str, Any]:
        refresh = installation.refresh_token
        return {
            "team_id": installation.team_id,
            "sealed": self._hidden(installation.bot_token, installation, BOT_FIELD),
            "bot_user_id": installation.bot_user_id,
            "bot_id": installation.bot_id,
            "installer": installation.installer,
            "enterprise_id": installation.enterprise_id,
            "team_name": installation.team_name,
            "scopes": [*installation.scopes],
            "app_id": installation.app_id,
            "installed_at": _text(installation.installed_at),
            "sealed_refresh": self._hidden(refresh, installation, REFRESH_FIELD) if refresh else "",
            "expires_at": _text(installation.expires_at),
        }

    def _hidden(self, token: Secret, installation: Installation, field: str) -> str:
        where = {"team": installation.team_id, "enterprise": installation.enterprise_id, "field": field}
        return b64encode(self.ring.seal(token.reveal().encode(), **where)).decode()

    def _opened(self, team_id: str, record: Mapping[str, Any]) -> Installation:
        def shown(sealed: str, field: str) -> Secret:
            where = {"team": team_id, "enterprise": record["enterprise_id"], "field": field}
            return Secret(self.ring.open(b64decode(sealed), **where).decode())

        refresh = record.get("sealed_refresh")
        return Installation(
            team_id=record["team_id"],
            bot_token=shown(record["sealed"], BOT_FIELD),
            bot_user_id=record["bot_user_id"],
            bot_id=record["bot_id"],
            installer=record["installer"],
            enterprise_id=record["enterprise_id"],
            team_name=record["team_name"],
            scopes=tuple(record["scopes"]),
            app_id=record.get("app_id", ""),
            installed_at=_moment(record.get("installed_at")),
            refresh_token=shown(refresh, REFRESH_FIELD) if refresh else None,
            expires_at=_moment(record.get("expires_at")),
        )


def _text(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
