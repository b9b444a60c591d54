"""Who may do what: the roles of one workspace."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do; each includes those before it. To decide takes being an approver by the rules."""

    NOBODY = "nobody"  # as the need of a handler: none, the request itself decides
    VIEWER = "viewer"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        return _RANK[self] >= _RANK[other]


_RANK = {role: rank for rank, role in enumerate(Role)}


@dataclass(frozen=True, slots=True)
class Holders:
    """Who has a role: people and user groups, by their ids in Slack."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def include(self, user_id: str, groups: Collection[str]) -> bool:
        """`groups` are the user groups that this person is in."""
        return user_id in self.people or any(group in groups for group in self.groups)


_NONE = Holders()


@dataclass(frozen=True, slots=True)
class Team:
    """The roles that were given. `everyone` is what full members have who are named nowhere."""

    admins: Holders = _NONE
    editors: Holders = _NONE
    viewers: Holders = _NONE
    everyone: Role = Role.EDITOR

    @property
    def groups(self) -> tuple[str, ...]:
        """Every user group that is named, once."""
        named = (*self.admins.groups, *self.editors.groups, *self.viewers.groups)
        return tuple(dict.fromkeys(named))

    def named(self, user_id: str, groups: Collection[str]) -> Role | None:
        """The highest role this person was given by name or by group, None where they were given none."""
        given = ((Role.ADMIN, self.admins), (Role.EDITOR, self.editors), (Role.VIEWER, self.viewers))
        return next((role for role, holders in given if holders.include(user_id, groups)), None)


OPEN = Team()  # every full member is an editor
