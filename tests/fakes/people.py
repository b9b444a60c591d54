"""Who is who in Slack, in memory."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scrm_bot.domain.errors import SlackRefusedError
from scrm_bot.domain.workspaces import Person


class FakePeople:
    """Everybody is a plain member until a test says otherwise. Of those in `untold` Slack tells nothing."""

    def __init__(self, *people: Person) -> None:
        self.people = {person.id: person for person in people}
        self.members: dict[str, frozenset[str]] = {}
        self.unreadable: set[str] = set()
        self.unlisted = ""  # with what Slack refuses to list the groups
        self.untold: set[str] = set()
        self.admins: set[str] = {"UADMIN"}

    def set(self, user_id: str, **changes: Any) -> None:
        self.people[user_id] = replace(self.people.get(user_id, Person(user_id)), **changes)

    async def get(self, user_id: str) -> Person:
        if user_id in self.untold:
            raise SlackRefusedError("ratelimited", method="users.info")
        return self.people.get(user_id, Person(user_id, user_id.title()))

    async def group_members(self, group_id: str) -> frozenset[str] | None:
        if group_id in self.unreadable:
            return None
        return self.members.get(group_id, frozenset())

    async def groups(self) -> Mapping[str, str]:
        if self.unlisted:
            raise SlackRefusedError(self.unlisted, method="usergroups.list")
        return {group_id: f"Group {group_id}" for group_id in self.members}

    async def is_admin(self, user_id: str) -> bool:
        return user_id in self.admins
