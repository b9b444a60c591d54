"""Forgetting a workspace that removed the bot: everything of it, wherever it is kept."""

import re
from dataclasses import dataclass

from scrm_bot.domain.brands import parts
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.installations import RedisInstallations
from scrm_bot.store.jobs import member
from scrm_bot.store.scripts import load

_FORGET = load("team_forget")
_ID = re.compile(r"[A-Za-z0-9_.-]+")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Purge:
    """Can be run again at any time. `audit_life`: seconds the log is kept for, 0 = it goes at once."""

    database: Database
    installations: RedisInstallations
    audit_life: int

    async def team(self, team_id: str, *, but: str = "") -> int:
        """Forget everything of a team; the job with the key `but` stays. Returns how many records went.

        It goes over all keys of this Redis, a few hundred at a time: for removals only.
        """
        if not _ID.fullmatch(team_id):
            raise ValueError(f"{team_id!r} is no workspace's id")
        await self.installations.delete(team_id)
        connected = [name.decode() for name in await self.database.do("SMEMBERS", keys.CONNECTED)]
        of_team = [name for name in connected if parts(name)[0] == team_id]
        if of_team:
            await self.database.do("SREM", keys.CONNECTED, *of_team)
        shard = keys.shard_of(team_id)
        where = [*keys.work(shard), keys.dead(shard)]
        stays = member(team_id, but) if but else ""
        return int(await self.database.run(_FORGET, where, team_id, stays)) + await self._records(team_id)

    async def _records(self, team_id: str) -> int:
        audit, gone = keys.audit(team_id), 0
        for pattern in keys.patterns(team_id):
            found: list[str] = []
            async for key in self.database.scan(pattern):
                if key == audit and self.audit_life:
                    await self._keep_for_a_while(audit)
                    continue
                found.append(key)
                if len(found) == _AT_ONCE:
                    gone += await self._drop(found)
                    found = []
            gone += await self._drop(found)
        return gone

    async def _keep_for_a_while(self, audit: str) -> None:
        if await self.database.do("TTL", audit) < 0:  # a second run does not begin anew
            await self.database.do("EXPIRE", audit, self.audit_life)

    async def _drop(self, found: list[str]) -> int:
        """One command each: in a cluster they may lie apart."""
        return sum(await self.database.do_all([("UNLINK", key) for key in found])) if found else 0
