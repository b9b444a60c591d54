"""The rules of one workspace, kept in Redis."""

from dataclasses import dataclass

from scrm_bot.domain.workspaces import WorkspaceSettings
from scrm_bot.store import keys
from scrm_bot.store.connection import Database
from scrm_bot.store.records import read, written


@dataclass(frozen=True, slots=True)
class RedisSettingsStore:
    database: Database
    team_id: str

    async def load(self) -> WorkspaceSettings:
        body = await self.database.do("GET", keys.settings(self.team_id))
        return WorkspaceSettings() if body is None else read(WorkspaceSettings, body)

    async def save(self, settings: WorkspaceSettings) -> None:
        await self.database.do("SET", keys.settings(self.team_id), written(settings))
