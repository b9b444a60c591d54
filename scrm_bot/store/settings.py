"""The rules of one workspace, kept in Redis."""

from collections.abc import Callable
from dataclasses import dataclass

from scrm_bot.domain.errors import StoreUnavailableError
from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.store import keys
from scrm_bot.store.connection import Call, Database
from scrm_bot.store.records import read, written
from scrm_bot.store.scripts import load

_SET_FIRST, _REPLACE = load("set_first"), load("replace")
_TRIES = 8


@dataclass(frozen=True, slots=True)
class RedisSettingsStore:
    """A change must survive a failover: a pause that is forgotten lets posts go out."""

    database: Database
    team_id: str

    async def load(self) -> WorkspaceSettings:
        return _settings(await self._stored())

    async def change(
        self, change: Callable[[WorkspaceSettings], WorkspaceSettings]
    ) -> tuple[WorkspaceSettings, WorkspaceSettings]:
        for _ in range(_TRIES):
            body = await self._stored()
            before = _settings(body)
            after = change(before)
            if after == before or await self._replaced(body, written(after)):
                return before, after
        raise StoreUnavailableError("the settings of a workspace change all the time")

    async def _stored(self) -> bytes | None:
        body: bytes | None = await self.database.do("GET", keys.settings(self.team_id))
        return body

    async def _replaced(self, body: bytes | None, by: bytes) -> bool:
        """False where they are not what they were read as any more."""
        where = [keys.settings(self.team_id)]
        if body is None:
            return bool(await self.database.commit(Call(_SET_FIRST, where, [by])) == by)
        return bool(await self.database.commit(Call(_REPLACE, where, [body, by])))


def _settings(body: bytes | None) -> WorkspaceSettings:
    return WorkspaceSettings() if body is None else read(WorkspaceSettings, body)
