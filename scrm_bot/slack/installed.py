"""Who installed the bot where, remembered for a while so that no acknowledgement waits for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Installation

Load = Callable[[str], Awaitable[Installation | None]]
_LIFE = 40.0  # less than a workspace that removed the bot is waited for: see `departures`
_MOST = 10_000
T = TypeVar("T")


class NotInstalledError(SlackRefusedError):
    """The bot is not, or no longer, installed in this workspace, so nothing can be said there."""

    def __init__(self, team_id: str) -> None:
        super().__init__("not_installed", method=team_id)


@dataclass(frozen=True, slots=True)
class _Held:
    installation: Installation
    until: float


class Installations:
    """Installations by team, each read from the store at most once in forty seconds."""

    def __init__(self, load: Load, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._load = load
        self._monotonic = monotonic
        self._held: dict[str, _Held] = {}
        self._asked: dict[str, asyncio.Task[Installation]] = {}
        self._organisations: dict[str, str] = {}
        self._kept: dict[str, str] = {}

    def cached(self, team_id: str) -> Installation | None:
        """What is known without asking anyone."""
        held = self._held.get(team_id)
        return held.installation if held and held.until > self._monotonic() else None

    def met(self, team_id: str, enterprise_id: str) -> bool:
        """A delivery said which organisation a workspace belongs to. Whether that is news: see `kept`."""
        if not enterprise_id or team_id == enterprise_id:
            return False
        _put(self._organisations, team_id, enterprise_id)
        return self._kept.get(team_id) != enterprise_id

    def kept(self, team_id: str, enterprise_id: str) -> None:
        """It is where other processes find it, so this one need not say it again."""
        _put(self._kept, team_id, enterprise_id)

    async def get(self, team_id: str) -> Installation:
        """The workspace's installation, else that of its organisation. However many ask, it is read once.

        Raises `NotInstalledError`, `SlackRefusedError`, `StoreUnavailableError` or `VaultError`.
        """
        known = self.cached(team_id)
        if known:
            return known
        task = self._asked.get(team_id)
        if task is None:
            task = self._asked[team_id] = asyncio.create_task(self._find(team_id))
            task.add_done_callback(lambda done: self._found(team_id, done))
        return await asyncio.shield(task)  # who gives up does not give up for the others

    def drop(self, team_id: str) -> None:
        """Forget a workspace at once: it uninstalled the bot, or installed it anew."""
        self._held.pop(team_id, None)
        self._asked.pop(team_id, None)
        self._kept.pop(team_id, None)

    async def _find(self, team_id: str) -> Installation:
        installation = await self._load(team_id)
        organisation = self._organisations.get(team_id)
        if installation is None and organisation:
            installation = await self._load(organisation)
        if installation is None:
            raise NotInstalledError(team_id)
        return installation

    def _found(self, team_id: str, done: asyncio.Task[Installation]) -> None:
        """Remember it, unless the workspace was dropped while it was read."""
        failed = done.cancelled() or done.exception()
        if self._asked.get(team_id) is not done:
            return
        del self._asked[team_id]
        if failed:
            return
        _put(self._held, team_id, _Held(done.result(), self._monotonic() + _LIFE))


def _put(known: dict[str, T], team_id: str, value: T) -> None:
    if len(known) >= _MOST:
        known.clear()
    known[team_id] = value
