"""Who installed the bot where, remembered for a minute so that no acknowledgement waits for it."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Installation

Load = Callable[[str], Awaitable[Installation | None]]
_LIFE = 60.0
_MOST = 10_000


class NotInstalledError(SlackRefusedError):
    """The bot is not, or no longer, installed in this workspace, so nothing can be said there."""

    def __init__(self, team_id: str) -> None:
        super().__init__("not_installed", method=team_id)


@dataclass(frozen=True, slots=True)
class _Held:
    installation: Installation
    until: float


class Installations:
    """Installations by team, from the store at most once a minute each."""

    def __init__(self, load: Load, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._load = load
        self._monotonic = monotonic
        self._held: dict[str, _Held] = {}
        self._organisations: dict[str, str] = {}

    def cached(self, team_id: str) -> Installation | None:
        """What is known without asking anyone."""
        held = self._held.get(team_id)
        return held.installation if held and held.until > self._monotonic() else None

    def met(self, team_id: str, enterprise_id: str) -> bool:
        """A delivery said which organisation a workspace belongs to. Whether that is news."""
        if not enterprise_id or self._organisations.get(team_id) == enterprise_id:
            return False
        if len(self._organisations) >= _MOST:
            self._organisations.clear()
        self._organisations[team_id] = enterprise_id
        return team_id != enterprise_id

    async def get(self, team_id: str) -> Installation:
        """The workspace's installation, else that of its organisation.

        Raises `NotInstalledError`, `StoreUnavailableError` or `VaultError`.
        """
        known = self.cached(team_id)
        if known:
            return known
        installation = await self._load(team_id)
        organisation = self._organisations.get(team_id)
        if installation is None and organisation:
            installation = await self._load(organisation)
        if installation is None:
            raise NotInstalledError(team_id)
        if len(self._held) >= _MOST:
            self._held.clear()
        self._held[team_id] = _Held(installation, self._monotonic() + _LIFE)
        return installation

    def drop(self, team_id: str) -> None:
        """Forget a workspace at once: it uninstalled the bot, or installed it anew."""
        self._held.pop(team_id, None)
