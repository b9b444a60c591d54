"""A Slack workspace: who installed the bot, which key it uses, and its rules."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Installation:
    """The bot in one workspace. `bot_token` is a secret: it never appears in a repr or a log."""

    team_id: str
    bot_token: "Secret"
    bot_user_id: str = ""
    bot_id: str = ""
    installer: str = ""
    enterprise_id: str = ""
    team_name: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A string that shows itself only on `reveal()`."""

    _value: str

    def reveal(self) -> str:
        return self._value

    @property
    def last4(self) -> str:
        return self._value[-4:]

    def __repr__(self) -> str:
        return "Secret(****)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Connection:
    """What may be told of a stored key. `fingerprint` is keyed: equal for equal keys, useless otherwise."""

    last4: str
    fingerprint: str
    connected_by: str
    connected_at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkspaceSettings:
    """The rules of one workspace.

    `needed` is how many approvals a request takes, 0 = all listed approvers. `timezone` is an IANA name.
    """

    approvals_channel: str = ""
    approvers: tuple[str, ...] = ()
    approver_groups: tuple[str, ...] = ()
    needed: int = 1
    self_approval: bool = False
    timezone: str = "UTC"
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in Slack, as users.info tells it (docs: users.info)."""

    id: str
    name: str = ""
    timezone: str = ""
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False
    team_id: str = ""
