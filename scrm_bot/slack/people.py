"""Who is who, from users.info and user groups, remembered for a few minutes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Person
from scrm_bot.slack.installed import Installations
from scrm_bot.slack.messenger import Messenger

_LIFE = 300.0
_GROUP_LIFE = 60.0
_MOST = 20_000
_GROUPS = "usergroups"
_UNREADABLE = frozenset({"no_such_subteam", "subteam_not_found", "missing_scope", "plan_upgrade_required"})
_UNKNOWN = frozenset({"user_not_found", "user_not_visible"})
T = TypeVar("T")


class PeopleCache:
    """What is remembered of everyone in every workspace: one per process."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._held: dict[tuple[str, str], tuple[float, Any]] = {}
        self._asked: dict[tuple[str, str], asyncio.Task[Any]] = {}

    async def once(self, team_id: str, name: str, ask: Callable[[], Awaitable[T]], *, seconds: float) -> T:
        """What is held, else what `ask` finds: asked once, however many want to know it at that moment."""
        held = self.get(team_id, name)
        if held is not None:
            return held  # type: ignore[no-any-return]

        async def find() -> T:
            try:
                found = await ask()
                self.put(team_id, name, found, seconds=seconds)
                return found
            finally:
                del self._asked[team_id, name]

        task = self._asked.get((team_id, name))
        if task is None:
            task = self._asked[team_id, name] = asyncio.create_task(find())
            task.add_done_callback(_heard)
        return await asyncio.shield(task)  # who gives up does not give up for the others

    def get(self, team_id: str, name: str) -> Any:
        """What is held under this name, None when nothing is, or no longer."""
        until, value = self._held.get((team_id, name), (0.0, None))
        return value if until > self._monotonic() else None

    def put(self, team_id: str, name: str, value: Any, *, seconds: float) -> None:
        if len(self._held) >= _MOST:
            self._held.clear()
        self._held[team_id, name] = (self._monotonic() + seconds, value)

    def drop(self, team_id: str) -> None:
        """Forget everyone in a workspace."""
        for key in [key for key in self._held if key[0] == team_id]:
            del self._held[key]


class SlackPeople:
    """`ports.People` of one team.

    `ask_slack`: whether Slack's own admins and owners count as admins of the bot, which they do where one
    workspace's token was given; elsewhere only the installer does.
    """

    def __init__(
        self,
        team_id: str,
        *,
        messenger: Messenger,
        installations: Installations,
        cache: PeopleCache,
        ask_slack: bool,
    ) -> None:
        self._team_id = team_id
        self._messenger = messenger
        self._installations = installations
        self._cache = cache
        self._ask_slack = ask_slack

    async def get(self, user_id: str) -> Person:
        """users.info; whom Slack does not know here counts as gone. Raises `SlackRefusedError`."""

        async def ask() -> Person:
            try:
                answer = await self._messenger.call(
                    self._team_id, "users.info", {"user": user_id}, verb="GET"
                )
            except SlackRefusedError as refusal:
                if refusal.code not in _UNKNOWN:
                    raise
                return Person(user_id, is_gone=True)
            return _person(answer["user"], self._team_id)

        return await self._cache.once(self._team_id, user_id, ask, seconds=_LIFE)

    async def group_members(self, group_id: str) -> frozenset[str] | None:
        """usergroups.users.list; None for a group that is gone or that the bot may not read."""
        args = {"usergroup": group_id, "team_id": self._team_id}

        async def ask() -> frozenset[str]:
            answer = await self._messenger.call(self._team_id, "usergroups.users.list", args, verb="GET")
            return frozenset(str(user) for user in answer.get("users") or ())

        try:
            return await self._cache.once(self._team_id, group_id, ask, seconds=_GROUP_LIFE)
        except SlackRefusedError as refusal:
            if refusal.code not in _UNREADABLE:
                raise
            return None

    async def groups(self) -> Mapping[str, str]:
        """The user groups there are, by id: their handles (usergroups.list)."""

        async def ask() -> dict[str, str]:
            args = {"team_id": self._team_id}
            answer = await self._messenger.call(self._team_id, "usergroups.list", args, verb="GET")
            return {
                str(group["id"]): str(group.get("handle") or group.get("name") or group["id"])
                for group in answer.get("usergroups") or ()
            }

        return await self._cache.once(self._team_id, _GROUPS, ask, seconds=_LIFE)

    async def is_admin(self, user_id: str) -> bool:
        installation = await self._installations.get(self._team_id)
        if installation.installer and installation.installer == user_id:
            return True
        return self._ask_slack and (await self.get(user_id)).is_admin


def _heard(task: asyncio.Task[Any]) -> None:
    """A refusal that nobody waits for any more is no fault to be logged."""
    if not task.cancelled():
        task.exception()


def _person(user: dict[str, Any], team_id: str) -> Person:
    """Of an organisation's people (docs: Enterprise organizations) those of this workspace are its own."""
    profile = user.get("profile") or {}
    is_ours = team_id in ((user.get("enterprise_user") or {}).get("teams") or ())
    return Person(
        id=str(user["id"]),
        name=profile.get("display_name") or user.get("real_name") or user.get("name") or "",
        timezone=user.get("tz") or "",
        is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_bot=bool(user.get("is_bot")),
        team_id=team_id if is_ours else user.get("team_id") or "",
        is_gone=bool(user.get("deleted")),
    )
